using NetDicom.Protocol;

namespace NetDicom.Network;

/// <summary>What an AE has subscribed to (PS3.4 section CC.2.3): for one UPS, or globally.</summary>
public enum UpsSubscription
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Subscribed without deletion lock.</summary>
    WithoutLock,

    /// <summary>Subscribed with deletion lock: the UPS is kept after its end until this is taken back.</summary>
    WithLock,
}

/// <summary>
/// Who is told of which UPS (PS3.4 table CC.2.3-2). Not safe for several threads by itself: <see cref="UpsStore"/> holds it under its lock.
/// </summary>
internal sealed class UpsSubscriptions
{
    private sealed record GlobalSubscription(UpsSubscription State, Func<DicomDataSet, bool>? Filter);

    private readonly Dictionary<string, GlobalSubscription> _global = new(StringComparer.Ordinal);
    private readonly Dictionary<DicomUid, Dictionary<string, UpsSubscription>> _instances = [];

    /// <summary>How many AEs have a global subscription.</summary>
    public int GlobalCount => _global.Count;

    /// <summary>Whether an AE has one.</summary>
    public UpsSubscription GlobalOf(string ae) => _global.TryGetValue(ae, out GlobalSubscription? global) ? global.State : UpsSubscription.None;

    /// <summary>What an AE has on one UPS.</summary>
    public UpsSubscription Of(string ae, DicomUid instance) =>
        _instances.TryGetValue(instance, out Dictionary<string, UpsSubscription>? states) && states.TryGetValue(ae, out UpsSubscription state) ? state : UpsSubscription.None;

    /// <summary>Who is told of a UPS, in order of their titles.</summary>
    public string[] Of(DicomUid instance) => _instances.TryGetValue(instance, out Dictionary<string, UpsSubscription>? states) ? [.. states.Keys.Order(StringComparer.Ordinal)] : [];

    /// <summary>How many AEs are told of a UPS.</summary>
    public int CountOf(DicomUid instance) => _instances.TryGetValue(instance, out Dictionary<string, UpsSubscription>? states) ? states.Count : 0;

    /// <summary>What there is on one UPS, for keeping it.</summary>
    public IReadOnlyDictionary<string, UpsSubscription> StatesOf(DicomUid instance) => _instances.GetValueOrDefault(instance) ?? [];

    /// <summary>The UPS that an AE is told of.</summary>
    public DicomUid[] InstancesOf(string ae) => [.. _instances.Where(pair => pair.Value.ContainsKey(ae)).Select(pair => pair.Key)];

    /// <summary>A global subscription that was kept; what it gave to instances was kept with these.</summary>
    public void Restore(string ae, UpsSubscription state, Func<DicomDataSet, bool>? filter) => _global[ae] = new GlobalSubscription(state, filter);

    /// <summary>What an AE has, as something to be called when a change of it could not be kept.</summary>
    public Action Remember(string ae)
    {
        GlobalSubscription? global = _global.GetValueOrDefault(ae);
        (DicomUid, UpsSubscription)[] states = [.. InstancesOf(ae).Select(instance => (instance, Of(ae, instance)))];
        return () =>
        {
            UnsubscribeGlobally(ae);
            if (global is not null)
                _global[ae] = global;
            foreach ((DicomUid instance, UpsSubscription state) in states)
                Set(ae, instance, state);
        };
    }

    /// <summary>Every AE with a subscription of any kind.</summary>
    public IEnumerable<string> All() => _global.Keys.Concat(_instances.Values.SelectMany(states => states.Keys)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);

    /// <summary>Whether a deletion lock holds a UPS.</summary>
    public bool IsLocked(DicomUid instance) => _instances.TryGetValue(instance, out Dictionary<string, UpsSubscription>? states) && states.ContainsValue(UpsSubscription.WithLock);

    /// <summary>A UPS was made: it inherits the global states; returns who is told of it from now on.</summary>
    public string[] Created(DicomUid instance, DicomDataSet ups)
    {
        foreach ((string ae, GlobalSubscription global) in _global)
        {
            if (global.Filter is null || global.Filter(ups))
                Set(ae, instance, global.State);
        }

        return Of(instance);
    }

    /// <summary>Subscribes globally: instances not subscribed to take the state on; the others keep theirs.</summary>
    public void SubscribeGlobally(string ae, UpsSubscription state, Func<DicomDataSet, bool>? filter, IEnumerable<KeyValuePair<DicomUid, DicomDataSet>> steps)
    {
        _global[ae] = new GlobalSubscription(state, filter);
        foreach ((DicomUid instance, DicomDataSet ups) in steps)
        {
            if (Of(ae, instance) == UpsSubscription.None && (filter is null || filter(ups)))
                Set(ae, instance, state);
        }
    }

    /// <summary>Subscribes to one UPS, or takes that back.</summary>
    public void Set(string ae, DicomUid instance, UpsSubscription state)
    {
        if (state == UpsSubscription.None)
        {
            if (_instances.TryGetValue(instance, out Dictionary<string, UpsSubscription>? states) && states.Remove(ae) && states.Count == 0)
                _instances.Remove(instance);
            return;
        }

        if (!_instances.TryGetValue(instance, out Dictionary<string, UpsSubscription>? all))
            _instances.Add(instance, all = new Dictionary<string, UpsSubscription>(StringComparer.Ordinal));
        all[ae] = state;
    }

    /// <summary>No global subscription any more, and none to any UPS.</summary>
    public void UnsubscribeGlobally(string ae)
    {
        _global.Remove(ae);
        foreach (DicomUid instance in _instances.Keys.ToArray())
            Set(ae, instance, UpsSubscription.None);
    }

    /// <summary>No global subscription any more; what there is on instances stays.</summary>
    public void SuspendGlobal(string ae) => _global.Remove(ae);

    /// <summary>A UPS is gone.</summary>
    public void Deleted(DicomUid instance) => _instances.Remove(instance);
}
