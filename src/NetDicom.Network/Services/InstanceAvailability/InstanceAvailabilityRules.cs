using NetDicom.Protocol;

namespace NetDicom.Network;

/// <summary>The rules of Instance Availability Notification (PS3.4 annex R).</summary>
public static class InstanceAvailabilityRules
{
    private static readonly string[] _terms = ["ONLINE", "NEARLINE", "OFFLINE", "UNAVAILABLE"];

    /// <summary>
    /// The attributes of an N-CREATE (table R.3.2-1): the required ones there (0120H, 0121H), availability one of its terms (0106H), one performed procedure step at most (0106H).
    /// Additional attributes, which section R.3.2.1 forbids, fail with 0105H.
    /// </summary>
    public static RuleResult CheckCreate(DicomDataSet attributes)
    {
        ArgumentNullException.ThrowIfNull(attributes);
        AttributeTable table = ServiceAttributeTable.Find("InstanceAvailabilityNotification N-CREATE")!;
        if (attributes.Select(element => element.Tag).Where(tag => table.Find(tag) is null && tag.Group != 0x0008 && !tag.IsGroupLength).ToArray() is { Length: > 0 } additional)
            return RuleResult.Of(DimseStatus.NoSuchAttribute, "additional attributes are forbidden", additional);
        RuleResult result = new AttributeCheck().Run(attributes, table.Attributes, 0).Result;
        if (!result.IsDone)
            return result;
        if (attributes.GetSequence(DicomTags.ReferencedPerformedProcedureStepSequence) is { Count: > 1 })
            return RuleResult.Of(DimseStatus.InvalidAttributeValue, "one performed procedure step at most", DicomTags.ReferencedPerformedProcedureStepSequence);
        foreach (DicomDataSet series in attributes.GetSequence(DicomTags.ReferencedSeriesSequence)!)
        {
            foreach (DicomDataSet instance in series.GetSequence(DicomTags.ReferencedSOPSequence)!)
            {
                if (!_terms.Contains(instance.GetStringOrDefault(DicomTags.InstanceAvailability)))
                    return RuleResult.Of(DimseStatus.InvalidAttributeValue, "no such availability", DicomTags.InstanceAvailability);
            }
        }

        return RuleResult.Success;
    }

    /// <summary>The least available of several: what a response about a study or series says (PS3.4 section C.4.1.1.3.2). Null for none.</summary>
    public static string? Least(IEnumerable<string> availabilities)
    {
        ArgumentNullException.ThrowIfNull(availabilities);
        int least = -1;
        foreach (string availability in availabilities)
            least = Math.Max(least, Array.IndexOf(_terms, availability));
        return least < 0 ? null : _terms[least];
    }
}
