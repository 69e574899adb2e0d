namespace NetDicom.Protocol;

/// <summary>SOP class extended negotiation of Modality Worklist and of the UPS classes with C-FIND (PS3.4 annexes K.5 and CC).</summary>
/// <remarks>Bytes: 1 and 2 always 1, 3 fuzzy matching, 4 timezone, which is written only if it is set; one that is left off reads as no.</remarks>
/// <param name="FuzzyNameMatching">Fuzzy semantic matching of person names.</param>
/// <param name="TimezoneAdjustment">Times are taken in the zone of Timezone Offset From UTC (0008,0201).</param>
public readonly record struct WorklistExtendedNegotiation(bool FuzzyNameMatching = false, bool TimezoneAdjustment = false)
{
    /// <summary>Reads the application information of an item, of whatever length.</summary>
    public static WorklistExtendedNegotiation From(SopClassExtendedNegotiation item)
    {
        ArgumentNullException.ThrowIfNull(item);
        ReadOnlySpan<byte> bytes = item.ServiceClassApplicationInformation.Span;
        return new WorklistExtendedNegotiation(ApplicationInformation.IsSet(bytes, 3), ApplicationInformation.IsSet(bytes, 4));
    }

    /// <summary>What both sides want: the answer of an acceptor that can do <paramref name="supported"/> to this offer.</summary>
    public WorklistExtendedNegotiation Within(WorklistExtendedNegotiation supported) =>
        new(FuzzyNameMatching && supported.FuzzyNameMatching, TimezoneAdjustment && supported.TimezoneAdjustment);

    /// <summary>The item for <paramref name="sopClassUid"/>.</summary>
    public SopClassExtendedNegotiation ToItem(DicomUid sopClassUid) => ApplicationInformation.ToItem(sopClassUid, 3, true, true, FuzzyNameMatching, TimezoneAdjustment);
}
