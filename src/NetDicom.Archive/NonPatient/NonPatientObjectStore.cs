namespace NetDicom.Archive;

/// <summary>
/// Objects that are of no patient, in memory: hanging protocols, color palettes, implant templates, procedure protocols, their approvals, inventories (PS3.4 annex GG), for tests and small uses.
/// Safe for several threads; what goes in is copied, what comes out must not be changed.
/// </summary>
/// <param name="maxObjects">Most objects held.</param>
public sealed class NonPatientObjectStore(int maxObjects = 10_000)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<DicomUid, DicomDataSet> _objects = [];

    /// <summary>How many objects there are.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
                return _objects.Count;
        }
    }

    /// <summary>Puts an object in, in place of the one with its SOP Instance UID if there is one: such an object is replaced by a new version with a UID of its own, so that is the same one again.</summary>
    /// <returns>False if the store is full.</returns>
    /// <exception cref="DicomDataException">It has no SOP Class UID or no SOP Instance UID.</exception>
    public bool TrySet(DicomDataSet dataSet)
    {
        ArgumentNullException.ThrowIfNull(dataSet);
        dataSet.GetUid(DicomTags.SOPClassUID);
        DicomUid uid = dataSet.GetUid(DicomTags.SOPInstanceUID);
        DicomDataSet copy = dataSet.Clone();
        lock (_gate)
        {
            if (_objects.Count >= maxObjects && !_objects.ContainsKey(uid))
                return false;
            _objects[uid] = copy;
            return true;
        }
    }

    /// <summary>Takes an object out; false if it is not there.</summary>
    public bool Remove(DicomUid sopInstanceUid)
    {
        lock (_gate)
            return _objects.Remove(sopInstanceUid);
    }

    /// <summary>Those of these instances that there are, in their order: what answers a C-GET or C-MOVE.</summary>
    public IReadOnlyList<DicomDataSet> Select(IEnumerable<DicomUid> sopInstanceUids)
    {
        ArgumentNullException.ThrowIfNull(sopInstanceUids);
        var found = new List<DicomDataSet>();
        lock (_gate)
        {
            foreach (DicomUid uid in sopInstanceUids)
            {
                if (_objects.TryGetValue(uid, out DicomDataSet? dataSet))
                    found.Add(dataSet);
            }
        }

        return found;
    }

    /// <summary>
    /// The response identifiers for a request: one for each object of these classes that matches. Dates and times are combined, and an unknown value never matches (PS3.4 section K.2.2.1).
    /// What comes in while the answer is read is not in it.
    /// </summary>
    /// <param name="identifier">The keys; an SOP Class UID among them narrows the classes further.</param>
    /// <param name="sopClasses">The storage classes of the model that is asked; none given: all.</param>
    /// <param name="options">How keys are compared; null for <see cref="MatchingOptions.Worklist"/>.</param>
    /// <exception cref="DicomDataException">The identifier cannot be read: A900H with <see cref="DicomDataException.Tag"/>.</exception>
    public IEnumerable<DicomDataSet> Find(DicomDataSet identifier, IReadOnlyCollection<DicomUid>? sopClasses = null, MatchingOptions? options = null)
    {
        AttributeQuery query = AttributeQuery.Compile(identifier, options ?? MatchingOptions.Worklist);
        DicomDataSet[] objects;
        lock (_gate)
            objects = [.. _objects.Values];
        return objects.Where(one => (sopClasses is null || sopClasses.Contains(one.GetUid(DicomTags.SOPClassUID))) && query.IsMatch(one)).Select(one => query.BuildResponse(one));
    }
}
