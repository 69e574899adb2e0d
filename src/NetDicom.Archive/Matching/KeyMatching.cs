namespace NetDicom.Archive;

/// <summary>How a key is compared (PS3.4 section C.2.2.2).</summary>
public enum KeyMatching
{
    /// <summary>The key is known and takes no part: neither compared nor a value to return, such as Specific Character Set.</summary>
    None,

    /// <summary>Not supported here: neither compared nor returned; the response is FF01H.</summary>
    Unsupported,

    /// <summary>No value was given: everything matches and the value is returned (C.2.2.2.3).</summary>
    Universal,

    /// <summary>One value (C.2.2.2.1), or any of several where nothing was negotiated.</summary>
    SingleValue,

    /// <summary>Any of these UIDs (C.2.2.2.2).</summary>
    ListOfUid,

    /// <summary>With * or ? (C.2.2.2.4).</summary>
    WildCard,

    /// <summary>Of dates or times (C.2.2.2.5).</summary>
    Range,

    /// <summary>All keys in one item (C.2.2.2.6).</summary>
    Sequence,

    /// <summary>Only what has no value (C.2.2.2.7).</summary>
    EmptyValue,

    /// <summary>Each of these values (C.2.2.2.8).</summary>
    MultipleValues,
}
