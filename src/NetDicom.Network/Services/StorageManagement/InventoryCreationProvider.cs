using NetDicom.Protocol;

namespace NetDicom.Network;

/// <summary>How a provider of Inventory Creation reaches its users.</summary>
public sealed record InventoryCreationProviderOptions
{
    /// <summary>Where a user is that has no association open: the provider opens one, as SCP (PS3.4 section KK.2.3). Null, the default, or an answer of null: it is not told, and may ask with Request Status.</summary>
    public Func<AETitle, CancellationToken, ValueTask<EntityAddress?>>? Resolve { get; init; }

    /// <summary>Most events of one user that wait; a request beyond is answered 0213H. Default 1,000.</summary>
    public int MaxWaitingEvents { get; init; } = 1000;

    /// <summary>Is told of an event that did not reach its user: it could not be reached, or answered a failure (the status). Must not throw.</summary>
    public Action<InventoryEvent, DimseStatus?>? OnUndelivered { get; init; }
}

/// <summary>A provider of Inventory Creation, the SOP class of Storage Management (PS3.4 annex KK). Disposing ends the sending of events.</summary>
public sealed class InventoryCreationProvider : IAsyncDisposable
{
    private readonly InventoryCreationProviderOptions _options;
    private readonly EventReporter _reporter;
    private readonly KeyedQueue<string, Waiting> _events;
    private readonly CancellationTokenSource _stop = new();

    // Either an event, or the response that those behind it wait for.
    private readonly record struct Waiting(InventoryEvent? Event, Task? Answered);

    internal InventoryCreationProvider(ApplicationEntity entity, IInventoryCreationStore store, InventoryCreationProviderOptions options)
    {
        _options = options;
        _reporter = new EventReporter(entity, SopClasses.InventoryCreation, new OpenAssociations(entity, SopClasses.InventoryCreation), options.Resolve);
        _events = new KeyedQueue<string, Waiting>(options.MaxWaitingEvents, SendAsync);
        entity.AddSupportedContext(SopClasses.InventoryCreation);
        entity.OnNAction(SopClasses.InventoryCreation, (request, token) => ActAsync(store, request, token).ToAnswerAsync());
        store.Happened += happened =>
        {
            if (!_events.TryAdd(happened.User, new Waiting(happened, null)))
                options.OnUndelivered?.Invoke(happened, null);
        };
    }

    /// <summary>Completes when the events so far are sent, or given up.</summary>
    public Task WhenEventsSentAsync() => _events.WhenIdleAsync();

    /// <summary>Stops sending events; those that wait are undelivered.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _events.WhenIdleAsync().ConfigureAwait(false);
    }

    private async ValueTask<RuleResult> ActAsync(IInventoryCreationStore store, NActionIndication request, CancellationToken cancellationToken)
    {
        RuleResult known = ServiceRules.CheckAction(SopClasses.InventoryCreation, request.ActionTypeId);
        if (known.IsDone)
            known = ServiceRules.CheckInstance(SopClasses.InventoryCreation, request.RequestedSopInstanceUid);
        if (!known.IsDone)
            return known;
        string user = request.Association.CallingAETitle.ToString();
        // Before the store acts: what it raises comes behind this, and so behind the response.
        return _events.TryAdd(user, new Waiting(null, request.WhenAnswered))
            ? await store.ActAsync(user, request.ActionTypeId, request.ActionInformation, cancellationToken).ConfigureAwait(false)
            : RuleResult.Of(DimseStatus.ResourceLimitation, "too many events wait");
    }

    private async Task SendAsync(string user, IAsyncEnumerable<Waiting> waiting)
    {
        var line = new EventReporter.Line();
        await using (line.ConfigureAwait(false))
        {
            await foreach (Waiting one in waiting.ConfigureAwait(false))
            {
                DimseStatus? status = await SendAsync(AETitle.Parse(user), one, line).ConfigureAwait(false);
                if (one.Event is { } happened && status is null or { IsFailure: true })
                    _options.OnUndelivered?.Invoke(happened, status);
            }
        }
    }

    private async Task<DimseStatus?> SendAsync(AETitle user, Waiting one, EventReporter.Line line)
    {
        try
        {
            if (one.Answered is { } answered)
                await answered.WaitAsync(_stop.Token).ConfigureAwait(false);
            if (one.Event is not { } happened)
                return null;
            var report = new EventReport(SopClasses.InventoryCreation, Uids.StorageManagementInstance, happened.EventTypeId, happened.Information);
            return (await _reporter.SendAsync(user, report, line, onOpen: true, preferred: null, _stop.Token).ConfigureAwait(false))?.Status;
        }
        catch (Exception)
        {
            // Stopped, or the owner's Resolve failed: the other events go on.
            return null;
        }
    }
}

/// <summary>Makes an entity a provider of Inventory Creation.</summary>
public static class InventoryCreationProviderExtensions
{
    /// <summary>Answers the actions of Inventory Creation from a store, and sends its events: on an association that the user has open, or one of its own with the roles reversed.</summary>
    /// <param name="entity">The entity; servers that it starts afterwards have the service.</param>
    /// <param name="store">The transactions.</param>
    /// <param name="options">Where users are, limits; null for the defaults.</param>
    public static InventoryCreationProvider AddInventoryCreationProvider(this ApplicationEntity entity, IInventoryCreationStore store, InventoryCreationProviderOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(entity);
        ArgumentNullException.ThrowIfNull(store);
        return new InventoryCreationProvider(entity, store, options ?? new InventoryCreationProviderOptions());
    }
}
