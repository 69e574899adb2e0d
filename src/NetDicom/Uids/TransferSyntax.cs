namespace NetDicom;

/// <summary>What a transfer syntax does to the bytes, for syntaxes that the standard does not know.</summary>
[Flags]
public enum TransferSyntaxTraits
{
    /// <summary>Implicit VR, little endian, native pixel data.</summary>
    None = 0,

    /// <summary>The VR of each element is written.</summary>
    ExplicitVR = 0x02,

    /// <summary>Numbers start with their most significant byte.</summary>
    BigEndian = 0x04,

    /// <summary>The whole data set is one deflate stream.</summary>
    Deflated = 0x08,

    /// <summary>Pixel Data is a sequence of fragments.</summary>
    Encapsulated = 0x10,

    /// <summary>Pixel values may differ from those before compression.</summary>
    Lossy = 0x20,
}

/// <summary>A transfer syntax: how a data set is written as bytes (PS3.5 chapter 10 and annex A).</summary>
/// <remarks>
/// Any UID can be taken: what the standard does not know is read as explicit VR little endian with encapsulated pixel data, as all compressed ones are,
/// unless other traits are given. Two are equal when their UIDs are. <c>default</c> means "none".
/// </remarks>
public readonly partial struct TransferSyntax : IEquatable<TransferSyntax>
{
    // Bits of TraitTable; those between are the bits of TransferSyntaxTraits.
    private const byte Known = 0x01, Retired = 0x40, SeveralFragments = 0x80;

    // Implicit VR little endian with big endian pixels, met in old archives of GE (deviation 33 of docs/data-sets.md).
    private const string SwappedPixelsUid = "1.2.840.113619.5.2";

    private readonly byte _traits;

    /// <summary>The transfer syntax with this UID, known to the standard or not.</summary>
    public TransferSyntax(DicomUid uid)
    {
        Uid = uid;
        int row = UidTable.Find(uid.Chars);
        _traits = uid.IsNone ? (byte)0
            : row >= 0 && UidTable.Type(row) == UidType.TransferSyntax ? TraitTable[UidTable.Detail(row)]
            : uid.Chars.SequenceEqual(SwappedPixelsUid) ? (byte)0
            : (byte)((byte)(TransferSyntaxTraits.ExplicitVR | TransferSyntaxTraits.Encapsulated) | SeveralFragments);
    }

    /// <summary>A transfer syntax that the standard does not know, with what it does to the bytes.</summary>
    /// <exception cref="ArgumentException"><paramref name="uid"/> is none.</exception>
    public TransferSyntax(DicomUid uid, TransferSyntaxTraits traits)
    {
        if (uid.IsNone)
            throw new ArgumentException("A transfer syntax has a UID", nameof(uid));
        Uid = uid;
        const TransferSyntaxTraits all = TransferSyntaxTraits.ExplicitVR | TransferSyntaxTraits.BigEndian | TransferSyntaxTraits.Deflated
            | TransferSyntaxTraits.Encapsulated | TransferSyntaxTraits.Lossy;
        _traits = (byte)((byte)(traits & all) | SeveralFragments);
    }

    private TransferSyntax(DicomUid uid, byte traits)
    {
        Uid = uid;
        _traits = traits;
    }

    /// <summary>The transfer syntax UID; none for <c>default</c>.</summary>
    public DicomUid Uid { get; }

    /// <summary>No transfer syntax: the value of <c>default</c>.</summary>
    public bool IsNone => Uid.IsNone;

    /// <summary>The name in PS3.6 annex A, or the UID where there is none.</summary>
    public string Name => Uids.NameOf(Uid);

    /// <summary>Whether the standard defines it.</summary>
    public bool IsKnown => (_traits & Known) != 0;

    /// <summary>Whether the VR of each element is written.</summary>
    public bool IsExplicitVR => (_traits & (byte)TransferSyntaxTraits.ExplicitVR) != 0;

    /// <summary>Whether numbers start with their most significant byte (Explicit VR Big Endian only, retired).</summary>
    public bool IsBigEndian => (_traits & (byte)TransferSyntaxTraits.BigEndian) != 0;

    /// <summary>Whether the whole data set is one deflate stream (PS3.5 annex A.5).</summary>
    public bool IsDeflated => (_traits & (byte)TransferSyntaxTraits.Deflated) != 0;

    /// <summary>Whether Pixel Data at the top level is a sequence of fragments (PS3.5 annex A.4).</summary>
    public bool IsEncapsulated => (_traits & (byte)TransferSyntaxTraits.Encapsulated) != 0;

    /// <summary>Whether pixel values may differ from those before compression; true also where the sender may choose a reversible mode.</summary>
    public bool IsLossy => (_traits & (byte)TransferSyntaxTraits.Lossy) != 0;

    /// <summary>Whether the standard has retired it.</summary>
    public bool IsRetired => (_traits & Retired) != 0;

    /// <summary>Whether one frame may be cut into several fragments (PS3.5 annex A.4).</summary>
    public bool AllowsSeveralFragmentsPerFrame => (_traits & SeveralFragments) != 0;

    /// <summary>
    /// Whether data sets can be re-encoded from and to it without touching pixel values: implicit VR, explicit VR little and big endian, deflated,
    /// and those private ones that neither encapsulate nor lose anything.
    /// </summary>
    public bool IsUncompressed => IsKnown
        ? this == ImplicitVRLittleEndian || this == ExplicitVRLittleEndian || this == DeflatedExplicitVRLittleEndian || this == ExplicitVRBigEndian
            || this == Papyrus3ImplicitVRLittleEndian
        : !IsNone && !HasSwappedPixels && (_traits & (byte)(TransferSyntaxTraits.Encapsulated | TransferSyntaxTraits.Lossy)) == 0;

    /// <summary>Whether native pixel data have another byte order than everything else.</summary>
    internal bool HasSwappedPixels => !IsKnown && Uid.Chars.SequenceEqual(SwappedPixelsUid);

    /// <summary>The transfer syntax with this UID, as the constructor makes it.</summary>
    public static implicit operator TransferSyntax(DicomUid uid) => new(uid);

    /// <summary>As the conversion from a UID.</summary>
    public static TransferSyntax FromDicomUid(DicomUid uid) => new(uid);

    /// <inheritdoc/>
    public bool Equals(TransferSyntax other) => Uid == other.Uid;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is TransferSyntax other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => Uid.GetHashCode();

    /// <summary>Same UID.</summary>
    public static bool operator ==(TransferSyntax left, TransferSyntax right) => left.Equals(right);

    /// <summary>Other UID.</summary>
    public static bool operator !=(TransferSyntax left, TransferSyntax right) => !left.Equals(right);

    /// <summary>The name.</summary>
    public override string ToString() => Name;
}
