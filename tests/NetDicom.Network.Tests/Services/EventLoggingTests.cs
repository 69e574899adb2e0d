using NetDicom.Network.Tests.Support;
using NetDicom.Protocol;

namespace NetDicom.Network.Tests;

/// <summary>Application Event Logging (PS3.4 annex P): each status of tables P.2-3 and P.3-3.</summary>
public class EventLoggingTests
{
    private static readonly DicomUid s_study = new("1.2.840.1");
    private static readonly DicomUid s_clock = new("1.2.840.9");

    private static readonly CurrentProcedure s_current = new(s_study)
    {
        PatientId = "P1", StudyId = "S1", PerformedLocation = "ROOM1", SynchronizationFrameOfReferenceUid = s_clock,
    };

    private static DicomDataSet Code(string value) => new DicomDataSet().Set(DicomTags.CodeValue, value).Set(DicomTags.CodingSchemeDesignator, "DCM").Set(DicomTags.CodeMeaning, value);

    private static DicomDataSet Event(string patient = "", string study = "", string studyId = "", string location = "", string clock = "") => new DicomDataSet()
        .Set(DicomTags.PatientID, patient).Set(DicomTags.StudyInstanceUID, study).Set(DicomTags.StudyID, studyId).Set(DicomTags.PerformedLocation, location)
        .Set(DicomTags.SynchronizationFrameOfReferenceUID, clock).Set(DicomTags.ValueType, "CONTAINER").Set(DicomTags.ConceptNameCodeSequence, Code("121145"))
        .Set(DicomTags.ContentSequence, new DicomDataSet().Set(DicomTags.ValueType, "TEXT").Set(DicomTags.TextValue, "balloon inflated"));

    [Theory]
    [InlineData("P1", "1.2.840.1", "S1", "ROOM1", "1.2.840.9", 0x0000)]
    [InlineData("", "1.2.840.1", "", "", "", 0x0000)]
    [InlineData("P1", "", "", "", "", 0x0000)]
    [InlineData("", "", "", "ROOM1", "1.2.840.9", 0x0000)]
    [InlineData("", "1.2.840.1", "", "", "1.2.840.8", 0xB101)]
    [InlineData("P1", "1.2.840.7", "", "", "", 0xB102)]
    [InlineData("P9", "1.2.840.1", "", "", "", 0xC104)]
    [InlineData("", "1.2.840.1", "", "ROOM9", "", 0xC104)]
    [InlineData("", "1.2.840.2", "", "", "", 0xC101)]
    [InlineData("", "1.2.840.7", "", "", "", 0xC103)]
    [InlineData("", "", "", "", "", 0xC103)]
    [InlineData("P1", "", "S9", "", "", 0xC103)]
    [InlineData("", "", "SAME", "", "", 0xC103)]
    public void An_event_finds_its_study_by_its_identifiers(string patient, string study, string studyId, string location, string clock, int status)
    {
        CurrentProcedure[] procedures =
        [
            s_current, new(new DicomUid("1.2.840.2")) { IsLogged = false }, new(new DicomUid("1.2.840.3")) { StudyId = "SAME" }, new(new DicomUid("1.2.840.4")) { StudyId = "SAME" },
        ];
        ProcedureMatch match = ProceduralEventRules.Match(Event(patient, study, studyId, location, clock), procedures);
        Assert.Equal(status, match.Result.Status.Code);
        Assert.Equal(status is 0 or 0xB101 or 0xB102 or 0xC104 ? s_study : status == 0xC101 ? new DicomUid("1.2.840.2") : default, match.Procedure?.StudyInstanceUid ?? default);
    }

    [Fact]
    public void Identifiers_that_contradict_are_B104H_where_the_log_takes_them()
    {
        ProcedureMatch match = ProceduralEventRules.Match(Event("P9", "1.2.840.1"), [s_current], logInconsistent: true);
        Assert.Equal((0xB104, DicomTags.PatientID, s_current), (match.Result.Status.Code, Assert.Single(match.Result.Elements), match.Procedure));
    }

    [Theory]
    [InlineData("nothing", 0x0114)]
    [InlineData("no identifier", 0x0114)]
    [InlineData("no container", 0xC102)]
    [InlineData("no concept", 0xC102)]
    [InlineData("no content", 0xC102)]
    [InlineData("all", 0x0000)]
    public void An_event_that_is_none_is_refused_with_its_status(string what, int status)
    {
        DicomDataSet? information = what == "nothing" ? null : Event("P1");
        if (what == "no identifier")
            information!.Remove(DicomTags.StudyID);
        else if (what == "no container")
            information!.Set(DicomTags.ValueType, "TEXT");
        else if (what == "no concept")
            information!.Remove(DicomTags.ConceptNameCodeSequence);
        else if (what == "no content")
            information!.Set(DicomElement.CreateEmpty(DicomTags.ContentSequence, DicomVR.SQ));
        Assert.Equal(status, ProceduralEventRules.CheckInformation(information).Status.Code);
    }

    [Fact]
    public async Task Events_are_logged_for_their_study_until_it_ends()
    {
        var log = new ProceduralEventLog(maxEvents: 2);
        var logged = new List<CurrentProcedure>();
        log.Logged += (procedure, _) => logged.Add(procedure);
        log.Begin(s_current);
        ApplicationEntity entity = Queries.Scp();
        entity.AddProceduralEventLoggingProvider(log);
        await using DicomServer server = await entity.StartServerAsync(0);
        DicomUid sopClass = SopClasses.ProceduralEventLogging;
        await using Association association = await Queries.Scu(sopClass).AssociateAsync(server);
        // The identifiers that are not given are sent without a value.
        DicomDataSet event1 = Event("P1");
        event1.Remove(DicomTags.StudyID);
        Assert.Equal(DimseStatus.Success, (await association.LogProceduralEventAsync(event1)).Status);
        Assert.Equal(0xC103, (await association.LogProceduralEventAsync(Event("P9"))).Status.Code);
        Assert.Equal(0xB102, (await association.LogProceduralEventAsync(Event("P1", "1.2.840.7"))).Status.Code);
        Assert.Equal(0x0213, (await association.LogProceduralEventAsync(Event("P1"))).Status.Code);
        Assert.Equal(0x0123, (await association.NActionAsync(sopClass, Uids.ProceduralEventLoggingInstance, 2, Event("P1"))).Status.Code);
        Assert.Equal(0x0112, (await association.NActionAsync(sopClass, Uids.SubstanceAdministrationLoggingInstance, 1, Event("P1"))).Status.Code);
        Assert.Equal([s_current, s_current], logged);
        Assert.Equal(2, log.End(s_study)!.Count);
        Assert.Null(log.End(s_study));
        Assert.Equal(0xC103, (await association.LogProceduralEventAsync(Event("P1"))).Status.Code);
    }

    private static DicomDataSet Administration() => new DicomDataSet().Set(DicomTags.PatientID, "P1").Set(DicomTags.ProductPackageIdentifier, "0123").Set(DicomTags.SubstanceAdministrationDateTime, "20260101120000")
        .Set(DicomTags.OperatorIdentificationSequence, new DicomDataSet().Set(DicomTags.PersonIdentificationCodeSequence, Code("NURSE1")));

    [Theory]
    [InlineData("all", 0x0000)]
    [InlineData("by admission", 0x0000)]
    [InlineData("by name of the product", 0x0000)]
    [InlineData("nothing", 0x0114)]
    [InlineData("no patient", 0xC110)]
    [InlineData("unknown patient", 0xC110)]
    [InlineData("no product", 0x0114)]
    [InlineData("no operator", 0x0114)]
    [InlineData("another operator", 0xC10E)]
    [InlineData("full", 0xC111)]
    public async Task An_administration_is_logged_or_refused_with_its_status(string what, int status)
    {
        var log = new SubstanceAdministrationLog(
            (patient, admission) => patient == "P1" || admission == "A1",
            one => one.GetSequence(DicomTags.PersonIdentificationCodeSequence)![0].GetString(DicomTags.CodeValue) == "NURSE1", what == "full" ? 0 : 10);
        ApplicationEntity entity = Queries.Scp();
        entity.AddSubstanceAdministrationLoggingProvider(log);
        await using DicomServer server = await entity.StartServerAsync(0);
        await using Association association = await Queries.Scu(SopClasses.SubstanceAdministrationLogging).AssociateAsync(server);
        DicomDataSet given = Administration();
        switch (what)
        {
            case "by admission":
                given.Set(DicomTags.PatientID, "").Set(DicomTags.AdmissionID, "A1");
                break;
            case "by name of the product":
                given.Set(DicomTags.ProductPackageIdentifier, "").Set(DicomTags.ProductName, "GADOX");
                break;
            case "no patient":
                given.Set(DicomTags.PatientID, " ");
                break;
            case "unknown patient":
                given.Set(DicomTags.PatientID, "P9");
                break;
            case "no product":
                given.Remove(DicomTags.ProductPackageIdentifier);
                break;
            case "no operator":
                given.Remove(DicomTags.OperatorIdentificationSequence);
                break;
            case "another operator":
                given.GetSequence(DicomTags.OperatorIdentificationSequence)![0].Set(DicomTags.PersonIdentificationCodeSequence, Code("VISITOR"));
                break;
        }

        NResponse answer = what == "nothing"
            ? await association.NActionAsync(SopClasses.SubstanceAdministrationLogging, Uids.SubstanceAdministrationLoggingInstance, 1)
            : await association.LogSubstanceAdministrationAsync(given);
        Assert.Equal((status, status == 0 ? 1 : 0), (answer.Status.Code, log.Entries.Count));
        Assert.Equal(0x0112, (await association.NActionAsync(SopClasses.SubstanceAdministrationLogging, s_study, 1, given)).Status.Code);
    }

    [Fact]
    public async Task A_log_of_the_owners_that_fails_is_0110H()
    {
        ApplicationEntity entity = Queries.Scp();
        entity.AddSubstanceAdministrationLoggingProvider((_, _) => throw new IOException("record"));
        await using DicomServer server = await entity.StartServerAsync(0);
        await using Association association = await Queries.Scu(SopClasses.SubstanceAdministrationLogging).AssociateAsync(server);
        Assert.Equal(DimseStatus.ProcessingFailure, (await association.LogSubstanceAdministrationAsync(Administration())).Status);
    }
}
