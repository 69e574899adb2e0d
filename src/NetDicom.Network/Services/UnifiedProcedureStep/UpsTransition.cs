using NetDicom.Protocol;

namespace NetDicom.Network;

/// <summary>A request that changes, or tries to change, the state of a UPS: the rows of PS3.4 table CC.1.1-2.</summary>
public enum UpsRequest
{
    /// <summary>N-CREATE.</summary>
    Create,

    /// <summary>N-ACTION 1 to IN PROGRESS with a transaction UID.</summary>
    ToInProgress,

    /// <summary>N-ACTION 1 to IN PROGRESS without a transaction UID.</summary>
    ToInProgressWithoutUid,

    /// <summary>N-ACTION 1 to SCHEDULED.</summary>
    ToScheduled,

    /// <summary>N-ACTION 1 to COMPLETED with the transaction UID of the UPS.</summary>
    ToCompleted,

    /// <summary>N-ACTION 1 to COMPLETED without it.</summary>
    ToCompletedWrongUid,

    /// <summary>N-ACTION 2.</summary>
    RequestCancel,

    /// <summary>N-ACTION 1 to CANCELED with the transaction UID of the UPS.</summary>
    ToCanceled,

    /// <summary>N-ACTION 1 to CANCELED without it.</summary>
    ToCanceledWrongUid,
}

/// <summary>What a request does: a cell of PS3.4 table CC.1.1-2.</summary>
/// <param name="Status">The answer; a success still depends on the final state requirements where <paramref name="NewState"/> is final.</param>
/// <param name="NewState">The state afterwards; null for no change.</param>
/// <param name="NotifiesPerformer">UPS Cancel Requested (event 2) goes out and nothing changes.</param>
public readonly record struct UpsTransition(DimseStatus Status, UpsState? NewState = null, bool NotifiesPerformer = false)
{
    // The table as it is printed: no such UPS, SCHEDULED, IN PROGRESS, COMPLETED, CANCELED.
    private static readonly UpsTransition[][] _table =
    [
        /* N-CREATE                       */ [To(UpsState.Scheduled), No(0x0111), No(0x0111), No(0x0111), No(0x0111)],
        /* to IN PROGRESS, with a UID     */ [No(0xC307), To(UpsState.InProgress), No(0xC302), No(0xC300), No(0xC300)],
        /* to IN PROGRESS, without        */ [No(0xC307), No(0xC301), No(0xC301), No(0xC301), No(0xC301)],
        /* to SCHEDULED                   */ [No(0xC307), No(0xC303), No(0xC303), No(0xC303), No(0xC303)],
        /* to COMPLETED, right UID        */ [No(0xC307), No(0xC310), To(UpsState.Completed), No(0xB306), No(0xC300)],
        /* to COMPLETED, wrong UID        */ [No(0xC307), No(0xC301), No(0xC301), No(0xC301), No(0xC301)],
        /* Request Cancel                 */ [No(0xC307), To(UpsState.Canceled), new UpsTransition(DimseStatus.Success, null, true), No(0xC311), No(0xB304)],
        /* to CANCELED, right UID         */ [No(0xC307), No(0xC310), To(UpsState.Canceled), No(0xC300), No(0xB304)],
        /* to CANCELED, wrong UID         */ [No(0xC307), No(0xC301), No(0xC301), No(0xC301), No(0xC301)],
    ];

    /// <summary>The cell of a request and the present state; null for a UPS that is not there.</summary>
    public static UpsTransition Find(UpsRequest request, UpsState? present) => _table[(int)request][present is { } state ? (int)state + 1 : 0];

    private static UpsTransition To(UpsState state) => new(DimseStatus.Success, state);

    private static UpsTransition No(int status) => new(new DimseStatus((ushort)status));
}
