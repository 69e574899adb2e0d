using NetDicom.Protocol;

namespace NetDicom.Network;

/// <summary>The C-STORE sub-operations of a C-GET or C-MOVE, counted: what its responses say (PS3.4 section C.4.2.1.5 ff.).</summary>
internal sealed class SubOperations(int? total)
{
    /// <summary>A longer value does not fit the 16-bit length of an explicit VR; what fits is sent (PS3.5 section 7.1.2).</summary>
    private const int MaxListLength = 65_534;

    private readonly Lock _gate = new();
    private readonly List<DicomUid> _failedUids = [];
    private int _listLength;
    private int _taken;
    private int _completed;
    private int _failed;
    private int _warning;
    private bool _atEnd;

    /// <summary>An object was taken from its source.</summary>
    public void OnTaken()
    {
        lock (_gate)
            _taken++;
    }

    /// <summary>There are no more objects.</summary>
    public void OnEnd()
    {
        lock (_gate)
            _atEnd = true;
    }

    /// <summary>Counts an object that has an outcome; one that was not sent because of a C-CANCEL-RQ has none, and remains.</summary>
    public void Add(StoreOutcome outcome)
    {
        lock (_gate)
        {
            if (outcome.Status is { IsSuccess: true })
                _completed++;
            else if (outcome.Status is { IsWarning: true })
                _warning++;
            else
                AddFailed(outcome.SopInstanceUid);
        }
    }

    /// <summary>Counts an object that could not be sent.</summary>
    public void Fail(DicomUid sopInstanceUid)
    {
        lock (_gate)
            AddFailed(sopInstanceUid);
    }

    /// <summary>The counts now.</summary>
    public (int Remaining, int Completed, int Failed, int Warning) Counts
    {
        get
        {
            lock (_gate)
            {
                int done = _completed + _failed + _warning;
                // A source that does not say how many there are has at least the one that is being looked for.
                int known = _atEnd ? _taken : Math.Max(_taken, total ?? _taken + 1);
                return (known - done, _completed, _failed, _warning);
            }
        }
    }

    /// <summary>The final status, where the work came to its end: B000H if some failed or warned, A702H if all failed.</summary>
    public DimseStatus FinalStatus => Counts switch
    {
        (_, _, 0, 0) => DimseStatus.Success,
        (_, 0, > 0, 0) => new DimseStatus(0xA702),
        _ => DimseStatus.Coercion, // B000H: here "sub-operations complete, one or more failures or warnings"
    };

    /// <summary>The data set with the Failed SOP Instance UID List; null if nothing failed.</summary>
    public DicomDataSet? FailedList()
    {
        lock (_gate)
            return _failedUids.Count == 0 ? null : new DicomDataSet().Set(DicomTags.FailedSOPInstanceUIDList, [.. _failedUids.Select(uid => uid.ToString())]);
    }

    // What the list could not carry is counted and not kept: a destination that refuses millions costs 64 KiB.
    private void AddFailed(DicomUid uid)
    {
        _failed++;
        int length = uid.Length + (_failedUids.Count == 0 ? 0 : 1);
        if (uid.IsNone || _listLength + length > MaxListLength)
            return;
        _listLength += length;
        _failedUids.Add(uid);
    }
}
