using System.Runtime.CompilerServices;
using NetDicom.Protocol;

namespace NetDicom.Network;

/// <summary>
/// A C-GET or C-MOVE as its SCU (PS3.7 sections 9.1.3 and 9.1.4). Enumerating it sends the request and yields the progress; <see cref="CompleteAsync"/> does so for those who only want the result.
/// </summary>
/// <remarks>
/// Leaving the loop early sends C-CANCEL-RQ and reads on to the final response, at most for the DIMSE time limit; so does cancelling, which then throws <see cref="OperationCanceledException"/>.
/// A caller that looks at the progress seldom sees the latest only.
/// </remarks>
public sealed class RetrieveOperation : IAsyncEnumerable<SubOperationProgress>
{
    private readonly AssociationEngine _engine;
    private readonly CancellableOperation _operation;
    private readonly Func<StoreRequest, CancellationToken, ValueTask<DimseStatus>>? _onStore;
    private readonly CancellationToken _callerToken;

    internal RetrieveOperation(
        AssociationEngine engine, NegotiatedContext context, CommandField response, DicomUid sopClass, DicomDataSet identifier, RetrieveOptions options,
        Func<ushort, DimseRequest> create, Func<StoreRequest, CancellationToken, ValueTask<DimseStatus>>? onStore, CancellationToken cancellationToken)
    {
        _engine = engine;
        _onStore = onStore;
        _callerToken = cancellationToken;
        var stream = new ResponseStream(response, context.Id, sopClass, options.ResponseTimeout, 1, engine.Services.Options.MaxDataSetLength);
        _operation = new CancellableOperation(
            engine, response == CommandField.CGetResponse ? "Get" : "Move", stream, new TransferSyntax(context.TransferSyntax), identifier, create, cancellationToken);
    }

    /// <summary>The final response; null until it is there.</summary>
    /// <exception cref="DicomDataException">Its data set cannot be read or is too long.</exception>
    public RetrieveResult? Result => _operation.Last is { } last ? ResultOf(last) : null;

    /// <summary>Sends C-CANCEL-RQ (PS3.7 section 9.3.2.3). The sub-operation that is under way may be finished. Does nothing when the final response is there.</summary>
    /// <exception cref="AssociationEndedException">The association has ended.</exception>
    public Task CancelAsync() => _operation.CancelAsync();

    /// <summary>Sends the request and waits for the final response, whatever its status: see <see cref="RetrieveResult.EnsureSuccess"/>.</summary>
    /// <exception cref="DicomDataException">A data set cannot be written, or that of the answer cannot be read or is too long.</exception>
    /// <exception cref="AssociationEndedException">The association ended before the final response.</exception>
    /// <exception cref="OperationCanceledException">Cancelled, by this token, by that of the call, or with <see cref="CancelAsync"/> before the request was sent.</exception>
    public async Task<RetrieveResult> CompleteAsync(CancellationToken cancellationToken = default)
    {
        await foreach (Answer _ in AnswersAsync(cancellationToken).ConfigureAwait(false))
        {
            // The last one is kept.
        }

        return Result ?? throw new OperationCanceledException("cancelled before the request was sent");
    }

    /// <summary>Sends the request and yields the counts of each response that has any, the final one among them.</summary>
    /// <exception cref="DimseStatusException">The final status is a failure, or a Cancel that was not asked for. <see cref="Result"/> says what failed.</exception>
    /// <exception cref="DicomDataException">The identifier cannot be written.</exception>
    /// <exception cref="AssociationEndedException">The association ended before the final response.</exception>
    /// <exception cref="OperationCanceledException">Cancelled, by this token or that of the call.</exception>
    public IAsyncEnumerator<SubOperationProgress> GetAsyncEnumerator(CancellationToken cancellationToken = default) => ProgressAsync(cancellationToken).GetAsyncEnumerator(CancellationToken.None);

    private async IAsyncEnumerable<SubOperationProgress> ProgressAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (Answer answer in AnswersAsync(cancellationToken).ConfigureAwait(false))
        {
            SubOperationProgress progress = ProgressOf(answer);
            if (progress != default)
                yield return progress;
            if (answer.Status.IsFailure || (answer.Status.IsCancel && !_operation.IsCancelRequested))
                throw new DimseStatusException(answer.Status, answer.ErrorComment, OffendingElementsOf(answer));
        }
    }

    private async IAsyncEnumerable<Answer> AnswersAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // A C-STORE-RQ does not say which C-GET it belongs to: one at a time may have a handler of its own.
        using IDisposable? taking = _onStore is null ? null : await TakeStoresAsync(_onStore, cancellationToken).ConfigureAwait(false);
        await foreach (Answer answer in _operation.RunAsync(cancellationToken).ConfigureAwait(false))
            yield return answer;
    }

    private async Task<IDisposable> TakeStoresAsync(Func<StoreRequest, CancellationToken, ValueTask<DimseStatus>> onStore, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(_callerToken, cancellationToken);
        return await _engine.TakeStoresAsync(onStore, either.Token).ConfigureAwait(false);
    }

    private RetrieveResult ResultOf(in Answer answer) => new()
    {
        Status = answer.Status,
        ErrorComment = answer.ErrorComment,
        OffendingElements = OffendingElementsOf(answer),
        Progress = ProgressOf(answer),
        FailedSopInstanceUids = FailedOf(ReceivedDataSet.Read(answer, _operation.TransferSyntax, _engine.Services.Options.MaxDataSetLength)),
    };

    private static IReadOnlyList<DicomTag> OffendingElementsOf(in Answer answer) => answer.Response switch
    {
        CGetResponse get => get.OffendingElements,
        CMoveResponse move => move.OffendingElements,
        _ => [],
    };

    private static SubOperationProgress ProgressOf(in Answer answer) => answer.Response switch
    {
        CGetResponse r => new(r.NumberOfRemainingSuboperations, r.NumberOfCompletedSuboperations, r.NumberOfFailedSuboperations, r.NumberOfWarningSuboperations),
        CMoveResponse r => new(r.NumberOfRemainingSuboperations, r.NumberOfCompletedSuboperations, r.NumberOfFailedSuboperations, r.NumberOfWarningSuboperations),
        _ => default,
    };

    private static List<DicomUid> FailedOf(DicomDataSet? dataSet)
    {
        var failed = new List<DicomUid>();
        if (dataSet is not null && dataSet.TryGet(DicomTags.FailedSOPInstanceUIDList, out DicomElement? list))
        {
            for (int i = 0; list.TryGetUid(i, out DicomUid uid); i++)
                failed.Add(uid);
        }

        return failed;
    }
}
