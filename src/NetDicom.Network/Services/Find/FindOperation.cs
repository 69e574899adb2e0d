using System.Runtime.CompilerServices;
using NetDicom.Protocol;

namespace NetDicom.Network;

/// <summary>
/// A C-FIND as its SCU (PS3.7 section 9.1.2). Enumerating it sends the request and yields the matches as they come; it can be enumerated once.
/// </summary>
/// <remarks>
/// Leaving the loop early sends C-CANCEL-RQ and reads on to the final response, at most for the DIMSE time limit; so does cancelling, which then throws <see cref="OperationCanceledException"/>.
/// A caller that takes its matches slowly slows the peer: no more than <see cref="ServiceOptions.MaxWaitingMatches"/> wait in memory, and no time limit runs meanwhile. Nothing else on the
/// association is read then: an operation started within the loop may wait for ever where the window is one, as it is without negotiation. Take the matches first, or use another association.
/// </remarks>
public sealed class FindOperation : IAsyncEnumerable<DicomDataSet>
{
    private readonly CancellableOperation _operation;
    private readonly int _maxDataSetLength;

    internal FindOperation(AssociationEngine engine, NegotiatedContext context, DicomUid sopClass, DicomDataSet identifier, FindOptions options, CancellationToken cancellationToken)
    {
        ServiceOptions services = engine.Services.Options;
        _maxDataSetLength = services.MaxDataSetLength;
        var stream = new ResponseStream(CommandField.CFindResponse, context.Id, sopClass, options.ResponseTimeout, Math.Max(1, services.MaxWaitingMatches), services.MaxDataSetLength);
        _operation = new CancellableOperation(
            engine, "Find", stream, new TransferSyntax(context.TransferSyntax), identifier,
            id => new CFindRequest { MessageId = id, AffectedSopClassUid = sopClass, Priority = options.Priority }, cancellationToken);
    }

    /// <summary>The final status; null until the final response is there.</summary>
    public DimseStatus? Status => _operation.Last?.Status;

    /// <summary>Error Comment (0000,0902) of the final response, if it has one.</summary>
    public string? ErrorComment => _operation.Last?.ErrorComment;

    /// <summary>Offending Element (0000,0901) of the final response; empty if it has none.</summary>
    public IReadOnlyList<DicomTag> OffendingElements => (_operation.Last?.Response as CFindResponse)?.OffendingElements ?? [];

    /// <summary>
    /// Sends C-CANCEL-RQ (PS3.7 section 9.3.2.3). The loop goes on with the matches that still come and ends at the final response, without an exception for Cancel. Does nothing when that is there.
    /// </summary>
    /// <exception cref="AssociationEndedException">The association has ended.</exception>
    public Task CancelAsync() => _operation.CancelAsync();

    /// <summary>Sends the request and yields the matches.</summary>
    /// <exception cref="DimseStatusException">The final status is a failure, or a Cancel that was not asked for.</exception>
    /// <exception cref="DicomDataException">The identifier cannot be written, or a match cannot be read or is too long; the operation is cancelled.</exception>
    /// <exception cref="AssociationEndedException">The association ended before the final response.</exception>
    /// <exception cref="OperationCanceledException">Cancelled, by this token or that of the call.</exception>
    public IAsyncEnumerator<DicomDataSet> GetAsyncEnumerator(CancellationToken cancellationToken = default) => MatchesAsync(cancellationToken).GetAsyncEnumerator(CancellationToken.None);

    /// <summary>Sends the request and yields the responses as they come, the final one last, whatever its status. Instead of the matches, not besides them.</summary>
    /// <exception cref="DicomDataException">The identifier cannot be written, or a match cannot be read or is too long; the operation is cancelled.</exception>
    /// <exception cref="AssociationEndedException">The association ended before the final response.</exception>
    /// <exception cref="OperationCanceledException">Cancelled, by this token or that of the call.</exception>
    public async IAsyncEnumerable<FindResponse> ReadResponsesAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (Answer answer in _operation.RunAsync(cancellationToken).ConfigureAwait(false))
        {
            yield return new FindResponse
            {
                Status = answer.Status,
                DataSet = ReceivedDataSet.Read(answer, _operation.TransferSyntax, _maxDataSetLength),
                ErrorComment = answer.ErrorComment,
                OffendingElements = ((CFindResponse)answer.Response!).OffendingElements, // always read for a response of C-FIND
            };
        }
    }

    private async IAsyncEnumerable<DicomDataSet> MatchesAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (FindResponse response in ReadResponsesAsync(cancellationToken).ConfigureAwait(false))
        {
            if (response.Status.IsPending)
            {
                if (response.DataSet is { } match)
                    yield return match;
            }
            else if (response.Status.IsFailure || (response.Status.IsCancel && !_operation.IsCancelRequested))
            {
                throw new DimseStatusException(response.Status, response.ErrorComment, response.OffendingElements);
            }
        }
    }
}
