namespace NetDicom;

/// <summary>What <see cref="DataSetReader"/> stands at.</summary>
public enum DataSetToken : byte
{
    /// <summary>Nothing has been read yet.</summary>
    None,

    /// <summary>The header of an element whose value has a defined length; its <see cref="ValueChunk"/>s follow, none if the length is 0.</summary>
    Element,

    /// <summary>A piece of the value of the element or fragment before it.</summary>
    ValueChunk,

    /// <summary>The header of an element that holds items (SQ, or UN of undefined length).</summary>
    SequenceStart,

    /// <summary>The start of an item of a sequence.</summary>
    ItemStart,

    /// <summary>The end of an item, by its length or its delimiter.</summary>
    ItemEnd,

    /// <summary>The end of a sequence, by its length or its delimiter.</summary>
    SequenceEnd,

    /// <summary>The header of an element that holds fragments (encapsulated Pixel Data, PS3.5 annex A.4).</summary>
    FragmentsStart,

    /// <summary>The header of a fragment, the offset table being the first; its <see cref="ValueChunk"/>s follow.</summary>
    FragmentStart,

    /// <summary>The end of the fragments.</summary>
    FragmentsEnd,

    /// <summary>The data set is over, or the tag to stop before has come.</summary>
    End,
}

/// <summary>Rules of PS3.5 that the data broke and that the reader could read past.</summary>
[Flags]
public enum DataSetDeviations
{
    /// <summary>None met so far.</summary>
    None = 0,

    /// <summary>The data are not written in the transfer syntax they were said to be in: other VR form or byte order.</summary>
    OtherTransferSyntax = 1,

    /// <summary>An element lies out of order or occurs twice (PS3.5 section 7.1).</summary>
    OutOfOrder = 2,

    /// <summary>A value has an odd length (PS3.5 section 7.1.1).</summary>
    OddLength = 4,

    /// <summary>VR bytes that the standard does not know, or none (PS3.5 section 6.2).</summary>
    UnknownVR = 8,

    /// <summary>A long-form VR was written with a 16-bit length (PS3.5 section 7.1.2).</summary>
    ShortLengthField = 16,

    /// <summary>An item or a sequence ends without its delimiter (PS3.5 section 7.5.2).</summary>
    MissingDelimiter = 32,

    /// <summary>A delimiter where none belongs, or with a length other than 0 (PS3.5 section 7.5.2).</summary>
    StrayDelimiter = 64,

    /// <summary>An element, item or sequence is longer than what encloses it.</summary>
    LengthPastParent = 128,

    /// <summary>The data end within a header or a value.</summary>
    Truncated = 256,

    /// <summary>Bytes after the data set that are no elements.</summary>
    TrailingBytes = 512,

    /// <summary>UN of undefined length holds explicit VR data (PS3.5 section 6.2.2 note 2 wants implicit).</summary>
    ExplicitInUN = 1024,

    /// <summary>An element that should hold items holds something else and is read as UN.</summary>
    NotItems = 2048,
}
