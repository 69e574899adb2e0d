using System.Threading.Channels;
using NetDicom.Network.Tests.Support;
using NetDicom.Protocol;

namespace NetDicom.Network.Tests;

/// <summary>Print, worklist, relevant patients and availability over sockets.</summary>
public class OtherProviderTests
{
    private static DicomDataSet Film(DicomUid session) => new DicomDataSet()
        .Set(DicomElement.Create(DicomTags.ImageDisplayFormat, DicomVR.ST, "STANDARD\\1,1"))
        .Set(DicomTags.ReferencedFilmSessionSequence, new SopReference(SopClasses.BasicFilmSession, session).ToItem());

    private static DicomDataSet Box(bool isColor) => new DicomDataSet().Set(DicomTags.ImageBoxPosition, 1L).Set(
        isColor ? DicomTags.BasicColorImageSequence : DicomTags.BasicGrayscaleImageSequence,
        new DicomDataSet().Set(DicomTags.SamplesPerPixel, isColor ? 3L : 1L).Set(DicomTags.PhotometricInterpretation, isColor ? "RGB" : "MONOCHROME2").Set(DicomTags.PlanarConfiguration, 1L)
            .Set(DicomTags.Rows, 2L).Set(DicomTags.Columns, 2L).Set(DicomTags.BitsAllocated, 8L).Set(DicomTags.BitsStored, 8L).Set(DicomTags.HighBit, 7L)
            .Set(DicomTags.PixelRepresentation, 0L).Set(DicomTags.PixelData, new byte[isColor ? 12 : 4]));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_film_is_printed_and_its_job_is_reported_to_who_made_it(bool isColor)
    {
        DicomUid meta = isColor ? SopClasses.BasicColorPrintManagementMeta : SopClasses.BasicGrayscalePrintManagementMeta;
        PrintQueue? queue = null;
        var jobs = new List<PrintJob>();
        queue = new PrintQueue(job =>
        {
            jobs.Add(job);
            // Before the user has the UID of its job.
            queue!.ReportJob(job.JobUid, PrintJobStatus.Printing, "NORMAL");
            return true;
        }, "LASER1");
        ApplicationEntity entity = Queries.Scp();
        entity.AddPrintProvider(queue, new PrintProviderOptions
        {
            IsGrayscale = !isColor, IsColor = isColor, Configuration = [new DicomDataSet().Set(DicomTags.Manufacturer, "MAKER").Set(DicomTags.MemoryBitDepth, 12L)],
        });
        await using DicomServer server = await entity.StartServerAsync(0);
        var events = Channel.CreateUnbounded<(DicomUid, DicomUid, int)>();
        ApplicationEntity user = Queries.Scu(meta, SopClasses.PrintJob, SopClasses.PrinterConfigurationRetrieval);
        user.OnNEventReport((report, _) =>
        {
            events.Writer.TryWrite((report.AffectedSopClassUid, report.AffectedSopInstanceUid, report.EventTypeId));
            return ValueTask.FromResult<NResponse>(DimseStatus.Success);
        });
        await using Association association = await user.AssociateAsync(server);
        Assert.Equal("NORMAL", (await association.NGetAsync(SopClasses.Printer, Uids.PrinterInstance)).DataSet!.GetString(DicomTags.PrinterStatus));
        Assert.Equal(0x0112, (await association.NGetAsync(SopClasses.Printer, new DicomUid("1.2.3"))).Status.Code);
        NResponse configuration = await association.NGetAsync(SopClasses.PrinterConfigurationRetrieval, Uids.PrinterConfigurationRetrievalInstance);
        Assert.Equal("MAKER", configuration.DataSet!.GetSequence(DicomTags.PrinterConfigurationSequence)![0].GetString(DicomTags.Manufacturer));
        Assert.Equal(0x0112, (await association.NGetAsync(SopClasses.PrinterConfigurationRetrieval, Uids.PrinterInstance)).Status.Code);

        DicomUid session = (await association.NCreateAsync(SopClasses.BasicFilmSession)).EnsureSuccess().AffectedSopInstanceUid;
        Assert.Equal(0xC600, (await association.NActionAsync(SopClasses.BasicFilmSession, session, 1)).Status.Code);
        Assert.Equal(0x0120, (await association.NCreateAsync(SopClasses.BasicFilmBox, default, [])).Status.Code);
        NResponse film = (await association.NCreateAsync(SopClasses.BasicFilmBox, default, Film(session))).EnsureSuccess();
        DicomDataSet box = Assert.Single(film.DataSet!.GetSequence(DicomTags.ReferencedImageBoxSequence)!);
        DicomUid boxClass = box.GetUid(DicomTags.ReferencedSOPClassUID), boxUid = box.GetUid(DicomTags.ReferencedSOPInstanceUID);
        Assert.Equal(isColor ? SopClasses.BasicColorImageBox : SopClasses.BasicGrayscaleImageBox, boxClass);
        Assert.Equal(0x0106, (await association.NSetAsync(boxClass, boxUid, Box(isColor).Set(DicomTags.ImageBoxPosition, 2L))).Status.Code);
        Assert.Equal(DimseStatus.Success, (await association.NSetAsync(boxClass, boxUid, Box(isColor))).Status);
        NResponse printed = (await association.NActionAsync(SopClasses.BasicFilmBox, film.AffectedSopInstanceUid, 1)).EnsureSuccess();
        DicomUid job = Assert.Single(printed.DataSet!.GetSequence(DicomTags.ReferencedPrintJobSequence)!).GetUid(DicomTags.ReferencedSOPInstanceUID);
        Assert.Equal(job, Assert.Single(jobs).JobUid);
        Assert.Equal("PRINTING", (await association.NGetAsync(SopClasses.PrintJob, job)).DataSet!.GetString(DicomTags.ExecutionStatus));
        Assert.True(queue.ReportJob(job, PrintJobStatus.Done, "NORMAL"));
        queue.ReportPrinter(PrinterStatus.Warning, "FILM LOW");
        foreach ((DicomUid, DicomUid, int) expected in ((DicomUid, DicomUid, int)[])[(SopClasses.PrintJob, job, 2), (SopClasses.PrintJob, job, 3), (SopClasses.Printer, Uids.PrinterInstance, 2)])
            Assert.Equal(expected, await events.Reader.ReadAsync().AsTask().WaitAsync(RawPeer.Patience));
        Assert.Equal(DimseStatus.Success, (await association.NDeleteAsync(SopClasses.BasicFilmSession, session)).Status);
        Assert.Equal(0x0112, (await association.NDeleteAsync(SopClasses.BasicFilmBox, film.AffectedSopInstanceUid)).Status.Code);
    }

    [Fact]
    public async Task A_film_session_is_its_associations_own()
    {
        ApplicationEntity entity = Queries.Scp();
        entity.AddPrintProvider(new PrintQueue(_ => true, "LASER1"));
        await using DicomServer server = await entity.StartServerAsync(0);
        ApplicationEntity user = Queries.Scu(SopClasses.BasicGrayscalePrintManagementMeta);
        await using Association first = await user.AssociateAsync(server);
        await using Association second = await user.AssociateAsync(server);
        DicomUid session = (await first.NCreateAsync(SopClasses.BasicFilmSession)).EnsureSuccess().AffectedSopInstanceUid;
        Assert.Equal(DimseStatus.ProcessingFailure, (await first.NCreateAsync(SopClasses.BasicFilmSession)).Status);
        Assert.Equal(0x0112, (await second.NDeleteAsync(SopClasses.BasicFilmSession, session)).Status.Code);
        Assert.Equal(DimseStatus.Success, (await second.NCreateAsync(SopClasses.BasicFilmSession)).Status);
    }

    [Fact]
    public async Task A_worklist_is_checked_and_answered()
    {
        ApplicationEntity entity = Queries.Scp();
        entity.AddWorklistProvider(identifier => identifier.GetStringOrDefault(DicomTags.PatientID) == "BAD" ? throw new DicomDataException("bad", DicomTags.PatientID) : [Queries.Match(1), Queries.Match(2)]);
        await using DicomServer server = await entity.StartServerAsync(0);
        DicomUid worklist = SopClasses.ModalityWorklistInformationModelFind;
        await using Association association = await Queries.Scu(worklist).AssociateAsync(server);
        DicomDataSet keys = new DicomDataSet().Set(DicomTags.PatientID, "P").Set(DicomTags.ScheduledProcedureStepSequence, new DicomDataSet().Set(DicomTags.Modality, "CT"));
        Assert.Equal(2, (await association.FindAsync(worklist, keys).ToListAsync()).Count);
        DimseStatusException bad = await Assert.ThrowsAsync<DimseStatusException>(() => association.FindAsync(worklist, keys.Clone().Set(DicomTags.PatientID, "BAD")).ToListAsync());
        Assert.Equal((0xA900, DicomTags.PatientID), (bad.Status.Code, Assert.Single(bad.OffendingElements)));
        DicomDataSet twoSteps = new DicomDataSet().Set(DicomTags.ScheduledProcedureStepSequence, [new DicomDataSet(), new DicomDataSet()]);
        DimseStatusException refused = await Assert.ThrowsAsync<DimseStatusException>(() => association.FindAsync(worklist, twoSteps).ToListAsync());
        Assert.Equal(0xA900, refused.Status.Code);
    }

    [Theory]
    [InlineData("P1", "9007", 1, 0x0000)]
    [InlineData("P0", "9007", 0, 0x0000)]
    [InlineData("P2", "9007", 0, 0xC100)]
    [InlineData("P1", "1234", 0, 0xC200)]
    [InlineData("P*", "9007", 0, 0xA900)]
    public async Task Of_relevant_patients_one_is_answered(string patient, string template, int responses, int status)
    {
        ApplicationEntity entity = Queries.Scp();
        entity.AddRelevantPatientProvider(
            (resource, id) => (resource, id) == ("DCMR", "9007"),
            identifier => Enumerable.Range(0, identifier.GetString(DicomTags.PatientID)[^1] - '0').Select(Queries.Match));
        await using DicomServer server = await entity.StartServerAsync(0);
        DicomUid sopClass = SopClasses.GeneralRelevantPatientInformationQuery;
        await using Association association = await Queries.Scu(sopClass).AssociateAsync(server);
        DicomDataSet identifier = new DicomDataSet().Set(DicomTags.PatientID, patient)
            .Set(DicomTags.ContentTemplateSequence, new DicomDataSet().Set(DicomTags.MappingResource, "DCMR").Set(DicomTags.TemplateIdentifier, template));
        List<FindResponse> answers = await association.FindAsync(sopClass, identifier).ReadResponsesAsync().ToListAsync();
        Assert.Equal((responses, status), (answers.Count - 1, (int)answers[^1].Status.Code));
    }

    [Fact]
    public async Task Availability_is_noted()
    {
        var store = new InstanceAvailabilityStore(maxNotifications: 2);
        ApplicationEntity entity = Queries.Scp();
        entity.AddInstanceAvailabilityProvider(store);
        await using DicomServer server = await entity.StartServerAsync(0);
        DicomUid sopClass = SopClasses.InstanceAvailabilityNotification;
        await using Association association = await Queries.Scu(sopClass).AssociateAsync(server);
        DicomDataSet Notification(string availability)
        {
            DicomDataSet set = RuleFacts.Build([.. RuleFacts.Read("service-attributes.tsv").Where(row => row.ContainsValue("InstanceAvailabilityNotification"))], _ => true);
            set.Set(DicomElement.CreateEmpty(DicomTags.ReferencedPerformedProcedureStepSequence, DicomVR.SQ));
            set.GetSequence(DicomTags.ReferencedSeriesSequence)![0].GetSequence(DicomTags.ReferencedSOPSequence)![0]
                .Set(DicomTags.InstanceAvailability, availability).Set(DicomTags.ReferencedSOPInstanceUID, "1.2.3.9");
            return set;
        }

        NResponse noted = await association.NCreateAsync(sopClass, new DicomUid("1.2.1"), Notification("ONLINE"));
        Assert.True(noted.Status.IsSuccess, $"{noted.Status} {noted.ErrorComment} {string.Join(' ', noted.AttributeIdentifierList)}");
        Assert.Equal("ONLINE", store.AvailabilityOf(new DicomUid("1.2.3.9")));
        Assert.Equal(0x0111, (await association.NCreateAsync(sopClass, new DicomUid("1.2.1"), Notification("ONLINE"))).Status.Code);
        Assert.Equal(0x0106, (await association.NCreateAsync(sopClass, default, Notification("SOMEWHERE"))).Status.Code);
        Assert.Equal(0x0120, (await association.NCreateAsync(sopClass, default, [])).Status.Code);
        Assert.True((await association.NCreateAsync(sopClass, default, Notification("NEARLINE"))).Status.IsSuccess);
        Assert.True((await association.NCreateAsync(sopClass, default, Notification("OFFLINE"))).Status.IsSuccess);
        Assert.Equal((2, "OFFLINE"), (store.Count, store.AvailabilityOf(new DicomUid("1.2.3.9"))));
        Assert.Null(store.AvailabilityOf(new DicomUid("1.2.3.8")));
    }
}
