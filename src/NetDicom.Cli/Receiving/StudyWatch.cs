namespace NetDicom.Cli.Receiving;

/// <summary>Tells when a study has been quiet for a time: no object of it came, so it is taken for whole.</summary>
/// <param name="quiet">How long nothing must come.</param>
/// <param name="isQuiet">Called once for each quiet study, with its folder and number of objects.</param>
/// <param name="time">The clock.</param>
internal sealed class StudyWatch(TimeSpan quiet, Func<DicomUid, int, Task> isQuiet, TimeProvider time) : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<DicomUid, Study> _studies = [];
    private Task _last = Task.CompletedTask;

    /// <summary>An object of the study was stored.</summary>
    public void Stored(DicomUid study)
    {
        lock (_gate)
        {
            if (!_studies.TryGetValue(study, out Study? known))
            {
                known = new Study();
                _studies.Add(study, known);
                known.Timer = time.CreateTimer(_ => Elapsed(study), null, quiet, Timeout.InfiniteTimeSpan);
            }
            else
            {
                known.Timer!.Change(quiet, Timeout.InfiniteTimeSpan);
            }

            known.Objects++;
        }
    }

    /// <summary>Studies that are still waiting are told of now: the server ends, and nothing more will come.</summary>
    public async ValueTask DisposeAsync()
    {
        DicomUid[] waiting;
        lock (_gate)
            waiting = [.. _studies.Keys];
        foreach (DicomUid study in waiting)
            Elapsed(study);
        await _last;
    }

    private void Elapsed(DicomUid study)
    {
        lock (_gate)
        {
            if (!_studies.Remove(study, out Study? known))
                return;
            known.Timer!.Dispose();
            Task before = _last;
            _last = TellAsync(before, study, known.Objects);
        }
    }

    private async Task TellAsync(Task before, DicomUid study, int objects)
    {
        await before;
        await isQuiet(study, objects);
    }

    private sealed class Study
    {
        public ITimer? Timer { get; set; }

        public int Objects { get; set; }
    }
}
