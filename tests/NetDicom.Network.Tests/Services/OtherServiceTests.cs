using NetDicom.Protocol;

namespace NetDicom.Network.Tests;

/// <summary>The smaller services of PS3.4 by their tables.</summary>
public class OtherServiceTests
{
    private static readonly IReadOnlyList<Dictionary<string, string>> _rows = RuleFacts.Read("service-attributes.tsv");

    private static readonly IReadOnlyList<Dictionary<string, string>> _print = RuleFacts.Read("print-attributes.tsv");

    private static DicomUid ClassOf(string keyword) => Uids.TryGet(keyword, out UidInfo info) ? info.Uid : throw new InvalidOperationException(keyword);

    private static RuleResult Check(string keyword, string operation, DicomDataSet attributes) => operation switch
    {
        "N-CREATE" => ServiceRules.CheckCreate(ClassOf(keyword), attributes),
        "N-SET" => ServiceRules.CheckSet(ClassOf(keyword), attributes),
        _ => ServiceRules.CheckActionInformation(ClassOf(keyword), ushort.Parse(operation["N-ACTION".Length..], System.Globalization.CultureInfo.InvariantCulture), attributes),
    };

    private static DicomDataSet Complete(string keyword, string operation) =>
        RuleFacts.Build(_rows.Concat(_print).Where(row => row["sop_class"] == keyword && row["dimse"] == operation), row => row["usage"].Split('/')[0] is "1" or "2" or "M");

    /// <summary>Every attribute that a user must give, of every class and operation with a table.</summary>
    public static TheoryData<string, string, string, string> Required() => [.. _rows.Concat(_print)
        .Where(row => row["dimse"] != "N-GET" && row["usage"].Split('/')[0] is "1" or "2" or "M" && row["dimse"] != "N-GET" && Complete(row["sop_class"], row["dimse"]).Contains(RuleFacts.Path(row["path"])))
        .Select(row => new TheoryDataRow<string, string, string, string>(row["sop_class"], row["dimse"], row["path"], row["usage"].Split('/')[0]))];

    [Theory, MemberData(nameof(Required))]
    public void A_request_without_a_required_attribute_is_refused_with_0120H_and_an_action_with_0114H(string keyword, string operation, string path, string type)
    {
        bool isAction = operation.StartsWith("N-ACTION", StringComparison.Ordinal);
        DicomDataSet attributes = Complete(keyword, operation);
        Assert.True(Check(keyword, operation, attributes).IsDone);
        RuleFacts.Spoil(attributes, path, remove: true);
        RuleResult missing = Check(keyword, operation, attributes);
        Assert.Equal((isAction ? DimseStatus.NoSuchArgument : DimseStatus.MissingAttribute, RuleFacts.Tags(path)[^1]), (missing.Status, Assert.Single(missing.Elements)));
        attributes = Complete(keyword, operation);
        RuleFacts.Spoil(attributes, path, remove: false);
        Assert.Equal(type != "1" ? DimseStatus.Success : isAction ? DimseStatus.InvalidArgumentValue : DimseStatus.MissingAttributeValue, Check(keyword, operation, attributes).Status);
    }

    public static TheoryData<string, string, string> Forbidden() => [.. _rows.Where(row => row["usage"] == "forbidden").Select(row => new TheoryDataRow<string, string, string>(row["sop_class"], row["dimse"], row["path"]))];

    [Theory, MemberData(nameof(Forbidden))]
    public void An_attribute_that_is_not_allowed_is_refused_with_0105H(string keyword, string operation, string path)
    {
        DicomDataSet attributes = Complete(keyword, operation);
        RuleFacts.Put(attributes, RuleFacts.Tags(path)[0]);
        RuleResult result = Check(keyword, operation, attributes);
        Assert.Equal((DimseStatus.NoSuchAttribute, RuleFacts.Tags(path)[0]), (result.Status, Assert.Single(result.Elements)));
    }

    /// <summary>The rows of actions-events.tsv.</summary>
    public static TheoryData<string, string, int> ActionsAndEvents() =>
        [.. RuleFacts.Read("actions-events.tsv").Select(row => new TheoryDataRow<string, string, int>(row["sop_class_uid"], row["dimse"], int.Parse(row["type_id"], System.Globalization.CultureInfo.InvariantCulture)))];

    [Theory, MemberData(nameof(ActionsAndEvents))]
    public void An_action_or_event_of_the_standard_is_known_and_its_neighbour_is_not(string uid, string dimse, int type)
    {
        var sopClass = new DicomUid(uid);
        RuleResult Ask(int id) => dimse == "N-ACTION" ? ServiceRules.CheckAction(sopClass, (ushort)id) : ServiceRules.CheckEvent(sopClass, (ushort)id);
        Assert.True(Ask(type).IsDone);
        Assert.Equal(dimse == "N-ACTION" ? DimseStatus.NoSuchAction : DimseStatus.NoSuchEventType, Ask(99).Status);
        Assert.Contains(ServiceRules.ActionsAndEvents, one => one.SopClassUid == sopClass && one.TypeId == type && one.IsAction == (dimse == "N-ACTION"));
    }

    [Fact]
    public void An_availability_notification_takes_the_terms_of_the_standard_and_nothing_additional()
    {
        DicomDataSet Notification(string availability) => new DicomDataSet()
            .Set(DicomElement.CreateEmpty(DicomTags.ReferencedPerformedProcedureStepSequence, DicomVR.SQ)).Set(DicomTags.StudyInstanceUID, "1.2")
            .Set(DicomTags.ReferencedSeriesSequence, new DicomDataSet().Set(DicomTags.SeriesInstanceUID, "1.3")
                .Set(DicomTags.ReferencedSOPSequence, new SopReference(SopClasses.CTImageStorage, new DicomUid("1.4")).ToItem().Set(DicomTags.InstanceAvailability, availability).Set(DicomTags.RetrieveAETitle, "A")));
        foreach (string term in (string[])["ONLINE", "NEARLINE", "OFFLINE", "UNAVAILABLE"])
            Assert.True(InstanceAvailabilityRules.CheckCreate(Notification(term)).IsDone);
        Assert.Equal((DimseStatus.InvalidAttributeValue, DicomTags.InstanceAvailability), (InstanceAvailabilityRules.CheckCreate(Notification("SOON")).Status, InstanceAvailabilityRules.CheckCreate(Notification("SOON")).Elements[0]));
        Assert.Equal(DimseStatus.NoSuchAttribute, InstanceAvailabilityRules.CheckCreate(Notification("ONLINE").Set(DicomTags.PatientID, "1")).Status);
        Assert.Equal(DimseStatus.MissingAttribute, InstanceAvailabilityRules.CheckCreate([]).Status);
        DicomDataSet twice = Notification("ONLINE").Set(DicomTags.ReferencedPerformedProcedureStepSequence, Step(), Step());
        Assert.Equal(DimseStatus.InvalidAttributeValue, InstanceAvailabilityRules.CheckCreate(twice).Status);
        DicomDataSet text = Notification("ONLINE").Set(DicomElement.Create(DicomTags.ReferencedSeriesSequence, DicomVR.LO, "x"));
        Assert.Equal(DimseStatus.InvalidAttributeValue, InstanceAvailabilityRules.CheckCreate(text).Status);

        static DicomDataSet Step() => new SopReference(SopClasses.ModalityPerformedProcedureStep, new DicomUid("1.5")).ToItem().Set(DicomElement.CreateEmpty(DicomTags.PerformedWorkitemCodeSequence, DicomVR.SQ));
    }

    [Theory]
    [InlineData("ONLINE NEARLINE", "NEARLINE")]
    [InlineData("OFFLINE ONLINE", "OFFLINE")]
    [InlineData("UNAVAILABLE OFFLINE", "UNAVAILABLE")]
    [InlineData("", null)]
    public void The_availability_of_a_group_is_that_of_its_least_available_instance(string terms, string? least) =>
        Assert.Equal(least, InstanceAvailabilityRules.Least(terms.Split(' ', StringSplitOptions.RemoveEmptyEntries)));

    [Fact]
    public void A_relevant_patient_query_names_one_patient_and_one_template()
    {
        DicomDataSet Query(string patient, string template) => new DicomDataSet().Set(DicomTags.PatientID, patient)
            .Set(DicomTags.ContentTemplateSequence, new DicomDataSet().Set(DicomTags.MappingResource, "DCMR").Set(DicomTags.TemplateIdentifier, template));
        bool Supports(string resource, string id) => resource == "DCMR" && id == "9007";
        Assert.True(RelevantPatientRules.CheckFind(Query("1", "9007"), Supports).IsDone);
        Assert.Equal(0xC200, RelevantPatientRules.CheckFind(Query("1", "9000"), Supports).Status.Code);
        Assert.Equal((0xA900, DicomTags.PatientID), (RelevantPatientRules.CheckFind(Query("1*", "9007"), Supports).Status.Code, RelevantPatientRules.CheckFind(Query("1*", "9007"), Supports).Elements[0]));
        Assert.Equal(DicomTags.QueryRetrieveLevel, RelevantPatientRules.CheckFind(Query("1", "9007").Set(DicomTags.QueryRetrieveLevel, "PATIENT"), Supports).Elements[0]);
        Assert.Equal(DicomTags.ContentTemplateSequence, RelevantPatientRules.CheckFind(new DicomDataSet().Set(DicomTags.PatientID, "1"), Supports).Elements[0]);
        Assert.Equal([0, 0, 0xC100], new[] { 0, 1, 2 }.Select(count => (int)RelevantPatientRules.CheckMatches(count).Status.Code));
    }

    [Fact]
    public void The_states_of_a_media_creation_request()
    {
        var store = new MediaCreationStore(2);
        DicomDataSet request = Complete("MediaCreationManagement", "N-CREATE");
        var uid = new DicomUid("1.2.3");
        Assert.Equal(DimseStatus.NoSuchSopInstance, store.Initiate(uid, null).Status);
        Assert.True(store.Create(uid, request).IsDone);
        Assert.Equal(DimseStatus.DuplicateSopInstance, store.Create(uid, request).Status);
        Assert.Equal("IDLE", store.Get(uid, [DicomTags.ExecutionStatus]).Attributes!.GetString(DicomTags.ExecutionStatus));
        Assert.Equal(DimseStatus.InvalidArgumentValue, store.Initiate(uid, new DicomDataSet().Set(DicomTags.NumberOfCopies, 0L)).Status);
        Assert.Equal(DimseStatus.InvalidArgumentValue, store.Initiate(uid, new DicomDataSet().Set(DicomTags.RequestPriority, "SOON")).Status);
        Assert.False(store.Report(uid, MediaCreationStatus.Creating, "NORMAL"));
        Assert.True(store.Initiate(uid, new DicomDataSet().Set(DicomTags.NumberOfCopies, 2L)).IsDone);
        Assert.Equal(0xA510, store.Initiate(uid, null).Status.Code);
        Assert.Equal(0xA510, store.Create(uid, request).Status.Code);
        Assert.Equal(("PENDING", "QUEUED"), Status(uid));
        Assert.True(store.Report(uid, MediaCreationStatus.Creating, "NORMAL"));
        Assert.Equal(0xC202, store.Cancel(uid).Status.Code);
        Assert.True(store.Report(uid, MediaCreationStatus.Done, "NORMAL"));
        Assert.False(store.Report(uid, MediaCreationStatus.Failure, "NORMAL"));
        Assert.Equal(0xC201, store.Cancel(uid).Status.Code);
        Assert.Equal(("DONE", "NORMAL"), Status(uid));
        var second = new DicomUid("1.2.4");
        store.Create(second, request);
        store.Initiate(second, null);
        Assert.True(store.Cancel(second).IsDone);
        Assert.Equal(("FAILURE", "CANCELLED"), Status(second));
        Assert.Equal(DimseStatus.ResourceLimitation, store.Create(default, request).Status);
        Assert.Equal(DimseStatus.NoSuchSopInstance, store.Cancel(new DicomUid("1.9")).Status);

        (string, string) Status(DicomUid of)
        {
            DicomDataSet attributes = store.Get(of, []).Attributes!;
            return (attributes.GetString(DicomTags.ExecutionStatus), attributes.GetString(DicomTags.ExecutionStatusInfo));
        }
    }

    /// <summary>Models with rows in query-keys.tsv.</summary>
    public static TheoryData<string, string, string> SingleLevelKeys() => [.. RuleFacts.Read("query-keys.tsv").Where(row => !row["path"].Contains('/', StringComparison.Ordinal))
        .Select(row => new TheoryDataRow<string, string, string>(row["model"], row["tag"], row["match_type"]))];

    [Theory, MemberData(nameof(SingleLevelKeys))]
    public void A_key_of_a_single_level_model_has_the_type_the_standard_lists(string model, string tag, string type)
    {
        AttributeTable.Attribute row = SingleLevelQueryTable.Find(model)!.Find(DicomTag.Parse(tag))!;
        Assert.Equal(type switch { "U" => AttributeRequirement.UniqueKey, "R" => AttributeRequirement.RequiredKey, "O" => AttributeRequirement.OptionalKey, _ => AttributeRequirement.None }, row[0]);
    }

    /// <summary>The classes that sop-classes.tsv says have one instance.</summary>
    public static TheoryData<string, string> WellKnown() => [.. RuleFacts.Read("sop-classes.tsv").Where(row => row["notes"].Contains("well-known instance ", StringComparison.Ordinal))
        .Select(row => new TheoryDataRow<string, string>(row["uid"], row["notes"].Split("well-known instance ")[1].Split(';', ' ', ',')[0]))];

    [Theory, MemberData(nameof(WellKnown))]
    public void A_class_of_one_instance_takes_requests_on_that_one_only(string uid, string instance)
    {
        Assert.True(ServiceRules.CheckInstance(new DicomUid(uid), new DicomUid(instance)).IsDone);
        Assert.Equal(DimseStatus.NoSuchSopInstance, ServiceRules.CheckInstance(new DicomUid(uid), new DicomUid("1.2.3")).Status);
    }

    [Fact]
    public void A_class_of_many_instances_takes_any() => Assert.True(ServiceRules.CheckInstance(SopClasses.BasicFilmBox, new DicomUid("1.2.3")).IsDone);

    private static readonly MachineVerificationPlan _plan = new(new Dictionary<int, IReadOnlyList<int>> { [1] = [1, 2], [2] = [] });

    [Theory]
    [InlineData("1.2.3", "1", false, 0x0000)]
    [InlineData("1.2.9", "1", false, 0xC227)]
    [InlineData("1.2.3", "3", false, 0xC221)]
    [InlineData("1.2.3", "2", false, 0xC222)]
    [InlineData("1.2.3", "1", true, 0xC223)]
    [InlineData("1.2.3", "", false, 0x0120)]
    public void The_statuses_of_a_new_machine_verification(string plan, string group, bool busy, int status)
    {
        DicomDataSet request = Complete("RTConventionalMachineVerification", "N-CREATE")
            .Set(DicomElement.CreateEmpty(DicomTags.GeneralMachineVerificationSequence, DicomVR.SQ)).Set(DicomElement.CreateEmpty(DicomTags.ConventionalMachineVerificationSequence, DicomVR.SQ))
            .Set(DicomTags.ReferencedRTPlanSequence, new SopReference(SopClasses.RTPlanStorage, new DicomUid(plan)).ToItem());
        if (group.Length > 0)
            request.Set(DicomTags.ReferencedFractionGroupNumber, group);
        RuleResult result = MachineVerificationRules.CheckCreate(SopClasses.RTConventionalMachineVerification, request, uid => uid.ToString() == "1.2.3" ? _plan : null, busy);
        Assert.Equal(status, result.Status.Code);
    }

    [Theory]
    [InlineData("2", 0x0000)]
    [InlineData("3", 0xC224)]
    public void A_beam_that_is_set_belongs_to_the_fraction_group(string beam, int status)
    {
        DicomDataSet changes = Complete("RTIonMachineVerification", "N-SET");
        changes.GetSequence(DicomTags.GeneralMachineVerificationSequence)![0].Set(DicomTags.ReferencedBeamNumber, beam);
        Assert.Equal(status, MachineVerificationRules.CheckSet(SopClasses.RTIonMachineVerification, changes, _plan, 1).Status.Code);
    }

    [Fact]
    public void An_error_comment_has_64_characters_at_most() => Assert.Equal(64, RuleResult.Of(DimseStatus.ProcessingFailure, new string('x', 100)).ErrorComment!.Length);
}
