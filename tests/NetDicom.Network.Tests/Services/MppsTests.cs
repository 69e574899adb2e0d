using NetDicom.Protocol;

namespace NetDicom.Network.Tests;

/// <summary>PS3.4 F.7 to F.9 by the table of its attributes.</summary>
public class MppsTests
{
    private static readonly IReadOnlyList<Dictionary<string, string>> _rows = RuleFacts.Read("mpps-attributes.tsv");

    private static string User(string types) => types.Split('/')[0];

    private static DicomDataSet NewStep() => RuleFacts.Build(_rows, row => User(row["n_create"]) is "1" or "2").Set(DicomTags.PerformedProcedureStepStatus, "IN PROGRESS");

    private static DicomDataSet FinalStep(string status) => NewStep().Set(DicomTags.PerformedProcedureStepStatus, status);

    /// <summary>Rows that a complete N-CREATE has, those within sequences included.</summary>
    public static TheoryData<string, string> Required() => [.. _rows.Where(row => NewStep().Contains(RuleFacts.Path(row["path"]))).Select(row => new TheoryDataRow<string, string>(row["path"], User(row["n_create"])))];

    [Fact]
    public void A_complete_step_is_created()
    {
        RuleResult result = MppsRules.CheckCreate(NewStep());
        Assert.Equal(DimseStatus.Success, result.Status);
        Assert.True(Required().Count > 40);
    }

    [Theory, MemberData(nameof(Required))]
    public void A_new_step_without_a_required_attribute_is_refused_with_0120H(string path, string type)
    {
        DicomDataSet step = NewStep();
        RuleFacts.Spoil(step, path, remove: true);
        RuleResult result = MppsRules.CheckCreate(step);
        Assert.Equal((DimseStatus.MissingAttribute, RuleFacts.Tags(path)[^1]), (result.Status, Assert.Single(result.Elements)));
        Assert.Contains(type, "12");
    }

    [Theory, MemberData(nameof(Required))]
    public void A_new_step_with_an_empty_attribute_is_refused_with_0121H_if_it_is_of_type_1(string path, string type)
    {
        DicomDataSet step = NewStep();
        RuleFacts.Spoil(step, path, remove: false);
        RuleResult result = MppsRules.CheckCreate(step);
        Assert.Equal(type == "1" ? DimseStatus.MissingAttributeValue : DimseStatus.Success, result.Status);
        if (type == "1")
            Assert.Equal(RuleFacts.Tags(path)[^1], Assert.Single(result.Elements));
    }

    [Theory]
    [InlineData("COMPLETED"), InlineData("DISCONTINUED"), InlineData("ARRIVED")]
    public void A_new_step_of_another_status_than_IN_PROGRESS_is_refused_with_0106H(string status)
    {
        RuleResult result = MppsRules.CheckCreate(FinalStep(status));
        Assert.Equal((DimseStatus.InvalidAttributeValue, DicomTags.PerformedProcedureStepStatus), (result.Status, Assert.Single(result.Elements)));
    }

    [Fact]
    public void Missing_attributes_of_type_2_are_added_if_the_options_say_so()
    {
        DicomDataSet step = NewStep();
        step.Remove(DicomTags.PatientID);
        RuleResult result = MppsRules.CheckCreate(step, new MppsOptions { AddMissingType2 = true });
        Assert.True(result.IsDone);
        Assert.True(result.Attributes![DicomTags.PatientID].IsEmpty);
        Assert.False(step.Contains(DicomTags.PatientID));
    }

    [Theory]
    [InlineData("IN PROGRESS", "IN PROGRESS", 0x0000)]
    [InlineData("IN PROGRESS", "COMPLETED", 0x0000)]
    [InlineData("IN PROGRESS", "DISCONTINUED", 0x0000)]
    [InlineData("IN PROGRESS", "SCHEDULED", 0x0106)]
    [InlineData("COMPLETED", "IN PROGRESS", 0x0110)]
    [InlineData("COMPLETED", "COMPLETED", 0x0110)]
    [InlineData("COMPLETED", "DISCONTINUED", 0x0110)]
    [InlineData("DISCONTINUED", "IN PROGRESS", 0x0110)]
    [InlineData("DISCONTINUED", "COMPLETED", 0x0110)]
    [InlineData("DISCONTINUED", "DISCONTINUED", 0x0110)]
    public void The_states_of_a_step(string from, string to, int status)
    {
        RuleResult result = MppsRules.CheckSet(FinalStep(from), new DicomDataSet().Set(DicomTags.PerformedProcedureStepStatus, to));
        Assert.Equal(status, result.Status.Code);
        if (status == 0)
            Assert.Equal(to, result.Attributes!.GetString(DicomTags.PerformedProcedureStepStatus));
        if (status == 0x0110)
            Assert.Equal(((ushort?)0xA710, "Performed Procedure Step Object may no longer be updated"), (result.ErrorId, result.ErrorComment));
    }

    public static TheoryData<string> Forbidden() => [.. _rows.Where(row => row["n_set"] == "forbidden" && !row["path"].Contains('/', StringComparison.Ordinal)).Select(row => row["path"])];

    [Theory, MemberData(nameof(Forbidden))]
    public void An_attribute_that_may_not_be_set_is_passed_over_with_0107H_or_refused_with_0105H(string path)
    {
        var changes = new DicomDataSet();
        DicomTag tag = RuleFacts.Tags(path)[0];
        RuleFacts.Put(changes, tag);
        if (changes[tag].Items is null)
            changes.Set(tag, changes[tag].VR == DicomVR.DA ? "19000101" : changes[tag].VR == DicomVR.TM ? "2359" : "OTHER");
        DicomDataSet present = NewStep();
        RuleResult lenient = MppsRules.CheckSet(present, changes);
        Assert.Equal((DimseStatus.AttributeListError, tag), (lenient.Status, Assert.Single(lenient.Elements)));
        Assert.Equal(present.TryGet(tag, out DicomElement? before) ? before.ToString() : null, lenient.Attributes!.TryGet(tag, out DicomElement? after) ? after.ToString() : null);
        RuleResult strict = MppsRules.CheckSet(present, changes, new MppsOptions { RefuseForbidden = true });
        Assert.Equal((DimseStatus.NoSuchAttribute, tag), (strict.Status, Assert.Single(strict.Elements)));
    }

    [Fact]
    public void Every_row_that_is_not_forbidden_may_be_set()
    {
        DicomDataSet changes = RuleFacts.Build(_rows, row => row["n_set"] != "forbidden" && row["keyword"] is not "SpecificCharacterSet" and not "PerformedProcedureStepStatus");
        Assert.Equal(DimseStatus.Success, MppsRules.CheckSet(NewStep(), changes).Status);
        Assert.True(changes.Count > 8);
    }

    [Fact]
    public void An_attribute_that_was_not_created_may_be_set_unless_the_options_say_otherwise()
    {
        DicomDataSet changes = new DicomDataSet().Set(DicomTags.CommentsOnThePerformedProcedureStep, "late");
        Assert.True(MppsRules.CheckSet(NewStep(), changes).IsDone);
        RuleResult strict = MppsRules.CheckSet(NewStep(), changes, new MppsOptions { RequireCreated = true });
        Assert.Equal((DimseStatus.NoSuchAttribute, DicomTags.CommentsOnThePerformedProcedureStep), (strict.Status, Assert.Single(strict.Elements)));
    }

    /// <summary>Rows with a type at the end of the step.</summary>
    public static TheoryData<string, string> Final() => [.. _rows.Where(row => row["final_state"] is "1" or "2").Select(row => new TheoryDataRow<string, string>(row["path"], row["final_state"]))];

    [Theory, MemberData(nameof(Final))]
    public void A_step_does_not_end_without_an_attribute_of_its_final_state(string path, string type)
    {
        DicomDataSet present = NewStep();
        RuleFacts.Spoil(present, path, remove: true);
        RuleResult missing = MppsRules.CheckSet(present, new DicomDataSet().Set(DicomTags.PerformedProcedureStepStatus, "COMPLETED"));
        Assert.Equal((DimseStatus.MissingAttribute, RuleFacts.Tags(path)[^1]), (missing.Status, Assert.Single(missing.Elements)));
        RuleFacts.Spoil(present, path, remove: false);
        RuleResult empty = MppsRules.CheckSet(present, new DicomDataSet().Set(DicomTags.PerformedProcedureStepStatus, "DISCONTINUED"));
        Assert.Equal(type == "1" ? DimseStatus.MissingAttributeValue : DimseStatus.Success, empty.Status);
    }

    [Fact]
    public void A_step_does_not_end_with_a_series_that_lists_no_instances()
    {
        DicomDataSet present = NewStep();
        DicomDataSet series = present.GetSequence(DicomTags.PerformedSeriesSequence)![0];
        series.Remove(DicomTags.ReferencedImageSequence);
        Assert.True(MppsRules.CheckFinal(present).IsDone);
        series.Remove(DicomTags.ReferencedNonImageCompositeSOPInstanceSequence);
        RuleResult result = MppsRules.CheckFinal(present);
        Assert.Equal((DimseStatus.MissingAttribute, DicomTags.ReferencedImageSequence), (result.Status, Assert.Single(result.Elements)));
    }

    [Fact]
    public void A_sequence_is_replaced_as_a_whole_and_what_was_not_given_stays()
    {
        DicomDataSet present = NewStep();
        present.GetSequence(DicomTags.PerformedSeriesSequence)!.Add(new DicomDataSet().Set(DicomTags.SeriesInstanceUID, "1.9"));
        DicomDataSet series = NewStep().GetSequence(DicomTags.PerformedSeriesSequence)![0].Clone().Set(DicomTags.SeriesInstanceUID, "1.8");
        RuleResult result = MppsRules.CheckSet(present, new DicomDataSet().Set(DicomTags.PerformedSeriesSequence, series));
        Assert.Equal("1.8", Assert.Single(result.Attributes!.GetSequence(DicomTags.PerformedSeriesSequence)!).GetString(DicomTags.SeriesInstanceUID));
        Assert.Equal("A^B", result.Attributes.GetString(DicomTags.PatientName));
        Assert.Equal(2, present.GetSequence(DicomTags.PerformedSeriesSequence)!.Count);
    }

    [Fact]
    public void The_character_set_of_an_N_SET_is_that_of_its_values_only()
    {
        DicomDataSet present = NewStep().Set(DicomTags.SpecificCharacterSet, "ISO_IR 100").Set(DicomTags.PatientName, "Müller");
        DicomDataSet changes = DicomDataSet.Read(new DicomDataSet().Set(DicomTags.SpecificCharacterSet, "ISO_IR 144").Set(DicomTags.PerformedProcedureStepDescription, "Иванов")
            .ToArray(TransferSyntax.ExplicitVRLittleEndian), TransferSyntax.ExplicitVRLittleEndian);
        DicomDataSet step = MppsRules.CheckSet(present, changes).Attributes!;
        DicomDataSet read = DicomDataSet.Read(step.ToArray(TransferSyntax.ExplicitVRLittleEndian), TransferSyntax.ExplicitVRLittleEndian);
        Assert.Equal(("Müller", "Иванов"), (read.GetString(DicomTags.PatientName), read.GetString(DicomTags.PerformedProcedureStepDescription)));
    }

    [Fact]
    public void A_sequence_that_is_text_is_refused_and_harms_nothing()
    {
        DicomDataSet step = NewStep().Set(DicomElement.Create(DicomTags.ScheduledStepAttributesSequence, DicomVR.LO, "x"));
        RuleResult result = MppsRules.CheckCreate(step);
        Assert.Equal((DimseStatus.InvalidAttributeValue, DicomTags.ScheduledStepAttributesSequence), (result.Status, Assert.Single(result.Elements)));
    }

    [Fact]
    public void The_store_answers_as_the_service_and_tells_of_every_change()
    {
        var store = new MppsStore(new MppsOptions { MaxInstances = 2 });
        var events = new List<(DicomUid, MppsEvent)>();
        store.Changed += (uid, what) => events.Add((uid, what));
        var uid = new DicomUid("1.2.3.4");
        Assert.Equal(uid, store.Create(uid, NewStep()).InstanceUid);
        Assert.Equal(DimseStatus.DuplicateSopInstance, store.Create(uid, NewStep()).Status);
        DicomUid made = store.Create(default, NewStep()).InstanceUid;
        Assert.False(made.IsNone);
        Assert.Equal(DimseStatus.ResourceLimitation, store.Create(default, NewStep()).Status);
        Assert.Equal(DimseStatus.NoSuchSopInstance, store.Set(new DicomUid("1.9"), []).Status);
        Assert.True(store.Set(uid, new DicomDataSet().Set(DicomTags.PerformedProcedureStepDescription, "x")).IsDone);
        Assert.True(store.Set(uid, new DicomDataSet().Set(DicomTags.PerformedProcedureStepStatus, "COMPLETED")).IsDone);
        Assert.Equal(DimseStatus.ProcessingFailure, store.Set(uid, new DicomDataSet().Set(DicomTags.PerformedProcedureStepStatus, "COMPLETED")).Status);
        Assert.True(store.Set(made, new DicomDataSet().Set(DicomTags.PerformedProcedureStepStatus, "DISCONTINUED")).IsDone);
        Assert.True(store.Delete(made));
        Assert.False(store.Delete(made));
        Assert.Equal([(uid, MppsEvent.InProgress), (made, MppsEvent.InProgress), (uid, MppsEvent.Updated), (uid, MppsEvent.Completed), (made, MppsEvent.Discontinued), (made, MppsEvent.Deleted)], events);
    }

    [Fact]
    public void The_retrieve_class_answers_what_is_asked_and_warns_of_what_it_does_not_have()
    {
        var store = new MppsStore();
        DicomUid uid = store.Create(default, NewStep()).InstanceUid;
        RuleResult some = store.Get(uid, [DicomTags.PatientName, DicomTags.PerformedProcedureStepDescription]);
        Assert.Equal((DimseStatus.Success, 2), (some.Status, some.Attributes!.Count));
        Assert.Equal(NewStep().Count, store.Get(uid, []).Attributes!.Count);
        RuleResult foreign = store.Get(uid, [DicomTags.PatientName, DicomTags.Rows]);
        Assert.Equal((0x0001, DicomTags.Rows, 1), (foreign.Status.Code, Assert.Single(foreign.Elements), foreign.Attributes!.Count));
        Assert.Equal(DimseStatus.NoSuchSopInstance, store.Get(new DicomUid("1.9"), []).Status);
    }

    [Fact]
    public void Many_threads_leave_a_step_whole()
    {
        var store = new MppsStore();
        DicomUid uid = store.Create(default, NewStep()).InstanceUid;
        int ended = 0;
        Parallel.For(0, 64, i =>
        {
            store.Set(uid, new DicomDataSet().Set(DicomTags.PerformedProcedureStepDescription, $"{i}"));
            if (store.Set(uid, new DicomDataSet().Set(DicomTags.PerformedProcedureStepStatus, "COMPLETED")).IsDone)
                Interlocked.Increment(ref ended);
        });
        Assert.Equal(1, ended);
    }
}
