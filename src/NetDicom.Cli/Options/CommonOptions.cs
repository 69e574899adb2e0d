using System.CommandLine;
using Microsoft.Extensions.Logging;
using NetDicom.Cli.Output;

namespace NetDicom.Cli.Options;

/// <summary>The options that every tool has: help, version, log, results as JSON.</summary>
internal sealed class CommonOptions
{
    private static readonly string[] s_levels = ["critical", "error", "warn", "info", "debug", "trace"];

    private readonly Option<bool> _quiet = new("--quiet", "-q") { Description = "no log and no text on standard output; the exit code says it all" };
    private readonly Option<bool> _verbose = new("--verbose", "-v") { Description = "log what is done (level info)" };
    private readonly Option<bool> _debug = new("--debug", "-d") { Description = "log the negotiation and every message too (level debug)" };

    private readonly Option<string?> _level = new("--log-level", "-ll")
    {
        Description = "lowest level that is logged: critical, error, warn, info, debug or trace (default: error)",
        HelpName = "LEVEL",
    };

    private readonly Option<string> _format = new("--log-format")
    {
        Description = "the log as text or as one JSON object a line: text or json (default: text)",
        HelpName = "FORMAT",
        DefaultValueFactory = _ => "text",
    };

    private LogLevel _default = LogLevel.Error;

    private readonly Option<bool> _json = new("--json") { Description = "results on standard output as one JSON object a line, a summary last" };

    public CommonOptions(Command command)
    {
        _level.AcceptOnlyFromAmong(s_levels);
        _format.AcceptOnlyFromAmong("text", "json");
        command.Options.Add(Help);
        command.Options.Add(Version);
        command.Options.Add(_quiet);
        command.Options.Add(_verbose);
        command.Options.Add(_debug);
        command.Options.Add(_level);
        command.Options.Add(_format);
        command.Options.Add(_json);
        Exclusive.Add(command, _quiet, _verbose, _debug, _level);
    }

    public Option<bool> Help { get; } = new("--help", "-h") { Description = "this text" };

    public Option<bool> Version { get; } = new("--version") { Description = "the version" };

    /// <summary>For tools whose JSON is not one of results.</summary>
    public void DescribeJson(string description) => _json.Description = description;

    /// <summary>For tools that say what they do without being asked.</summary>
    public void SpeakByDefault()
    {
        _default = LogLevel.Information;
        _level.Description = _level.Description!.Replace("(default: error)", "(default: info)", StringComparison.Ordinal);
    }

    public bool WantsJson(ParseResult arguments) => arguments.GetValue(_json);

    public bool IsQuiet(ParseResult arguments) => arguments.GetValue(_quiet);

    public LogFormat Format(ParseResult arguments) => arguments.GetValue(_format) == "json" ? LogFormat.Json : LogFormat.Text;

    public LogLevel Level(ParseResult arguments)
    {
        if (arguments.GetValue(_quiet))
            return LogLevel.None;
        if (arguments.GetValue(_verbose))
            return LogLevel.Information;
        if (arguments.GetValue(_debug))
            return LogLevel.Debug;
        return arguments.GetValue(_level) switch
        {
            "critical" => LogLevel.Critical,
            "warn" => LogLevel.Warning,
            "info" => LogLevel.Information,
            "debug" => LogLevel.Debug,
            "trace" => LogLevel.Trace,
            "error" => LogLevel.Error,
            _ => _default,
        };
    }
}
