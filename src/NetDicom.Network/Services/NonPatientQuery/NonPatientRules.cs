using NetDicom.Protocol;

namespace NetDicom.Network;

/// <summary>
/// The rules of the query and retrieve classes of objects that are of no patient (PS3.4 sections U.4, X.4, BB.4, HH.4, II.4, JJ.3, which point to K.4.1, C.4.2 and C.4.3): A900H with the
/// offending element.
/// </summary>
public static class NonPatientRules
{
    private const int MatchColumn = 0, ReturnColumn = 1;

    /// <summary>The identifier of a C-FIND: no Query/Retrieve Level (0008,0052), one item at most in each sequence.</summary>
    public static RuleResult CheckFind(DicomDataSet identifier)
    {
        RuleResult common = QueryRetrieveRules.CheckFind(QueryRetrieveModel.SingleLevel, identifier);
        if (!common.IsDone)
            return common;
        return FindLongSequence(identifier) is { } sequence ? RuleResult.Of(DimseStatus.DataSetDoesNotMatchSopClass, "a sequence key has one item", sequence) : RuleResult.Success;
    }

    /// <summary>The identifier of a C-MOVE or C-GET: no Query/Retrieve Level, and SOP Instance UID with one UID or a list. Other attributes are passed over.</summary>
    /// <param name="identifier">The identifier.</param>
    /// <param name="maxInstances">Most UIDs that are taken; more are refused.</param>
    public static RuleResult CheckRetrieve(DicomDataSet identifier, int maxInstances = int.MaxValue)
    {
        RuleResult common = QueryRetrieveRules.CheckRetrieve(QueryRetrieveModel.SingleLevel, identifier);
        if (!common.IsDone)
            return common;
        return identifier[NonPatientModel.UniqueKey].ValueCount <= maxInstances
            ? RuleResult.Success : RuleResult.Of(DimseStatus.DataSetDoesNotMatchSopClass, "too many instances in one request", NonPatientModel.UniqueKey);
    }

    /// <summary>
    /// The identifier that is matched: values of keys that PS3.4 lists for return only (matching key type <c>-</c>) are taken off, and keys that it does not list and the provider does not
    /// support are left out, which makes the responses FF01H (table K.4-1).
    /// </summary>
    /// <param name="model">The model.</param>
    /// <param name="identifier">As it came; not changed.</param>
    /// <param name="isSupported">Whether the provider supports an optional key of the outermost level; null: all.</param>
    /// <param name="optionalKeysNotSupported">Whether one was left out.</param>
    public static DicomDataSet Prepare(NonPatientModel model, DicomDataSet identifier, Func<DicomTag, bool>? isSupported, out bool optionalKeysNotSupported)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(identifier);
        DicomDataSet keys = identifier.Clone();
        optionalKeysNotSupported = isSupported is not null && keys.RemoveAll(key => IsOptional(model, key.Tag) && !isSupported(key.Tag)) > 0;
        Open(keys, model.Table.Attributes);
        return keys;
    }

    /// <summary>
    /// A response identifier held against the request: no attribute asked for of return key type 1 without a value, and none of type 2 that is missing. For tests of a provider's data.
    /// </summary>
    /// <returns>The attributes that are wrong; none if all is well.</returns>
    public static IReadOnlyList<DicomTag> CheckResponse(NonPatientModel model, DicomDataSet request, DicomDataSet response)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(response);
        var lacking = new List<DicomTag>();
        ReturnKeys.Compare(request, response, model.Table.Attributes, ReturnColumn, lacking);
        return lacking;
    }

    // Specific Character Set and the like say how to read an identifier; private creators name blocks.
    private static bool IsOptional(NonPatientModel model, DicomTag tag) =>
        !model.IsListed(tag) && tag != DicomTags.SpecificCharacterSet && tag != DicomTags.TimezoneOffsetFromUTC && !tag.IsPrivateCreator && !tag.IsGroupLength;

    private static void Open(DicomDataSet keys, AttributeTable.Attribute[] rows)
    {
        foreach (AttributeTable.Attribute row in rows)
        {
            if (!keys.TryGet(row.Tag, out DicomElement? key))
                continue;
            if (row[MatchColumn] == AttributeRequirement.None && key.Items is null)
                keys.Set(DicomElement.CreateEmpty(row.Tag, key.VR));
            foreach (DicomDataSet item in key.Items ?? [])
            {
                // Below a sequence that is not for matching nothing is.
                if (row[MatchColumn] == AttributeRequirement.None)
                    OpenAll(item);
                else
                    Open(item, row.Children);
            }
        }
    }

    private static void OpenAll(DicomDataSet item)
    {
        foreach (DicomElement element in item.ToArray())
        {
            if (element.Items is null)
                item.Set(DicomElement.CreateEmpty(element.Tag, element.VR));
            foreach (DicomDataSet below in element.Items ?? [])
                OpenAll(below);
        }
    }

    private static DicomTag? FindLongSequence(DicomDataSet set)
    {
        foreach (DicomElement element in set)
        {
            if (element.Items is not { Count: > 0 } items)
                continue;
            if (items.Count > 1)
                return element.Tag;
            if (FindLongSequence(items[0]) is { } below)
                return below;
        }

        return null;
    }
}
