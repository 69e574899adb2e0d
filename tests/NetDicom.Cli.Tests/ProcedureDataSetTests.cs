using NetDicom.Cli.Invocation;
using NetDicom.Cli.Procedures;

namespace NetDicom.Cli.Tests;

/// <summary>The data sets that mppsscu and upsscu fill up, against the tables of PS3.4: every attribute of type 1 with a value, of type 2 with one or none.</summary>
public class ProcedureDataSetTests
{
    private static readonly DateTime s_now = new(2026, 3, 4, 5, 6, 7, DateTimeKind.Unspecified);

    // PS3.4 table F.7.2-1, N-CREATE as SCU.
    private static readonly string[] s_mppsType1 =
    [
        "Modality", "PerformedStationAETitle", "PerformedProcedureStepStartDate", "PerformedProcedureStepStartTime", "PerformedProcedureStepStatus", "PerformedProcedureStepID",
        "ScheduledStepAttributesSequence", "ScheduledStepAttributesSequence[0].StudyInstanceUID",
    ];

    private static readonly string[] s_mppsType2 =
    [
        "ProcedureCodeSequence", "ReferencedPatientSequence", "PatientName", "PatientID", "PatientBirthDate", "PatientSex", "StudyID", "PerformedStationName", "PerformedLocation",
        "PerformedProcedureStepEndDate", "PerformedProcedureStepEndTime", "PerformedProcedureStepDescription", "PerformedProcedureTypeDescription", "PerformedProtocolCodeSequence",
        "PerformedSeriesSequence", "ScheduledStepAttributesSequence[0].AccessionNumber", "ScheduledStepAttributesSequence[0].ReferencedStudySequence",
        "ScheduledStepAttributesSequence[0].RequestedProcedureDescription", "ScheduledStepAttributesSequence[0].ScheduledProcedureStepDescription",
        "ScheduledStepAttributesSequence[0].ScheduledProtocolCodeSequence", "ScheduledStepAttributesSequence[0].ScheduledProcedureStepID",
        "ScheduledStepAttributesSequence[0].RequestedProcedureID",
    ];

    // PS3.4 table CC.2.5-3, N-CREATE as SCU.
    private static readonly string[] s_upsType1 =
        ["ProcedureStepState", "InputReadinessState", "ScheduledProcedureStepPriority", "ScheduledProcedureStepStartDateTime", "ProcedureStepLabel"];

    private static readonly string[] s_upsType2 =
    [
        "AdmittingDiagnosesDescription", "AdmittingDiagnosesCodeSequence", "TransactionUID", "PatientName", "PatientBirthDate", "PatientSex", "OtherPatientIDsSequence", "AdmissionID",
        "IssuerOfAdmissionIDSequence", "CommentsOnTheScheduledProcedureStep", "ScheduledWorkitemCodeSequence", "InputInformationSequence", "ScheduledStationNameCodeSequence",
        "ScheduledStationClassCodeSequence", "ScheduledStationGeographicLocationCodeSequence", "ReferencedRequestSequence", "ProcedureStepProgressInformationSequence", "WorklistLabel",
        "ScheduledProcessingParametersSequence", "UnifiedProcedureStepPerformedProcedureSequence",
    ];

    [Fact]
    public void A_created_MPPS_has_what_is_mandatory()
    {
        DicomDataSet set = MppsDataSet.Create(new DicomDataSet { { DicomTags.Modality, "CT" } }, null, "STATION", s_now);
        Assert.All(s_mppsType1, path => Assert.False(set[path].IsEmpty, path));
        Assert.All(s_mppsType2, path => Assert.True(set.Contains(path), path));
        Assert.Equal("IN PROGRESS", set.GetString(DicomTags.PerformedProcedureStepStatus));
        Assert.Equal("20260304", set.GetString(DicomTags.PerformedProcedureStepStartDate));
        Assert.Equal("050607", set.GetString(DicomTags.PerformedProcedureStepStartTime));
        Assert.Equal("STATION", set.GetString(DicomTags.PerformedStationAETitle));
        Assert.Empty(set.Validate());
    }

    [Fact]
    public void A_worklist_entry_gives_patient_study_and_scheduled_step()
    {
        var worklist = new DicomDataSet
        {
            { DicomTags.SpecificCharacterSet, "ISO_IR 100" },
            { DicomTags.AccessionNumber, "A1" },
            { DicomTags.PatientName, "Müller^Änne" },
            { DicomTags.PatientID, "P1" },
            { DicomTags.StudyInstanceUID, "1.2.3" },
            { DicomTags.RequestedProcedureID, "R1" },
            { DicomTags.ScheduledProcedureStepSequence, [new DicomDataSet
            {
                { DicomTags.Modality, "MR" },
                { DicomTags.ScheduledProcedureStepID, "S1" },
                { DicomTags.ScheduledProtocolCodeSequence, [new DicomDataSet { { DicomTags.CodeValue, "C1" } }] },
            }] },
        };
        DicomDataSet set = MppsDataSet.Create(new DicomDataSet { { DicomTags.PatientID, "P2" } }, worklist, "STATION", s_now);
        Assert.Equal("MR", set.GetString(DicomTags.Modality));
        Assert.Equal("Müller^Änne", set.GetString(DicomTags.PatientName));
        Assert.Equal("ISO_IR 100", set.GetString(DicomTags.SpecificCharacterSet));
        // What the user gives counts.
        Assert.Equal("P2", set.GetString(DicomTags.PatientID));
        Assert.Equal("1.2.3", set.GetString("ScheduledStepAttributesSequence[0].StudyInstanceUID"));
        Assert.Equal("A1", set.GetString("ScheduledStepAttributesSequence[0].AccessionNumber"));
        Assert.Equal("S1", set.GetString("ScheduledStepAttributesSequence[0].ScheduledProcedureStepID"));
        Assert.Equal("C1", set.GetString("ScheduledStepAttributesSequence[0].ScheduledProtocolCodeSequence[0].CodeValue"));
    }

    [Fact]
    public void An_MPPS_without_a_modality_is_a_usage_error() => Assert.Throws<UsageException>(() => MppsDataSet.Create([], null, "STATION", s_now));

    [Fact]
    public void The_end_of_an_MPPS_lists_images_and_other_objects_by_series()
    {
        var head = new DicomDataSet { { DicomTags.SeriesDescription, "axial" }, { DicomTags.OperatorsName, "Ünal" } };
        ReferencedObject Object(DicomUid sopClass, string instance, string series) => new("", sopClass, DicomUid.Parse(instance), DicomUid.Parse("1.2"), DicomUid.Parse(series), head);
        DicomDataSet set = MppsDataSet.End([], "COMPLETED",
            [Object(SopClasses.CTImageStorage, "1.2.1", "1.3.1"), Object(SopClasses.KeyObjectSelectionDocumentStorage, "1.2.2", "1.3.2"), Object(SopClasses.CTImageStorage, "1.2.3", "1.3.1")], s_now);
        Assert.Equal(2, set.GetSequence(DicomTags.PerformedSeriesSequence)!.Count);
        Assert.Equal("1.3.1", set.GetString("PerformedSeriesSequence[0].SeriesInstanceUID"));
        Assert.Equal(2, set.GetSequence("PerformedSeriesSequence[0].ReferencedImageSequence")!.Count);
        Assert.Empty(set.GetSequence("PerformedSeriesSequence[0].ReferencedNonImageCompositeSOPInstanceSequence")!);
        Assert.Equal("1.2.2", set.GetString("PerformedSeriesSequence[1].ReferencedNonImageCompositeSOPInstanceSequence[0].ReferencedSOPInstanceUID"));
        Assert.False(set["PerformedSeriesSequence[1].ProtocolName"].IsEmpty);
        // A name that is not ASCII needs a character set.
        Assert.Equal("ISO_IR 192", set.GetString(DicomTags.SpecificCharacterSet));
        Assert.Equal("COMPLETED", set.GetString(DicomTags.PerformedProcedureStepStatus));
    }

    [Fact]
    public void A_step_that_made_nothing_ends_with_a_series_without_objects()
    {
        DicomDataSet step = MppsDataSet.Create(new DicomDataSet { { DicomTags.Modality, "CT" } }, null, "STATION", s_now);
        DicomDataSet end = MppsDataSet.AddSeriesWithoutObjects(MppsDataSet.End([], "DISCONTINUED", [], s_now));
        // PS3.4 table F.7.2-1, final state.
        foreach (string path in (string[])["PerformedProcedureStepEndDate", "PerformedSeriesSequence[0].SeriesInstanceUID", "PerformedSeriesSequence[0].ProtocolName"])
            Assert.False(end[path].IsEmpty, path);
        Assert.Empty(end.GetSequence("PerformedSeriesSequence[0].ReferencedImageSequence")!);
        Assert.True(Network.MppsRules.CheckSet(step, end).IsDone);
    }

    [Fact]
    public void A_created_UPS_has_what_is_mandatory()
    {
        DicomDataSet set = UpsDataSet.Create(new DicomDataSet { { DicomTags.ProcedureStepLabel, "Segment" } }, s_now);
        Assert.All(s_upsType1, path => Assert.False(set[path].IsEmpty, path));
        Assert.All(s_upsType2, path => Assert.True(set.Contains(path), path));
        Assert.Equal("SCHEDULED", set.GetString(DicomTags.ProcedureStepState));
        Assert.Throws<UsageException>(() => UpsDataSet.Create([], s_now));
    }

    [Theory]
    [InlineData("create", "create", "")]
    [InlineData("create 1.2.3", "create", "1.2.3")]
    public void The_words_after_the_peer_are_an_action_and_a_UID(string words, string action, string uid)
    {
        string[] list = words.Split(' ');
        Assert.Equal(action, ActionWords.Action(list, "create", "set"));
        Assert.Equal(uid, ActionWords.Uid(list, isNeeded: false).ToString());
        Assert.Throws<UsageException>(() => ActionWords.Action(["dance"], "create", "set"));
        Assert.Throws<UsageException>(() => ActionWords.Action([], "create", "set"));
        Assert.Throws<UsageException>(() => ActionWords.Uid(["set"], isNeeded: true));
        Assert.Throws<UsageException>(() => ActionWords.Uid(["set", "1..2"], isNeeded: true));
    }
}
