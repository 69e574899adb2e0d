using System.Runtime.CompilerServices;
using NetDicom.Protocol;

namespace NetDicom.Network;

/// <summary>Sends objects one after the other on one association. While the peer works on one, the next is opened and its first bytes are read.</summary>
internal sealed class StoreOperation(AssociationEngine engine, Association association, StoreOptions options)
{
    public async IAsyncEnumerable<StoreOutcome> RunAsync(IAsyncEnumerable<StorageObject> objects, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        IAsyncEnumerator<StorageObject> source = objects.GetAsyncEnumerator(cancellationToken);
        bool stopped = false;
        Prepared? next = null;
        Task<bool>? moving = null;
        try
        {
            while (true)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (next is null)
                {
                    if (!await (moving?.WaitAsync(cancellationToken) ?? source.MoveNextAsync().AsTask()).ConfigureAwait(false))
                        yield break;
                    moving = null;
                    next = await PrepareAsync(source.Current, stopped, cancellationToken).ConfigureAwait(false);
                }

                Prepared current = next;
                next = null;
                if (current.Outcome is not null)
                {
                    stopped |= options.StopAtFirstFailure;
                    yield return current.Outcome;
                    continue;
                }

                StoreOutcome outcome;
                using (current)
                {
                    try
                    {
                        if (!association.IsOpen)
                            throw association.End!.ToException();
                        current.Operation!.State = PendingState.Sending;
                        await current.Message!.SendAsync(cancellationToken).ConfigureAwait(false);

                        // The peer has its hands full now: ours are free for the next object. A source that has to wait for it is not waited for here.
                        if (!stopped && !options.StopAtFirstFailure)
                        {
                            ValueTask<bool> move = source.MoveNextAsync();
                            if (!move.IsCompleted)
                                moving = move.AsTask();
                            else if (await move.ConfigureAwait(false))
                                next = await PrepareAsync(source.Current, stopped, cancellationToken).ConfigureAwait(false);
                            else
                                moving = Task.FromResult(false);
                        }

                        Answer response = await engine.ResponseAsync(current.Operation, cancellationToken).ConfigureAwait(false);
                        outcome = current.Outcome = current.ToOutcome(response);
                    }
                    catch (AssociationEndedException error)
                    {
                        outcome = current.ToOutcome(current.Message!.IsStarted ? StoreFailure.AssociationLost : StoreFailure.NotSent, error);
                    }
                    catch (ObjectReadException error)
                    {
                        // Half the message is out and cannot be taken back; the association is aborted already.
                        outcome = current.ToOutcome(StoreFailure.CannotRead, error.InnerException!);
                    }
                }

                if (outcome.Status is { } status)
                    engine.Log.ReceivedResponse("Store", status);
                stopped |= options.StopAtFirstFailure && !outcome.IsStored;
                yield return outcome;
            }
        }
        finally
        {
            next?.Dispose();
            // A source that is still looking for its next object is disposed when it has found it.
            if (moving is { IsCompleted: false })
                _ = moving.ContinueWith(_ => source.DisposeAsync().AsTask(), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            else
                await source.DisposeAsync().ConfigureAwait(false);
        }
    }

    private async ValueTask<Prepared> PrepareAsync(StorageObject storageObject, bool stopped, CancellationToken cancellationToken)
    {
        if (stopped || !association.IsOpen)
        {
            return new Prepared(engine, storageObject)
            {
                Outcome = new StoreOutcome { StorageObject = storageObject, Failure = StoreFailure.NotSent, Error = association.End?.ToException() },
            };
        }

        OpenedStorageObject? opened = null;
        PendingOperation? operation = null;
        try
        {
            opened = storageObject.Open();
            NegotiatedContext context = association.FindContext(opened.SopClassUid, opened.TransferSyntax);
            operation = engine.Register(CommandField.CStoreResponse, context.Id);
            var request = new CStoreRequest
            {
                MessageId = operation.MessageId,
                AffectedSopClassUid = opened.SopClassUid,
                AffectedSopInstanceUid = opened.SopInstanceUid,
                Priority = options.Priority,
                MoveOriginatorAETitle = options.MoveOriginatorAETitle,
                MoveOriginatorMessageId = options.MoveOriginatorAETitle.IsNone ? null : options.MoveOriginatorMessageId,
            };
            engine.Log.SendingRequest("Store", operation.MessageId);
            OutgoingMessage message = await OutgoingMessage.PrepareAsync(engine.Writer, context.Id, request, opened, cancellationToken).ConfigureAwait(false);
            return new Prepared(engine, storageObject) { Opened = opened, Operation = operation, Message = message };
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            if (operation is not null)
                engine.Forget(operation);
            opened?.Dispose();
            return new Prepared(engine, storageObject)
            {
                Outcome = new StoreOutcome
                {
                    StorageObject = storageObject,
                    SopClassUid = opened?.SopClassUid ?? default,
                    SopInstanceUid = opened?.SopInstanceUid ?? default,
                    TransferSyntax = opened?.TransferSyntax ?? default,
                    Failure = error switch
                    {
                        NoPresentationContextException => StoreFailure.NoPresentationContext,
                        AssociationEndedException => StoreFailure.NotSent,
                        _ => StoreFailure.CannotRead,
                    },
                    Error = error,
                },
            };
        }
    }

    /// <summary>An object with its message ready to go, or with the outcome it has already.</summary>
    private sealed class Prepared(AssociationEngine engine, StorageObject storageObject) : IDisposable
    {
        public OpenedStorageObject? Opened { get; init; }

        public PendingOperation? Operation { get; init; }

        public OutgoingMessage? Message { get; init; }

        public StoreOutcome? Outcome { get; set; }

        public StoreOutcome ToOutcome(Answer response) => ToOutcome(
            response.Status.IsSuccess || response.Status.IsWarning || response.Status == DimseStatus.DuplicateSopInstance ? StoreFailure.None : StoreFailure.Refused, null) with
        {
            Status = response.Status,
            ErrorComment = response.ErrorComment,
        };

        public StoreOutcome ToOutcome(StoreFailure failure, Exception? error) => new()
        {
            StorageObject = storageObject,
            SopClassUid = Opened!.SopClassUid,
            SopInstanceUid = Opened.SopInstanceUid,
            TransferSyntax = Opened.TransferSyntax,
            Bytes = Message!.DataSetBytesSent,
            Failure = failure,
            Error = error,
        };

        public void Dispose()
        {
            if (Operation is { State: PendingState.Registered })
                engine.Forget(Operation);
            Message?.Dispose();
            Opened?.Dispose();
        }
    }
}
