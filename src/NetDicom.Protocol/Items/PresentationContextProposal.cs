namespace NetDicom.Protocol;

/// <summary>A proposed presentation context, item 20H of an A-ASSOCIATE-RQ (PS3.8 section 9.3.2.2).</summary>
/// <remarks>
/// Bytes: 1 type, 2 reserved, 3-4 length, 5 id, 6-8 reserved, 9- one abstract syntax (30H), then transfer syntaxes (40H).
/// As received: of several abstract syntaxes the first counts, other sub-items are skipped, and a syntax that is not a UID is none.
/// </remarks>
/// <param name="id">Odd, 1 to 255, used once in the PDU. What was received may be anything.</param>
/// <param name="abstractSyntax">The SOP class or Meta SOP class; none if the peer sent none or no UID.</param>
/// <param name="transferSyntaxes">The transfer syntaxes the requestor can use.</param>
public sealed class PresentationContextProposal(byte id, DicomUid abstractSyntax, IReadOnlyList<DicomUid> transferSyntaxes)
{
    // Id and three reserved bytes, before the sub-items.
    private const int FixedLength = 4;

    /// <summary>The presentation context id.</summary>
    public byte Id { get; } = id;

    /// <summary>The SOP class or Meta SOP class; none if the peer sent none or no UID.</summary>
    public DicomUid AbstractSyntax { get; } = abstractSyntax;

    /// <summary>The transfer syntaxes the requestor can use; their order has no meaning in the standard.</summary>
    public IReadOnlyList<DicomUid> TransferSyntaxes { get; } = transferSyntaxes;

    internal void Write(ItemWriter items)
    {
        int at = items.Begin(ItemType.PresentationContextProposal);
        items.WriteByte(Id);
        items.GetSpan(3).Clear();
        items.WriteUidItem(ItemType.AbstractSyntax, AbstractSyntax);
        foreach (DicomUid transferSyntax in TransferSyntaxes)
            items.WriteUidItem(ItemType.TransferSyntax, transferSyntax);
        items.End(at);
    }

    internal static PresentationContextProposal Read(ReadOnlySpan<byte> value, long offset)
    {
        if (value.Length < FixedLength)
            throw new PduViolationException(AbortReason.InvalidPduParameterValue, $"item 20H of {value.Length} bytes has no room for its id (PS3.8 9.3.2.2)", offset);
        var items = new ItemReader(value[FixedLength..], offset + FixedLength);
        DicomUid? abstractSyntax = null;
        var transferSyntaxes = new List<DicomUid>(4);
        while (items.Read())
        {
            if (items.Type == ItemType.AbstractSyntax)
                abstractSyntax ??= items.ReadUid();
            else if (items.Type == ItemType.TransferSyntax)
                transferSyntaxes.Add(items.ReadUid());
        }

        return new PresentationContextProposal(value[0], abstractSyntax ?? default, transferSyntaxes);
    }
}
