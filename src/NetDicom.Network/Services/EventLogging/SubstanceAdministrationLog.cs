using NetDicom.Protocol;

namespace NetDicom.Network;

/// <summary>A medication administration record in memory (PS3.4 section P.3), for tests and small uses. Safe for several threads; what goes in and out is copied.</summary>
/// <param name="knowsPatient">Whether a patient is known by Patient ID, Admission ID; either may be null.</param>
/// <param name="mayLog">Whether an operator, an item of Operator Identification Sequence (0008,1072), may add to the record.</param>
/// <param name="maxEntries">Most entries; one more is answered C111H.</param>
public sealed class SubstanceAdministrationLog(Func<string?, string?, bool> knowsPatient, Func<DicomDataSet, bool> mayLog, int maxEntries = 100_000)
{
    private readonly Lock _gate = new();
    private readonly List<DicomDataSet> _entries = [];

    /// <summary>The entries, in the order in which they came.</summary>
    public IReadOnlyList<DicomDataSet> Entries
    {
        get
        {
            lock (_gate)
                return [.. _entries.Select(entry => entry.Clone())];
        }
    }

    /// <summary>Record Substance Administration Event. What <c>AddSubstanceAdministrationLoggingProvider</c> asks.</summary>
    public RuleResult Record(DicomDataSet? information)
    {
        RuleResult result = SubstanceAdministrationLogRules.Check(information, knowsPatient, mayLog);
        if (!result.IsDone)
            return result;
        lock (_gate)
        {
            if (_entries.Count >= maxEntries)
                return SubstanceAdministrationLogRules.NotUpdated;
            _entries.Add(information!.Clone());
            return result;
        }
    }
}
