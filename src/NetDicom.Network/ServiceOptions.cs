namespace NetDicom.Network;

/// <summary>How an entity's DIMSE services work, as SCU and as SCP: limits and paces that no negotiation settles.</summary>
public sealed record ServiceOptions
{
    /// <summary>
    /// Longest data set held in memory, in bytes: identifiers of queries, attribute lists, matches; not the objects of C-STORE, which are never held. Default 64 MiB: far more than any query, and
    /// a bound on what one peer can take. A longer one in a request is answered with a failure status; in a response it is an exception to the operation. The association lives on in both cases.
    /// </summary>
    public int MaxDataSetLength { get; init; } = 64 * 1024 * 1024;

    /// <summary>
    /// Matches of a C-FIND received and not yet taken by the caller, at most. When so many wait nothing more is read from the peer until half of them are taken. Default 256.
    /// Together they hold no more than <see cref="MaxDataSetLength"/> bytes, or one match.
    /// </summary>
    public int MaxWaitingMatches { get; init; } = 256;

    /// <summary>
    /// Requests a peer may send beyond its asynchronous operations window (PS3.7 annex D.3.3.3) that wait here for their turn; several senders do so. Default 16. Those over it, and every C-STORE,
    /// wait on the connection: nothing behind them is read. 0: all wait there. Together the data sets of those that wait here are no longer than <see cref="MaxDataSetLength"/>, or one of them is.
    /// </summary>
    public int MaxWaitingRequests { get; init; } = 16;

    /// <summary>Time between the Pending responses of a C-GET or C-MOVE, the first of which is sent at once. Default 1 s: peers count them as signs of life. Zero or less: none are sent.</summary>
    public TimeSpan PendingInterval { get; init; } = TimeSpan.FromSeconds(1);
}
