using NetDicom.Protocol;

namespace NetDicom.Network;

/// <summary>
/// A provider of Inventory Creation (PS3.4 annex KK): takes the requests, keeps the transactions in memory with their states, runs the owner's maker, and reports with N-EVENT-REPORT on an
/// association of the user or one of its own. Disposing ends what is being made with FAILURE, which is reported only if it can be at once.
/// </summary>
public sealed class InventoryCreationProvider : IAsyncDisposable
{
    /// <summary>What a timer takes: the largest number of a unit of an hour would be seven years.</summary>
    private static readonly TimeSpan s_longestInterval = TimeSpan.FromDays(49);

    private readonly Func<InventoryProduction, CancellationToken, Task<InventoryProduct>> _make;
    private readonly InventoryCreationProviderOptions _options;
    private readonly AssociationLog _log;
    private readonly EventReporter _reporter;
    private readonly KeyedQueue<AETitle, Waiting> _events;
    private readonly InventoryTransactions _transactions;
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _stopEvents = new();

    private readonly record struct Waiting(InventoryEvent Event, Association? Preferred, Task After);

    internal InventoryCreationProvider(ApplicationEntity entity, Func<InventoryProduction, CancellationToken, Task<InventoryProduct>> make, InventoryCreationProviderOptions options)
    {
        _make = make;
        _options = options;
        _transactions = new InventoryTransactions(options.MaxProductions, options.MaxTransactions);
        _log = new AssociationLog(options.LoggerFactory);
        _reporter = new EventReporter(entity, SopClasses.InventoryCreation, new OpenAssociations(entity, SopClasses.InventoryCreation), options.Resolve, _log);
        _events = new KeyedQueue<AETitle, Waiting>(options.MaxWaitingEvents, SendAsync, (_, error) => _log.ReportingFailed(error));
        entity.AddSupportedContext(SopClasses.InventoryCreation);
        entity.OnNAction(SopClasses.InventoryCreation, (request, _) => Answer(request).ToAnswerAsync());
    }

    /// <summary>How many inventories are being made.</summary>
    public int ProductionCount => _transactions.RunningCount;

    /// <summary>The state of a transaction; null if it is not known, or no longer.</summary>
    public InventoryState? StateOf(DicomUid transactionUid) => _transactions.Find(transactionUid)?.Production.State;

    /// <summary>Completes when what is being made now is ended, and the events so far are sent or given up.</summary>
    public async Task WhenIdleAsync()
    {
        await _transactions.WhenEndedAsync().ConfigureAwait(false);
        await _events.WhenIdleAsync().ConfigureAwait(false);
    }

    /// <summary>Stops the makers, waits for them, and stops sending events.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _transactions.WhenEndedAsync().ConfigureAwait(false);
        await _stopEvents.CancelAsync().ConfigureAwait(false);
        await _events.WhenIdleAsync().ConfigureAwait(false);
    }

    private RuleResult Answer(NActionIndication request)
    {
        RuleResult common = InventoryRules.CheckAction(request.RequestedSopInstanceUid, request.ActionTypeId, request.ActionInformation);
        if (!common.IsDone)
            return common;
        var action = (InventoryAction)request.ActionTypeId;
        if (_options.IsAuthorized is { } isAuthorized && !isAuthorized(request.Association, action))
            return RuleResult.Of(DimseStatus.NotAuthorized, "not authorized");
        DicomDataSet information = request.ActionInformation!; // CheckAction asks for its Transaction UID
        return action == InventoryAction.Initiate ? Initiate(request, information) : Act(request, action, information);
    }

    private RuleResult Initiate(NActionIndication request, DicomDataSet information)
    {
        RuleResult read = InventoryRules.Read(information, _options.Capabilities, out InventoryRequest? wanted);
        if (wanted is null)
            return read;
        AETitle user = request.Association.CallingAETitle;
        Task answered = request.WhenAnswered;
        // The start is no change of state: the answer tells it.
        var production = new InventoryProduction(wanted, user, changed => Enqueue(user, Status(changed), request.Association, answered));
        RuleResult begun = _transactions.TryBegin(production, out InventoryTransactions.Entry? entry);
        if (!begun.IsDone)
            return begun;
        Association association = request.Association;
        entry!.Timer = _options.TimeProvider.CreateTimer(
            _ =>
            {
                Enqueue(user, Status(production), association, answered);
                entry.Timer!.Change(entry.StatusInterval, Timeout.InfiniteTimeSpan);
            }, null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        SetInterval(entry, wanted.StatusInterval);
        entry.Task = Task.Run(() => MakeAsync(entry, association, answered));
        return read;
    }

    private RuleResult Act(NActionIndication request, InventoryAction action, DicomDataSet information)
    {
        if (!InventoryRules.TryReadTransaction(information, out DicomUid uid))
            return RuleResult.Of(DimseStatus.InvalidArgumentValue, "no UID", DicomTags.TransactionUID);
        bool retain = false;
        ushort? interval = null;
        if (action == InventoryAction.Cancel && InventoryRules.ReadCancel(information, out retain) is { IsDone: false } wrong)
            return wrong;
        if (action == InventoryAction.RequestStatus && !InventoryRules.TryReadInterval(information, out interval))
            return RuleResult.Of(DimseStatus.InvalidArgumentValue, "no interval", DicomTags.RequestedStatusInterval);
        if (_transactions.Find(uid) is not { } entry)
            return RuleResult.Of(InventoryTransition.Find(action, null).Status, "no such transaction", DicomTags.TransactionUID);
        if (action == InventoryAction.RequestStatus)
        {
            if (information.Contains(DicomTags.RequestedStatusInterval))
                SetInterval(entry, interval);
            Enqueue(request.Association.CallingAETitle, Status(entry.Production), request.Association, request.WhenAnswered);
            return RuleResult.Success;
        }

        // The event of the change goes after this response, not after that of Initiate: the queue of the user holds the order.
        Task answered = request.WhenAnswered;
        entry.After = answered;
        bool changed = entry.Production.TryChange(action, null, out InventoryTransition transition, retain);
        if (changed && action == InventoryAction.Cancel)
            _ = entry.Cancel.CancelAsync();
        return transition.Status.IsFailure ? RuleResult.Of(transition.Status, "the production has ended", DicomTags.TransactionUID) : RuleResult.Success;
    }

    private async Task MakeAsync(InventoryTransactions.Entry entry, Association association, Task answered)
    {
        InventoryProduction production = entry.Production;
        InventoryProduct? product = null;
        InventoryState end = InventoryState.Failure;
        string? comment = null;
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(entry.Cancel.Token, _stop.Token);
        try
        {
            await answered.WaitAsync(linked.Token).ConfigureAwait(false);
            product = await _make(production, linked.Token).ConfigureAwait(false);
            if (product.RetrieveAETitles.Count == 0 && product.RetrieveUrl is null)
                throw new InvalidOperationException("an inventory needs Retrieve AE Title or Retrieve URL (PS3.4 section KK.2.3.1.1)");
            end = InventoryState.Complete;
        }
        catch (Exception error)
        {
            // Canceled, stopped, or the owner's maker failed: the exception's text is not for the peer.
            if (error is not OperationCanceledException || !linked.IsCancellationRequested)
                association.Log.InventoryNotMade(production.Request.TransactionUid, error);
            product = null;
            comment = "the inventory could not be made";
        }

        await entry.Timer!.DisposeAsync().ConfigureAwait(false);
        production.End(end, comment, product?.StudyRecords);
        bool hasInstances = product is not null && (production.State == InventoryState.Complete || production.RetainInstances);
        Enqueue(production.User, new InventoryEvent(hasInstances ? InventoryEventType.TerminatedWithInstances : InventoryEventType.TerminatedWithoutInstances, production.Request.TransactionUid, production.State)
        {
            Comment = production.Comment, Product = hasInstances ? product : null,
        }, association, answered);
        _transactions.End(entry);
    }

    private void SetInterval(InventoryTransactions.Entry entry, ushort? interval)
    {
        entry.StatusInterval = interval is not > 0 ? Timeout.InfiniteTimeSpan
            : _options.StatusIntervalUnit > s_longestInterval / interval.Value ? s_longestInterval
            : interval.Value * _options.StatusIntervalUnit;
        // A timer that is disposed of takes no notice: the production has ended.
        entry.Timer?.Change(entry.StatusInterval, Timeout.InfiniteTimeSpan);
    }

    private static InventoryEvent Status(InventoryProduction production) =>
        new(InventoryEventType.Status, production.Request.TransactionUid, production.State) { Comment = production.Comment, StudyRecords = production.StudyRecords };

    private void Enqueue(AETitle user, InventoryEvent happened, Association? preferred, Task after)
    {
        if (_transactions.Find(happened.TransactionUid)?.After is { IsCompleted: false } later)
            after = Task.WhenAll(after, later);
        if (!_events.TryAdd(user, new Waiting(happened, preferred, after)))
            _options.OnUndelivered?.Invoke(user, happened);
    }

    private async Task SendAsync(AETitle user, IAsyncEnumerable<Waiting> waiting)
    {
        var line = new EventReporter.Line();
        await using (line.ConfigureAwait(false))
        {
            await foreach (Waiting one in waiting.ConfigureAwait(false))
            {
                if (!await TrySendAsync(user, one, line).ConfigureAwait(false))
                    _options.OnUndelivered?.Invoke(user, one.Event);
            }
        }
    }

    private async Task<bool> TrySendAsync(AETitle user, Waiting waiting, EventReporter.Line line)
    {
        try
        {
            await waiting.After.WaitAsync(_stopEvents.Token).ConfigureAwait(false);
            var report = new EventReport(SopClasses.InventoryCreation, Uids.StorageManagementInstance, (ushort)waiting.Event.Type, waiting.Event.ToDataSet());
            NResponse? response = await _reporter.SendAsync(user, report, line, onOpen: true, waiting.Preferred, _stopEvents.Token).ConfigureAwait(false);
            return response is { Status.IsFailure: false };
        }
        catch (Exception error)
        {
            // It is undelivered; the others go on.
            if (error is not OperationCanceledException || !_stopEvents.IsCancellationRequested)
                _log.ReportingFailed(error);
            return false;
        }
    }
}

/// <summary>Makes an entity a provider of Inventory Creation.</summary>
public static class InventoryCreationProviderExtensions
{
    /// <summary>Answers Initiate, Request Status, Cancel, Pause and Resume, and reports.</summary>
    /// <param name="entity">The entity; servers that it starts afterwards have the service.</param>
    /// <param name="make">
    /// Makes an inventory (PS3.3 annex A.88) where its users can fetch it, and answers which one it is. It calls <see cref="InventoryProduction.ReportAsync"/> on its way, which is where a pause
    /// holds it. Its token fires at Cancel: it then throws, or answers what there is where <see cref="InventoryProduction.RetainInstances"/> says so. An exception otherwise ends the production
    /// with FAILURE.
    /// </param>
    /// <param name="options">What can be done, where users are, limits; null for the defaults.</param>
    public static InventoryCreationProvider AddInventoryCreationProvider(
        this ApplicationEntity entity, Func<InventoryProduction, CancellationToken, Task<InventoryProduct>> make, InventoryCreationProviderOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(entity);
        ArgumentNullException.ThrowIfNull(make);
        return new InventoryCreationProvider(entity, make, options ?? new InventoryCreationProviderOptions());
    }
}
