namespace NetDicom.Protocol;

/// <summary>How much of an object a storage SCP keeps (PS3.4 annex B.3.1 and table B.3-1).</summary>
public enum StorageSupportLevel : byte
{
    /// <summary>Level 0, local: a subset of the attributes that its conformance statement names.</summary>
    Local = 0,

    /// <summary>Level 1, base: all attributes of type 1 and 2.</summary>
    Base = 1,

    /// <summary>Level 2, full: all attributes, type 3 and private ones too.</summary>
    Full = 2,

    /// <summary>Not applicable: the sender of this is an SCU only.</summary>
    NotApplicable = 3,
}

/// <summary>What a storage SCP does with digital signatures (PS3.4 table B.3-1).</summary>
public enum DigitalSignatureSupport : byte
{
    /// <summary>The level is not specified.</summary>
    Unspecified = 0,

    /// <summary>Level 1: signatures may be lost and are not replaced.</summary>
    Level1 = 1,

    /// <summary>Level 2: signatures are verified on arrival, not kept, and replaced by own ones when the object is sent on.</summary>
    Level2 = 2,

    /// <summary>Level 3: all is kept bit for bit, so that signatures stay valid.</summary>
    Level3 = 3,
}

/// <summary>Whether a storage SCP changes attributes (PS3.4 table B.3-1).</summary>
public enum ElementCoercion : byte
{
    /// <summary>No attribute is changed.</summary>
    Never = 0,

    /// <summary>Attributes may be changed.</summary>
    MayCoerce = 1,

    /// <summary>Not applicable: the sender of this is an SCU only.</summary>
    NotApplicable = 2,
}

/// <summary>SOP class extended negotiation of the storage classes (PS3.4 annex B.3.1). Without an answer a requestor must not assume anything.</summary>
/// <remarks>
/// Bytes: 1 level of support, 2 reserved, 3 digital signature support, 4 reserved, 5 element coercion, 6 reserved. Always written whole; a byte that is left off reads as
/// <c>default</c> says, and a number outside the table is kept.
/// </remarks>
public readonly record struct StorageExtendedNegotiation
{
    // The defaults of the standard are not the zeros of a struct: kept as the difference to them.
    private readonly byte _level;
    private readonly byte _coercion;

    /// <summary>A value with all three.</summary>
    public StorageExtendedNegotiation(StorageSupportLevel level, DigitalSignatureSupport digitalSignatures, ElementCoercion elementCoercion)
    {
        Level = level;
        DigitalSignatures = digitalSignatures;
        ElementCoercion = elementCoercion;
    }

    /// <summary>Level of support. Default: not applicable, what an SCU says.</summary>
    public StorageSupportLevel Level
    {
        get => (StorageSupportLevel)(_level ^ (byte)StorageSupportLevel.NotApplicable);
        init => _level = (byte)((byte)value ^ (byte)StorageSupportLevel.NotApplicable);
    }

    /// <summary>Level of digital signature support. Default: unspecified.</summary>
    public DigitalSignatureSupport DigitalSignatures { get; init; }

    /// <summary>Element coercion. Default: not applicable, what an SCU says.</summary>
    public ElementCoercion ElementCoercion
    {
        get => (ElementCoercion)(_coercion ^ (byte)ElementCoercion.NotApplicable);
        init => _coercion = (byte)((byte)value ^ (byte)ElementCoercion.NotApplicable);
    }

    /// <summary>Reads the application information of an item, of whatever length.</summary>
    public static StorageExtendedNegotiation From(SopClassExtendedNegotiation item)
    {
        ArgumentNullException.ThrowIfNull(item);
        ReadOnlySpan<byte> bytes = item.ServiceClassApplicationInformation.Span;
        StorageExtendedNegotiation read = default;
        if (bytes.Length >= 1)
            read = read with { Level = (StorageSupportLevel)bytes[0] };
        if (bytes.Length >= 3)
            read = read with { DigitalSignatures = (DigitalSignatureSupport)bytes[2] };
        if (bytes.Length >= 5)
            read = read with { ElementCoercion = (ElementCoercion)bytes[4] };
        return read;
    }

    /// <summary>The item for <paramref name="sopClassUid"/>, six bytes.</summary>
    public SopClassExtendedNegotiation ToItem(DicomUid sopClassUid) =>
        new(sopClassUid, new byte[] { (byte)Level, 0, (byte)DigitalSignatures, 0, (byte)ElementCoercion, 0 });
}
