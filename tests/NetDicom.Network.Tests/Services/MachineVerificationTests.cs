using System.Threading.Channels;
using NetDicom.Network.Tests.Support;
using NetDicom.Protocol;

namespace NetDicom.Network.Tests;

/// <summary>RT Machine Verification (PS3.4 annex DD) over sockets: statuses, events and their order.</summary>
public class MachineVerificationTests
{
    private static readonly SopReference s_plan = new(SopClasses.RTPlanStorage, new DicomUid("1.2.3"));
    private static readonly MachineVerificationPlan s_known = new(new Dictionary<int, IReadOnlyList<int>> { [1] = [1, 2] });

    private static MachineVerificationStore Store(Func<DicomDataSet, CancellationToken, ValueTask<MachineVerificationOutcome>> verify, Func<DicomDataSet, MachineVerificationPlan, RuleResult>? accessories = null) =>
        new(uid => uid == s_plan.SopInstanceUid ? s_known : null, verify) { CheckAccessories = accessories };

    private static DicomDataSet Beam(DicomUid sopClass, string beam, int controlPoints = 1)
    {
        bool isIon = sopClass == SopClasses.RTIonMachineVerification;
        DicomDataSet[] points = [.. Enumerable.Range(0, controlPoints).Select(index => new DicomDataSet().Set(DicomTags.ReferencedControlPointIndex, (long)index))];
        return new DicomDataSet()
            .Set(DicomTags.GeneralMachineVerificationSequence, new DicomDataSet().Set(DicomTags.ReferencedBeamNumber, beam))
            .Set(isIon ? DicomTags.IonMachineVerificationSequence : DicomTags.ConventionalMachineVerificationSequence,
                new DicomDataSet().Set(isIon ? DicomTags.IonControlPointVerificationSequence : DicomTags.ConventionalControlPointVerificationSequence, points));
    }

    /// <summary>The outcomes of a verification, and the two classes.</summary>
    public static TheoryData<bool, TreatmentVerificationStatus> Outcomes() =>
        [.. new[] { false, true }.SelectMany(isIon => Enum.GetValues<TreatmentVerificationStatus>().Select(status => new TheoryDataRow<bool, TreatmentVerificationStatus>(isIon, status)))];

    [Theory, MemberData(nameof(Outcomes))]
    public async Task A_beam_is_verified_and_its_status_comes_as_an_event_and_by_N_GET(bool isIon, TreatmentVerificationStatus status)
    {
        DicomUid sopClass = isIon ? SopClasses.RTIonMachineVerification : SopClasses.RTConventionalMachineVerification;
        DicomDataSet parameter = new DicomDataSet().Set(DicomTags.SelectorAttributeName, "Gantry Angle");
        MachineVerificationOutcome outcome = status switch
        {
            TreatmentVerificationStatus.Verified => MachineVerificationOutcome.Verified,
            TreatmentVerificationStatus.VerifiedOverridden => MachineVerificationOutcome.Overridden([parameter]),
            _ => MachineVerificationOutcome.NotVerified([parameter]),
        };
        MachineVerificationStore store = Store((verification, _) =>
            ValueTask.FromResult(verification.GetSequence(DicomTags.GeneralMachineVerificationSequence)![0].GetString(DicomTags.ReferencedBeamNumber) == "2" ? outcome : throw new InvalidOperationException("wrong beam")));
        ApplicationEntity entity = Queries.Scp();
        entity.AddMachineVerificationProvider(store);
        await using DicomServer server = await entity.StartServerAsync(0);
        ApplicationEntity user = Queries.Scu(sopClass);
        var events = Channel.CreateUnbounded<(int Type, DicomDataSet? Information)>();
        user.OnNEventReport((report, _) =>
        {
            events.Writer.TryWrite((report.EventTypeId, report.EventInformation));
            return ValueTask.FromResult<NResponse>(DimseStatus.Success);
        });
        await using Association association = await user.AssociateAsync(server);
        DicomUid verification = (await association.CreateMachineVerificationAsync(sopClass, default, MachineVerificationOperations.NewMachineVerification(sopClass, s_plan, "P1"))).EnsureSuccess().AffectedSopInstanceUid;
        Assert.Equal(TreatmentVerificationStatus.NotVerified, MachineVerificationOutcome.StatusOf((await association.GetMachineVerificationAsync(sopClass, verification)).DataSet!));
        Assert.Equal(DimseStatus.Success, (await association.SetMachineParametersAsync(sopClass, verification, Beam(sopClass, "2"))).Status);
        Assert.Equal(DimseStatus.Success, (await association.RequestBeamVerificationAsync(sopClass, verification)).Status);
        (int pending, DicomDataSet? none) = await events.Reader.ReadAsync().AsTask().WaitAsync(RawPeer.Patience);
        Assert.Equal((1, null), (pending, none));
        (int done, DicomDataSet? information) = await events.Reader.ReadAsync().AsTask().WaitAsync(RawPeer.Patience);
        Assert.Equal((2, (TreatmentVerificationStatus?)status), (done, MachineVerificationOutcome.StatusOf(information!)));
        DicomDataSet got = (await association.GetMachineVerificationAsync(sopClass, verification)).EnsureSuccess().DataSet!;
        Assert.Equal(status, MachineVerificationOutcome.StatusOf(got));
        Assert.Equal(
            (status == TreatmentVerificationStatus.NotVerified ? 1 : 0, status == TreatmentVerificationStatus.VerifiedOverridden ? 1 : 0),
            (got.GetSequence(DicomTags.FailedAttributesSequence)!.Count, got.GetSequence(DicomTags.OverriddenAttributesSequence)!.Count));
        // New parameters are not verified.
        Assert.Equal(DimseStatus.Success, (await association.SetMachineParametersAsync(sopClass, verification, Beam(sopClass, "1"))).Status);
        Assert.Equal(TreatmentVerificationStatus.NotVerified, MachineVerificationOutcome.StatusOf((await association.GetMachineVerificationAsync(sopClass, verification)).DataSet!));
        Assert.Equal(DimseStatus.Success, (await association.DeleteMachineVerificationAsync(sopClass, verification)).Status);
        Assert.Equal(0, store.Count);
    }

    [Fact]
    public async Task A_verification_that_throws_is_NOT_VERIFIED_for_the_user_and_an_error_in_the_log()
    {
        ApplicationEntity entity = Queries.Scp();
        entity.AddMachineVerificationProvider(Store((_, _) => throw new IOException("no answer from the machine")));
        using var log = new ListLog();
        await using DicomServer server = await entity.StartServerAsync(0, new DicomServerOptions { LoggerFactory = log });
        DicomUid sopClass = SopClasses.RTConventionalMachineVerification;
        ApplicationEntity user = Queries.Scu(sopClass);
        var done = new TaskCompletionSource<DicomDataSet>(TaskCreationOptions.RunContinuationsAsynchronously);
        user.OnNEventReport((report, _) =>
        {
            if (report.EventTypeId == MachineVerificationProvider.DoneEventTypeId)
                done.TrySetResult(report.EventInformation!);
            return ValueTask.FromResult<NResponse>(DimseStatus.Success);
        });
        await using Association association = await user.AssociateAsync(server);
        DicomUid verification = (await association.CreateMachineVerificationAsync(sopClass, default, MachineVerificationOperations.NewMachineVerification(sopClass, s_plan, "P1"))).EnsureSuccess().AffectedSopInstanceUid;
        (await association.SetMachineParametersAsync(sopClass, verification, Beam(sopClass, "1"))).EnsureSuccess();
        (await association.RequestBeamVerificationAsync(sopClass, verification)).EnsureSuccess();
        Assert.Equal(TreatmentVerificationStatus.NotVerified, MachineVerificationOutcome.StatusOf(await done.Task.WaitAsync(RawPeer.Patience)));
        Assert.EndsWith("a machine verification failed; it is reported as not verified no answer from the machine", await log.WhenLoggedAsync(1405), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_verification_that_is_not_there_is_C112H_for_N_GET_and_N_ACTION_and_0112H_for_the_others()
    {
        ApplicationEntity entity = Queries.Scp();
        entity.AddMachineVerificationProvider(Store((_, _) => ValueTask.FromResult(MachineVerificationOutcome.Verified)));
        await using DicomServer server = await entity.StartServerAsync(0);
        DicomUid sopClass = SopClasses.RTConventionalMachineVerification, ion = SopClasses.RTIonMachineVerification, missing = new("1.2.9");
        await using Association association = await Queries.Scu(sopClass, ion).AssociateAsync(server);
        Assert.Equal(0xC112, (await association.GetMachineVerificationAsync(sopClass, missing)).Status.Code);
        Assert.Equal(0xC112, (await association.RequestBeamVerificationAsync(sopClass, missing)).Status.Code);
        Assert.Equal(0x0112, (await association.SetMachineParametersAsync(sopClass, missing, Beam(sopClass, "1"))).Status.Code);
        Assert.Equal(0x0112, (await association.DeleteMachineVerificationAsync(sopClass, missing)).Status.Code);
        DicomUid there = (await association.CreateMachineVerificationAsync(sopClass, default, MachineVerificationOperations.NewMachineVerification(sopClass, s_plan, "P1", 1))).EnsureSuccess().AffectedSopInstanceUid;
        Assert.Equal(0x0119, (await association.GetMachineVerificationAsync(ion, there)).Status.Code);
        Assert.Equal(0x0111, (await association.CreateMachineVerificationAsync(sopClass, there, MachineVerificationOperations.NewMachineVerification(sopClass, s_plan, "P1"))).Status.Code);
        Assert.Equal(0xC223, (await association.CreateMachineVerificationAsync(sopClass, default, MachineVerificationOperations.NewMachineVerification(sopClass, s_plan, "P1"))).Status.Code);
        Assert.Equal(0x0123, (await association.NActionAsync(sopClass, there, 2)).Status.Code);
        NResponse some = await association.GetMachineVerificationAsync(sopClass, there, [DicomTags.TreatmentVerificationStatus, DicomTags.StudyID]);
        Assert.Equal((0x0107, DicomTags.StudyID), (some.Status.Code, Assert.Single(some.AttributeIdentifierList)));
    }

    [Theory]
    [InlineData("two beams", 0x0106)]
    [InlineData("two control points", 0x0106)]
    [InlineData("no control point", 0x0121)]
    [InlineData("another beam", 0xC224)]
    [InlineData("a device", 0xC225)]
    [InlineData("an accessory", 0xC226)]
    public void Parameters_that_are_none_are_refused_with_their_status(string what, int status)
    {
        DicomUid sopClass = SopClasses.RTConventionalMachineVerification, uid = new("1.2.7");
        MachineVerificationStore store = Store(
            (_, _) => ValueTask.FromResult(MachineVerificationOutcome.Verified),
            (_, _) => what.StartsWith('a') && what != "another beam" ? new RuleResult(new DimseStatus((ushort)status)) : RuleResult.Success);
        Assert.True(store.Create(sopClass, uid, MachineVerificationOperations.NewMachineVerification(sopClass, s_plan, "P1")).IsDone);
        DicomDataSet beam = Beam(sopClass, what == "another beam" ? "7" : "1", what switch { "two control points" => 2, "no control point" => 0, _ => 1 });
        if (what == "two beams")
            beam.Set(DicomTags.GeneralMachineVerificationSequence, [.. ((string[])["1", "2"]).Select(number => new DicomDataSet().Set(DicomTags.ReferencedBeamNumber, number))]);
        Assert.Equal(status, store.Set(sopClass, uid, beam).Status.Code);
    }

    [Fact]
    public void A_new_verification_has_no_parameters_yet_or_0106H()
    {
        DicomUid sopClass = SopClasses.RTIonMachineVerification;
        DicomDataSet request = MachineVerificationOperations.NewMachineVerification(sopClass, s_plan, "P1").Set(DicomTags.IonMachineVerificationSequence, new DicomDataSet());
        Assert.Equal((0x0106, DicomTags.IonMachineVerificationSequence), Blame(Store((_, _) => ValueTask.FromResult(MachineVerificationOutcome.Verified)).Create(sopClass, default, request)));

        static (int, DicomTag) Blame(RuleResult result) => (result.Status.Code, Assert.Single(result.Elements));
    }

    [Fact]
    public async Task While_it_is_verified_it_is_neither_set_nor_begun_again_and_a_verification_that_throws_is_not_verified()
    {
        var gate = new TaskCompletionSource<MachineVerificationOutcome>(TaskCreationOptions.RunContinuationsAsynchronously);
        DicomUid sopClass = SopClasses.RTConventionalMachineVerification, uid = new("1.2.7");
        MachineVerificationStore store = Store((_, _) => new ValueTask<MachineVerificationOutcome>(gate.Task));
        ApplicationEntity entity = Queries.Scp();
        entity.AddMachineVerificationProvider(store);
        await using DicomServer server = await entity.StartServerAsync(0);
        ApplicationEntity user = Queries.Scu(sopClass);
        var events = Channel.CreateUnbounded<DicomDataSet?>();
        user.OnNEventReport((report, _) =>
        {
            events.Writer.TryWrite(report.EventInformation);
            return ValueTask.FromResult<NResponse>(DimseStatus.Success);
        });
        await using Association association = await user.AssociateAsync(server);
        (await association.CreateMachineVerificationAsync(sopClass, uid, MachineVerificationOperations.NewMachineVerification(sopClass, s_plan, "P1"))).EnsureSuccess();
        Assert.Equal(DimseStatus.Success, (await association.RequestBeamVerificationAsync(sopClass, uid)).Status);
        Assert.Equal(0x0110, (await association.RequestBeamVerificationAsync(sopClass, uid)).Status.Code);
        Assert.Equal(0x0110, (await association.SetMachineParametersAsync(sopClass, uid, Beam(sopClass, "1"))).Status.Code);
        Assert.Null(await events.Reader.ReadAsync().AsTask().WaitAsync(RawPeer.Patience));
        gate.SetException(new IOException("verifier"));
        Assert.Equal("NOT_VERIFIED", (await events.Reader.ReadAsync().AsTask().WaitAsync(RawPeer.Patience))!.GetString(DicomTags.TreatmentVerificationStatus));
        Assert.Equal(DimseStatus.Success, (await association.SetMachineParametersAsync(sopClass, uid, Beam(sopClass, "1"))).Status);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_is_deleted_while_it_is_verified_is_not_verified_even_if_it_is_made_anew(bool anew)
    {
        var gate = new TaskCompletionSource<MachineVerificationOutcome>(TaskCreationOptions.RunContinuationsAsynchronously);
        DicomUid sopClass = SopClasses.RTConventionalMachineVerification, uid = new("1.2.7");
        MachineVerificationStore store = Store((_, _) => new ValueTask<MachineVerificationOutcome>(gate.Task));
        DicomDataSet request = MachineVerificationOperations.NewMachineVerification(sopClass, s_plan, "P1");
        Assert.True(store.Create(sopClass, uid, request).IsDone);
        Assert.True(store.Begin(sopClass, uid).IsDone);
        Task<TreatmentVerificationStatus> verifying = store.VerifyAsync(sopClass, uid).AsTask();
        Assert.True(store.Delete(sopClass, uid).IsDone);
        if (anew)
            Assert.True(store.Create(sopClass, uid, request).IsDone);
        gate.SetResult(MachineVerificationOutcome.Verified);
        Assert.Equal(TreatmentVerificationStatus.NotVerified, await verifying.WaitAsync(RawPeer.Patience));
        if (anew)
            Assert.Equal(TreatmentVerificationStatus.NotVerified, MachineVerificationOutcome.StatusOf(store.Get(sopClass, uid, []).Attributes!));
    }

    [Fact]
    public async Task A_user_that_has_gone_without_N_DELETE_keeps_the_machine_busy_until_its_owner_takes_its_verification_away()
    {
        MachineVerificationStore store = Store((_, _) => ValueTask.FromResult(MachineVerificationOutcome.Verified));
        ApplicationEntity entity = Queries.Scp();
        entity.AddMachineVerificationProvider(store);
        await using DicomServer server = await entity.StartServerAsync(0);
        DicomUid sopClass = SopClasses.RTConventionalMachineVerification, uid = new("1.2.7");
        DicomDataSet request = MachineVerificationOperations.NewMachineVerification(sopClass, s_plan, "P1");
        await using (Association gone = await Queries.Scu(sopClass).AssociateAsync(server))
        {
            (await gone.CreateMachineVerificationAsync(sopClass, uid, request)).EnsureSuccess();
            await gone.AbortAsync();
        }

        await using Association association = await Queries.Scu(sopClass).AssociateAsync(server);
        Assert.Equal(0xC223, (await association.CreateMachineVerificationAsync(sopClass, default, request)).Status.Code);
        Assert.Equal(uid, Assert.Single(store.InstanceUids));
        Assert.True(store.Remove(uid));
        Assert.False(store.Remove(uid));
        Assert.Equal(DimseStatus.Success, (await association.CreateMachineVerificationAsync(sopClass, default, request)).Status);
    }

    [Fact]
    public void An_outcome_that_is_no_success_names_its_parameters()
    {
        Assert.Throws<ArgumentException>(() => MachineVerificationOutcome.NotVerified([]));
        Assert.Throws<ArgumentException>(() => MachineVerificationOutcome.Overridden([]));
    }
}
