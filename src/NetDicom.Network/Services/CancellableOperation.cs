using System.Runtime.CompilerServices;
using NetDicom.Protocol;

namespace NetDicom.Network;

/// <summary>The course of a C-FIND, C-GET or C-MOVE as its invoker: the request, its responses, C-CANCEL-RQ, and the wait for the final response after it.</summary>
/// <param name="engine">The association's.</param>
/// <param name="service">Its name in the log.</param>
/// <param name="stream">What takes the responses.</param>
/// <param name="syntax">The transfer syntax of the context.</param>
/// <param name="identifier">The data set of the request.</param>
/// <param name="create">Makes the command set.</param>
/// <param name="callerToken">The token of the call.</param>
internal sealed class CancellableOperation(
    AssociationEngine engine, string service, ResponseStream stream, TransferSyntax syntax, DicomDataSet identifier, Func<ushort, DimseRequest> create, CancellationToken callerToken)
{
    private readonly Lock _gate = new();
    private bool _started;
    private bool _sent;
    private bool _cancelSent;

    /// <summary>The transfer syntax of the data sets.</summary>
    public TransferSyntax TransferSyntax => syntax;

    /// <summary>The final response; null as long as there is none.</summary>
    public Answer? Last => stream.Last;

    /// <summary>Whether a C-CANCEL-RQ was asked for.</summary>
    public bool IsCancelRequested { get; private set; }

    /// <summary>
    /// Sends the request and yields its responses, the final one last. Leaving early, by whatever way, sends C-CANCEL-RQ and reads on to the final response, for as long as the DIMSE time limit; after
    /// that the place in the window stays taken until the response is there.
    /// </summary>
    public async IAsyncEnumerable<Answer> RunAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_started)
                throw new InvalidOperationException("an operation is carried out once: ask the association for another one");
            _started = true;
        }

        using var either = CancellationTokenSource.CreateLinkedTokenSource(callerToken, cancellationToken);
        if (!await StartAsync(either.Token).ConfigureAwait(false))
            yield break;
        try
        {
            bool isLast;
            do
            {
                Answer answer = await stream.ReadAsync(either.Token).ConfigureAwait(false);
                isLast = !answer.Status.IsPending;
                if (isLast)
                    engine.Log.ReceivedResponse(service, answer.Status);
                yield return answer;
            }
            while (!isLast);
        }
        finally
        {
            await FinishAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Sends C-CANCEL-RQ (PS3.7 section 9.3.2.3): the responses go on to the final one. Before the request is sent it is not sent at all; after the final response it does nothing.</summary>
    public async Task CancelAsync()
    {
        lock (_gate)
        {
            IsCancelRequested = true;
            if (!_sent || _cancelSent || stream.Finished.IsCompleted)
                return;
            _cancelSent = true;
        }

        await engine.Writer.SendAsync(stream.ContextId, new CCancelRequest { MessageIdBeingRespondedTo = stream.MessageId }).ConfigureAwait(false);
    }

    /// <returns>False if it was cancelled before anything was sent.</returns>
    private async Task<bool> StartAsync(CancellationToken cancellationToken)
    {
        using OpenedStorageObject encoded = EncodedDataSet.Open(identifier, syntax);
        await engine.Window.TakeAsync(cancellationToken).ConfigureAwait(false);
        if (IsCancelRequested)
        {
            engine.Window.Give();
            return false;
        }

        try
        {
            await engine.SendRequestAsync(service, stream, create, encoded, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            engine.Window.Give();
            throw;
        }

        engine.GivePlaceAfter(stream.Finished);
        bool cancel;
        lock (_gate)
        {
            _sent = true;
            cancel = IsCancelRequested;
        }

        if (cancel)
            await CancelAsync().ConfigureAwait(false);
        return true;
    }

    private async ValueTask FinishAsync()
    {
        if (stream.Finished.IsCompleted)
            return;
        stream.Abandon();
        try
        {
            await CancelAsync().ConfigureAwait(false);
            using var limit = new TimeLimit(engine.DimseTimeout, engine.UpperLayer.TimeProvider, CancellationToken.None);
            await stream.Finished.WaitAsync(limit.Token).ConfigureAwait(false);
        }
        catch (AssociationEndedException)
        {
            // There is no final response to wait for.
        }
        catch (OperationCanceledException)
        {
            // A peer that pays no heed to C-CANCEL-RQ: its responses are passed over as they come.
        }
    }
}
