using NetDicom.Protocol;

namespace NetDicom.Network;

/// <summary>Instance availability notifications in memory (PS3.4 annex R), for tests and small uses: the latest of each UID. Safe for several threads; what goes in and out is copied.</summary>
/// <param name="maxNotifications">Most notifications held; the oldest is forgotten for one more.</param>
public sealed class InstanceAvailabilityStore(int maxNotifications = 10_000)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<DicomUid, DicomDataSet> _notifications = [];
    private readonly Queue<DicomUid> _order = [];

    /// <summary>A notification has come. Called outside the lock, before the response.</summary>
    public event Action<DicomUid, DicomDataSet>? Notified;

    /// <summary>How many there are.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
                return _notifications.Count;
        }
    }

    /// <summary>N-CREATE (section R.3.2.1): the rules of <see cref="InstanceAvailabilityRules.CheckCreate"/>; 0111H for a UID that was used. A UID is made where none was given.</summary>
    public RuleResult Create(DicomUid instanceUid, DicomDataSet attributes)
    {
        RuleResult result = InstanceAvailabilityRules.CheckCreate(attributes);
        if (!result.IsDone)
            return result;
        DicomUid uid = instanceUid.IsNone ? DicomUid.Generate() : instanceUid;
        lock (_gate)
        {
            if (_notifications.ContainsKey(uid))
                return RuleResult.Of(DimseStatus.DuplicateSopInstance, "there is such a notification");
            while (_order.Count >= maxNotifications)
                _notifications.Remove(_order.Dequeue());
            _notifications.Add(uid, attributes.Clone());
            _order.Enqueue(uid);
        }

        Notified?.Invoke(uid, attributes.Clone());
        return result with { InstanceUid = uid, Attributes = null };
    }

    /// <summary>
    /// What the last notification that names an instance says of its availability (ONLINE, NEARLINE, OFFLINE, UNAVAILABLE); null if none names it.
    /// </summary>
    public string? AvailabilityOf(DicomUid sopInstanceUid)
    {
        lock (_gate)
        {
            foreach (DicomUid uid in _order.Reverse())
            {
                foreach (DicomDataSet series in _notifications[uid].GetSequence(DicomTags.ReferencedSeriesSequence) ?? [])
                {
                    foreach (DicomDataSet instance in series.GetSequence(DicomTags.ReferencedSOPSequence) ?? [])
                    {
                        if (instance.GetUidOrDefault(DicomTags.ReferencedSOPInstanceUID) == sopInstanceUid)
                            return instance.GetStringOrDefault(DicomTags.InstanceAvailability);
                    }
                }
            }

            return null;
        }
    }
}

/// <summary>Makes an entity a provider of Instance Availability Notification.</summary>
public static class InstanceAvailabilityProvider
{
    /// <summary>Answers N-CREATE of Instance Availability Notification.</summary>
    /// <param name="entity">The entity; servers that it starts afterwards have the service.</param>
    /// <param name="store">The notifications.</param>
    public static void AddInstanceAvailabilityProvider(this ApplicationEntity entity, InstanceAvailabilityStore store)
    {
        ArgumentNullException.ThrowIfNull(entity);
        ArgumentNullException.ThrowIfNull(store);
        entity.AddSupportedContext(SopClasses.InstanceAvailabilityNotification);
        entity.OnNCreate(SopClasses.InstanceAvailabilityNotification, (request, _) => store.Create(request.AffectedSopInstanceUid, request.AttributeList ?? []).ToAnswerAsync());
    }
}
