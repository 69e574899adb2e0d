using NetDicom.Protocol;

namespace NetDicom.Network;

/// <summary>Action Type ID of Inventory Creation (PS3.4 table KK.2-1).</summary>
public enum InventoryAction
{
    /// <summary>Initiate.</summary>
    Initiate = 11,

    /// <summary>Request Status.</summary>
    RequestStatus = 12,

    /// <summary>Cancel.</summary>
    Cancel = 13,

    /// <summary>Pause.</summary>
    Pause = 14,

    /// <summary>Resume.</summary>
    Resume = 15,
}

/// <summary>
/// What an action does to a production: figure KK.2-1 of PS3.4. Where the standard names no status (it points to PS3.7 section 10.1.4.1.10) this is decided: 0115H for a Transaction UID that is
/// not known, or for a new one that is in use; 0110H for what has ended; a Pause or Resume that changes nothing is a success.
/// </summary>
/// <param name="Status">The answer.</param>
/// <param name="NewState">The state afterwards; null for no change.</param>
public readonly record struct InventoryTransition(DimseStatus Status, InventoryState? NewState = null)
{
    // No such transaction, PROCESSING, PAUSED, COMPLETE, FAILURE, CANCELED.
    private static readonly InventoryTransition[][] s_table =
    [
        /* Initiate       */ [To(InventoryState.Processing), Used, Used, Used, Used, Used],
        /* Request Status */ [Unknown, Done, Done, Done, Done, Done],
        /* Cancel         */ [Unknown, To(InventoryState.Canceled), To(InventoryState.Canceled), Ended, Ended, Ended],
        /* Pause          */ [Unknown, To(InventoryState.Paused), Done, Ended, Ended, Ended],
        /* Resume         */ [Unknown, Done, To(InventoryState.Processing), Ended, Ended, Ended],
    ];

    private static InventoryTransition Done => new(DimseStatus.Success);

    private static InventoryTransition Used => new(DimseStatus.InvalidArgumentValue);

    private static InventoryTransition Unknown => new(DimseStatus.InvalidArgumentValue);

    private static InventoryTransition Ended => new(DimseStatus.ProcessingFailure);

    /// <summary>The cell of an action and the present state; null for a transaction that is not there.</summary>
    public static InventoryTransition Find(InventoryAction action, InventoryState? present) => s_table[action - InventoryAction.Initiate][present is { } state ? (int)state + 1 : 0];

    private static InventoryTransition To(InventoryState state) => new(DimseStatus.Success, state);
}
