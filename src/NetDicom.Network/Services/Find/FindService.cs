using NetDicom.Protocol;

namespace NetDicom.Network;

/// <summary>Answers one C-FIND (PS3.7 section 9.1.2): a Pending response for each match, then the final one.</summary>
internal static class FindService
{
    public static async Task AnswerAsync(ServiceInvocation invocation, Func<FindRequest, CancellationToken, IAsyncEnumerable<FindMatch>> handler)
    {
        FindMatch final = default;
        try
        {
            await foreach (FindMatch match in handler(new FindRequest(invocation), invocation.Token).WithCancellation(invocation.Token).ConfigureAwait(false))
            {
                // A handler that does not heed its token is stopped here.
                if (invocation.IsCancelRequested)
                    break;
                if (!match.Status.IsPending)
                {
                    final = match;
                    break;
                }

                // default(FindMatch) has a status of success and no data set, so a pending one has.
                using OpenedStorageObject encoded = EncodedDataSet.Open(match.DataSet!, invocation.TransferSyntax);
                await invocation.SendAsync(Response(invocation, match, hasDataSet: true), encoded).ConfigureAwait(false);
            }

            if (invocation.IsCancelRequested && !final.Status.IsFailure)
                final = FindMatch.Final(DimseStatus.Cancel);
        }
        catch (Exception error) when (ServiceFailure.IsOfHandler(invocation, error))
        {
            ServiceFailure failure = ServiceFailure.From(invocation, error);
            final = FindMatch.Final(failure.Status, failure.Comment, failure.OffendingElements);
        }

        invocation.Engine.Log.Responding(invocation.Command.Command, invocation.Command.MessageId, final.Status);
        await invocation.SendAsync(Response(invocation, final, hasDataSet: false)).ConfigureAwait(false);
    }

    private static CFindResponse Response(ServiceInvocation invocation, in FindMatch match, bool hasDataSet) => new()
    {
        MessageIdBeingRespondedTo = invocation.Command.MessageId,
        AffectedSopClassUid = invocation.Command.AffectedSopClassUid,
        Status = match.Status,
        ErrorComment = match.ErrorComment,
        OffendingElements = match.OffendingElements ?? [],
        HasDataSet = hasDataSet,
    };
}
