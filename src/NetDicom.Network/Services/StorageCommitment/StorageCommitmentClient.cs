using System.Collections.Concurrent;
using NetDicom.Protocol;

namespace NetDicom.Network;

/// <summary>Options of a user of Storage Commitment.</summary>
public sealed record StorageCommitmentClientOptions
{
    /// <summary>Longest time to the report. Default one hour: providers that move to tape take longer.</summary>
    public TimeSpan TimeLimit { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Most transactions at a time. Default 10,000.</summary>
    public int MaxTransactions { get; init; } = 10_000;

    /// <summary>
    /// Whether a report on another association than that of the request must come from the AE title that was called. Default false: the Transaction UID, which nobody can guess, tells whose it
    /// is, and providers are called by other titles (ANY-SCP) than they call with.
    /// </summary>
    public bool RequireReporterTitle { get; init; }

    /// <summary>
    /// Is told of a report for a transaction that is not known, or no longer: one from before a restart. Its answer is sent. Null, the default: 0115H, with Transaction UID (0008,1195).
    /// </summary>
    public Func<AETitle, StorageCommitmentResult, CancellationToken, ValueTask<DimseStatus>>? OnUnknownReport { get; init; }

    /// <summary>The clock. Default the system's.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}

/// <summary>What became of a request for storage commitment.</summary>
/// <param name="Request">What was asked.</param>
/// <param name="Result">What was reported.</param>
/// <param name="Discrepancies">Instances that the report does not name, names twice, or that nobody asked for.</param>
public sealed record StorageCommitmentOutcome(StorageCommitmentRequest Request, StorageCommitmentResult Result, IReadOnlyList<SopReference> Discrepancies)
{
    /// <summary>Whether every instance of the request is kept: only then may it be deleted here.</summary>
    public bool IsCommitted => Result.Failed.Count == 0 && Discrepancies.Count == 0;
}

/// <summary>
/// A user of Storage Commitment, push model (PS3.4 annex J): asks, and waits for the report on the same association or on one that the provider opens to a server of the same entity. Safe for
/// several threads.
/// </summary>
/// <remarks>Make it before the entity's associations and servers: they take its handlers as they are when they start.</remarks>
public sealed class StorageCommitmentClient
{
    private readonly StorageCommitmentClientOptions _options;
    private readonly ConcurrentDictionary<DicomUid, Pending> _pending = new();

    private sealed record Pending(StorageCommitmentRequest Request, Association Association, TaskCompletionSource<StorageCommitmentResult> Reported);

    /// <summary>Sets the entity up: it asks for the class, supports it with the roles reversed, and takes the reports.</summary>
    public StorageCommitmentClient(ApplicationEntity entity, StorageCommitmentClientOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(entity);
        _options = options ?? new StorageCommitmentClientOptions();
        PresentationContext[] contexts = [PresentationContexts.Create(SopClasses.StorageCommitmentPushModel, [])];
        entity.AddRequestedContexts(contexts);
        // The provider asks for the association then, as SCP (PS3.4 section J.3.3).
        entity.AddSupportedContexts(PresentationContexts.WithRoles(contexts, scu: true, scp: true));
        entity.OnNEventReport(SopClasses.StorageCommitmentPushModel, ReportedAsync);
    }

    /// <summary>How many transactions wait for their report.</summary>
    public int PendingCount => _pending.Count;

    /// <summary>Asks for commitment and waits for the report. Keep the association open meanwhile, or have a server of the entity run where the provider can reach it.</summary>
    /// <param name="association">An association of the entity with the provider.</param>
    /// <param name="instances">What is to be kept.</param>
    /// <param name="cancellationToken">Stops waiting; a report that comes later is unknown.</param>
    /// <exception cref="DimseStatusException">The provider did not take the request.</exception>
    /// <exception cref="TimeoutException">No report came within the time limit.</exception>
    /// <exception cref="AssociationEndedException">The association ended before the request was answered.</exception>
    /// <exception cref="InvalidOperationException">Too many transactions.</exception>
    public async Task<StorageCommitmentOutcome> CommitAsync(Association association, IEnumerable<SopReference> instances, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(association);
        ArgumentNullException.ThrowIfNull(instances);
        var request = StorageCommitmentRequest.For(instances);
        if (_pending.Count >= _options.MaxTransactions)
            throw new InvalidOperationException($"{_options.MaxTransactions} transactions wait for their reports");
        var pending = new Pending(request, association, new TaskCompletionSource<StorageCommitmentResult>(TaskCreationOptions.RunContinuationsAsynchronously));
        // Before the request: the report may be faster than the response.
        _pending[request.TransactionUid] = pending;
        try
        {
            NResponse response = await association.NActionAsync(
                SopClasses.StorageCommitmentPushModel, Uids.StorageCommitmentPushModelInstance, StorageCommitmentRequest.ActionTypeId, request.ToDataSet(), null, cancellationToken).ConfigureAwait(false);
            response.EnsureSuccess();
            StorageCommitmentResult result = await pending.Reported.Task.WaitAsync(_options.TimeLimit, _options.TimeProvider, cancellationToken).ConfigureAwait(false);
            return new StorageCommitmentOutcome(request, result, StorageCommitmentRules.Discrepancies(request, result));
        }
        finally
        {
            _pending.TryRemove(request.TransactionUid, out _);
        }
    }

    private async ValueTask<NResponse> ReportedAsync(NEventReportIndication indication, CancellationToken cancellationToken)
    {
        RuleResult read = StorageCommitmentResult.Read(indication.EventTypeId, indication.EventInformation, out StorageCommitmentResult? result);
        if (!read.IsDone)
            return read.ToResponse();
        if (_pending.TryGetValue(result!.TransactionUid, out Pending? pending) && MayReport(pending, indication.Association) && pending.Reported.TrySetResult(result))
            return DimseStatus.Success;
        if (_options.OnUnknownReport is { } unknown)
            return await unknown(indication.Association.CallingAETitle, result, cancellationToken).ConfigureAwait(false);
        return RuleResult.Of(DimseStatus.InvalidArgumentValue, "no such transaction", DicomTags.TransactionUID).ToResponse();
    }

    private bool MayReport(Pending pending, Association association) =>
        association == pending.Association || !_options.RequireReporterTitle || association.CallingAETitle == pending.Association.CalledAETitle;
}
