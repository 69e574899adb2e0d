using System.Collections.Concurrent;
using System.Threading.Channels;
using NetDicom.Network.Tests.Support;
using NetDicom.Protocol;
using NetDicom.TestSupport;

namespace NetDicom.Network.Tests;

/// <summary>A provider of Storage Commitment that ends and starts again with what its store has.</summary>
public class CommitmentTransactionStoreTests
{
    private static readonly SopReference s_kept = new(SopClasses.CTImageStorage, new DicomUid("1.2.3.1"));

    private sealed class Store : ICommitmentTransactionStore
    {
        public ConcurrentDictionary<DicomUid, CommitmentTransaction> Kept { get; } = new();

        public Exception? Failure { get; set; }

        public Exception? RemoveFailure { get; set; }

        public ValueTask AddAsync(CommitmentTransaction transaction, CancellationToken cancellationToken)
        {
            // A store that fails may have kept it all the same.
            Kept[transaction.Request.TransactionUid] = transaction;
            return Failure is null ? default : throw Failure;
        }

        public ValueTask RemoveAsync(DicomUid transactionUid, CancellationToken cancellationToken)
        {
            Kept.TryRemove(transactionUid, out _);
            return RemoveFailure is null ? default : throw RemoveFailure;
        }

        public ValueTask<IReadOnlyList<CommitmentTransaction>> LoadAsync(CancellationToken cancellationToken) => ValueTask.FromResult<IReadOnlyList<CommitmentTransaction>>([.. Kept.Values]);
    }

    private static ValueTask<StorageCommitmentResult> JudgeAsync(StorageCommitmentRequest request, CancellationToken _) =>
        ValueTask.FromResult(StorageCommitmentRules.Judge(request, _ => SopClasses.CTImageStorage));

    [Fact]
    public async Task A_transaction_that_was_taken_is_reported_after_a_restart_and_then_forgotten()
    {
        var store = new Store();
        ApplicationEntity user = Queries.Scu(SopClasses.StorageCommitmentPushModel);
        user.AddSupportedContexts(PresentationContexts.WithRoles(PresentationContexts.StorageCommitment, scu: true, scp: true));
        var reports = Channel.CreateUnbounded<StorageCommitmentResult>();
        user.OnNEventReport((report, _) =>
        {
            Assert.True(StorageCommitmentResult.Read(report.EventTypeId, report.EventInformation, out StorageCommitmentResult? result).IsDone);
            reports.Writer.TryWrite(result!);
            return ValueTask.FromResult<NResponse>(DimseStatus.Success);
        });
        await using DicomServer receiver = await user.StartServerAsync(0);
        var request = StorageCommitmentRequest.For([s_kept]);
        bool undelivered = false;
        StorageCommitmentProviderOptions options = new()
        {
            Store = store,
            Resolve = (_, _) => ValueTask.FromResult<EntityAddress?>(new("127.0.0.1", receiver.Port)),
            OnUndelivered = (_, _) => undelivered = true,
        };

        ApplicationEntity before = Queries.Scp();
        StorageCommitmentProvider ended = before.AddStorageCommitmentProvider(
            async (asked, token) =>
            {
                await new TaskCompletionSource().Task.WaitAsync(token);
                return await JudgeAsync(asked, token);
            }, options);
        Assert.Equal(0, await ended.ResumeAsync());
        await using (DicomServer server = await before.StartServerAsync(0))
        {
            await using Association association = await user.AssociateAsync(server);
            Assert.Equal(DimseStatus.Success, (await AskAsync(association, request)).Status);
        }

        await ended.DisposeAsync();
        Assert.False(undelivered);
        CommitmentTransaction kept = Assert.Single(store.Kept.Values);
        Assert.Equal((request.TransactionUid, "SCU"), (kept.Request.TransactionUid, kept.User.ToString()));

        ApplicationEntity after = Queries.Scp();
        await using StorageCommitmentProvider resumed = after.AddStorageCommitmentProvider(JudgeAsync, options);
        Assert.Equal(1, await resumed.ResumeAsync());
        StorageCommitmentResult result = await reports.Reader.ReadAsync().AsTask().WaitAsync(RawPeer.Patience);
        Assert.Equal((request.TransactionUid, s_kept), (result.TransactionUid, Assert.Single(result.Committed)));
        await resumed.WhenReportedAsync().WaitAsync(RawPeer.Patience);
        Assert.Equal((0, 0, false), (store.Kept.Count, resumed.PendingCount, undelivered));
    }

    [Fact]
    public async Task A_user_without_an_address_is_told_when_it_comes_back_after_a_restart()
    {
        var clock = new FakeTimeProvider();
        var store = new Store();
        var request = StorageCommitmentRequest.For([s_kept]);
        store.Kept[request.TransactionUid] = new CommitmentTransaction(request, AETitle.Parse("USER"), clock.GetUtcNow());
        ApplicationEntity entity = Queries.Scp();
        await using StorageCommitmentProvider provider = entity.AddStorageCommitmentProvider(JudgeAsync, new StorageCommitmentProviderOptions { Store = store, TimeProvider = clock });
        Assert.Equal(1, await provider.ResumeAsync());
        // The first attempt finds nobody.
        await clock.WhenTimerWithin(TimeSpan.FromMinutes(1)).WaitAsync(RawPeer.Patience);
        await using DicomServer server = await entity.StartServerAsync(0);
        var user = new ApplicationEntity("USER");
        var reported = new TaskCompletionSource<StorageCommitmentResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        _ = new StorageCommitmentClient(user, new StorageCommitmentClientOptions
        {
            OnUnknownReport = (_, result, _) =>
            {
                reported.TrySetResult(result);
                return ValueTask.FromResult(DimseStatus.Success);
            },
        });
        await using Association association = await user.AssociateAsync(server);
        await clock.AdvanceUntilAsync(TimeSpan.FromMinutes(1), reported.Task).WaitAsync(RawPeer.Patience);
        Assert.Equal(request.TransactionUid, (await reported.Task).TransactionUid);
        await provider.WhenReportedAsync().WaitAsync(RawPeer.Patience);
        Assert.Empty(store.Kept);
    }

    [Fact]
    public async Task A_transaction_whose_time_ran_out_while_the_provider_was_down_is_given_up_at_the_start()
    {
        var clock = new FakeTimeProvider();
        var store = new Store();
        var late = StorageCommitmentRequest.For([s_kept]);
        store.Kept[late.TransactionUid] = new CommitmentTransaction(late, AETitle.Parse("USER"), clock.GetUtcNow());
        clock.Advance(TimeSpan.FromHours(3));
        var undelivered = new TaskCompletionSource<StorageCommitmentResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        ApplicationEntity entity = Queries.Scp();
        await using StorageCommitmentProvider provider = entity.AddStorageCommitmentProvider(
            JudgeAsync, new StorageCommitmentProviderOptions { Store = store, TimeProvider = clock, TimeLimit = TimeSpan.FromHours(2), OnUndelivered = (_, result) => undelivered.TrySetResult(result) });
        await provider.ResumeAsync();
        Assert.Equal(late.TransactionUid, (await undelivered.Task.WaitAsync(RawPeer.Patience)).TransactionUid);
        await provider.WhenReportedAsync().WaitAsync(RawPeer.Patience);
        Assert.Equal((0, 0), (store.Kept.Count, provider.PendingCount));
    }

    [Fact]
    public async Task A_store_that_fails_promises_nothing()
    {
        var store = new Store { Failure = new IOException("disk") };
        ApplicationEntity entity = Queries.Scp();
        using var log = new ListLog();
        await using StorageCommitmentProvider provider = entity.AddStorageCommitmentProvider(JudgeAsync, new StorageCommitmentProviderOptions { Store = store });
        await using DicomServer server = await entity.StartServerAsync(0, new DicomServerOptions { LoggerFactory = log });
        await using Association association = await Queries.Scu(SopClasses.StorageCommitmentPushModel).AssociateAsync(server);
        Assert.Equal(DimseStatus.ProcessingFailure, (await AskAsync(association, StorageCommitmentRequest.For([s_kept]))).Status);
        Assert.Equal((0, 0), (store.Kept.Count, provider.PendingCount));
        Assert.EndsWith("could not be kept; it is refused disk", await log.WhenLoggedAsync(1402), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_fails_without_an_association_is_in_the_log_of_the_provider()
    {
        var store = new Store();
        var request = StorageCommitmentRequest.For([s_kept]);
        store.Kept[request.TransactionUid] = new CommitmentTransaction(request, AETitle.Parse("USER"), DateTimeOffset.UnixEpoch);
        store.RemoveFailure = new IOException("read only");
        using var log = new ListLog();
        ApplicationEntity entity = Queries.Scp();
        var clock = new FakeTimeProvider();
        StorageCommitmentProvider provider = entity.AddStorageCommitmentProvider(
            (_, _) => throw new IOException("disk"),
            new StorageCommitmentProviderOptions
            {
                Store = store, LoggerFactory = log, TimeProvider = clock, OnUndelivered = (_, _) => throw new InvalidOperationException("hook"),
            });
        await provider.ResumeAsync();
        Assert.EndsWith("could not be judged; all of it is reported as failed disk", await log.WhenLoggedAsync(1401), StringComparison.Ordinal);
        await clock.WhenTimerWithin(TimeSpan.FromMinutes(1)).WaitAsync(RawPeer.Patience);
        clock.Advance(TimeSpan.FromDays(1));
        Assert.StartsWith($"Storage commitment {request.TransactionUid} could not be removed", await log.WhenLoggedAsync(1403), StringComparison.Ordinal);
        Assert.EndsWith("hook", await log.WhenLoggedAsync(1407), StringComparison.Ordinal);
        await provider.DisposeAsync();
    }

    private static Task<NResponse> AskAsync(Association association, StorageCommitmentRequest request) =>
        association.NActionAsync(SopClasses.StorageCommitmentPushModel, Uids.StorageCommitmentPushModelInstance, StorageCommitmentRequest.ActionTypeId, request.ToDataSet());
}
