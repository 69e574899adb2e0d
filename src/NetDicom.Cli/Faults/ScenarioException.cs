namespace NetDicom.Cli.Faults;

/// <summary>A scenario that cannot be read; the message begins with its file and line.</summary>
internal sealed class ScenarioException(string message) : Exception(message);
