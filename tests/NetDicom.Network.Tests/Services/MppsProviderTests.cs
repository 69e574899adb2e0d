using System.Threading.Channels;
using NetDicom.Network.Tests.Support;
using NetDicom.Protocol;

namespace NetDicom.Network.Tests;

/// <summary>Modality Performed Procedure Step over sockets: each rule's status on the wire.</summary>
public class MppsProviderTests
{
    private static readonly DicomUid s_step = new("1.2.3.4");

    private static ApplicationEntity User() =>
        Queries.Scu(SopClasses.ModalityPerformedProcedureStep, SopClasses.ModalityPerformedProcedureStepRetrieve, SopClasses.ModalityPerformedProcedureStepNotification);

    [Fact]
    public async Task A_step_goes_from_its_start_to_its_end_and_is_read_back()
    {
        var store = new MppsStore();
        ApplicationEntity entity = Queries.Scp();
        entity.AddMppsProvider(store);
        await using DicomServer server = await entity.StartServerAsync(0);
        await using Association association = await User().AssociateAsync(server);
        NResponse created = await association.CreateMppsAsync(s_step, ProviderFacts.NewStep());
        Assert.Equal((DimseStatus.Success, s_step), (created.Status, created.AffectedSopInstanceUid));
        Assert.Equal(DimseStatus.Success, (await association.UpdateMppsAsync(s_step, new DicomDataSet().Set(DicomTags.PerformedProcedureStepDescription, "chest"))).Status);
        NResponse incomplete = await association.CompleteMppsAsync(s_step, []);
        Assert.True(incomplete.Status.Code is 0x0120 or 0x0121, incomplete.Status.ToString());
        Assert.NotEmpty(incomplete.AttributeIdentifierList);
        NResponse done = await association.CompleteMppsAsync(s_step, ProviderFacts.StepEnd());
        Assert.True(done.Status.IsSuccess, $"{done.Status} {done.ErrorComment} {string.Join(' ', done.AttributeIdentifierList)}");
        NResponse got = await association.GetMppsAsync(s_step, [DicomTags.PerformedProcedureStepStatus, DicomTags.PerformedProcedureStepDescription]);
        Assert.Equal((DimseStatus.Success, "COMPLETED", "chest"),
            (got.Status, got.DataSet!.GetString(DicomTags.PerformedProcedureStepStatus), got.DataSet.GetString(DicomTags.PerformedProcedureStepDescription)));
        NResponse late = await association.DiscontinueMppsAsync(s_step, ProviderFacts.StepEnd());
        Assert.Equal((0x0110, (ushort?)0xA710), (late.Status.Code, late.ErrorId));
    }

    [Theory]
    [InlineData("twice", 0x0111)]
    [InlineData("COMPLETED at once", 0x0106)]
    [InlineData("without a modality", 0x0120)]
    [InlineData("unknown step", 0x0112)]
    [InlineData("no such attribute of the class", 0x0001)]
    [InlineData("discontinued", 0x0000)]
    public async Task Each_rule_is_a_status_on_the_wire(string what, int status)
    {
        ApplicationEntity entity = Queries.Scp();
        entity.AddMppsProvider(new MppsStore());
        await using DicomServer server = await entity.StartServerAsync(0);
        await using Association association = await User().AssociateAsync(server);
        Assert.True((await association.CreateMppsAsync(s_step, ProviderFacts.NewStep())).Status.IsSuccess);
        DicomDataSet lacking = ProviderFacts.NewStep();
        lacking.Remove(DicomTags.Modality);
        NResponse answer = what switch
        {
            "twice" => await association.CreateMppsAsync(s_step, ProviderFacts.NewStep()),
            "COMPLETED at once" => await association.NCreateAsync(
                SopClasses.ModalityPerformedProcedureStep, default, ProviderFacts.NewStep().Set(DicomTags.PerformedProcedureStepStatus, "COMPLETED")),
            "without a modality" => await association.CreateMppsAsync(default, lacking),
            "unknown step" => await association.UpdateMppsAsync(new DicomUid("1.2.3.5"), []),
            "no such attribute of the class" => await association.GetMppsAsync(s_step, [DicomTags.PixelData]),
            _ => await association.DiscontinueMppsAsync(s_step, ProviderFacts.StepEnd()),
        };
        Assert.Equal(status, answer.Status.Code);
        if (what == "without a modality")
            Assert.Equal([DicomTags.Modality], answer.AttributeIdentifierList);
    }

    [Fact]
    public async Task Who_asked_for_the_notification_class_is_told_in_order_and_nobody_else()
    {
        var store = new MppsStore();
        ApplicationEntity entity = Queries.Scp();
        entity.AddMppsProvider(store);
        await using DicomServer server = await entity.StartServerAsync(0);
        var events = Channel.CreateUnbounded<(DicomUid, int)>();
        ApplicationEntity watcher = Queries.Scu(SopClasses.ModalityPerformedProcedureStepNotification);
        watcher.OnNEventReport(SopClasses.ModalityPerformedProcedureStepNotification, (request, _) =>
        {
            events.Writer.TryWrite((request.AffectedSopInstanceUid, request.EventTypeId));
            return ValueTask.FromResult<NResponse>(DimseStatus.Success);
        });
        await using Association watching = await watcher.AssociateAsync(server);
        // It has no handler for events: one that came would be answered, and counted as refused.
        await using Association association = await Queries.Scu(SopClasses.ModalityPerformedProcedureStep).AssociateAsync(server);
        await association.CreateMppsAsync(s_step, ProviderFacts.NewStep());
        await association.UpdateMppsAsync(s_step, new DicomDataSet().Set(DicomTags.PerformedProcedureStepDescription, "chest"));
        await association.CompleteMppsAsync(s_step, ProviderFacts.StepEnd());
        store.Delete(s_step);
        foreach (int type in (int[])[1, 4, 2, 5])
            Assert.Equal((s_step, type), await events.Reader.ReadAsync().AsTask().WaitAsync(RawPeer.Patience));
    }
}
