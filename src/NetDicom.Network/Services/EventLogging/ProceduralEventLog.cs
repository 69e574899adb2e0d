using NetDicom.Protocol;

namespace NetDicom.Network;

/// <summary>Logs of procedural events in memory (PS3.4 section P.2), for tests and small uses: of each study in progress, what was reported. Safe for several threads; what goes in and out is copied.</summary>
/// <param name="maxEvents">Most events held in all; one more is answered 0213H.</param>
/// <param name="logInconsistent">Whether an event with contradicting identifiers is logged (B104H) or not (C104H).</param>
public sealed class ProceduralEventLog(int maxEvents = 100_000, bool logInconsistent = false)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<DicomUid, (CurrentProcedure Procedure, List<DicomDataSet> Events)> _logs = [];
    private int _count;

    /// <summary>An event was logged for a study. Called outside the lock, before the response.</summary>
    public event Action<CurrentProcedure, DicomDataSet>? Logged;

    /// <summary>A study begins, or what is known of it changes.</summary>
    public void Begin(CurrentProcedure procedure)
    {
        ArgumentNullException.ThrowIfNull(procedure);
        lock (_gate)
            _logs[procedure.StudyInstanceUid] = (procedure, _logs.TryGetValue(procedure.StudyInstanceUid, out (CurrentProcedure, List<DicomDataSet> Events) there) ? there.Events : []);
    }

    /// <summary>A study ends: its events, in the order in which they came, for the Procedure Log instance that its owner makes of them. Null if it is not there.</summary>
    public IReadOnlyList<DicomDataSet>? End(DicomUid studyInstanceUid)
    {
        lock (_gate)
        {
            if (!_logs.Remove(studyInstanceUid, out (CurrentProcedure, List<DicomDataSet> Events) log))
                return null;
            _count -= log.Events.Count;
            return log.Events;
        }
    }

    /// <summary>Record Procedural Event: the rules of <see cref="ProceduralEventRules"/>. What <c>AddProceduralEventLoggingProvider</c> asks.</summary>
    public RuleResult Record(DicomDataSet? information)
    {
        RuleResult result = ProceduralEventRules.CheckInformation(information);
        if (!result.IsDone)
            return result;
        ProcedureMatch match;
        lock (_gate)
        {
            match = ProceduralEventRules.Match(information!, [.. _logs.Values.Select(log => log.Procedure)], logInconsistent);
            if (!match.Result.IsDone)
                return match.Result;
            if (_count >= maxEvents)
                return RuleResult.Of(DimseStatus.ResourceLimitation, "no room for another event");
            _logs[match.Procedure!.StudyInstanceUid].Events.Add(information!.Clone());
            _count++;
        }

        Logged?.Invoke(match.Procedure, information!.Clone());
        return match.Result;
    }
}
