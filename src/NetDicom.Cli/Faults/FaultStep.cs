namespace NetDicom.Cli.Faults;

/// <summary>Which side of the conversation a scenario plays.</summary>
internal enum FaultRole
{
    /// <summary>It connects, to a server that is tried.</summary>
    Client,

    /// <summary>It waits for a connection of the client that is tried.</summary>
    Server,
}

/// <summary>A conversation that a script leads: docs/fault.md.</summary>
/// <param name="Name">Group and name, as in <c>associate/no-contexts</c>.</param>
/// <param name="Role">Client or server.</param>
/// <param name="About">One line: what is wrong, and what the standard asks for.</param>
/// <param name="Patience">Longest wait for one answer; null: what the command says.</param>
/// <param name="Steps">What is done, in order.</param>
/// <param name="Text">The lines it was read from, with the values of a table in their places.</param>
internal sealed record FaultScenario(string Name, FaultRole Role, string About, TimeSpan? Patience, IReadOnlyList<FaultStep> Steps, string Text);

/// <summary>One statement.</summary>
/// <param name="Line">Where it stands in its file, from 1.</param>
internal abstract record FaultStep(int Line);

/// <summary><c>connect</c>: a new connection; one that is open is closed before.</summary>
internal sealed record ConnectStep(int Line) : FaultStep(Line);

/// <summary><c>hold N [bytes]</c>: N connections more that stay open to the end of the scenario, each with these bytes sent and nothing else.</summary>
internal sealed record HoldStep(int Line, int Count, Sendable? What) : FaultStep(Line);

/// <summary><c>drop</c>: the connections that are held are closed.</summary>
internal sealed record DropStep(int Line) : FaultStep(Line);

/// <summary><c>next</c>: waits for the client's next connection.</summary>
internal sealed record NextStep(int Line) : FaultStep(Line);

/// <summary><c>send …</c>.</summary>
internal sealed record SendStep(int Line, Sendable What) : FaultStep(Line);

/// <summary><c>trickle SIZE PAUSE …</c>: sent in pieces with a pause behind each.</summary>
internal sealed record TrickleStep(int Line, int Size, TimeSpan Pause, Sendable What) : FaultStep(Line);

/// <summary><c>flood …</c>: sent again and again, nothing is read, until the peer takes no more or the connection ends.</summary>
internal sealed record FloodStep(int Line, Sendable What) : FaultStep(Line);

/// <summary><c>delay TIME</c>.</summary>
internal sealed record DelayStep(int Line, TimeSpan Time) : FaultStep(Line);

/// <summary><c>expect A [or B]…</c>, <c>await A [or B]…</c>: the next that comes, or the next of this kind with the rest passed over.</summary>
internal sealed record ExpectStep(int Line, bool SkipsOthers, IReadOnlyList<FaultExpectation> Any, string Text) : FaultStep(Line);

/// <summary><c>close</c>, <c>shutdown</c>, <c>reset</c>: both directions ended, ours only, or torn down with a TCP reset.</summary>
internal sealed record EndStep(int Line, ConnectionEnding Ending) : FaultStep(Line);

/// <summary><c>echo</c>: an honest association with a C-ECHO; both must succeed.</summary>
internal sealed record EchoStep(int Line) : FaultStep(Line);

/// <summary><c>repeat N … end</c>.</summary>
internal sealed record RepeatStep(int Line, int Count, IReadOnlyList<FaultStep> Steps) : FaultStep(Line);

/// <summary>How a connection is ended.</summary>
internal enum ConnectionEnding
{
    Close,
    Shutdown,
    Reset,
}
