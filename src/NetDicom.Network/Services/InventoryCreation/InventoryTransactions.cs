using NetDicom.Protocol;

namespace NetDicom.Network;

/// <summary>The transactions of a provider of Inventory Creation, those that have ended among them. Safe for several threads.</summary>
internal sealed class InventoryTransactions(int maxProductions, int maxTransactions)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<DicomUid, Entry> _entries = [];
    private readonly Queue<Entry> _ended = [];
    private int _running;

    /// <summary>A transaction with what runs for it.</summary>
    public sealed class Entry(InventoryProduction production)
    {
        public InventoryProduction Production => production;

        public CancellationTokenSource Cancel { get; } = new();

        public ITimer? Timer { get; set; }

        public TimeSpan StatusInterval { get; set; } = Timeout.InfiniteTimeSpan;

        public Task Task { get; set; } = Task.CompletedTask;

        /// <summary>The response that the next event has to follow.</summary>
        public Task? After { get; set; }
    }

    public int RunningCount
    {
        get
        {
            lock (_gate)
                return _running;
        }
    }

    /// <returns>0115H for a Transaction UID that is in use, 0213H for one production too many.</returns>
    public RuleResult TryBegin(InventoryProduction production, out Entry? entry)
    {
        entry = null;
        lock (_gate)
        {
            if (_entries.TryGetValue(production.Request.TransactionUid, out Entry? there))
                return RuleResult.Of(InventoryTransition.Find(InventoryAction.Initiate, there.Production.State).Status, "the Transaction UID is in use", DicomTags.TransactionUID);
            if (_running >= maxProductions)
                return RuleResult.Of(DimseStatus.ResourceLimitation, "too many inventories at a time");
            while (_entries.Count >= maxTransactions && _ended.TryDequeue(out Entry? oldest))
                _entries.Remove(oldest.Production.Request.TransactionUid);
            entry = new Entry(production);
            _entries.Add(production.Request.TransactionUid, entry);
            _running++;
            return RuleResult.Success;
        }
    }

    public Entry? Find(DicomUid transactionUid)
    {
        lock (_gate)
            return _entries.GetValueOrDefault(transactionUid);
    }

    public void End(Entry entry)
    {
        lock (_gate)
        {
            _running--;
            _ended.Enqueue(entry);
        }
    }

    /// <summary>Completes when those that run now have ended.</summary>
    public Task WhenEndedAsync()
    {
        lock (_gate)
            return Task.WhenAll(_entries.Values.Select(entry => entry.Task));
    }
}
