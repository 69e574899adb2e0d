using System.Threading.Channels;
using NetDicom.Network.Tests.Support;
using NetDicom.Protocol;
using NetDicom.TestSupport;

namespace NetDicom.Network.Tests;

/// <summary>Storage Commitment over sockets: the report on the same association and on a new one with the roles reversed.</summary>
public class StorageCommitmentProviderTests
{
    private static readonly SopReference s_kept = new(SopClasses.CTImageStorage, new DicomUid("1.2.3.1"));
    private static readonly SopReference s_lost = new(SopClasses.CTImageStorage, new DicomUid("1.2.3.2"));

    private static ValueTask<StorageCommitmentResult> JudgeAsync(StorageCommitmentRequest request, CancellationToken _) =>
        ValueTask.FromResult(StorageCommitmentRules.Judge(request, uid => uid == s_kept.SopInstanceUid ? SopClasses.CTImageStorage : null));

    [Fact]
    public async Task The_report_comes_on_the_same_association()
    {
        ApplicationEntity entity = Queries.Scp();
        await using StorageCommitmentProvider provider = entity.AddStorageCommitmentProvider(JudgeAsync);
        await using DicomServer server = await entity.StartServerAsync(0);
        var user = new ApplicationEntity("USER");
        var client = new StorageCommitmentClient(user);
        await using Association association = await user.AssociateAsync(server);
        StorageCommitmentOutcome kept = await client.CommitAsync(association, [s_kept]).WaitAsync(RawPeer.Patience);
        Assert.True(kept.IsCommitted);
        StorageCommitmentOutcome mixed = await client.CommitAsync(association, [s_kept, s_lost]).WaitAsync(RawPeer.Patience);
        Assert.False(mixed.IsCommitted);
        Assert.Equal((s_kept, new FailedCommitment(s_lost, CommitmentFailureReason.NoSuchObjectInstance)), (Assert.Single(mixed.Result.Committed), Assert.Single(mixed.Result.Failed)));
        Assert.Empty(mixed.Discrepancies);
        await provider.WhenReportedAsync().WaitAsync(RawPeer.Patience);
        Assert.Equal((0, 0), (provider.PendingCount, client.PendingCount));
    }

    [Fact]
    public async Task A_time_limit_longer_than_any_timer_takes_does_not_cost_the_report()
    {
        ApplicationEntity entity = Queries.Scp();
        await using StorageCommitmentProvider provider = entity.AddStorageCommitmentProvider(JudgeAsync, new StorageCommitmentProviderOptions { TimeLimit = TimeSpan.FromDays(60) });
        await using DicomServer server = await entity.StartServerAsync(0);
        var user = new ApplicationEntity("USER");
        var client = new StorageCommitmentClient(user);
        await using Association association = await user.AssociateAsync(server);
        Assert.True((await client.CommitAsync(association, [s_kept]).WaitAsync(RawPeer.Patience)).IsCommitted);
    }

    [Fact]
    public async Task The_report_comes_on_a_new_association_when_the_first_has_ended()
    {
        var judge = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var taken = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var user = new ApplicationEntity("USER");
        var client = new StorageCommitmentClient(user);
        await using DicomServer receiver = await user.StartServerAsync(0);
        ApplicationEntity entity = Queries.Scp();
        await using StorageCommitmentProvider provider = entity.AddStorageCommitmentProvider(
            async (request, token) =>
            {
                taken.SetResult();
                await judge.Task.WaitAsync(token);
                return await JudgeAsync(request, token);
            },
            new StorageCommitmentProviderOptions { Resolve = (title, _) => ValueTask.FromResult<EntityAddress?>(title == user.Title ? new("127.0.0.1", receiver.Port) : null) });
        await using DicomServer server = await entity.StartServerAsync(0);
        Association association = await user.AssociateAsync(server);
        Task<StorageCommitmentOutcome> committing = client.CommitAsync(association, [s_kept]);
        // It is judged after the response: the association may go.
        await taken.Task.WaitAsync(RawPeer.Patience);
        Assert.Equal((1, 1), (provider.PendingCount, client.PendingCount));
        await association.ReleaseAsync();
        await association.DisposeAsync();
        judge.SetResult();
        Assert.True((await committing.WaitAsync(RawPeer.Patience)).IsCommitted);
    }

    [Fact]
    public async Task A_user_that_cannot_be_reached_is_tried_again_until_the_time_limit()
    {
        var clock = new FakeTimeProvider();
        var attempts = Channel.CreateUnbounded<AETitle>();
        var undelivered = new TaskCompletionSource<StorageCommitmentResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        ApplicationEntity entity = Queries.Scp();
        await using StorageCommitmentProvider provider = entity.AddStorageCommitmentProvider(JudgeAsync, new StorageCommitmentProviderOptions
        {
            ReportOnSameAssociation = false,
            TimeLimit = TimeSpan.FromMinutes(10),
            RetryInterval = TimeSpan.FromMinutes(6),
            TimeProvider = clock,
            Resolve = (title, _) =>
            {
                attempts.Writer.TryWrite(title);
                return ValueTask.FromResult<EntityAddress?>(null);
            },
            OnUndelivered = (_, result) => undelivered.SetResult(result),
        });
        await using DicomServer server = await entity.StartServerAsync(0);
        await using Association association = await Queries.Scu(SopClasses.StorageCommitmentPushModel).AssociateAsync(server);
        var request = StorageCommitmentRequest.For([s_kept]);
        Assert.Equal(DimseStatus.Success, (await AskAsync(association, request.ToDataSet())).Status);
        Assert.Equal("SCU", (await attempts.Reader.ReadAsync().AsTask().WaitAsync(RawPeer.Patience)).ToString());
        await clock.WhenTimerWithin(TimeSpan.FromMinutes(6.5)).WaitAsync(RawPeer.Patience);
        clock.Advance(TimeSpan.FromMinutes(7));
        await attempts.Reader.ReadAsync().AsTask().WaitAsync(RawPeer.Patience);
        Assert.Equal(1, provider.PendingCount);
        clock.Advance(TimeSpan.FromMinutes(4));
        Assert.Equal(request.TransactionUid, (await undelivered.Task.WaitAsync(RawPeer.Patience)).TransactionUid);
        Assert.Equal(0, provider.PendingCount);
    }

    [Fact]
    public async Task An_archive_that_fails_commits_nothing_and_says_so()
    {
        ApplicationEntity entity = Queries.Scp();
        using var log = new ListLog();
        await using StorageCommitmentProvider provider = entity.AddStorageCommitmentProvider((_, _) => throw new IOException("disk"));
        await using DicomServer server = await entity.StartServerAsync(0, new DicomServerOptions { LoggerFactory = log });
        var user = new ApplicationEntity("USER");
        var client = new StorageCommitmentClient(user);
        await using Association association = await user.AssociateAsync(server);
        StorageCommitmentOutcome outcome = await client.CommitAsync(association, [s_kept, s_lost]).WaitAsync(RawPeer.Patience);
        Assert.Empty(outcome.Result.Committed);
        Assert.All(outcome.Result.Failed, failed => Assert.Equal(CommitmentFailureReason.ProcessingFailure, failed.Reason));
        Assert.Matches(@"^\[\d+\] storage commitment [0-9.]+ could not be judged; .* disk$", await log.WhenLoggedAsync(1401));
    }

    [Fact]
    public async Task A_user_whose_address_cannot_be_found_out_is_a_line_in_the_log_and_tried_again()
    {
        ApplicationEntity entity = Queries.Scp();
        var clock = new FakeTimeProvider();
        using var log = new ListLog();
        int asked = 0;
        await using StorageCommitmentProvider provider = entity.AddStorageCommitmentProvider(JudgeAsync, new StorageCommitmentProviderOptions
        {
            ReportOnSameAssociation = false, Resolve = (_, _) => asked++ == 0 ? throw new IOException("directory") : default, LoggerFactory = log, TimeProvider = clock,
        });
        await using DicomServer server = await entity.StartServerAsync(0);
        await using Association association = await Queries.Scu(SopClasses.StorageCommitmentPushModel).AssociateAsync(server);
        Assert.Equal(DimseStatus.Success, (await AskAsync(association, StorageCommitmentRequest.For([s_kept]).ToDataSet())).Status);
        Assert.Equal("SCU is not told of an event: where it is could not be found out directory", await log.WhenLoggedAsync(1406));
        await clock.WhenTimerWithin(TimeSpan.FromMinutes(1)).WaitAsync(RawPeer.Patience);
        Assert.Equal(1, provider.PendingCount);
        clock.Advance(TimeSpan.FromMinutes(1));
        await clock.WhenTimerWithin(TimeSpan.FromMinutes(1)).WaitAsync(RawPeer.Patience);
        Assert.Equal(2, asked);
    }

    [Theory]
    [InlineData("nothing", 0x0114)]
    [InlineData("no transaction", 0x0114)]
    [InlineData("no instance", 0x0114)]
    [InlineData("another action", 0x0123)]
    [InlineData("another instance", 0x0112)]
    [InlineData("too many", 0x0213)]
    public async Task A_request_that_is_none_is_refused_with_its_status(string what, int status)
    {
        ApplicationEntity entity = Queries.Scp();
        await using StorageCommitmentProvider provider = entity.AddStorageCommitmentProvider(
            JudgeAsync, new StorageCommitmentProviderOptions { MaxTransactions = what == "too many" ? 0 : 10 });
        await using DicomServer server = await entity.StartServerAsync(0);
        await using Association association = await Queries.Scu(SopClasses.StorageCommitmentPushModel).AssociateAsync(server);
        DicomDataSet information = StorageCommitmentRequest.For([s_kept]).ToDataSet();
        if (what == "no transaction")
            information.Remove(DicomTags.TransactionUID);
        else if (what == "no instance")
            information.Remove(DicomTags.ReferencedSOPSequence);
        NResponse answer = await association.NActionAsync(
            SopClasses.StorageCommitmentPushModel, what == "another instance" ? s_kept.SopInstanceUid : Uids.StorageCommitmentPushModelInstance,
            (ushort)(what == "another action" ? 2 : 1), what == "nothing" ? null : information);
        Assert.Equal((status, 0), (answer.Status.Code, provider.PendingCount));
    }

    [Fact]
    public async Task A_transaction_UID_in_use_fails_with_0131H_and_the_one_that_has_it_goes_on()
    {
        var judge = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        ApplicationEntity entity = Queries.Scp();
        await using StorageCommitmentProvider provider = entity.AddStorageCommitmentProvider(async (request, token) =>
        {
            await judge.Task.WaitAsync(token);
            return await JudgeAsync(request, token);
        });
        await using DicomServer server = await entity.StartServerAsync(0);
        var reports = Channel.CreateUnbounded<StorageCommitmentResult>();
        ApplicationEntity user = Queries.Scu(SopClasses.StorageCommitmentPushModel);
        user.OnNEventReport((report, _) =>
        {
            Assert.True(StorageCommitmentResult.Read(report.EventTypeId, report.EventInformation, out StorageCommitmentResult? result).IsDone);
            reports.Writer.TryWrite(result!);
            return ValueTask.FromResult<NResponse>(DimseStatus.Success);
        });
        await using Association association = await user.AssociateAsync(server);
        var request = StorageCommitmentRequest.For([s_kept]);
        Assert.Equal(DimseStatus.Success, (await AskAsync(association, request.ToDataSet())).Status);
        Assert.Equal(DimseStatus.Success, (await AskAsync(association, request.ToDataSet())).Status);
        judge.SetResult();
        Assert.Equal(s_kept, Assert.Single((await reports.Reader.ReadAsync().AsTask().WaitAsync(RawPeer.Patience)).Committed));
        Assert.Equal(CommitmentFailureReason.DuplicateTransactionUid, Assert.Single((await reports.Reader.ReadAsync().AsTask().WaitAsync(RawPeer.Patience)).Failed).Reason);
    }

    [Fact]
    public async Task A_report_nobody_waits_for_is_0115H_or_for_the_owner_to_answer()
    {
        foreach (bool known in (bool[])[false, true])
        {
            var user = new ApplicationEntity("USER");
            _ = new StorageCommitmentClient(user, known ? new StorageCommitmentClientOptions { OnUnknownReport = (_, result, _) => ValueTask.FromResult(DimseStatus.Success) } : null);
            await using DicomServer receiver = await user.StartServerAsync(0);
            var provider = new ApplicationEntity("PROVIDER");
            provider.AddRequestedContexts(PresentationContexts.WithRoles(PresentationContexts.StorageCommitment, scu: false, scp: true));
            await using Association association = await provider.AssociateAsync(receiver);
            DicomDataSet report = new StorageCommitmentResult(DicomUid.Generate(), [s_kept], []).ToDataSet();
            NResponse answer = await association.NEventReportAsync(SopClasses.StorageCommitmentPushModel, Uids.StorageCommitmentPushModelInstance, 1, report);
            Assert.Equal(known ? 0 : 0x0115, answer.Status.Code);
            NResponse noEvent = await association.NEventReportAsync(SopClasses.StorageCommitmentPushModel, Uids.StorageCommitmentPushModelInstance, 3, report);
            Assert.Equal(0x0113, noEvent.Status.Code);
        }
    }

    [Fact]
    public async Task Waiting_for_a_report_has_a_time_limit()
    {
        var clock = new FakeTimeProvider();
        ApplicationEntity silent = Queries.Scp(SopClasses.StorageCommitmentPushModel);
        silent.OnNAction((_, _) => ValueTask.FromResult<NResponse>(DimseStatus.Success));
        await using DicomServer server = await silent.StartServerAsync(0);
        var user = new ApplicationEntity("USER");
        var client = new StorageCommitmentClient(user, new StorageCommitmentClientOptions { TimeLimit = TimeSpan.FromMinutes(5), TimeProvider = clock });
        await using Association association = await user.AssociateAsync(server);
        Task<StorageCommitmentOutcome> committing = client.CommitAsync(association, [s_kept]);
        await clock.WhenTimerWithin(TimeSpan.FromMinutes(5.5)).WaitAsync(RawPeer.Patience);
        clock.Advance(TimeSpan.FromMinutes(6));
        await Assert.ThrowsAsync<TimeoutException>(() => committing.WaitAsync(RawPeer.Patience));
        Assert.Equal(0, client.PendingCount);
    }

    private static Task<NResponse> AskAsync(Association association, DicomDataSet information) =>
        association.NActionAsync(SopClasses.StorageCommitmentPushModel, Uids.StorageCommitmentPushModelInstance, 1, information);
}
