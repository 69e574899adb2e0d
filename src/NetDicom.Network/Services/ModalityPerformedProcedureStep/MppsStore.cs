using NetDicom.Protocol;

namespace NetDicom.Network;

/// <summary>Performed procedure steps in memory, for tests and small uses. Safe for several threads; what goes in and out is copied.</summary>
public sealed class MppsStore(MppsOptions? options = null)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<DicomUid, DicomDataSet> _steps = [];
    private readonly MppsOptions _options = options ?? MppsOptions.Default;

    /// <summary>A step was made, changed or deleted: what the Notification class tells its users. Called outside the lock.</summary>
    public event Action<DicomUid, MppsEvent>? Changed;

    /// <summary>How many steps there are.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
                return _steps.Count;
        }
    }

    /// <summary>N-CREATE (PS3.4 section F.7.2.1): 0111H if there is such a step; a UID is made where none was given.</summary>
    public RuleResult Create(DicomUid instanceUid, DicomDataSet attributes)
    {
        RuleResult result = MppsRules.CheckCreate(attributes, _options);
        if (!result.IsDone)
            return result;
        DicomUid uid = instanceUid.IsNone ? DicomUid.Generate() : instanceUid;
        lock (_gate)
        {
            if (_steps.ContainsKey(uid))
                return RuleResult.Of(DimseStatus.DuplicateSopInstance, "there is such a step");
            if (_steps.Count >= _options.MaxInstances)
                return RuleResult.Of(DimseStatus.ResourceLimitation, "no room for another step");
            _steps.Add(uid, result.Attributes!);
        }

        Changed?.Invoke(uid, MppsEvent.InProgress);
        return result with { Attributes = null, InstanceUid = uid };
    }

    /// <summary>N-SET (PS3.4 section F.7.2.2): 0112H for a step that is not known.</summary>
    public RuleResult Set(DicomUid instanceUid, DicomDataSet changes)
    {
        RuleResult result;
        MppsEvent happened;
        lock (_gate)
        {
            if (!_steps.TryGetValue(instanceUid, out DicomDataSet? present))
                return Unknown;
            result = MppsRules.CheckSet(present, changes, _options);
            if (!result.IsDone)
                return result;
            happened = MppsRules.EventFor(present, result.Attributes!);
            _steps[instanceUid] = result.Attributes!;
        }

        Changed?.Invoke(instanceUid, happened);
        return result with { Attributes = null };
    }

    /// <summary>N-GET of the Retrieve class (PS3.4 section F.8.2): 0112H for a step that is not known.</summary>
    public RuleResult Get(DicomUid instanceUid, IReadOnlyList<DicomTag> attributeIdentifierList)
    {
        lock (_gate)
            return _steps.TryGetValue(instanceUid, out DicomDataSet? step) ? MppsRules.Get(step, attributeIdentifierList) : Unknown;
    }

    /// <summary>Takes a step out; nothing of the service asks for it, its owner may.</summary>
    public bool Delete(DicomUid instanceUid)
    {
        lock (_gate)
        {
            if (!_steps.Remove(instanceUid))
                return false;
        }

        Changed?.Invoke(instanceUid, MppsEvent.Deleted);
        return true;
    }

    private static RuleResult Unknown => RuleResult.Of(DimseStatus.NoSuchSopInstance, "no such performed procedure step");
}
