using NetDicom.Network.Tests.Support;
using NetDicom.Protocol;

namespace NetDicom.Network.Tests;

/// <summary>This side asks for release while a handler of its own still owes the peer a response.</summary>
public class ReleaseWhileAskedTests
{
    [Fact]
    public async Task A_response_that_comes_after_our_own_request_for_release_is_dropped_and_the_association_is_released()
    {
        DicomUid commitment = SopClasses.StorageCommitmentPushModel;
        var instance = new DicomUid("1.2.3");
        ApplicationEntity entity = Queries.Scp(commitment);
        entity.OnNAction((request, cancellationToken) =>
        {
            _ = ReportAsync(request.Association);
            return ValueTask.FromResult<NResponse>(DimseStatus.Success);
        });
        await using DicomServer server = await entity.StartServerAsync(0);
        ApplicationEntity scu = Queries.Scu(commitment);
        var told = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var answer = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        scu.OnNEventReport(async (_, _) =>
        {
            told.SetResult();
            await answer.Task;
            return DimseStatus.Success;
        });
        var faults = new FaultLog();
        await using Association association = await scu.AssociateAsync("127.0.0.1", server.Port, new AssociationOptions { LoggerFactory = faults });
        (await association.NActionAsync(commitment, instance, 1)).EnsureSuccess();
        await told.Task.WaitAsync(RawPeer.Patience);
        // The release is on its way before the response may be.
        Task released = association.ReleaseAsync();
        answer.SetResult();
        await released.WaitAsync(RawPeer.Patience);
        Assert.Equal(AssociationEndKind.Released, association.End!.Kind);
        Assert.Empty(faults.Faults);

        async Task ReportAsync(Association back)
        {
            try
            {
                await back.NEventReportAsync(commitment, instance, 1);
            }
            catch (AssociationEndedException)
            {
                // It is never answered.
            }
        }
    }
}
