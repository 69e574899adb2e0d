namespace NetDicom.Network;

/// <summary>Transaction Status (0008,0417): the states of the production of an inventory (PS3.4 section KK.2.1.1).</summary>
public enum InventoryState
{
    /// <summary>PROCESSING.</summary>
    Processing,

    /// <summary>PAUSED: by request, or by the provider itself.</summary>
    Paused,

    /// <summary>COMPLETE: ended, with a complete inventory.</summary>
    Complete,

    /// <summary>FAILURE: ended.</summary>
    Failure,

    /// <summary>CANCELED: ended by request, or by the provider itself.</summary>
    Canceled,
}

/// <summary>The terms of the states.</summary>
public static class InventoryStates
{
    /// <summary>As it is written in (0008,0417).</summary>
    public static string ToTerm(this InventoryState state) => state switch
    {
        InventoryState.Processing => "PROCESSING",
        InventoryState.Paused => "PAUSED",
        InventoryState.Complete => "COMPLETE",
        InventoryState.Failure => "FAILURE",
        _ => "CANCELED",
    };

    /// <summary>Whether no request changes it any more.</summary>
    public static bool IsTerminal(this InventoryState state) => state >= InventoryState.Complete;

    /// <summary>Reads a term.</summary>
    public static bool TryParse(string? term, out InventoryState state)
    {
        foreach (InventoryState one in Enum.GetValues<InventoryState>())
        {
            state = one;
            if (one.ToTerm() == term)
                return true;
        }

        state = default;
        return false;
    }
}
