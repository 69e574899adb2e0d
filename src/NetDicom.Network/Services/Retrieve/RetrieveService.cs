using System.Runtime.CompilerServices;
using NetDicom.Protocol;

namespace NetDicom.Network;

/// <summary>Answers one C-GET or C-MOVE (PS3.7 sections 9.1.3 and 9.1.4): the sub-operations, Pending responses meanwhile, and the final one with the counts.</summary>
internal sealed class RetrieveService
{
    private readonly ServiceInvocation _invocation;
    private SubOperations _counts = new(0);

    private RetrieveService(ServiceInvocation invocation)
    {
        _invocation = invocation;
        Stop = invocation.Token;
    }

    /// <summary>Stops the sub-operations: C-CANCEL-RQ, or the end of the association.</summary>
    /// <remarks>Kept, since a source that is left alone looks at it when the invocation is closed already.</remarks>
    public CancellationToken Stop { get; }

    public SubOperations Counts => _counts;

    public AssociationEngine Engine => _invocation.Engine;

    public CommandSet Command => _invocation.Command;

    public static Task AnswerGetAsync(ServiceInvocation invocation, Func<GetRequest, CancellationToken, ValueTask<RetrieveObjects>> handler)
    {
        var service = new RetrieveService(invocation);
        return service.AnswerAsync(async () =>
        {
            RetrieveObjects objects = await handler(new GetRequest(invocation), invocation.Token).ConfigureAwait(false);
            await service.RunAsync(objects, service.GetAsync).ConfigureAwait(false);
        });
    }

    public static Task AnswerMoveAsync(ServiceInvocation invocation, MoveHandler handler)
    {
        var service = new RetrieveService(invocation);
        return service.AnswerAsync(async () =>
        {
            var request = new MoveRequest(invocation);
            MoveDestination destination = await handler.Destination(request, invocation.Token).ConfigureAwait(false)
                ?? throw new DimseStatusException(DimseStatus.MoveDestinationUnknown, "the Move Destination is not known here");
            RetrieveObjects objects = await handler.Objects(request, invocation.Token).ConfigureAwait(false);
            var sender = new MoveSender(service, request, destination, invocation.Engine.Services.Title);
            await service.RunAsync(objects, sender.SendAsync).ConfigureAwait(false);
        });
    }

    /// <summary>The objects as they are taken; ends when the work is to stop, even if the source pays no heed to its token: who cancels does not wait for it.</summary>
    public async IAsyncEnumerable<StorageObject> TakeAsync(RetrieveObjects objects, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        IAsyncEnumerator<StorageObject> source = objects.Objects.GetAsyncEnumerator(Stop);
        Task<bool> moving = Task.FromResult(true);
        try
        {
            while (true)
            {
                moving = source.MoveNextAsync().AsTask();
                if (await IsStoppedBeforeAsync(moving, Stop).ConfigureAwait(false))
                    yield break;
                if (!await moving.ConfigureAwait(false))
                {
                    _counts.OnEnd();
                    yield break;
                }

                if (Stop.IsCancellationRequested)
                    yield break;
                _counts.OnTaken();
                yield return source.Current;
            }
        }
        finally
        {
            await LeaveAsync(source, moving).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// Disposes of a source of objects. One that is still looking for its next object cannot be disposed of yet, and is when it has found it, or failed: who cancels does not wait for that.
    /// </summary>
    public static ValueTask LeaveAsync(IAsyncEnumerator<StorageObject> source, Task<bool> moving)
    {
        if (moving.IsCompleted)
            return source.DisposeAsync();
        _ = DisposeLaterAsync(source, moving);
        return default;
    }

    /// <summary>Counts an outcome. What was not sent because the work is to stop remains.</summary>
    public void Count(StoreOutcome outcome)
    {
        if (outcome.Failure == StoreFailure.NotSent && Stop.IsCancellationRequested)
            return;
        // The peer learns that it failed; why is for the owner of the object.
        if (outcome is { Failure: StoreFailure.CannotRead, Error: { } error })
            OnUnreadable(error);
        _counts.Add(outcome);
    }

    public void OnUnreadable(Exception error) => Engine.Log.ObjectUnreadable(Command.Command, Command.MessageId, error);

    private static async ValueTask<bool> IsStoppedBeforeAsync(Task<bool> moving, CancellationToken stop)
    {
        if (moving.IsCompleted)
            return false;
        try
        {
            await moving.WaitAsync(stop).ConfigureAwait(false);
            return false;
        }
        catch (Exception)
        {
            // An exception of the source's own is seen by who awaits it.
            return !moving.IsCompleted;
        }
    }

    private static async Task DisposeLaterAsync(IAsyncEnumerator<StorageObject> source, Task<bool> moving)
    {
        // What it fails with, nobody asks any more.
        await ((Task)moving).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await source.DisposeAsync().AsTask().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task AnswerAsync(Func<Task> work)
    {
        ServiceFailure failure = default;
        try
        {
            await work().ConfigureAwait(false);
        }
        catch (Exception error) when (ServiceFailure.IsOfHandler(_invocation, error))
        {
            failure = ServiceFailure.From(_invocation, error);
        }

        DimseStatus status = failure.Status.IsFailure ? failure.Status : _invocation.IsCancelRequested ? DimseStatus.Cancel : _counts.FinalStatus;
        DicomDataSet? failed = status.IsSuccess ? null : _counts.FailedList();
        using OpenedStorageObject? encoded = failed is null ? null : EncodedDataSet.Open(failed, _invocation.TransferSyntax);
        Engine.Log.Responding(Command.Command, Command.MessageId, status);
        await _invocation.SendAsync(Response(status, failure, encoded is not null), encoded).ConfigureAwait(false);
    }

    private async Task RunAsync(RetrieveObjects objects, Func<RetrieveObjects, Task> send)
    {
        _counts = new SubOperations(objects.Total);
        using var done = new CancellationTokenSource();
        Task telling = objects.Total == 0 ? Task.CompletedTask : TellAsync(done.Token);
        try
        {
            await send(objects).ConfigureAwait(false);
        }
        finally
        {
            // No Pending response behind the final one.
            await done.CancelAsync().ConfigureAwait(false);
            await telling.ConfigureAwait(false);
        }
    }

    private async Task GetAsync(RetrieveObjects objects)
    {
        var options = new StoreOptions { Priority = Command.Priority, Stop = Stop };
        await foreach (StoreOutcome outcome in _invocation.Association.StoreAsync(TakeAsync(objects), options, CancellationToken.None).ConfigureAwait(false))
            Count(outcome);
    }

    /// <summary>One Pending response at once, then one each time the interval has passed: also in mid object, since the peer waits for a sign of life.</summary>
    private async Task TellAsync(CancellationToken done)
    {
        TimeSpan interval = Engine.Services.Options.PendingInterval;
        if (interval <= TimeSpan.Zero)
            return;
        try
        {
            while (true)
            {
                await _invocation.SendAsync(Response(DimseStatus.Pending, default, false)).ConfigureAwait(false);
                await Task.Delay(interval, Engine.UpperLayer.TimeProvider, done).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // The work is done.
        }
        catch (AssociationEndedException)
        {
            // The work learns it through its token.
        }
    }

    private DimseResponse Response(DimseStatus status, in ServiceFailure failure, bool hasDataSet)
    {
        (int remaining, int completed, int failed, int warning) = _counts.Counts;
        // PS3.4 table C.4-2: the remaining ones are told while pending and after a cancel only.
        ushort? left = status.IsPending || status.IsCancel ? Number(remaining) : null;
        IReadOnlyList<DicomTag> offending = failure.OffendingElements ?? [];
        return Command.Command == CommandField.CGetRequest
            ? new CGetResponse
            {
                MessageIdBeingRespondedTo = Command.MessageId, AffectedSopClassUid = Command.AffectedSopClassUid, Status = status, HasDataSet = hasDataSet,
                ErrorComment = failure.Comment, OffendingElements = offending, NumberOfRemainingSuboperations = left,
                NumberOfCompletedSuboperations = Number(completed), NumberOfFailedSuboperations = Number(failed), NumberOfWarningSuboperations = Number(warning),
            }
            : new CMoveResponse
            {
                MessageIdBeingRespondedTo = Command.MessageId, AffectedSopClassUid = Command.AffectedSopClassUid, Status = status, HasDataSet = hasDataSet,
                ErrorComment = failure.Comment, OffendingElements = offending, NumberOfRemainingSuboperations = left,
                NumberOfCompletedSuboperations = Number(completed), NumberOfFailedSuboperations = Number(failed), NumberOfWarningSuboperations = Number(warning),
            };
    }

    // The elements are 16 bits wide: a larger count stays at the largest.
    private static ushort Number(int count) => (ushort)Math.Clamp(count, 0, ushort.MaxValue);
}
