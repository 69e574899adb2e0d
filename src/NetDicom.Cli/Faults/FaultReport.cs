using NetDicom.Cli.Commands;
using NetDicom.Cli.Invocation;
using NetDicom.Cli.Output;

namespace NetDicom.Cli.Faults;

/// <summary>What fault says: a line for each scenario, and how many went how.</summary>
internal sealed class FaultReport(ToolConsole console)
{
    private readonly Dictionary<FaultReaction, int> _counts = [];

    public void Add(FaultOutcome outcome)
    {
        _counts[outcome.Reaction] = _counts.GetValueOrDefault(outcome.Reaction) + 1;
        string? received = outcome.Received is { } text ? SafeText.OneLine(text) : null;
        console.Print(outcome.Passed
            ? $"right   {outcome.Scenario.Name}"
            : $"{Word(outcome.Reaction),-6}  {outcome.Scenario.Name}: line {outcome.Line}, {(outcome.Expected is { } expected ? $"'{expected}', but {received}" : received)}");
        console.Json?.Write("scenario", json =>
        {
            json.WriteString("name", outcome.Scenario.Name);
            json.WriteString("role", Role(outcome.Scenario));
            json.WriteString("about", outcome.Scenario.About);
            json.WriteString("reaction", Word(outcome.Reaction));
            if (!outcome.Passed)
            {
                json.WriteNumber("line", outcome.Line);
                json.WriteString("expected", outcome.Expected);
                json.WriteString("received", received);
            }

            if (outcome.Echo is { } echo)
                json.WriteBoolean("echo", echo);
            json.WriteNumber("seconds", Math.Round(outcome.Duration.TotalSeconds, 3));
        });
    }

    /// <summary>The exit code: 0 if every reaction was right, 1 if the peer was never there, else 4.</summary>
    public int Summarize()
    {
        int all = _counts.Values.Sum();
        int exitCode = Count(FaultReaction.Right) == all ? ExitCode.Success : Count(FaultReaction.Gone) == all ? ExitCode.NotEstablished : ExitCode.OperationFailed;
        console.Print($"{all} scenarios: {Count(FaultReaction.Right)} right, {Count(FaultReaction.Other)} other, {Count(FaultReaction.Silent)} silent, {Count(FaultReaction.Gone)} gone");
        console.Json?.Write("summary", json =>
        {
            json.WriteString("tool", "fault");
            json.WriteNumber("scenarios", all);
            json.WriteNumber("right", Count(FaultReaction.Right));
            json.WriteNumber("other", Count(FaultReaction.Other));
            json.WriteNumber("silent", Count(FaultReaction.Silent));
            json.WriteNumber("gone", Count(FaultReaction.Gone));
            json.WriteNumber("exitCode", exitCode);
        });
        return exitCode;
    }

    public static string Role(FaultScenario scenario) => scenario.Role == FaultRole.Client ? "client" : "server";

    private int Count(FaultReaction reaction) => _counts.GetValueOrDefault(reaction);

    private static string Word(FaultReaction reaction) => reaction switch
    {
        FaultReaction.Right => "right",
        FaultReaction.Other => "other",
        FaultReaction.Silent => "silent",
        _ => "gone",
    };
}
