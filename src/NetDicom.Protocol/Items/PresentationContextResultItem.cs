namespace NetDicom.Protocol;

/// <summary>What became of a proposed presentation context (PS3.8 section 9.3.3.2, byte 7).</summary>
public enum PresentationContextResult : byte
{
    /// <summary>Accepted.</summary>
    Acceptance = 0,

    /// <summary>Rejected by the user: by policy.</summary>
    UserRejection = 1,

    /// <summary>Rejected by the provider without a reason.</summary>
    NoReason = 2,

    /// <summary>Rejected by the provider: abstract syntax not supported.</summary>
    AbstractSyntaxNotSupported = 3,

    /// <summary>Rejected by the provider: none of the transfer syntaxes supported.</summary>
    TransferSyntaxesNotSupported = 4,
}

/// <summary>The answer to a proposed presentation context, item 21H of an A-ASSOCIATE-AC (PS3.8 section 9.3.3.2).</summary>
/// <remarks>
/// Bytes: 1 type, 2 reserved, 3-4 length, 5 id, 6 reserved, 7 result, 8 reserved, 9- one transfer syntax (40H), without meaning unless the result is 0.
/// As received: other sub-items are skipped; no transfer syntax, one that is not a UID, and more than one are all read as none.
/// </remarks>
/// <param name="id">The id of the proposal.</param>
/// <param name="result">What became of it.</param>
/// <param name="transferSyntax">The syntax accepted; when refused, any: it is not tested.</param>
public sealed class PresentationContextResultItem(byte id, PresentationContextResult result, DicomUid transferSyntax)
{
    // Id, reserved, result, reserved, before the sub-item.
    private const int FixedLength = 4;

    /// <summary>The id of the proposal.</summary>
    public byte Id { get; } = id;

    /// <summary>What became of it; a number outside the table is kept as received and means refused.</summary>
    public PresentationContextResult Result { get; } = result;

    /// <summary>The syntax accepted; without meaning when refused.</summary>
    public DicomUid TransferSyntax { get; } = transferSyntax;

    internal void Write(ItemWriter items)
    {
        int at = items.Begin(ItemType.PresentationContextResult);
        items.WriteByte(Id);
        items.WriteByte(0);
        items.WriteByte((byte)Result);
        items.WriteByte(0);
        items.WriteUidItem(ItemType.TransferSyntax, TransferSyntax);
        items.End(at);
    }

    internal static PresentationContextResultItem Read(ReadOnlySpan<byte> value, long offset)
    {
        if (value.Length < FixedLength)
            throw new PduViolationException(AbortReason.InvalidPduParameterValue, $"item 21H of {value.Length} bytes has no room for its result (PS3.8 9.3.3.2)", offset);
        var items = new ItemReader(value[FixedLength..], offset + FixedLength);
        DicomUid transferSyntax = default;
        int count = 0;
        while (items.Read())
        {
            // Exactly one is allowed; of two nobody can say which one the peer will use.
            if (items.Type == ItemType.TransferSyntax)
                transferSyntax = ++count == 1 ? items.ReadUid() : default;
        }

        return new PresentationContextResultItem(value[0], (PresentationContextResult)value[2], transferSyntax);
    }
}
