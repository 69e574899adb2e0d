namespace NetDicom.Protocol;

/// <summary>A-ASSOCIATE-RQ: asks for an association (PS3.8 section 9.3.2). Layout: <see cref="AAssociatePdu"/> with 20H items.</summary>
public sealed class AAssociateRQ : AAssociatePdu
{
    /// <inheritdoc/>
    public override PduType Type => PduType.AAssociateRQ;

    /// <summary>The proposed presentation contexts, in the order of the PDU. What was received may be empty and may hold even, zero or repeated ids.</summary>
    public IReadOnlyList<PresentationContextProposal> PresentationContexts { get; init; } = [];

    private protected override void WritePresentationContexts(ItemWriter items)
    {
        foreach (PresentationContextProposal context in PresentationContexts)
            context.Write(items);
    }

    /// <summary>Reads the body that follows the six header bytes.</summary>
    /// <exception cref="PduViolationException">An item does not fit into its parent, occurs too often, or there are more of them than <paramref name="limits"/> allows.</exception>
    internal static AAssociateRQ Read(ReadOnlySpan<byte> body, PduLimits limits)
    {
        var parts = new Parts(body);
        var items = new ItemReader(body[FixedLength..], HeaderLength + FixedLength);
        var contexts = new List<PresentationContextProposal>();
        while (items.Read())
        {
            if (parts.TryTake(ref items, limits) || items.Type != ItemType.PresentationContextProposal)
                continue;
            limits.CheckPresentationContexts(contexts.Count + 1, items.Offset);
            contexts.Add(PresentationContextProposal.Read(items.Value, items.ValueOffset));
        }

        return new AAssociateRQ
        {
            ProtocolVersion = parts.ProtocolVersion,
            CalledAETitle = parts.Called,
            CallingAETitle = parts.Calling,
            CalledAETitleField = parts.CalledField,
            CallingAETitleField = parts.CallingField,
            ReservedField = parts.ReservedField,
            ApplicationContextName = parts.ApplicationContextName ?? "",
            PresentationContexts = contexts,
            UserInformation = parts.UserInformation ?? UserInformation.Empty,
        };
    }
}
