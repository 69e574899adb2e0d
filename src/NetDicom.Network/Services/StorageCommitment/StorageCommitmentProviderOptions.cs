using Microsoft.Extensions.Logging;
using NetDicom.Protocol;

namespace NetDicom.Network;

/// <summary>What a provider of Storage Commitment leaves to its owner, and its limits.</summary>
public sealed record StorageCommitmentProviderOptions
{
    /// <summary>
    /// Where a user is whose association has ended before the report: the provider opens one, as SCP (PS3.4 section J.3.3). Null, the default, or an answer of null: the report is given up.
    /// </summary>
    public Func<AETitle, CancellationToken, ValueTask<EntityAddress?>>? Resolve { get; init; }

    /// <summary>
    /// Whether the report goes on the association of the request as long as it is open. Default true. False for users that cannot take a report there; it needs <see cref="Resolve"/>.
    /// </summary>
    public bool ReportOnSameAssociation { get; init; } = true;

    /// <summary>Longest time from the request until the report is given up, in which a user may be unreachable or answer failures. Default one day; more than 49 days are 49 days.</summary>
    public TimeSpan TimeLimit { get; init; } = TimeSpan.FromDays(1);

    /// <summary>Time between two attempts to report. Default one minute.</summary>
    public TimeSpan RetryInterval { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Most transactions at a time; one more is answered 0213H. Default 10,000.</summary>
    public int MaxTransactions { get; init; } = 10_000;

    /// <summary>Is told of a result that could not be reported within the time limit. Must not throw.</summary>
    public Action<AETitle, StorageCommitmentResult>? OnUndelivered { get; init; }

    /// <summary>
    /// Where the transactions are kept that wait for their report, so that they survive the end of the provider: <see cref="StorageCommitmentProvider.ResumeAsync"/> takes them up again. Null, the
    /// default: in memory only. With a store a report is tried until <see cref="TimeLimit"/> even without <see cref="Resolve"/>, since the user may come back.
    /// </summary>
    public ICommitmentTransactionStore? Store { get; init; }

    /// <summary>The clock. Default the system's.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>The log of what goes wrong where no association's log is at hand: in the report of a transaction from before a restart, in <see cref="Resolve"/> or <see cref="OnUndelivered"/>. Default none.</summary>
    public ILoggerFactory? LoggerFactory { get; init; }
}
