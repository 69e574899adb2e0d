using NetDicom.Protocol;

namespace NetDicom.Network;

/// <summary>What extended negotiation and the provider allow of an identifier.</summary>
public sealed record IdentifierOptions
{
    /// <summary>The baseline: hierarchical, strict.</summary>
    public static IdentifierOptions Default { get; } = new();

    /// <summary>Relational queries or retrieval were negotiated (PS3.4 tables C.5-1, C.5-3): keys of any level, unique keys above may be missing. Default false.</summary>
    public bool Relational { get; init; }

    /// <summary>Query/Retrieve View (0008,0053) was negotiated (enhanced multi-frame conversion). Default false.</summary>
    public bool Views { get; init; }

    /// <summary>
    /// Keys of the levels above other than the unique ones are passed over in a hierarchical query rather than refused. Default true: viewers put them in to be returned.
    /// </summary>
    public bool AllowKeysAbove { get; init; } = true;

    /// <summary>The unique key of the query level may be missing; it is then as if it were empty. Default true: it says nothing else.</summary>
    public bool AllowMissingUniqueKey { get; init; } = true;
}

/// <summary>Checks of the identifiers of C-FIND, C-MOVE and C-GET (PS3.4 sections C.4.1, C.4.2, C.4.3, Y.3, Z.3): A900H with the offending elements.</summary>
public static class QueryRetrieveRules
{
    private static readonly DicomTag[] _frameLists = [DicomTags.SimpleFrameList, DicomTags.CalculatedFrameList, DicomTags.TimeRange];

    /// <summary>The identifier of a C-FIND.</summary>
    public static RuleResult CheckFind(QueryRetrieveModel model, DicomDataSet identifier, IdentifierOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(identifier);
        options ??= IdentifierOptions.Default;
        if (model is QueryRetrieveModel.CompositeInstanceRoot or QueryRetrieveModel.WithoutBulkData)
            return RuleResult.Of(DimseStatus.SopClassNotSupported, "this model has no queries");
        RuleResult common = Common(model, identifier, options, out QueryRetrieveLevel level);
        if (!common.IsDone || model == QueryRetrieveModel.SingleLevel)
            return common;
        IReadOnlyList<QueryRetrieveLevel> levels = QueryRetrieveModels.LevelsOf(model);
        DicomTag own = QueryRetrieveModels.UniqueKeyOf(level);
        if (!options.AllowMissingUniqueKey && !identifier.Contains(own))
            return Refused("the unique key of the level is missing", own);
        if (options.Relational)
            return RuleResult.Success;
        foreach (QueryRetrieveLevel above in levels.TakeWhile(one => one != level))
        {
            if (CheckSingle(identifier, QueryRetrieveModels.UniqueKeyOf(above)) is { } wrong)
                return wrong;
        }

        DicomTag[] below = [.. levels.SkipWhile(one => one != level).Skip(1).Select(QueryRetrieveModels.UniqueKeyOf).Where(tag => HasValue(identifier, tag))];
        if (below.Length > 0)
            return Refused("keys of a lower level", below);
        DicomTag[] foreign = options.AllowKeysAbove ? [] : [.. levels.TakeWhile(one => one != level)
            .SelectMany(above => QueryRetrieveModels.Keys(model, above).Where(row => row[0] != AttributeRequirement.UniqueKey).Select(row => row.Tag)
                .Where(tag => identifier.Contains(tag) && !QueryRetrieveModels.IsKey(model, level, tag)))];
        return foreign.Length == 0 ? RuleResult.Success : Refused("keys of a higher level", foreign);
    }

    /// <summary>
    /// The identifier of a C-MOVE or C-GET: unique keys only; one value in each above the level, at the level one value or a list of UIDs (PS3.4 sections C.4.2.1.4.1, C.4.2.2.1).
    /// </summary>
    public static RuleResult CheckRetrieve(QueryRetrieveModel model, DicomDataSet identifier, IdentifierOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(identifier);
        options ??= IdentifierOptions.Default;
        if (model == QueryRetrieveModel.Repository)
            return RuleResult.Of(DimseStatus.SopClassNotSupported, "this model has queries only");
        RuleResult common = Common(model, identifier, options, out QueryRetrieveLevel level);
        if (!common.IsDone)
            return common;
        if (model == QueryRetrieveModel.SingleLevel)
            return CheckList(identifier, DicomTags.SOPInstanceUID) ?? RuleResult.Success;
        IReadOnlyList<QueryRetrieveLevel> levels = QueryRetrieveModels.LevelsOf(model);
        if (level == QueryRetrieveLevel.Frame)
            return CheckSingle(identifier, DicomTags.SOPInstanceUID) ?? CheckFrames(identifier);
        DicomTag own = QueryRetrieveModels.UniqueKeyOf(level);
        RuleResult? wrong = level == QueryRetrieveLevel.Patient ? CheckSingle(identifier, own) : CheckList(identifier, own);
        foreach (QueryRetrieveLevel above in levels.TakeWhile(one => one != level && wrong is null))
        {
            DicomTag tag = QueryRetrieveModels.UniqueKeyOf(above);
            if (!options.Relational || HasValue(identifier, tag))
                wrong = CheckSingle(identifier, tag);
        }

        if (wrong is not null)
            return wrong;
        DicomTag[] below = [.. levels.SkipWhile(one => one != level).Skip(1).Where(one => one != QueryRetrieveLevel.Frame).Select(QueryRetrieveModels.UniqueKeyOf).Where(tag => HasValue(identifier, tag))];
        return below.Length == 0 ? RuleResult.Success : Refused("keys of a lower level", below);
    }

    /// <summary>The level that an identifier names.</summary>
    public static QueryRetrieveLevel? LevelOf(DicomDataSet identifier)
    {
        ArgumentNullException.ThrowIfNull(identifier);
        return QueryRetrieveModels.TryParse(identifier.GetStringOrDefault(DicomTags.QueryRetrieveLevel)?.Trim(), out QueryRetrieveLevel level) ? level : null;
    }

    private static RuleResult Common(QueryRetrieveModel model, DicomDataSet identifier, IdentifierOptions options, out QueryRetrieveLevel level)
    {
        level = default;
        if (model == QueryRetrieveModel.SingleLevel)
            return identifier.Contains(DicomTags.QueryRetrieveLevel) ? Refused("this model has no Query/Retrieve Level", DicomTags.QueryRetrieveLevel) : RuleResult.Success;
        if (LevelOf(identifier) is not { } found || !QueryRetrieveModels.LevelsOf(model).Contains(found))
            return Refused("Query/Retrieve Level is missing or not of this model", DicomTags.QueryRetrieveLevel);
        level = found;
        if (identifier.GetStringOrDefault(DicomTags.QueryRetrieveView) is { } view && (!options.Views || view is not ("CLASSIC" or "ENHANCED")))
            return Refused(options.Views ? "no such view" : "views were not negotiated", DicomTags.QueryRetrieveView);
        return RuleResult.Success;
    }

    // One value, and nothing that stands for several.
    private static RuleResult? CheckSingle(DicomDataSet identifier, DicomTag tag) =>
        identifier.GetStrings(tag) is not [{ Length: > 0 } value] ? Refused("unique key needs one value", tag)
        : value.AsSpan().ContainsAny('*', '?') ? Refused("unique key takes no wild card", tag)
        : tag != DicomTags.PatientID && !DicomUid.IsValid(value) ? Refused("no UID", tag)
        : null;

    private static RuleResult? CheckList(DicomDataSet identifier, DicomTag tag) =>
        identifier.GetStrings(tag) is not { Count: > 0 } values ? Refused("unique key needs a value", tag)
        : values.All(DicomUid.IsValid) ? null : Refused("no UID", tag);

    // PS3.4 Y.3.2.1: exactly one of the three, in rising order without overlap.
    private static RuleResult CheckFrames(DicomDataSet identifier)
    {
        DicomTag[] given = [.. _frameLists.Where(tag => HasValue(identifier, tag))];
        if (given.Length != 1)
            return Refused("exactly one frame list is needed", given.Length == 0 ? [DicomTags.SimpleFrameList] : given);
        DicomTag list = given[0];
        var numbers = new List<long>();
        DicomElement element = identifier[list];
        for (int i = 0; i < element.ValueCount && list != DicomTags.TimeRange; i++)
        {
            if (!element.TryGetInt64(i, out long number) || number < 1)
                return Refused("no frame number", list);
            numbers.Add(number);
        }

        bool valid = true;
        if (list == DicomTags.SimpleFrameList)
        {
            for (int i = 1; i < numbers.Count; i++)
                valid &= numbers[i] > numbers[i - 1];
        }
        else if (list == DicomTags.CalculatedFrameList)
        {
            // Triples: first, upper limit, step.
            valid = numbers.Count % 3 == 0;
            for (int i = 0; valid && i < numbers.Count; i += 3)
                valid = numbers[i] <= numbers[i + 1] && (i == 0 || numbers[i] > numbers[i - 2]);
        }
        else
        {
            valid = element.ValueCount == 2 && element.TryGetDouble(0, out double from) && element.TryGetDouble(1, out double to) && from <= to;
        }

        return valid ? RuleResult.Success : Refused("frame list is not in rising order", list);
    }

    private static bool HasValue(DicomDataSet set, DicomTag tag) => set.TryGet(tag, out DicomElement? element) && !AttributeCheck.IsBlank(element);

    private static RuleResult Refused(string comment, params IReadOnlyList<DicomTag> tags) => RuleResult.Of(DimseStatus.DataSetDoesNotMatchSopClass, comment, tags);
}
