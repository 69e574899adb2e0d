using NetDicom.Protocol;

namespace NetDicom.Network;

/// <summary>
/// A provider of Unified Procedure Step (PS3.4 annex CC): a <see cref="UpsStore"/> on the network, with all of its SOP classes. Disposing ends the sending of events.
/// </summary>
public sealed class UpsProvider : IAsyncDisposable
{
    private static readonly DicomUid[] s_classes =
    [
        SopClasses.UnifiedProcedureStepPush, SopClasses.UnifiedProcedureStepPull, SopClasses.UnifiedProcedureStepWatch, SopClasses.UnifiedProcedureStepEvent, SopClasses.UnifiedProcedureStepQuery,
    ];

    private readonly UpsStore _store;
    private readonly UpsProviderOptions _options;
    private readonly AssociationLog _log;
    private readonly EventReporter _reporter;
    private readonly KeyedQueue<string, Waiting> _events;
    private readonly CancellationTokenSource _stop = new();

    private readonly record struct Waiting(UpsEvent Event, Task After);

    internal UpsProvider(ApplicationEntity entity, UpsStore store, UpsProviderOptions options)
    {
        _store = store;
        _options = options;
        _log = new AssociationLog(options.LoggerFactory);
        _reporter = new EventReporter(entity, SopClasses.UnifiedProcedureStepEvent, new OpenAssociations(entity, SopClasses.UnifiedProcedureStepEvent), options.Resolve, _log);
        _events = new KeyedQueue<string, Waiting>(options.MaxWaitingEvents, SendAsync, (_, error) => _log.ReportingFailed(error));
        foreach (DicomUid sopClass in s_classes)
            entity.AddSupportedContext(sopClass);
        // PS3.4 CC.3.1.1: the class of the messages is UPS Push, whichever class the context is of.
        entity.OnNCreate(SopClasses.UnifiedProcedureStepPush, (request, _) => AnswerAsync(request, store.Create(request.AffectedSopInstanceUid, request.AttributeList ?? [])));
        entity.OnNSet(SopClasses.UnifiedProcedureStepPush, (request, _) => AnswerAsync(request, store.Set(request.RequestedSopInstanceUid, request.ModificationList)));
        entity.OnNGet(SopClasses.UnifiedProcedureStepPush, (request, _) => store.Get(request.RequestedSopInstanceUid, request.AttributeIdentifierList).ToAnswerAsync());
        entity.OnNAction(SopClasses.UnifiedProcedureStepPush, (request, _) => AnswerAsync(request, Act(request)));
        if (options.CompileQuery is not { } compile)
            return;
        foreach (DicomUid sopClass in (DicomUid[])[SopClasses.UnifiedProcedureStepPull, SopClasses.UnifiedProcedureStepWatch, SopClasses.UnifiedProcedureStepQuery])
            entity.AddFindProvider(sopClass, _ => RuleResult.Success, identifier => Find(compile(identifier)));
    }

    /// <summary>Sends SCP Status Change to everybody who has a subscription (PS3.4 section CC.2.4): before the provider goes down, or after it came up again.</summary>
    /// <param name="isRestarted">RESTARTED; otherwise GOING DOWN.</param>
    /// <param name="subscriptionsKept">Subscriptions outlive the restart.</param>
    /// <param name="stepsKept">So do the procedure steps.</param>
    public void ReportStatusChange(bool isRestarted, bool subscriptionsKept, bool stepsKept) => Enqueue(_store.StatusChange(isRestarted, subscriptionsKept, stepsKept), Task.CompletedTask);

    /// <summary>Changes the store from within, and sends the events that follow: for an owner that makes or changes steps itself.</summary>
    public RuleResult Apply(Func<UpsStore, UpsOutcome> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        UpsOutcome outcome = change(_store);
        Enqueue(outcome.Events, Task.CompletedTask);
        return outcome.Result;
    }

    /// <summary>Completes when the events so far are sent, or given up.</summary>
    public Task WhenEventsSentAsync() => _events.WhenIdleAsync();

    /// <summary>Stops sending events; those that wait are undelivered.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _events.WhenIdleAsync().ConfigureAwait(false);
    }

    private UpsOutcome Act(NActionIndication request) =>
        request.ActionTypeId switch
        {
            1 => _store.ChangeState(request.RequestedSopInstanceUid, request.ActionInformation ?? []),
            2 => _store.RequestCancel(request.RequestedSopInstanceUid, request.Association.CallingAETitle.ToString(), request.ActionInformation),
            3 => _store.Subscribe(request.RequestedSopInstanceUid, request.ActionInformation ?? []),
            4 => _store.Unsubscribe(request.RequestedSopInstanceUid, request.ActionInformation ?? []),
            5 => _store.SuspendGlobalSubscription(request.RequestedSopInstanceUid, request.ActionInformation ?? []),
            _ => new UpsOutcome(RuleResult.Of(DimseStatus.NoSuchAction, "no such action type"), []),
        };

    private ValueTask<NResponse> AnswerAsync(ServiceRequest request, UpsOutcome outcome)
    {
        // The order of events is that of the changes; none leaves before the response to the request it came from.
        if (outcome.Events.Count > 0)
            Enqueue(outcome.Events, request.WhenAnswered);
        return outcome.Result.ToAnswerAsync();
    }

    private void Enqueue(IReadOnlyList<UpsEvent> events, Task after)
    {
        foreach (UpsEvent one in events)
        {
            if (!_events.TryAdd(one.ReceivingAE, new Waiting(one, after)))
                _options.OnUndelivered?.Invoke(one, null);
        }
    }

    private async Task SendAsync(string receiver, IAsyncEnumerable<Waiting> waiting)
    {
        // One association of our own for all events that are there.
        var line = new EventReporter.Line();
        await using (line.ConfigureAwait(false))
        {
            await foreach (Waiting one in waiting.ConfigureAwait(false))
            {
                DimseStatus? status = await SendAsync(AETitle.Parse(receiver), one, line).ConfigureAwait(false);
                if (status is null or { IsFailure: true })
                    _options.OnUndelivered?.Invoke(one.Event, status);
            }
        }
    }

    private async Task<DimseStatus?> SendAsync(AETitle receiver, Waiting waiting, EventReporter.Line line)
    {
        try
        {
            await waiting.After.WaitAsync(_stop.Token).ConfigureAwait(false);
            UpsEvent happened = waiting.Event;
            var report = new EventReport(SopClasses.UnifiedProcedureStepPush, happened.InstanceUid, (ushort)happened.Type, happened.Information);
            return (await _reporter.SendAsync(receiver, report, line, onOpen: true, preferred: null, _stop.Token).ConfigureAwait(false))?.Status;
        }
        catch (Exception error)
        {
            // It is undelivered; the others go on.
            if (error is not OperationCanceledException || !_stop.IsCancellationRequested)
                _log.ReportingFailed(error);
            return null;
        }
    }

    private IEnumerable<DicomDataSet> Find(Func<DicomDataSet, DicomDataSet?> respond)
    {
        foreach (DicomDataSet ups in _store.Snapshot())
        {
            if (respond(ups) is { } response)
                yield return response;
        }
    }
}

/// <summary>Makes an entity a provider of Unified Procedure Step.</summary>
public static class UpsProviderExtensions
{
    /// <summary>
    /// Answers the services of UPS Push, Pull, Watch, Query and Event from a store, and sends its events to the subscribers: on an association that the subscriber opened with the UPS Event
    /// class, or on one of our own. Any of the classes will do for any N service, since users are not strict about it.
    /// </summary>
    /// <param name="entity">The entity; servers that it starts afterwards have the service.</param>
    /// <param name="store">The steps.</param>
    /// <param name="options">Where subscribers are, and how queries are answered; null for the defaults.</param>
    public static UpsProvider AddUpsProvider(this ApplicationEntity entity, UpsStore store, UpsProviderOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(entity);
        ArgumentNullException.ThrowIfNull(store);
        return new UpsProvider(entity, store, options ?? new UpsProviderOptions());
    }
}
