using NetDicom.Protocol;

namespace NetDicom.Network;

/// <summary>
/// Sends the objects of a C-MOVE to its destination, on associations whose contexts come from the objects: looked at in small groups, so that the first leaves before the last is looked at. An
/// association is used as long as it has the contexts that are needed. Each object is counted, whatever happens to the destination.
/// </summary>
internal sealed class MoveSender(RetrieveService service, MoveRequest request, MoveDestination destination, AETitle title)
{
    private const int FirstGroup = 16;
    private const int MaxGroup = 256;

    private readonly StoreOptions _storeOptions = new()
    {
        Priority = request.Priority,
        // PS3.7 section 9.1.1.1: who asked for the move, and by which message.
        MoveOriginatorAETitle = request.Association.CallingAETitle,
        MoveOriginatorMessageId = request.MessageId,
        Stop = service.Stop,
    };

    private readonly List<Planned> _group = [];
    private MoveContextPlan _plan = new();
    private Association? _association;
    private int _contextsProposed;
    private int _groupSize = FirstGroup;
    private bool _isDead;

    private readonly record struct Planned(StorageObject Object, DicomUid SopInstanceUid);

    public async Task SendAsync(RetrieveObjects objects)
    {
        IAsyncEnumerator<StorageObject> source = service.TakeAsync(objects).GetAsyncEnumerator(CancellationToken.None);
        Task<bool> moving = Task.FromResult(true);
        try
        {
            while (true)
            {
                moving = source.MoveNextAsync().AsTask();
                // A source that has to look for its next object does not hold up those that are there.
                if (!moving.IsCompleted)
                    await SendGroupAsync().ConfigureAwait(false);
                try
                {
                    if (!await moving.ConfigureAwait(false))
                        break;
                }
                catch
                {
                    // What it gave before it failed goes all the same.
                    await SendGroupAsync().ConfigureAwait(false);
                    throw;
                }

                await PlanAsync(source.Current).ConfigureAwait(false);
            }

            await SendGroupAsync().ConfigureAwait(false);
        }
        finally
        {
            await CloseAsync().ConfigureAwait(false);
            await RetrieveService.LeaveAsync(source, moving).ConfigureAwait(false);
        }
    }

    private async ValueTask PlanAsync(StorageObject storageObject)
    {
        if (!TryIdentify(storageObject, out StorageObject examined, out StorageIdentity identity))
        {
            service.Counts.Fail(identity.SopInstanceUid);
            return;
        }

        if (!_plan.TryAdd(identity.SopClassUid, identity.TransferSyntax))
        {
            // No room for its context: what is planned goes first, and the next association begins anew.
            await SendGroupAsync().ConfigureAwait(false);
            _plan = new MoveContextPlan();
            _plan.TryAdd(identity.SopClassUid, identity.TransferSyntax);
            _contextsProposed = 0;
        }

        _group.Add(new Planned(examined, identity.SopInstanceUid));
        if (_group.Count >= _groupSize)
        {
            await SendGroupAsync().ConfigureAwait(false);
            _groupSize = MaxGroup;
        }
    }

    private bool TryIdentify(StorageObject storageObject, out StorageObject examined, out StorageIdentity identity)
    {
        examined = storageObject;
        identity = storageObject.KnownIdentity;
        try
        {
            (examined, identity) = storageObject.Examine();
            return true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or DicomException)
        {
            service.OnUnreadable(error);
            return false;
        }
    }

    private async ValueTask SendGroupAsync()
    {
        List<Planned> left = [.. _group];
        _group.Clear();
        while (left.Count > 0 && !service.Stop.IsCancellationRequested)
        {
            Association? before = _association;
            Association? association = await OpenAsync().ConfigureAwait(false);
            if (association is null)
                break;
            int count = left.Count;
            left = await StoreAsync(association, left).ConfigureAwait(false);
            // The destination has gone: once more for the rest, unless it did not take a single one on an association that was just opened.
            _isDead = left.Count == count && association != before;
        }

        // After a cancel they remain; otherwise nobody takes them.
        if (!service.Stop.IsCancellationRequested)
        {
            foreach (Planned planned in left)
                service.Counts.Fail(planned.SopInstanceUid);
        }
    }

    /// <returns>The objects that were not sent since the association had ended.</returns>
    private async ValueTask<List<Planned>> StoreAsync(Association association, List<Planned> objects)
    {
        var left = new List<Planned>();
        int at = 0;
        // One outcome for each, in their order.
        await foreach (StoreOutcome outcome in association.StoreAsync(objects.Select(planned => planned.Object), _storeOptions, CancellationToken.None).ConfigureAwait(false))
        {
            Planned planned = objects[at++];
            if (outcome.Failure == StoreFailure.NotSent && !service.Stop.IsCancellationRequested)
                left.Add(planned);
            else
                service.Count(outcome with { SopInstanceUid = planned.SopInstanceUid });
        }

        return left;
    }

    private async ValueTask<Association?> OpenAsync()
    {
        if (_association is { IsOpen: true } && _contextsProposed == _plan.Contexts.Count)
            return _association;
        await CloseAsync().ConfigureAwait(false);
        if (_isDead)
            return null;
        AssociationOptions options = (destination.Options ?? new AssociationOptions { TimeProvider = service.Engine.UpperLayer.TimeProvider }) with
        {
            CalledAETitle = request.MoveDestination.ToString(),
            RequestedContexts = [.. _plan.Contexts],
        };
        try
        {
            _association = await new ApplicationEntity(title.ToString()).AssociateAsync(destination.Host, destination.Port, options, service.Stop).ConfigureAwait(false);
            _contextsProposed = _plan.Contexts.Count;
            return _association;
        }
        catch (DicomNetworkException error)
        {
            service.Engine.Log.MoveDestinationFailed(request.MessageId, request.MoveDestination, error);
            _isDead = true;
            return null;
        }
    }

    private async ValueTask CloseAsync()
    {
        if (_association is { } association)
            await association.DisposeAsync().ConfigureAwait(false);
        _association = null;
    }
}
