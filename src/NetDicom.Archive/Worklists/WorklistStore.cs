namespace NetDicom.Archive;

/// <summary>
/// A modality worklist in memory (PS3.4 annex K), for tests and small uses: requested procedures with their scheduled steps, matched and returned one response a step. Safe for several
/// threads; what goes in is copied.
/// </summary>
/// <param name="maxSteps">Most scheduled procedure steps held.</param>
public sealed class WorklistStore(int maxSteps = 100_000)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, DicomDataSet[]> _entries = new(StringComparer.Ordinal);
    private int _steps;

    /// <summary>How many scheduled procedure steps there are.</summary>
    public int StepCount
    {
        get
        {
            lock (_gate)
                return _steps;
        }
    }

    /// <summary>Puts an entry in, in place of the one with its key if there is one.</summary>
    /// <param name="key">Any name that the owner finds it by, such as an accession number.</param>
    /// <param name="entry">Patient, order and procedure with Scheduled Procedure Step Sequence (0040,0100), one item a step.</param>
    /// <exception cref="ArgumentException">There is no step in it.</exception>
    /// <exception cref="InvalidOperationException">The worklist is full.</exception>
    public void Set(string key, DicomDataSet entry)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(entry);
        if (entry.GetSequence(DicomTags.ScheduledProcedureStepSequence) is not { Count: > 0 } steps)
            throw new ArgumentException("A worklist entry has a scheduled procedure step (PS3.4 table K.6-1)", nameof(entry));
        // PS3.4 K.6.1.2.1: a response is about one step; the entry is cut into such pieces once.
        var pieces = new DicomDataSet[steps.Count];
        for (int i = 0; i < pieces.Length; i++)
        {
            pieces[i] = entry.Clone();
            DicomDataSet step = pieces[i].GetSequence(DicomTags.ScheduledProcedureStepSequence)![i].Clone();
            pieces[i].Set(DicomTags.ScheduledProcedureStepSequence, step);
        }

        lock (_gate)
        {
            int before = _entries.TryGetValue(key, out DicomDataSet[]? there) ? there.Length : 0;
            if (_steps - before + pieces.Length > maxSteps)
                throw new InvalidOperationException($"The worklist holds {maxSteps} steps at most");
            _entries[key] = pieces;
            _steps += pieces.Length - before;
        }
    }

    /// <summary>Takes an entry out; false if there is none of that key.</summary>
    public bool Remove(string key)
    {
        lock (_gate)
        {
            if (!_entries.Remove(key, out DicomDataSet[]? pieces))
                return false;
            _steps -= pieces.Length;
            return true;
        }
    }

    /// <summary>
    /// The response identifiers for a request: one for each step that matches. Dates and times are combined, and an unknown value never matches (PS3.4 section K.2.2.1).
    /// What comes in while the answer is read is not in it.
    /// </summary>
    /// <exception cref="DicomDataException">The identifier cannot be read: A900H with <see cref="DicomDataException.Tag"/>.</exception>
    public IEnumerable<DicomDataSet> Find(DicomDataSet identifier, MatchingOptions? options = null)
    {
        AttributeQuery query = AttributeQuery.Compile(identifier, options ?? MatchingOptions.Worklist);
        DicomDataSet[][] entries;
        lock (_gate)
            entries = [.. _entries.Values];
        return Answer(query, entries);
    }

    private static IEnumerable<DicomDataSet> Answer(AttributeQuery query, DicomDataSet[][] entries)
    {
        foreach (DicomDataSet[] pieces in entries)
        {
            foreach (DicomDataSet piece in pieces)
            {
                if (query.IsMatch(piece))
                    yield return query.BuildResponse(piece);
            }
        }
    }
}
