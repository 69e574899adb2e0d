using NetDicom.Cli.Invocation;
using NetDicom.Cli.Output;

namespace NetDicom.Cli.Commands;

/// <summary>What a tool talks through: standard output for results, the log for the rest, and the token that a signal fires.</summary>
internal sealed class ToolConsole(Stream standardOutput, ToolLog log, JsonLines? json, bool quiet, Interruption interruption) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly StreamWriter _text = new(standardOutput) { AutoFlush = true };

    public ToolLog Log => log;

    /// <summary>Set with <c>--json</c>.</summary>
    public JsonLines? Json => json;

    /// <summary>Fires on the first SIGINT or SIGTERM.</summary>
    public CancellationToken Stop => interruption.Token;

    /// <summary>The code the process will end with: a signal's, if one came.</summary>
    public int FinalExitCode(int code) => interruption.ExitCode ?? code;

    /// <summary>Whether people see what is printed: otherwise a question is none.</summary>
    public bool IsHeard => json is null && !quiet;

    /// <summary>A line, or several, for people on standard output; nothing when the results are JSON or the user wants quiet. What a peer said may stand in it: no terminal sequence gets through.</summary>
    public void Print(string line)
    {
        if (json is not null || quiet)
            return;
        lock (_gate)
        {
            try
            {
                _text.WriteLine(SafeText.Lines(line));
            }
            catch (IOException e)
            {
                throw new OutputException(e);
            }
        }
    }

    public void Dispose()
    {
        try
        {
            _text.Dispose();
        }
        catch (IOException)
        {
            // What could not be written has been told.
        }
    }
}
