using NetDicom.Protocol;

namespace NetDicom.Network;

/// <summary>A transaction that a provider of Storage Commitment has taken and not yet reported.</summary>
/// <param name="Request">What was asked.</param>
/// <param name="User">AE title of who asked, and is to be told.</param>
/// <param name="Taken">When: <see cref="StorageCommitmentProviderOptions.TimeLimit"/> counts from here, also over a restart.</param>
public sealed record CommitmentTransaction(StorageCommitmentRequest Request, AETitle User, DateTimeOffset Taken);

/// <summary>
/// A durable memory of the transactions that a provider of Storage Commitment owes a report for, so that they survive its end: <see cref="StorageCommitmentProviderOptions.Store"/>. A result is
/// not kept: what was not reported is judged again, by what there is then. Its methods are called from several threads at a time, each Transaction UID by one at a time.
/// </summary>
public interface ICommitmentTransactionStore
{
    /// <summary>Keeps a transaction. The N-ACTION is answered afterwards, 0110H if this throws: when it completes, the transaction is safe.</summary>
    ValueTask AddAsync(CommitmentTransaction transaction, CancellationToken cancellationToken);

    /// <summary>Forgets one that was reported or given up; nothing happens for one that is not there. One whose removal fails is reported again after the next start.</summary>
    ValueTask RemoveAsync(DicomUid transactionUid, CancellationToken cancellationToken);

    /// <summary>All there are, in any order.</summary>
    ValueTask<IReadOnlyList<CommitmentTransaction>> LoadAsync(CancellationToken cancellationToken);
}
