using System.Globalization;
using NetDicom.Interop.Tests.Support;
using NetDicom.Network;
using NetDicom.Network.Tests;

namespace NetDicom.Interop.Tests;

/// <summary>Samples of the normalized services and the smaller queries, as processes: each provider with its user.</summary>
public sealed class SampleServiceTests : IDisposable
{
    private static readonly IReadOnlyList<Dictionary<string, string>> s_mpps = RuleFacts.Read("mpps-attributes.tsv");
    private static readonly IReadOnlyList<Dictionary<string, string>> s_ups = RuleFacts.Read("ups-attributes.tsv");

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Mpps_tells_that_its_user_has_begun_and_completed_a_step()
    {
        DicomTag[] end = [DicomTags.PerformedProcedureStepEndDate, DicomTags.PerformedProcedureStepEndTime, DicomTags.PerformedSeriesSequence];
        DicomDataSet begun = RuleFacts.Build(s_mpps, row => row["n_create"].Split('/')[0] is "1" or "2" && !end.Contains(RuleFacts.Tags(row["path"])[0])).Set(DicomTags.PerformedProcedureStepStatus, "IN PROGRESS")
            .Set(DicomElement.CreateEmpty(end[0], DicomVR.DA)).Set(DicomElement.CreateEmpty(end[1], DicomVR.TM)).Set(DicomElement.CreateEmpty(end[2], DicomVR.SQ));
        DicomDataSet ended = RuleFacts.Build([.. s_mpps.Where(row => end.Contains(RuleFacts.Tags(row["path"])[0]))], _ => true);
        await using SampleProgram.Provider mpps = await ServeAsync("mpps");
        Assert.Empty(await SampleProgram.RunAsync("mpps-user", mpps.Port, await FileAsync("begun", begun), await FileAsync("ended", ended)));
        await mpps.Process.WaitForLinesAsync(" ", 2);
        string[] said = [.. mpps.Process.Said.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line[(line.IndexOf(' ', StringComparison.Ordinal) + 1)..])];
        Assert.Equal(["InProgress", "Completed"], said);
        await mpps.StopAsync();
    }

    [Fact]
    public async Task Commitment_tells_its_user_that_it_keeps_nothing()
    {
        await using SampleProgram.Provider commitment = await ServeAsync("commitment");
        string[] said = await SampleProgram.RunAsync("commitment-user", commitment.Port, "0", RealFiles.CtSmall);
        Assert.Equal(2, said.Length);
        Assert.StartsWith("1.3.6.1.4.1.5962.1.1.1.1.1.20040119072730.12322 is not kept: ", said[0], StringComparison.Ordinal);
        Assert.Equal("keep them", said[1]);
        await commitment.StopAsync();
    }

    [Fact]
    public async Task Ups_has_its_step_performed_and_tells_the_watcher()
    {
        const string Step = "1.2.826.0.1.5";
        DicomDataSet ready = RuleFacts.Build(s_ups, row => row["n_create"].Split('/')[0] is "1" or "2" || row["final_state"] is "R" or "P");
        DicomDataSet performed = new DicomDataSet().Set(DicomTags.UnifiedProcedureStepPerformedProcedureSequence, ready.GetSequence(DicomTags.UnifiedProcedureStepPerformedProcedureSequence)![0].Clone());
        DicomDataSet step = RuleFacts.Build(s_ups, row => row["n_create"].Split('/')[0] is "1" or "2").Set(DicomTags.ProcedureStepState, "SCHEDULED")
            .Set(DicomElement.CreateEmpty(DicomTags.TransactionUID, DicomVR.UI)).Set(DicomElement.CreateEmpty(DicomTags.ProcedureStepProgressInformationSequence, DicomVR.SQ))
            .Set(DicomElement.CreateEmpty(DicomTags.UnifiedProcedureStepPerformedProcedureSequence, DicomVR.SQ));
        await using SampleProgram.Provider ups = await ServeAsync("ups");
        var manager = new ApplicationEntity("MANAGER");
        manager.AddRequestedContexts(PresentationContexts.UnifiedProcedureStep);
        await using ChildProcess watcher = SampleProgram.Start("ups-watcher", "127.0.0.1", ups.PortText, "0");
        await watcher.WaitForLineAsync("subscribed");
        await using Association association = await manager.AssociateAsync("127.0.0.1", ups.Port, cancellationToken: TestContext.Current.CancellationToken);
        (await association.CreateUpsAsync(new DicomUid(Step), step)).EnsureSuccess();
        await watcher.WaitForLineAsync($"{Step} StateReport SCHEDULED");
        Assert.Empty(await SampleProgram.RunAsync("ups-user", ups.Port, Step, await FileAsync("performed", performed)));
        await watcher.WaitForLineAsync($"{Step} StateReport IN PROGRESS");
        await watcher.WaitForLineAsync($"{Step} StateReport COMPLETED");
        await association.ReleaseAsync(TestContext.Current.CancellationToken);
        watcher.Signal(Signals.Interrupt);
        Ended end = await watcher.EndAsync();
        Assert.True(end.ExitCode == 0, end.ToString());
        await ups.StopAsync();
    }

    [Fact]
    public async Task Print_takes_an_image_from_its_user()
    {
        DicomDataSet image = new DicomDataSet().Set(DicomTags.SamplesPerPixel, 1L).Set(DicomTags.PhotometricInterpretation, "MONOCHROME2").Set(DicomTags.Rows, 16L).Set(DicomTags.Columns, 16L)
            .Set(DicomTags.BitsAllocated, 8L).Set(DicomTags.BitsStored, 8L).Set(DicomTags.HighBit, 7L).Set(DicomTags.PixelRepresentation, 0L).Set(DicomTags.PixelData, new byte[256]);
        await using SampleProgram.Provider print = await ServeAsync("print");
        Assert.Empty(await SampleProgram.RunAsync("print-user", print.Port, await FileAsync("image", image)));
        await print.StopAsync();
    }

    [Fact]
    public async Task Inventory_is_made_and_its_user_told_of_the_end()
    {
        await using SampleProgram.Provider inventory = await ServeAsync("inventory");
        string[] said = await SampleProgram.RunAsync("inventory-user", inventory.Port, "20260101");
        Assert.StartsWith("COMPLETE: 0 studies", said[^2], StringComparison.Ordinal);
        Assert.EndsWith(" at ARCHIVE", said[^1], StringComparison.Ordinal);
        await inventory.StopAsync();
    }

    [Fact]
    public async Task Patient_answers_its_user()
    {
        await using SampleProgram.Provider patient = await ServeAsync("patient");
        Assert.Equal(["Doe^Jane: 0 items"], await SampleProgram.RunAsync("patient-user", patient.Port, "P1"));
        await patient.StopAsync();
    }

    [Fact]
    public async Task Media_takes_the_request_of_its_user()
    {
        await using SampleProgram.Provider media = await ServeAsync("media");
        Assert.Contains(Assert.Single(await SampleProgram.RunAsync("media-user", media.Port, RealFiles.CtSmall)), (string[])["Pending", "Creating", "Done"]);
        await media.StopAsync();
    }

    [Fact]
    public async Task Machine_verifies_the_beam_of_its_user()
    {
        DicomDataSet plan = new DicomDataSet().Set(DicomTags.FractionGroupSequence, new DicomDataSet().Set(DicomTags.FractionGroupNumber, "1")
            .Set(DicomTags.ReferencedBeamSequence, new DicomDataSet().Set(DicomTags.ReferencedBeamNumber, "2")));
        DicomDataSet beam = new DicomDataSet().Set(DicomTags.GeneralMachineVerificationSequence, new DicomDataSet().Set(DicomTags.ReferencedBeamNumber, "2"))
            .Set(DicomTags.ConventionalMachineVerificationSequence, new DicomDataSet().Set(DicomTags.ConventionalControlPointVerificationSequence, new DicomDataSet().Set(DicomTags.ReferencedControlPointIndex, 0L)));
        string planFile = await FileAsync("plan", plan);
        await using SampleProgram.Provider machine = await ServeAsync("machine", planFile);
        Assert.Equal(["True"], await SampleProgram.RunAsync("machine-user", machine.Port, planFile, "P1", await FileAsync("beam", beam)));
        await machine.StopAsync();
    }

    [Fact]
    public async Task Substance_knows_the_product_and_the_approval_and_logs_what_was_given()
    {
        DicomDataSet given = new DicomDataSet().Set(DicomTags.PatientID, "P1").Set(DicomTags.ProductName, "GADOX").Set(DicomTags.OperatorIdentificationSequence, new DicomDataSet().Set(DicomTags.InstitutionName, "CLINIC"));
        await using SampleProgram.Provider substance = await ServeAsync("substance");
        Assert.Equal(["GADOX", "APPROVED"], await SampleProgram.RunAsync("substance-user", substance.Port, "0123", "P1", await FileAsync("given", given)));
        await substance.StopAsync();
    }

    [Fact]
    public async Task Events_logs_the_event_of_its_user()
    {
        DicomDataSet content = new DicomDataSet().Set(DicomTags.ValueType, "CONTAINER")
            .Set(DicomTags.ConceptNameCodeSequence, new DicomDataSet().Set(DicomTags.CodeValue, "121145").Set(DicomTags.CodingSchemeDesignator, "DCM").Set(DicomTags.CodeMeaning, "Description"))
            .Set(DicomTags.ContentSequence, new DicomDataSet().Set(DicomTags.ValueType, "TEXT").Set(DicomTags.TextValue, "balloon inflated"));
        await using SampleProgram.Provider events = await ServeAsync("events");
        Assert.Contains("Success", Assert.Single(await SampleProgram.RunAsync("events-user", events.Port, await FileAsync("event", content))), StringComparison.Ordinal);
        await events.Process.WaitForLineAsync("1.2.840.1: 1 items");
        await events.StopAsync();
    }

    [Fact]
    public async Task Display_says_who_made_it()
    {
        await using SampleProgram.Provider display = await ServeAsync("display");
        Assert.Equal(["NetDicom"], await SampleProgram.RunAsync("display-user", display.Port));
        await display.StopAsync();
    }

    [Fact]
    public async Task Availability_is_told_of_a_study()
    {
        await using SampleProgram.Provider availability = await ServeAsync("availability");
        Assert.Empty(await SampleProgram.RunAsync("availability-user", availability.Port, "1.2.3", "1.2.3.4", RealFiles.CtSmall));
        await availability.Process.WaitForLineAsync("1.2.3 is there");
        await availability.StopAsync();
    }

    private Task<SampleProgram.Provider> ServeAsync(string name, params string[] arguments) => SampleProgram.ServeAsync(name, _folder.Path, arguments);

    // A file needs a class and an instance, whatever it holds.
    private async Task<string> FileAsync(string name, DicomDataSet dataSet)
    {
        string path = _folder.File(string.Create(CultureInfo.InvariantCulture, $"{name}.dcm"));
        using var file = new DicomFile(dataSet.Clone().Set(DicomTags.SOPClassUID, SopClasses.RawDataStorage).Set(DicomTags.SOPInstanceUID, "1.2.826.0.1.99"), TransferSyntax.ExplicitVRLittleEndian);
        await file.SaveAsync(path);
        return path;
    }
}
