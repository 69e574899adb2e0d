using Microsoft.Extensions.Logging;
using NetDicom.Protocol;

namespace NetDicom.Network;

/// <summary>What a provider of Inventory Creation leaves to its owner, and its limits.</summary>
public sealed record InventoryCreationProviderOptions
{
    /// <summary>What the provider can do.</summary>
    public InventoryCapabilities Capabilities { get; init; } = new();

    /// <summary>Whether the peer of an association may do this; 0124H if not. Default: every peer may, also with transactions of others. Must not wait.</summary>
    public Func<Association, InventoryAction, bool>? IsAuthorized { get; init; }

    /// <summary>Where a user is whose association has ended before an event: the provider opens one, as SCP. Null, the default, or an answer of null: the event is not delivered.</summary>
    public Func<AETitle, CancellationToken, ValueTask<EntityAddress?>>? Resolve { get; init; }

    /// <summary>Is told of an event that could not be delivered. Must not throw.</summary>
    public Action<AETitle, InventoryEvent>? OnUndelivered { get; init; }

    /// <summary>
    /// One unit of Requested Status Interval (0008,0414). Default one minute; the number of PS3.3 table C.38.3-1 is handed to this option as it is. Intervals over 49 days are 49 days.
    /// </summary>
    public TimeSpan StatusIntervalUnit { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Most inventories made at a time; one more is answered 0213H. Default 4.</summary>
    public int MaxProductions { get; init; } = 4;

    /// <summary>Most transactions remembered, ended ones among them, which go first; for Request Status and against a Transaction UID that is used twice. Default 1,000.</summary>
    public int MaxTransactions { get; init; } = 1000;

    /// <summary>Most events that wait for one user; more are not delivered. Default 1,000.</summary>
    public int MaxWaitingEvents { get; init; } = 1000;

    /// <summary>The clock of the status intervals. Default the system's.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>The log of what goes wrong where no association's log is at hand: in <see cref="Resolve"/> or <see cref="OnUndelivered"/>. Default none.</summary>
    public ILoggerFactory? LoggerFactory { get; init; }
}
