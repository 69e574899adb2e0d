namespace NetDicom.Cli.Faults;

/// <summary>What the other side did.</summary>
internal enum FaultReaction
{
    /// <summary>All that the scenario expects.</summary>
    Right,

    /// <summary>Something else, and it is there still.</summary>
    Other,

    /// <summary>Nothing, for as long as the patience lasts.</summary>
    Silent,

    /// <summary>It cannot be reached (any more), or does not serve an honest peer.</summary>
    Gone,
}

/// <summary>How a scenario went.</summary>
/// <param name="Scenario">Which.</param>
/// <param name="Reaction">In a word.</param>
/// <param name="Line">The statement that was not met; 0 if all were.</param>
/// <param name="Expected">What that statement asked for.</param>
/// <param name="Received">What came instead.</param>
/// <param name="Echo">Whether the honest C-ECHO succeeded; null if none was tried.</param>
/// <param name="Duration">How long it took.</param>
internal sealed record FaultOutcome(FaultScenario Scenario, FaultReaction Reaction, int Line, string? Expected, string? Received, bool? Echo, TimeSpan Duration)
{
    public bool Passed => Reaction == FaultReaction.Right;
}

/// <summary>Where and as whom scenarios are run.</summary>
internal sealed record FaultSettings(string Host, int Port, string Called, string Calling, TimeSpan Patience);
