using NetDicom.Protocol;

namespace NetDicom.Network;

/// <summary>
/// A provider of Storage Commitment, push model (PS3.4 annex J): answers N-ACTION at once, judges, and reports with N-EVENT-REPORT, on the association of the request or a new one. What is
/// under way is in memory: disposing ends it, and what was not reported is <see cref="StorageCommitmentProviderOptions.OnUndelivered"/>; unless
/// <see cref="StorageCommitmentProviderOptions.Store"/> keeps it for the next start.
/// </summary>
public sealed class StorageCommitmentProvider : IAsyncDisposable
{
    /// <summary>What a timer takes.</summary>
    private static readonly TimeSpan s_longestTimeLimit = TimeSpan.FromDays(49);

    private readonly Func<StorageCommitmentRequest, CancellationToken, ValueTask<StorageCommitmentResult>> _judge;
    private readonly AssociationLog _log;
    private readonly TimeSpan _timeLimit;
    private readonly StorageCommitmentProviderOptions _options;
    private readonly CommitmentTransactions _transactions;
    private readonly EventReporter _reporter;
    private readonly CancellationTokenSource _stop = new();
    private readonly KeyedQueue<DicomUid, Func<Task>> _work;

    internal StorageCommitmentProvider(
        ApplicationEntity entity, Func<StorageCommitmentRequest, CancellationToken, ValueTask<StorageCommitmentResult>> judge, StorageCommitmentProviderOptions options)
    {
        _judge = judge;
        _options = options;
        _log = new AssociationLog(options.LoggerFactory);
        _timeLimit = options.TimeLimit < s_longestTimeLimit ? options.TimeLimit : s_longestTimeLimit;
        _transactions = new CommitmentTransactions(_timeLimit, options.MaxTransactions, options.TimeProvider);
        _reporter = new EventReporter(
            entity, SopClasses.StorageCommitmentPushModel, new OpenAssociations(entity, SopClasses.StorageCommitmentPushModel), options.Resolve, _log);
        _work = new KeyedQueue<DicomUid, Func<Task>>(options.MaxTransactions, async (_, items) =>
        {
            await foreach (Func<Task> item in items.ConfigureAwait(false))
                await item().ConfigureAwait(false);
        }, (_, error) => _log.ReportingFailed(error));
        entity.AddSupportedContext(SopClasses.StorageCommitmentPushModel);
        entity.OnNAction(SopClasses.StorageCommitmentPushModel, BeginAsync);
    }

    /// <summary>How many transactions are under way.</summary>
    public int PendingCount => _transactions.Count;

    /// <summary>
    /// Takes up what <see cref="StorageCommitmentProviderOptions.Store"/> has from before: it is judged anew and reported. Once, before the servers of the entity start, or a Transaction UID could
    /// be taken twice. What has run out of time meanwhile is given up at once.
    /// </summary>
    /// <returns>How many were taken up; 0 without a store.</returns>
    public async Task<int> ResumeAsync(CancellationToken cancellationToken = default)
    {
        if (_options.Store is not { } store)
            return 0;
        int resumed = 0;
        foreach (CommitmentTransaction transaction in await store.LoadAsync(cancellationToken).ConfigureAwait(false))
        {
            // A clock that was set back makes nothing younger than new.
            TimeSpan age = _options.TimeProvider.GetUtcNow() - transaction.Taken;
            if (age < TimeSpan.Zero)
                age = TimeSpan.Zero;
            if (!_transactions.TryResume(transaction.Request, transaction.User.ToString(), age))
                continue;
            TimeSpan left = age < _timeLimit ? _timeLimit - age : TimeSpan.Zero;
            if (_work.TryAdd(transaction.Request.TransactionUid, () => RunAsync(null, transaction.User, transaction.Request, null, left, Task.CompletedTask)))
                resumed++;
        }

        return resumed;
    }

    /// <summary>Completes when what is under way now is reported, or given up.</summary>
    public Task WhenReportedAsync() => _work.WhenIdleAsync();

    /// <summary>Stops; what is not reported is given up, or stays in the store.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _work.WhenIdleAsync().ConfigureAwait(false);
    }

    private async ValueTask<NResponse> BeginAsync(NActionIndication action, CancellationToken cancellationToken)
    {
        RuleResult checkedAction = StorageCommitmentRules.CheckAction(action.RequestedSopInstanceUid, action.ActionTypeId);
        if (!checkedAction.IsDone)
            return checkedAction.ToResponse();
        RuleResult read = StorageCommitmentRequest.Read(action.ActionInformation, out StorageCommitmentRequest? request);
        if (!read.IsDone)
            return read.ToResponse();

        AETitle user = action.Association.CallingAETitle;
        _transactions.RemoveExpired();
        CommitmentFailureReason? problem = _transactions.TryBegin(request!, user.ToString());
        if (problem == CommitmentFailureReason.ResourceLimitation)
            return RuleResult.Of(DimseStatus.ResourceLimitation, "too many transactions").ToResponse();
        // PS3.3 C.14.1.1, 0131H: the UID is in use; the report says so, and the transaction that has the UID goes on.
        StorageCommitmentResult? failed = problem is { } reason ? StorageCommitmentRules.FailAll(request!, reason) : null;
        if (failed is null && !await TryKeepAsync(action.Association, request!, cancellationToken).ConfigureAwait(false))
        {
            _transactions.TryEnd(request!.TransactionUid, user.ToString(), out _);
            return RuleResult.Of(DimseStatus.ProcessingFailure, "the request cannot be remembered").ToResponse();
        }

        Task answered = action.WhenAnswered;
        if (_work.TryAdd(request!.TransactionUid, () => RunAsync(action.Association, user, request, failed, _timeLimit, answered)))
            return RuleResult.Success.ToResponse();
        // Reports of duplicates of this very UID fill its queue.
        if (failed is null)
        {
            await ForgetAsync(request.TransactionUid).ConfigureAwait(false);
            _transactions.TryEnd(request.TransactionUid, user.ToString(), out _);
        }

        return RuleResult.Of(DimseStatus.ResourceLimitation, "too many transactions").ToResponse();
    }

    private async ValueTask<bool> TryKeepAsync(Association association, StorageCommitmentRequest request, CancellationToken cancellationToken)
    {
        if (_options.Store is not { } store)
            return true;
        try
        {
            await store.AddAsync(new CommitmentTransaction(request, association.CallingAETitle, _options.TimeProvider.GetUtcNow()), cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (Exception error)
        {
            if (error is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
                association.Log.CommitmentNotKept(request.TransactionUid, error);
            // The owner's store failed, or the user has gone: nothing is promised. What it may have kept all the same must not be reported after a restart.
            await ForgetAsync(request.TransactionUid).ConfigureAwait(false);
            return false;
        }
    }

    private async ValueTask ForgetAsync(DicomUid transactionUid)
    {
        try
        {
            if (_options.Store is { } store)
                await store.RemoveAsync(transactionUid, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception error)
        {
            // It is reported once more after the next start; the user answers that it knows nothing of it.
            _log.CommitmentNotForgotten(transactionUid, error);
        }
    }

    private async Task RunAsync(Association? association, AETitle user, StorageCommitmentRequest request, StorageCommitmentResult? known, TimeSpan timeLimit, Task answered)
    {
        StorageCommitmentResult result = known ?? StorageCommitmentRules.FailAll(request, CommitmentFailureReason.ProcessingFailure);
        using CancellationTokenSource limit = new(timeLimit, _options.TimeProvider);
        using CancellationTokenSource linked = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, _stop.Token);
        bool reported = false;
        try
        {
            await answered.WaitAsync(linked.Token).ConfigureAwait(false);
            if (known is null)
                result = await JudgeAsync(association, request, linked.Token).ConfigureAwait(false);
            reported = await ReportAsync(association, user, result, linked.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The time limit, or the end of the provider.
        }
        finally
        {
            // With a store, the end of the provider is not the end of the transaction.
            bool isKept = !reported && known is null && _options.Store is not null && _stop.IsCancellationRequested;
            if (known is null && !isKept)
                await ForgetAsync(request.TransactionUid).ConfigureAwait(false);
            // After the store: from here on the UID may be used anew.
            if (known is null)
                _transactions.TryEnd(request.TransactionUid, user.ToString(), out _);
            if (!reported && !isKept)
                _options.OnUndelivered?.Invoke(user, result);
        }
    }

    private async Task<StorageCommitmentResult> JudgeAsync(Association? association, StorageCommitmentRequest request, CancellationToken cancellationToken)
    {
        try
        {
            return await _judge(request, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (error is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            // The owner's archive failed: nothing is committed, and the user learns it.
            (association?.Log ?? _log).CommitmentNotJudged(request.TransactionUid, error);
            return StorageCommitmentRules.FailAll(request, CommitmentFailureReason.ProcessingFailure);
        }
    }

    private async Task<bool> ReportAsync(Association? association, AETitle user, StorageCommitmentResult result, CancellationToken cancellationToken)
    {
        var report = new EventReport(SopClasses.StorageCommitmentPushModel, Uids.StorageCommitmentPushModelInstance, result.EventTypeId, result.ToDataSet());
        while (true)
        {
            if (await TryReportAsync(association, user, report, cancellationToken).ConfigureAwait(false))
                return true;
            // Without an address only an association of the user's could still take it: this one, or one that it opens later.
            if (_options.Resolve is null && _options.Store is null && association is not { IsOpen: true })
                return false;
            await Task.Delay(_options.RetryInterval, _options.TimeProvider, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<bool> TryReportAsync(Association? association, AETitle user, EventReport report, CancellationToken cancellationToken)
    {
        var line = new EventReporter.Line();
        await using (line.ConfigureAwait(false))
            return await _reporter.SendAsync(user, report, line, _options.ReportOnSameAssociation, association, cancellationToken).ConfigureAwait(false) is { Status.IsFailure: false };
    }
}

/// <summary>Makes an entity a provider of Storage Commitment.</summary>
public static class StorageCommitmentProviderExtensions
{
    /// <summary>Answers Request Storage Commitment and reports the results.</summary>
    /// <param name="entity">The entity; servers that it starts afterwards have the service.</param>
    /// <param name="judge">
    /// Says what is kept, and may take its time: <see cref="StorageCommitmentRules.Judge"/> does it with a look-up. An exception fails the whole transaction with 0110H. Its token fires at the
    /// time limit.
    /// </param>
    /// <param name="options">Where users are, limits; null for the defaults.</param>
    public static StorageCommitmentProvider AddStorageCommitmentProvider(
        this ApplicationEntity entity, Func<StorageCommitmentRequest, CancellationToken, ValueTask<StorageCommitmentResult>> judge, StorageCommitmentProviderOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(entity);
        ArgumentNullException.ThrowIfNull(judge);
        return new StorageCommitmentProvider(entity, judge, options ?? new StorageCommitmentProviderOptions());
    }
}
