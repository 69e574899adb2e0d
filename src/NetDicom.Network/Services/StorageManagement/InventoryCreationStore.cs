using NetDicom.Protocol;

namespace NetDicom.Network;

/// <summary>
/// Where a provider of Inventory Creation keeps its transactions: <see cref="InventoryCreationStore"/>, or one of the owner's that asks <see cref="InventoryCreationRules"/>. What its methods throw
/// is answered 0110H.
/// </summary>
public interface IInventoryCreationStore
{
    /// <summary>A user is to be told something. Raised from any thread; the order is kept for each user, and nothing leaves before the response to the request that it is raised in.</summary>
    event Action<InventoryEvent>? Happened;

    /// <summary>N-ACTION on the well-known instance (PS3.4 section KK.2.2): 11 Initiate, 12 Request Status, 13 Cancel, 14 Pause, 15 Resume.</summary>
    /// <param name="user">AE title of who asks.</param>
    /// <param name="actionTypeId">Action Type ID.</param>
    /// <param name="information">Action information; null without one.</param>
    /// <param name="cancellationToken">Fires when the association has ended.</param>
    ValueTask<RuleResult> ActAsync(string user, ushort actionTypeId, DicomDataSet? information, CancellationToken cancellationToken);
}

/// <summary>Transactions of Inventory Creation in memory (PS3.4 annex KK), for tests and small uses. Who produces inventories is told by <see cref="Changed"/> and reports. Safe for several threads.</summary>
/// <param name="capabilities">What can be produced; null for the defaults.</param>
/// <param name="maxTransactions">Most transactions held; one more is answered 0213H. <see cref="Remove"/> makes room.</param>
public sealed class InventoryCreationStore(InventoryCapabilities? capabilities = null, int maxTransactions = 100) : IInventoryCreationStore
{
    private readonly Lock _gate = new();
    private readonly Dictionary<DicomUid, InventoryProduction> _productions = [];
    private readonly InventoryCapabilities _capabilities = capabilities ?? new InventoryCapabilities();

    /// <inheritdoc/>
    public event Action<InventoryEvent>? Happened;

    /// <summary>A user's request has begun, paused, resumed or cancelled a production: for who produces. Called outside the lock, before the response.</summary>
    public event Action<InventoryProduction>? Changed;

    /// <summary>
    /// Asked when a user cancels with Retain Instances YES: the inventory of what was produced so far, null if there is none. Called outside the lock; must not throw. Null, the default: nothing
    /// is retained.
    /// </summary>
    public Func<InventoryProduction, InventoryReference?>? Retain { get; init; }

    /// <summary>An action of a user (section KK.2.2). 0115H for a Transaction UID that is not known, or in use; 0124H for one of another user.</summary>
    public RuleResult Act(string user, ushort actionTypeId, DicomDataSet? information)
    {
        RuleResult result = InventoryCreationRules.CheckAction(actionTypeId, information);
        if (!result.IsDone)
            return result;
        DicomUid uid = information!.GetUid(DicomTags.TransactionUID);
        int? interval = information!.GetInt32OrDefault(DicomTags.RequestedStatusInterval);
        return actionTypeId switch
        {
            InventoryCreationRules.Initiate => Begin(user, uid, information!, interval),
            InventoryCreationRules.RequestStatus => Tell(user, uid, interval),
            InventoryCreationRules.Cancel => Cancel(user, uid, information!.GetString(DicomTags.RetainInstances) == "YES"),
            InventoryCreationRules.Pause => Switch(user, uid, InventoryProductionStatus.Paused),
            _ => Switch(user, uid, InventoryProductionStatus.Processing),
        };
    }

    ValueTask<RuleResult> IInventoryCreationStore.ActAsync(string user, ushort actionTypeId, DicomDataSet? information, CancellationToken cancellationToken) =>
        ValueTask.FromResult(Act(user, actionTypeId, information));

    /// <summary>A transaction as it is; null if there is none.</summary>
    public InventoryProduction? Find(DicomUid transactionUid)
    {
        lock (_gate)
            return _productions.TryGetValue(transactionUid, out InventoryProduction? production) ? production with { Request = production.Request.Clone() } : null;
    }

    /// <summary>Who produces reports: the user is told, if the states allow the step (figure KK.2-1).</summary>
    /// <param name="transactionUid">The transaction.</param>
    /// <param name="status">The new status, or PROCESSING again to note how far it is.</param>
    /// <param name="studyRecords">Total Number of Study Records (0008,0428) so far.</param>
    /// <param name="inventory">The root instance: COMPLETE needs one, a status that is not over has none.</param>
    /// <param name="comment">Transaction Status Comment (0008,0418); null for none.</param>
    /// <returns>False for a transaction that is not there or a step that is not allowed.</returns>
    public bool Report(DicomUid transactionUid, InventoryProductionStatus status, long studyRecords, InventoryReference? inventory = null, string? comment = null)
    {
        if (status == InventoryProductionStatus.Complete != (inventory is not null) && (status == InventoryProductionStatus.Complete || !InventoryCreationRules.IsOver(status)))
            throw new ArgumentException("COMPLETE has an inventory, and what is not over has none", nameof(inventory));
        InventoryProduction now;
        bool changed;
        lock (_gate)
        {
            if (!_productions.TryGetValue(transactionUid, out InventoryProduction? there))
                return false;
            changed = there.Status != status;
            if (changed ? !InventoryCreationRules.MayBecome(there.Status, status) : InventoryCreationRules.IsOver(status))
                return false;
            _productions[transactionUid] = now = there with { Status = status, StudyRecords = studyRecords, Inventory = inventory, Comment = comment };
        }

        // Progress within a status is told when it is asked for, or by ReportStatus.
        if (changed)
            Happened?.Invoke(InventoryCreationRules.EventOf(now));
        return true;
    }

    /// <summary>Tells the user how far a production is, as often as Requested Status Interval asks. False for one that is not there or is over.</summary>
    public bool ReportStatus(DicomUid transactionUid)
    {
        InventoryProduction? now = Find(transactionUid);
        if (now is null || InventoryCreationRules.IsOver(now.Status))
            return false;
        Happened?.Invoke(InventoryCreationRules.EventOf(now));
        return true;
    }

    /// <summary>Forgets a transaction that is over. False for one that is not there or still under way.</summary>
    public bool Remove(DicomUid transactionUid)
    {
        lock (_gate)
            return _productions.TryGetValue(transactionUid, out InventoryProduction? there) && InventoryCreationRules.IsOver(there.Status) && _productions.Remove(transactionUid);
    }

    private RuleResult Begin(string user, DicomUid uid, DicomDataSet information, int? interval)
    {
        RuleResult result = InventoryCreationRules.CheckInitiate(information, _capabilities);
        if (!result.IsDone)
            return result;
        InventoryProduction begun;
        lock (_gate)
        {
            if (_productions.ContainsKey(uid))
                return RuleResult.Of(DimseStatus.InvalidArgumentValue, "Transaction UID is in use", DicomTags.TransactionUID);
            if (_productions.Count >= maxTransactions)
                return RuleResult.Of(DimseStatus.ResourceLimitation, "too many transactions");
            begun = new InventoryProduction(uid, user, information.Clone(), InventoryProductionStatus.Processing, 0, null) { StatusInterval = interval };
            _productions.Add(uid, begun);
        }

        Changed?.Invoke(begun);
        return result;
    }

    private RuleResult Tell(string user, DicomUid uid, int? interval)
    {
        InventoryProduction there;
        lock (_gate)
        {
            if (Unknown(user, uid, out there!) is { } unknown)
                return unknown;
            if (interval is not null)
                _productions[uid] = there = there with { StatusInterval = interval };
        }

        // One that is over tells its end again: the user may have missed it.
        Happened?.Invoke(InventoryCreationRules.EventOf(there));
        return RuleResult.Success;
    }

    private RuleResult Switch(string user, DicomUid uid, InventoryProductionStatus status)
    {
        InventoryProduction there;
        lock (_gate)
        {
            if (Unknown(user, uid, out there!) is { } unknown)
                return unknown;
            RuleResult result = InventoryCreationRules.CheckChange(there.Status);
            if (!result.IsDone || there.Status == status)
                return result;
            _productions[uid] = there = there with { Status = status, Comment = null };
        }

        Changed?.Invoke(there);
        Happened?.Invoke(InventoryCreationRules.EventOf(there));
        return RuleResult.Success;
    }

    private RuleResult Cancel(string user, DicomUid uid, bool retain)
    {
        InventoryProduction there;
        lock (_gate)
        {
            if (Unknown(user, uid, out there!) is { } unknown)
                return unknown;
            RuleResult result = InventoryCreationRules.CheckChange(there.Status);
            if (!result.IsDone)
                return result;
            // From here on nobody else ends it.
            _productions[uid] = there = there with { Status = InventoryProductionStatus.Canceled, RetainInstances = retain, Comment = null };
        }

        Changed?.Invoke(there);
        if (retain && Retain?.Invoke(there) is { } inventory)
        {
            lock (_gate)
                _productions[uid] = there = there with { Inventory = inventory };
        }

        Happened?.Invoke(InventoryCreationRules.EventOf(there));
        return RuleResult.Success;
    }

    private RuleResult? Unknown(string user, DicomUid uid, out InventoryProduction? production) =>
        !_productions.TryGetValue(uid, out production) ? RuleResult.Of(DimseStatus.InvalidArgumentValue, "no such transaction", DicomTags.TransactionUID)
        : production.User != user ? RuleResult.Of(DimseStatus.NotAuthorized, "the transaction is another user's")
        : null;
}
