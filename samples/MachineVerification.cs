using NetDicom;
using NetDicom.Network;
using NetDicom.Protocol;

namespace Samples;

internal static class MachineVerification
{
    public static async Task ServeAsync(
        int port, Func<DicomUid, MachineVerificationPlan?> findPlan, Func<DicomDataSet, IReadOnlyList<DicomDataSet>> outOfRange, CancellationToken stop)
    {
        #region provider
        var store = new MachineVerificationStore(findPlan, (verification, _) =>
        {
            IReadOnlyList<DicomDataSet> failed = outOfRange(verification);     // the parameters of the last N-SET against the plan
            return ValueTask.FromResult(failed.Count == 0 ? MachineVerificationOutcome.Verified : MachineVerificationOutcome.NotVerified(failed));
        });
        var ae = new ApplicationEntity("MPV");
        ae.AddMachineVerificationProvider(store);
        await ae.RunServerAsync(port, cancellationToken: stop);
        #endregion
    }

    public static async Task<bool> VerifyAsync(string host, int port, SopReference plan, string patientId, DicomDataSet parameters)
    {
        #region user
        DicomUid sopClass = SopClasses.RTConventionalMachineVerification;
        var done = new TaskCompletionSource<TreatmentVerificationStatus?>(TaskCreationOptions.RunContinuationsAsynchronously);
        var ae = new ApplicationEntity("TDS");
        ae.AddRequestedContext(sopClass);
        ae.OnNEventReport(sopClass, (report, _) =>
        {
            if (report.EventTypeId == MachineVerificationProvider.DoneEventTypeId)
                done.TrySetResult(MachineVerificationOutcome.StatusOf(report.EventInformation!));
            return ValueTask.FromResult<NResponse>(DimseStatus.Success);
        });
        await using Association association = await ae.AssociateAsync(host, port, new AssociationOptions { CalledAETitle = "MPV" });
        DicomDataSet verification = MachineVerificationOperations.NewMachineVerification(sopClass, plan, patientId);
        DicomUid uid = (await association.CreateMachineVerificationAsync(sopClass, default, verification)).EnsureSuccess().AffectedSopInstanceUid;
        (await association.SetMachineParametersAsync(sopClass, uid, parameters)).EnsureSuccess();
        (await association.RequestBeamVerificationAsync(sopClass, uid)).EnsureSuccess();
        TreatmentVerificationStatus? status = await done.Task.WaitAsync(TimeSpan.FromMinutes(10));   // an operator may be asked
        bool mayTreat = status is TreatmentVerificationStatus.Verified or TreatmentVerificationStatus.VerifiedOverridden;
        (await association.DeleteMachineVerificationAsync(sopClass, uid)).EnsureSuccess();
        #endregion
        return mayTreat;
    }
}
