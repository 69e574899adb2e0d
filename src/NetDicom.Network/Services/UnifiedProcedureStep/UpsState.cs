namespace NetDicom.Network;

/// <summary>Procedure Step State (0074,1000) of a Unified Procedure Step (PS3.4 section CC.1.1).</summary>
public enum UpsState
{
    /// <summary>SCHEDULED: nobody works on it.</summary>
    Scheduled,

    /// <summary>IN PROGRESS: the holder of the transaction UID works on it.</summary>
    InProgress,

    /// <summary>COMPLETED.</summary>
    Completed,

    /// <summary>CANCELED.</summary>
    Canceled,
}

/// <summary>The terms of <see cref="UpsState"/>.</summary>
public static class UpsStates
{
    /// <summary>The term of Procedure Step State (0074,1000).</summary>
    public static string ToTerm(this UpsState state) => state switch
    {
        UpsState.Scheduled => "SCHEDULED",
        UpsState.InProgress => "IN PROGRESS",
        UpsState.Completed => "COMPLETED",
        UpsState.Canceled => "CANCELED",
        _ => throw new ArgumentOutOfRangeException(nameof(state)),
    };

    /// <summary>Reads a term.</summary>
    public static bool TryParse(string? term, out UpsState state)
    {
        state = term switch { "IN PROGRESS" => UpsState.InProgress, "COMPLETED" => UpsState.Completed, "CANCELED" => UpsState.Canceled, _ => UpsState.Scheduled };
        return term is "SCHEDULED" or "IN PROGRESS" or "COMPLETED" or "CANCELED";
    }
}
