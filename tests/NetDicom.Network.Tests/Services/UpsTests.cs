using NetDicom.Protocol;
using NetDicom.TestSupport;

namespace NetDicom.Network.Tests;

/// <summary>PS3.4 annex CC by its tables.</summary>
public class UpsTests
{
    private static readonly IReadOnlyList<Dictionary<string, string>> _rows = RuleFacts.Read("ups-attributes.tsv");
    private static readonly DicomUid _lock = new("1.2.99.1");
    private static readonly string[] _states = ["none", "SCHEDULED", "IN PROGRESS", "COMPLETED", "CANCELED"];

    private static string User(string types) => types.Split('/')[0];

    private static DicomDataSet NewUps()
    {
        DicomDataSet ups = RuleFacts.Build(_rows, row => User(row["n_create"]) is "1" or "2").Set(DicomTags.ProcedureStepState, "SCHEDULED");
        // PS3.4 table CC.2.5-3: the transaction UID, progress and performed information are created empty.
        ups.Set(DicomElement.CreateEmpty(DicomTags.TransactionUID, DicomVR.UI));
        ups.Set(DicomElement.CreateEmpty(DicomTags.ProcedureStepProgressInformationSequence, DicomVR.SQ));
        ups.Set(DicomElement.CreateEmpty(DicomTags.UnifiedProcedureStepPerformedProcedureSequence, DicomVR.SQ));
        return ups;
    }

    private static DicomDataSet Ready(string code) => RuleFacts.Build(
        _rows, row => User(row["n_create"]) is "1" or "2" || row["final_state"] == "R" || row["final_state"] == code);

    private static DicomDataSet To(string state, DicomUid uid = default)
    {
        DicomDataSet information = new DicomDataSet().Set(DicomTags.ProcedureStepState, state);
        return uid.IsNone ? information : information.Set(DicomTags.TransactionUID, uid);
    }

    public static TheoryData<string> Required() => [.. _rows.Where(row => User(row["n_create"]) is "1" or "2" && NewUps().Contains(RuleFacts.Path(row["path"]))).Select(row => row["path"])];

    [Theory, MemberData(nameof(Required))]
    public void A_new_UPS_without_a_required_attribute_is_refused(string path)
    {
        Assert.True(UpsRules.CheckCreate(NewUps()).IsDone);
        DicomDataSet ups = NewUps();
        RuleFacts.Spoil(ups, path, remove: true);
        RuleResult missing = UpsRules.CheckCreate(ups);
        Assert.Equal((DimseStatus.MissingAttribute, RuleFacts.Tags(path)[^1]), (missing.Status, Assert.Single(missing.Elements)));
        ups = NewUps();
        RuleFacts.Spoil(ups, path, remove: false);
        bool type1 = User(_rows.Single(row => row["path"] == path)["n_create"]) == "1";
        Assert.Equal(type1 ? DimseStatus.MissingAttributeValue : DimseStatus.Success, UpsRules.CheckCreate(ups).Status);
    }

    public static TheoryData<string> ForbiddenAtCreate() => [.. _rows.Where(row => row["n_create"] == "forbidden").Select(row => row["path"])];

    [Theory, MemberData(nameof(ForbiddenAtCreate))]
    public void A_new_UPS_with_an_attribute_that_comes_later_is_refused_with_0105H(string path)
    {
        // Its parents with one item each, itself with a value.
        DicomTag[] tags = RuleFacts.Tags(path);
        DicomDataSet ups = NewUps();
        DicomDataSet at = ups;
        foreach (DicomTag tag in tags[..^1])
        {
            if (at.GetSequence(tag) is not { Count: 1 })
                at.Set(tag, new DicomDataSet());
            at = at.GetSequence(tag)![0];
        }

        RuleFacts.Put(at, tags[^1]);
        RuleResult result = UpsRules.CheckCreate(ups);
        Assert.Equal(DimseStatus.NoSuchAttribute, result.Status);
        Assert.Contains(result.Elements, tags.Contains);
    }

    [Theory]
    [InlineData("IN PROGRESS"), InlineData("COMPLETED"), InlineData("CANCELED"), InlineData("WAITING")]
    public void A_new_UPS_of_another_state_than_SCHEDULED_is_refused_with_C309H(string state) =>
        Assert.Equal(0xC309, UpsRules.CheckCreate(NewUps().Set(DicomTags.ProcedureStepState, state)).Status.Code);

    [Fact]
    public void A_new_UPS_has_no_transaction_UID() =>
        Assert.Equal(DimseStatus.InvalidAttributeValue, UpsRules.CheckCreate(NewUps().Set(DicomTags.TransactionUID, _lock)).Status);

    /// <summary>The rows of table CC.1.1-2 as they are printed.</summary>
    public static TheoryData<int, string, string, string> StateChanges()
    {
        var cells = new TheoryData<int, string, string, string>();
        int number = 0;
        foreach (Dictionary<string, string> row in RuleFacts.Read("ups-states.tsv"))
        {
            foreach (string state in _states)
                cells.Add(number, row["event"], state, row[state]);
            number++;
        }

        return cells;
    }

    [Theory, MemberData(nameof(StateChanges))]
    public void A_request_does_in_each_state_what_the_standard_prints(int row, string request, string state, string cell)
    {
        UpsTransition transition = UpsTransition.Find((UpsRequest)row, state == "none" ? null : UpsStates.TryParse(state, out UpsState parsed) ? parsed : throw new InvalidOperationException(request));
        UpsTransition expected = cell switch
        {
            "create" => new(DimseStatus.Success, UpsState.Scheduled),
            "start" => new(DimseStatus.Success, UpsState.InProgress),
            "complete" => new(DimseStatus.Success, UpsState.Completed),
            "cancel" => new(DimseStatus.Success, UpsState.Canceled),
            "notify" => new(DimseStatus.Success, null, true),
            _ => new(new DimseStatus(Convert.ToUInt16(cell, 16))),
        };
        Assert.Equal(expected, transition);
    }

    /// <summary>The same table, asked of the store.</summary>
    [Theory, MemberData(nameof(StateChanges))]
    public void The_store_answers_each_request_in_each_state_with_the_status_that_is_printed(int row, string request, string state, string cell)
    {
        var store = new UpsStore();
        DicomUid uid = new("1.2.3");
        if (state != "none")
            Bring(store, uid, state);
        var wrong = new DicomUid("1.2.99.2");
        RuleResult result = row switch
        {
            0 => store.Create(uid, NewUps()).Result,
            1 => store.ChangeState(uid, To("IN PROGRESS", _lock)).Result,
            2 => store.ChangeState(uid, To("IN PROGRESS")).Result,
            3 => store.ChangeState(uid, To("SCHEDULED", _lock)).Result,
            4 => store.ChangeState(uid, To("COMPLETED", _lock)).Result,
            5 => store.ChangeState(uid, state is "IN PROGRESS" or "COMPLETED" or "CANCELED" ? To("COMPLETED", wrong) : To("COMPLETED")).Result,
            6 => store.RequestCancel(uid, "ASKER", null).Result,
            7 => store.ChangeState(uid, To("CANCELED", _lock)).Result,
            _ => store.ChangeState(uid, state is "IN PROGRESS" or "COMPLETED" or "CANCELED" ? To("CANCELED", wrong) : To("CANCELED")).Result,
        };
        int expected = cell is "create" or "start" or "complete" or "cancel" or "notify" ? 0 : Convert.ToInt32(cell, 16);
        Assert.True(expected == result.Status.Code, $"{request} in {state}: {result.Status} {result.ErrorComment}");
        string after = cell switch { "create" => "SCHEDULED", "start" => "IN PROGRESS", "complete" => "COMPLETED", "cancel" => "CANCELED", _ => state };
        Assert.Equal(after == "none" ? null : after, store.Get(uid, [DicomTags.ProcedureStepState]).Attributes?.GetString(DicomTags.ProcedureStepState));
    }

    /// <summary>A UPS in a state, with everything that its end needs.</summary>
    private static void Bring(UpsStore store, DicomUid uid, string state)
    {
        Assert.True(store.Create(uid, NewUps()).Result.IsDone);
        if (state == "SCHEDULED")
            return;
        Assert.True(store.ChangeState(uid, To("IN PROGRESS", _lock)).Result.IsDone);
        DicomDataSet performed = Ready("P"), canceled = Ready("X");
        DicomDataSet changes = new DicomDataSet().Set(DicomTags.TransactionUID, _lock)
            .Set(DicomTags.UnifiedProcedureStepPerformedProcedureSequence, performed.GetSequence(DicomTags.UnifiedProcedureStepPerformedProcedureSequence)![0].Clone())
            .Set(DicomTags.ProcedureStepProgressInformationSequence, canceled.GetSequence(DicomTags.ProcedureStepProgressInformationSequence)![0].Clone());
        RuleResult set = store.Set(uid, changes).Result;
        Assert.True(set.IsDone, $"{set.Status} {string.Join(' ', set.Elements)}");
        if (state != "IN PROGRESS")
        {
            RuleResult ended = store.ChangeState(uid, To(state, _lock)).Result;
            Assert.True(ended.IsDone, $"{ended.Status} {string.Join(' ', ended.Elements)}");
        }
    }

    public static TheoryData<string, string> FinalStates() =>
        [.. _rows.Where(row => row["final_state"] is "R" or "P" or "X").SelectMany(row => new[] { "COMPLETED", "CANCELED" }.Select(state => new TheoryDataRow<string, string>(row["path"], state)))];

    [Theory, MemberData(nameof(FinalStates))]
    public void A_final_state_needs_the_attributes_of_its_code_or_is_refused_with_C304H(string path, string state)
    {
        Assert.True(UpsStates.TryParse(state, out UpsState parsed));
        string code = _rows.Single(row => row["path"] == path)["final_state"];
        // Both kinds of sequences are there, so that each rule is tried by itself.
        DicomDataSet ups = RuleFacts.Build(_rows, row => User(row["n_create"]) is "1" or "2" || row["final_state"] is "R" or "P" or "X");
        Assert.True(UpsRules.CheckFinal(ups, parsed).IsDone);
        RuleFacts.Spoil(ups, path, remove: true);
        RuleResult result = UpsRules.CheckFinal(ups, parsed);
        bool needed = code == "R" || code == "P" && state == "COMPLETED" || code == "X" && state == "CANCELED";
        Assert.Equal(needed ? 0xC304 : 0, result.Status.Code);
        if (needed)
            Assert.Equal(RuleFacts.Tags(path)[^1], Assert.Single(result.Elements));
    }

    [Theory]
    [InlineData("SCHEDULED", false, 0x0000)]
    [InlineData("SCHEDULED", true, 0xC310)]
    [InlineData("IN PROGRESS", true, 0x0000)]
    [InlineData("IN PROGRESS", false, 0xC301)]
    [InlineData("COMPLETED", true, 0xC300)]
    [InlineData("CANCELED", true, 0xC300)]
    [InlineData("none", true, 0xC307)]
    public void An_N_SET_needs_the_transaction_UID_exactly_while_the_UPS_is_in_progress(string state, bool given, int status)
    {
        var store = new UpsStore();
        var uid = new DicomUid("1.2.3");
        if (state != "none")
            Bring(store, uid, state);
        DicomDataSet changes = new DicomDataSet().Set(DicomTags.ProcedureStepLabel, "new");
        if (given)
            changes.Set(DicomTags.TransactionUID, _lock);
        Assert.Equal(status, store.Set(uid, changes).Result.Status.Code);
        Assert.Equal(status == 0 ? "new" : state == "none" ? null : "X", store.Get(uid, [DicomTags.ProcedureStepLabel]).Attributes?.GetString(DicomTags.ProcedureStepLabel));
    }

    [Fact]
    public void An_N_SET_with_another_transaction_UID_is_refused_with_C301H()
    {
        var store = new UpsStore();
        var uid = new DicomUid("1.2.3");
        Bring(store, uid, "IN PROGRESS");
        Assert.Equal(0xC301, store.Set(uid, new DicomDataSet().Set(DicomTags.TransactionUID, "1.2.99.2").Set(DicomTags.ProcedureStepLabel, "new")).Result.Status.Code);
    }

    public static TheoryData<string> ForbiddenAtSet() => [.. _rows.Where(row => row["n_set"] == "forbidden" && !row["path"].Contains('/', StringComparison.Ordinal)).Select(row => row["path"])];

    [Theory, MemberData(nameof(ForbiddenAtSet))]
    public void An_N_SET_of_an_attribute_that_may_not_be_set_is_refused_with_0105H(string path)
    {
        var changes = new DicomDataSet();
        RuleFacts.Put(changes, RuleFacts.Tags(path)[0]);
        RuleResult result = UpsRules.CheckSet(NewUps(), changes);
        Assert.Equal((DimseStatus.NoSuchAttribute, RuleFacts.Tags(path)[0]), (result.Status, Assert.Single(result.Elements)));
    }

    [Fact]
    public void The_transaction_UID_is_never_told()
    {
        var store = new UpsStore();
        var uid = new DicomUid("1.2.3");
        Bring(store, uid, "IN PROGRESS");
        RuleResult asked = store.Get(uid, [DicomTags.TransactionUID, DicomTags.ProcedureStepState]);
        Assert.Equal((0x0001, DicomTags.TransactionUID), (asked.Status.Code, Assert.Single(asked.Elements)));
        Assert.False(asked.Attributes!.Contains(DicomTags.TransactionUID));
        Assert.False(store.Get(uid, []).Attributes!.Contains(DicomTags.TransactionUID));
        Assert.All(store.Snapshot(), ups => Assert.False(ups.Contains(DicomTags.TransactionUID)));
    }

    [Fact]
    public void A_UPS_is_found_by_query_with_the_class_UPS_Push_and_its_own_UID()
    {
        var store = new UpsStore();
        store.Create(new DicomUid("1.2.3"), NewUps());
        DicomDataSet ups = Assert.Single(store.Snapshot());
        Assert.Equal(SopClasses.UnifiedProcedureStepPush, ups.GetUid(DicomTags.SOPClassUID));
        Assert.Equal("1.2.3", ups.GetString(DicomTags.SOPInstanceUID));
    }

    [Fact]
    public void A_UPS_without_a_worklist_label_gets_one_and_the_answer_is_B300H()
    {
        var store = new UpsStore(new UpsStoreOptions { DefaultWorklistLabel = "GENERAL" });
        DicomDataSet ups = NewUps();
        ups.Set(DicomElement.CreateEmpty(DicomTags.WorklistLabel, DicomVR.LO));
        RuleResult result = store.Create(new DicomUid("1.2.3"), ups).Result;
        Assert.Equal((0xB300, "GENERAL"), (result.Status.Code, result.Attributes!.GetString(DicomTags.WorklistLabel)));
    }

    [Fact]
    public void The_modification_time_is_the_providers()
    {
        var clock = new FakeTimeProvider();
        var store = new UpsStore(new UpsStoreOptions { TimeProvider = clock });
        var uid = new DicomUid("1.2.3");
        store.Create(uid, NewUps());
        clock.Advance(TimeSpan.FromHours(1));
        store.Set(uid, new DicomDataSet().Set(DicomTags.ProcedureStepLabel, "new"));
        Assert.Equal("19700101010000+0000", store.Get(uid, []).Attributes!.GetString(DicomTags.ScheduledProcedureStepModificationDateTime));
    }

    [Theory]
    [InlineData(0xC312)]
    [InlineData(0xC313)]
    public void A_performer_that_cannot_or_will_not_cancel_refuses_the_request(int status)
    {
        var store = new UpsStore(new UpsStoreOptions { OnCancelRequest = _ => RuleResult.Of(new DimseStatus((ushort)status), "no") });
        var uid = new DicomUid("1.2.3");
        Bring(store, uid, "IN PROGRESS");
        Assert.Equal(status, store.RequestCancel(uid, "ASKER", null).Result.Status.Code);
    }

    [Fact]
    public void Stores_have_a_limit()
    {
        var store = new UpsStore(new UpsStoreOptions { MaxInstances = 1, MaxSubscribers = 1 });
        store.Create(new DicomUid("1.2.3"), NewUps());
        Assert.Equal(DimseStatus.ResourceLimitation, store.Create(new DicomUid("1.2.4"), NewUps()).Result.Status);
        DicomDataSet For(string ae) => new DicomDataSet().Set(DicomTags.ReceivingAE, ae).Set(DicomTags.DeletionLock, "FALSE");
        Assert.True(store.Subscribe(UpsInstances.Global, For("A")).Result.IsDone);
        Assert.Equal(DimseStatus.ResourceLimitation, store.Subscribe(UpsInstances.Global, For("B")).Result.Status);
        Assert.Equal(DimseStatus.ResourceLimitation, store.Subscribe(new DicomUid("1.2.3"), For("B")).Result.Status);
    }

    [Fact]
    public void One_of_many_threads_gets_the_lock()
    {
        var store = new UpsStore();
        var uid = new DicomUid("1.2.3");
        store.Create(uid, NewUps());
        int won = 0;
        Parallel.For(0, 64, i =>
        {
            if (store.ChangeState(uid, To("IN PROGRESS", new DicomUid($"1.2.88.{i + 1}"))).Result.IsDone)
                Interlocked.Increment(ref won);
        });
        Assert.Equal(1, won);
    }
}
