using NetDicom.Network.Tests.Support;
using NetDicom.Protocol;

namespace NetDicom.Network.Tests;

/// <summary>Media Creation Management (PS3.4 annex S): each transition and each status, by the rules and over sockets.</summary>
public class MediaCreationTests
{
    private static readonly SopReference s_image = new(SopClasses.CTImageStorage, new DicomUid("1.2.3.1"));
    private static readonly DicomUid s_request = new("1.2.3.4");

    /// <summary>The steps that a maker may report (section S.3.2.4: Execution Status).</summary>
    public static TheoryData<MediaCreationStatus, MediaCreationStatus, bool> Steps()
    {
        (MediaCreationStatus, MediaCreationStatus)[] allowed =
        [
            (MediaCreationStatus.Pending, MediaCreationStatus.Creating), (MediaCreationStatus.Pending, MediaCreationStatus.Failure),
            (MediaCreationStatus.Creating, MediaCreationStatus.Done), (MediaCreationStatus.Creating, MediaCreationStatus.Failure),
        ];
        MediaCreationStatus[] all = Enum.GetValues<MediaCreationStatus>();
        return [.. all.SelectMany(from => all.Select(to => new TheoryDataRow<MediaCreationStatus, MediaCreationStatus, bool>(from, to, allowed.Contains((from, to)))))];
    }

    [Theory, MemberData(nameof(Steps))]
    public void A_maker_reports_the_steps_of_the_standard_and_no_others(MediaCreationStatus from, MediaCreationStatus to, bool allowed)
    {
        var store = new MediaCreationStore();
        Reach(store, from);
        Assert.Equal(allowed, store.Report(s_request, to, "NORMAL"));
        Assert.Equal(allowed ? to : from, MediaCreationRules.StatusOf(store.Get(s_request, []).Attributes!));
    }

    [Theory]
    [InlineData(MediaCreationStatus.Idle, 0x0000)]
    [InlineData(MediaCreationStatus.Pending, 0xA510)]
    [InlineData(MediaCreationStatus.Creating, 0xA510)]
    [InlineData(MediaCreationStatus.Done, 0xA510)]
    [InlineData(MediaCreationStatus.Failure, 0xA510)]
    public void A_request_is_initiated_once_or_A510H(MediaCreationStatus status, int expected)
    {
        var store = new MediaCreationStore();
        Reach(store, status);
        Assert.Equal(expected, store.Initiate(s_request, null).Status.Code);
        Assert.Equal(status == MediaCreationStatus.Idle ? MediaCreationStatus.Pending : status, MediaCreationRules.StatusOf(store.Find(s_request)!));
    }

    [Theory]
    [InlineData(MediaCreationStatus.Idle, null, 0x0000)]
    [InlineData(MediaCreationStatus.Pending, null, 0x0000)]
    [InlineData(MediaCreationStatus.Creating, null, 0xC202)]
    [InlineData(MediaCreationStatus.Creating, MediaCancelAnswer.Stopped, 0x0000)]
    [InlineData(MediaCreationStatus.Creating, MediaCancelAnswer.CannotBeInterrupted, 0xC202)]
    [InlineData(MediaCreationStatus.Creating, MediaCancelAnswer.Denied, 0xC203)]
    [InlineData(MediaCreationStatus.Done, MediaCancelAnswer.Stopped, 0xC201)]
    [InlineData(MediaCreationStatus.Failure, null, 0xC201)]
    public void A_request_is_cancelled_until_it_is_complete_if_its_maker_lets_go(MediaCreationStatus status, MediaCancelAnswer? answer, int expected)
    {
        var store = new MediaCreationStore { Stop = answer is { } said ? _ => said : null };
        Reach(store, status);
        Assert.Equal(expected, store.Cancel(s_request).Status.Code);
        Assert.Equal(expected == 0 ? MediaCreationStatus.Failure : status, MediaCreationRules.StatusOf(store.Find(s_request)!));
    }

    [Fact]
    public void A_request_that_ends_while_its_maker_is_asked_to_stop_is_C201H()
    {
        MediaCreationStore? store = null;
        store = new MediaCreationStore
        {
            Stop = uid =>
            {
                Assert.True(store!.Report(uid, MediaCreationStatus.Done, "NORMAL"));
                return MediaCancelAnswer.Stopped;
            },
        };
        Reach(store, MediaCreationStatus.Creating);
        Assert.Equal(0xC201, store.Cancel(s_request).Status.Code);
        Assert.Equal(MediaCreationStatus.Done, MediaCreationRules.StatusOf(store.Find(s_request)!));
    }

    [Fact]
    public void A_store_that_is_full_has_room_again_when_a_request_that_is_over_was_removed()
    {
        var store = new MediaCreationStore(1);
        Reach(store, MediaCreationStatus.Creating);
        Assert.False(store.Remove(s_request));
        Assert.Equal(DimseStatus.ResourceLimitation, store.Create(default, MediaCreationOperations.MediaRequest([s_image])).Status);
        Assert.True(store.Report(s_request, MediaCreationStatus.Done, "NORMAL"));
        Assert.True(store.Remove(s_request));
        Assert.False(store.Remove(s_request));
        Assert.True(store.Create(default, MediaCreationOperations.MediaRequest([s_image])).IsDone);
    }

    [Fact]
    public async Task A_disc_is_asked_for_made_and_told_of()
    {
        var store = new MediaCreationStore();
        var seen = new List<MediaCreationStatus>();
        store.Changed += (_, status) =>
        {
            lock (seen)
                seen.Add(status);
        };
        ApplicationEntity entity = Queries.Scp();
        entity.AddMediaCreationProvider(store);
        await using DicomServer server = await entity.StartServerAsync(0);
        await using Association association = await Queries.Scu(SopClasses.MediaCreationManagement).AssociateAsync(server);

        Assert.Equal(0x0120, (await association.CreateMediaRequestAsync(default, [])).Status.Code);
        NResponse created = (await association.CreateMediaRequestAsync(default, MediaCreationOperations.MediaRequest([s_image], "STD-GEN-CD"))).EnsureSuccess();
        DicomUid request = created.AffectedSopInstanceUid;
        Assert.Equal(0x0111, (await association.CreateMediaRequestAsync(request, MediaCreationOperations.MediaRequest([s_image]))).Status.Code);
        Assert.Equal(MediaCreationStatus.Idle, MediaCreationRules.StatusOf((await association.GetMediaCreationAsync(request)).DataSet!));
        Assert.Equal(0x0123, (await association.NActionAsync(SopClasses.MediaCreationManagement, request, 3)).Status.Code);
        Assert.Equal(0x0115, (await association.InitiateMediaCreationAsync(request, priority: "SOON")).Status.Code);
        Assert.Equal(0x0112, (await association.InitiateMediaCreationAsync(new DicomUid("1.2.9"))).Status.Code);
        Assert.Equal(0x0112, (await association.CancelMediaCreationAsync(new DicomUid("1.2.9"))).Status.Code);
        Assert.Equal(0x0112, (await association.GetMediaCreationAsync(new DicomUid("1.2.9"))).Status.Code);
        Assert.Equal(0x0000, (await association.InitiateMediaCreationAsync(request, 2, "HIGH")).Status.Code);
        Assert.Equal(0xA510, (await association.CreateMediaRequestAsync(request, MediaCreationOperations.MediaRequest([s_image]))).Status.Code);
        Assert.Equal("HIGH", store.Find(request)!.GetString(DicomTags.RequestPriority));

        Assert.True(store.Report(request, MediaCreationStatus.Creating, "NORMAL"));
        Assert.Equal(0xC202, (await association.CancelMediaCreationAsync(request)).Status.Code);
        Assert.True(store.Report(request, MediaCreationStatus.Done, "NORMAL", new DicomDataSet()
            .Set(DicomTags.TotalNumberOfPiecesOfMediaCreated, 2L).Set(DicomTags.ReferencedStorageMediaSequence, new DicomDataSet().Set(DicomTags.StorageMediaFileSetID, "DISC1"))));
        NResponse done = await association.GetMediaCreationAsync(request, [DicomTags.ExecutionStatus, DicomTags.TotalNumberOfPiecesOfMediaCreated, DicomTags.ReferencedStorageMediaSequence, DicomTags.PatientID]);
        Assert.Equal((0x0001, DicomTags.PatientID), (done.Status.Code, Assert.Single(done.AttributeIdentifierList)));
        Assert.Equal(("DONE", 2, "DISC1"), (done.DataSet!.GetString(DicomTags.ExecutionStatus), done.DataSet!.GetInt32OrDefault(DicomTags.TotalNumberOfPiecesOfMediaCreated),
            done.DataSet!.GetSequence(DicomTags.ReferencedStorageMediaSequence)![0].GetString(DicomTags.StorageMediaFileSetID)));
        Assert.Equal([MediaCreationStatus.Pending, MediaCreationStatus.Creating, MediaCreationStatus.Done], seen);
    }

    private sealed class OwnStore : IMediaCreationStore
    {
        public ValueTask<RuleResult> CreateAsync(DicomUid instanceUid, DicomDataSet attributes, CancellationToken cancellationToken) => throw new IOException("database");

        public ValueTask<RuleResult> InitiateAsync(DicomUid instanceUid, DicomDataSet? information, CancellationToken cancellationToken) =>
            ValueTask.FromResult(MediaCreationRules.CheckInitiate(MediaCreationStatus.Creating, information));

        public ValueTask<RuleResult> CancelAsync(DicomUid instanceUid, CancellationToken cancellationToken) =>
            ValueTask.FromResult(MediaCreationRules.CheckCancel(MediaCreationStatus.Creating, () => MediaCancelAnswer.Denied));

        public async ValueTask<RuleResult> GetAsync(DicomUid instanceUid, IReadOnlyList<DicomTag> attributeIdentifierList, CancellationToken cancellationToken)
        {
            await Task.Yield();
            return MediaCreationRules.Get(new DicomDataSet().Set(DicomTags.ExecutionStatus, "CREATING"), attributeIdentifierList);
        }
    }

    [Fact]
    public async Task A_store_of_the_owners_answers_by_the_same_rules()
    {
        ApplicationEntity entity = Queries.Scp();
        entity.AddMediaCreationProvider(new OwnStore());
        await using DicomServer server = await entity.StartServerAsync(0);
        await using Association association = await Queries.Scu(SopClasses.MediaCreationManagement).AssociateAsync(server);
        Assert.Equal(0x0110, (await association.CreateMediaRequestAsync(default, MediaCreationOperations.MediaRequest([s_image]))).Status.Code);
        Assert.Equal(0xA510, (await association.InitiateMediaCreationAsync(s_request)).Status.Code);
        Assert.Equal(0xC203, (await association.CancelMediaCreationAsync(s_request)).Status.Code);
        Assert.Equal(MediaCreationStatus.Creating, MediaCreationRules.StatusOf((await association.GetMediaCreationAsync(s_request)).DataSet!));
    }

    private static void Reach(MediaCreationStore store, MediaCreationStatus status)
    {
        Assert.True(store.Create(s_request, MediaCreationOperations.MediaRequest([s_image])).IsDone);
        if (status == MediaCreationStatus.Idle)
            return;
        Assert.True(store.Initiate(s_request, null).IsDone);
        if (status is MediaCreationStatus.Creating or MediaCreationStatus.Done)
            Assert.True(store.Report(s_request, MediaCreationStatus.Creating, "NORMAL"));
        if (status is MediaCreationStatus.Done or MediaCreationStatus.Failure)
            Assert.True(store.Report(s_request, status, "NORMAL"));
    }
}
