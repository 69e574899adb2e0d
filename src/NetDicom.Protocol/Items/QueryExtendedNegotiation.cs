namespace NetDicom.Protocol;

/// <summary>SOP class extended negotiation of the Query/Retrieve C-FIND classes (PS3.4 annex C.5.1.1): what a requestor would like, or an acceptor agrees to.</summary>
/// <remarks>
/// Bytes: 1 relational queries, 2 date-time matching, 3 fuzzy matching, 4 timezone, 5 enhanced conversion, 6 empty value matching, 7 multiple value matching; each 1 for
/// yes. Written as far as the last that is set, and at least the first; one that is left off, or is neither 0 nor 1, reads as no.
/// </remarks>
/// <param name="RelationalQueries">Keys of any level in one query.</param>
/// <param name="DateTimeMatching">A date and a time are matched as one range, not each for itself.</param>
/// <param name="FuzzyNameMatching">Fuzzy semantic matching of person names.</param>
/// <param name="TimezoneAdjustment">Times are taken in the zone of Timezone Offset From UTC (0008,0201).</param>
/// <param name="EnhancedImageConversion">Query/Retrieve View (0008,0053) is honoured: converted enhanced multi-frame images.</param>
/// <param name="EmptyValueMatching">Matching of empty values.</param>
/// <param name="MultipleValueMatching">Matching of several values.</param>
public readonly record struct QueryExtendedNegotiation(
    bool RelationalQueries = false,
    bool DateTimeMatching = false,
    bool FuzzyNameMatching = false,
    bool TimezoneAdjustment = false,
    bool EnhancedImageConversion = false,
    bool EmptyValueMatching = false,
    bool MultipleValueMatching = false)
{
    /// <summary>Reads the application information of an item, of whatever length.</summary>
    public static QueryExtendedNegotiation From(SopClassExtendedNegotiation item)
    {
        ArgumentNullException.ThrowIfNull(item);
        ReadOnlySpan<byte> bytes = item.ServiceClassApplicationInformation.Span;
        return new QueryExtendedNegotiation(
            ApplicationInformation.IsSet(bytes, 1),
            ApplicationInformation.IsSet(bytes, 2),
            ApplicationInformation.IsSet(bytes, 3),
            ApplicationInformation.IsSet(bytes, 4),
            ApplicationInformation.IsSet(bytes, 5),
            ApplicationInformation.IsSet(bytes, 6),
            ApplicationInformation.IsSet(bytes, 7));
    }

    /// <summary>What both sides want: the answer of an acceptor that can do <paramref name="supported"/> to this offer.</summary>
    public QueryExtendedNegotiation Within(QueryExtendedNegotiation supported) => new(
        RelationalQueries && supported.RelationalQueries,
        DateTimeMatching && supported.DateTimeMatching,
        FuzzyNameMatching && supported.FuzzyNameMatching,
        TimezoneAdjustment && supported.TimezoneAdjustment,
        EnhancedImageConversion && supported.EnhancedImageConversion,
        EmptyValueMatching && supported.EmptyValueMatching,
        MultipleValueMatching && supported.MultipleValueMatching);

    /// <summary>The item for <paramref name="sopClassUid"/>.</summary>
    public SopClassExtendedNegotiation ToItem(DicomUid sopClassUid) => ApplicationInformation.ToItem(
        sopClassUid, 1, RelationalQueries, DateTimeMatching, FuzzyNameMatching, TimezoneAdjustment, EnhancedImageConversion, EmptyValueMatching, MultipleValueMatching);
}
