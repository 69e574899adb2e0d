using System.Diagnostics.CodeAnalysis;

namespace NetDicom.Network;

/// <summary>
/// Storage commitment transactions under way, at either end: what was asked and not yet answered (PS3.4 sections J.3.2, J.3.3). Safe for several threads.
/// </summary>
/// <param name="timeLimit">How long a transaction is remembered. A provider may take days; what was not answered by then is reported as expired.</param>
/// <param name="maxTransactions">Most transactions at a time.</param>
/// <param name="timeProvider">The clock; default the system's.</param>
public sealed class CommitmentTransactions(TimeSpan timeLimit, int maxTransactions = 10_000, TimeProvider? timeProvider = null)
{
    private readonly record struct Pending(StorageCommitmentRequest Request, string Peer, long Since);

    private readonly Lock _gate = new();
    private readonly Dictionary<DicomUid, Pending> _pending = [];
    private readonly TimeProvider _clock = timeProvider ?? TimeProvider.System;

    /// <summary>How many are under way, expired ones not counted.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
                return _pending.Values.Count(pending => !IsExpired(pending));
        }
    }

    /// <summary>
    /// Takes note of a request that was sent, or taken.
    /// </summary>
    /// <param name="request">The request.</param>
    /// <param name="peer">AE title of the other end: only it may answer, or is to be answered.</param>
    /// <returns>Null if it is under way from now on; else why not: <see cref="CommitmentFailureReason.DuplicateTransactionUid"/> or <see cref="CommitmentFailureReason.ResourceLimitation"/>.</returns>
    public CommitmentFailureReason? TryBegin(StorageCommitmentRequest request, string peer)
    {
        ArgumentNullException.ThrowIfNull(request);
        lock (_gate)
        {
            if (_pending.TryGetValue(request.TransactionUid, out Pending there) && !IsExpired(there))
                return CommitmentFailureReason.DuplicateTransactionUid;
            if (_pending.Count >= maxTransactions && !_pending.ContainsKey(request.TransactionUid))
                return CommitmentFailureReason.ResourceLimitation;
            _pending[request.TransactionUid] = new Pending(request, peer, _clock.GetTimestamp());
            return null;
        }
    }

    /// <summary>Takes up one from before a restart, whatever the most at a time: it was promised.</summary>
    /// <returns>False if its UID is in use.</returns>
    internal bool TryResume(StorageCommitmentRequest request, string peer, TimeSpan age)
    {
        lock (_gate)
        {
            if (_pending.ContainsKey(request.TransactionUid))
                return false;
            _pending.Add(request.TransactionUid, new Pending(request, peer, _clock.GetTimestamp() - (long)(age.TotalSeconds * _clock.TimestampFrequency)));
            return true;
        }
    }

    /// <summary>
    /// Ends a transaction: its UID is used up, by the event or by a failed N-ACTION. False for one that is not known, has expired, or belongs to another peer.
    /// </summary>
    public bool TryEnd(DicomUid transactionUid, string peer, [NotNullWhen(true)] out StorageCommitmentRequest? request)
    {
        lock (_gate)
        {
            request = null;
            if (!_pending.TryGetValue(transactionUid, out Pending pending) || pending.Peer != peer || IsExpired(pending))
                return false;
            _pending.Remove(transactionUid);
            request = pending.Request;
            return true;
        }
    }

    /// <summary>Forgets the transactions whose time is over and returns them: nobody knows what became of their instances.</summary>
    public IReadOnlyList<StorageCommitmentRequest> RemoveExpired()
    {
        lock (_gate)
        {
            StorageCommitmentRequest[] expired = [.. _pending.Values.Where(IsExpired).Select(pending => pending.Request)];
            foreach (StorageCommitmentRequest request in expired)
                _pending.Remove(request.TransactionUid);
            return expired;
        }
    }

    private bool IsExpired(Pending pending) => _clock.GetElapsedTime(pending.Since) >= timeLimit;
}
