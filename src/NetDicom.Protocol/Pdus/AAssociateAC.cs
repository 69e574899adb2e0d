namespace NetDicom.Protocol;

/// <summary>A-ASSOCIATE-AC: accepts an association (PS3.8 section 9.3.3). Layout: <see cref="AAssociatePdu"/> with 21H items.</summary>
public sealed class AAssociateAC : AAssociatePdu
{
    /// <inheritdoc/>
    public override PduType Type => PduType.AAssociateAC;

    /// <summary>One result for each proposed context, in any order. What was received may lack some, repeat some or name some that were not proposed.</summary>
    public IReadOnlyList<PresentationContextResultItem> PresentationContexts { get; init; } = [];

    /// <summary>An answer to <paramref name="request"/> with both titles and the reserved bytes copied from it, as PS3.8 section 9.3.3 wants.</summary>
    public static AAssociateAC To(AAssociateRQ request, IReadOnlyList<PresentationContextResultItem> presentationContexts, UserInformation userInformation)
    {
        ArgumentNullException.ThrowIfNull(request);
        return new AAssociateAC
        {
            CalledAETitle = request.CalledAETitle,
            CallingAETitle = request.CallingAETitle,
            CalledAETitleField = request.CalledAETitleField,
            CallingAETitleField = request.CallingAETitleField,
            ReservedField = request.ReservedField,
            ApplicationContextName = request.ApplicationContextName,
            PresentationContexts = presentationContexts,
            UserInformation = userInformation,
        };
    }

    private protected override void WritePresentationContexts(ItemWriter items)
    {
        foreach (PresentationContextResultItem context in PresentationContexts)
            context.Write(items);
    }

    /// <summary>Reads the body that follows the six header bytes.</summary>
    /// <exception cref="PduViolationException">An item does not fit into its parent, occurs too often, or there are more of them than <paramref name="limits"/> allows.</exception>
    internal static AAssociateAC Read(ReadOnlySpan<byte> body, PduLimits limits)
    {
        var parts = new Parts(body);
        var items = new ItemReader(body[FixedLength..], HeaderLength + FixedLength);
        var contexts = new List<PresentationContextResultItem>();
        while (items.Read())
        {
            if (parts.TryTake(ref items, limits) || items.Type != ItemType.PresentationContextResult)
                continue;
            limits.CheckPresentationContexts(contexts.Count + 1, items.Offset);
            contexts.Add(PresentationContextResultItem.Read(items.Value, items.ValueOffset));
        }

        return new AAssociateAC
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
