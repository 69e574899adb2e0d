namespace NetDicom.Archive;

/// <summary>How keys are compared: what extended negotiation agreed on (PS3.4 table C.5-2), and what PS3.4 leaves to the provider.</summary>
public sealed record MatchingOptions
{
    /// <summary>The baseline of PS3.4 section C.2.2.2, with person names compared without regard to case and accents.</summary>
    public static MatchingOptions Default { get; } = new();

    /// <summary>
    /// Modality Worklist (PS3.4 section K.2.2): dates and times are always combined. An unknown value never matches there, so <see cref="UnknownMatches"/> is empty.
    /// </summary>
    public static MatchingOptions Worklist { get; } = new() { CombinedDateTime = true };

    /// <summary>Whether "SMITH" finds "Smith" in a person name. Default true; PS3.4 section C.2.2.2.1 leaves it to the provider. All other VRs are case-sensitive.</summary>
    public bool CaseInsensitiveNames { get; init; } = true;

    /// <summary>Whether "Muller" finds "Müller" in a person name. Default true; PS3.4 section C.2.2.2.1 leaves it to the provider.</summary>
    public bool AccentInsensitiveNames { get; init; } = true;

    /// <summary>
    /// Fuzzy semantic matching of person names (PS3.4 section C.2.2.2.1, negotiated): words in any order and component, initials, spellings that sound alike. Default false.
    /// </summary>
    public bool FuzzyNames { get; init; }

    /// <summary>Combined date-time matching (negotiated; PS3.4 section C.2.2.2.5.4): ranges in a date and its time are one interval. Default false: two conditions.</summary>
    public bool CombinedDateTime { get; init; }

    /// <summary>Timezone query adjustment (negotiated; PS3.4 table C.5-2): dates and times of query and entity are brought to one zone. Default false.</summary>
    public bool TimezoneAdjustment { get; init; }

    /// <summary>Offset from UTC where neither a value nor (0008,0201) says one. Default zero: it only matters where the other side has an offset.</summary>
    public TimeSpan AssumedOffset { get; init; }

    /// <summary>Empty value matching (negotiated; PS3.4 section C.2.2.2.7): <c>""</c> finds what has no value. Default false: two quotation marks are text.</summary>
    public bool EmptyValueMatching { get; init; }

    /// <summary>
    /// Multiple value matching (negotiated; PS3.4 section C.2.2.2.8): each of several values must be there. Default false: any of them is enough, since several values have no meaning
    /// without negotiation and senders who use them (CT\MR in Modality) mean that.
    /// </summary>
    public bool MultipleValueMatching { get; init; }

    /// <summary>
    /// Keys for which an entity without a value matches whatever is asked: the required keys of Query/Retrieve (PS3.4 section C.2.2.1.2). Default none.
    /// </summary>
    public IReadOnlySet<DicomTag> UnknownMatches { get; init; } = new HashSet<DicomTag>();

    /// <summary>Tells of each key of the outermost level whether it is supported; others are neither compared nor returned (PS3.4 section C.2.2.1.3). Default: all are.</summary>
    public Func<DicomTag, bool>? IsSupported { get; init; }

    /// <summary>Most keys in an identifier, those in sequences counted. Default 1,000: ten times what the standard lists for any level.</summary>
    public int MaxKeys { get; init; } = 1000;

    /// <summary>Deepest nesting of sequences in an identifier. Default 8: the standard's tables go to 3.</summary>
    public int MaxDepth { get; init; } = 8;
}
