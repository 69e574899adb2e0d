using NetDicom.Cli.Invocation;
using NetDicom.Network;
using NetDicom.Protocol;

namespace NetDicom.Cli.Commands;

/// <summary>The life of one association of a client tool: it is asked for, used and released, and whatever ends it becomes a line and an exit code.</summary>
internal static class ScuRun
{
    /// <param name="connection">Where to.</param>
    /// <param name="contexts">What is proposed.</param>
    /// <param name="extended">Extended negotiation items.</param>
    /// <param name="work">What is done on the association; its result is the exit code unless something ends it before.</param>
    /// <param name="console">The tool's.</param>
    public static async Task<int> RunAsync(
        ScuConnection connection, IReadOnlyList<PresentationContext> contexts, IReadOnlyList<SopClassExtendedNegotiation> extended, Func<Association, Task<int>> work, ToolConsole console)
    {
        bool established = false;
        try
        {
            // Left by a signal: an idle association is released, one in the middle of a message is aborted.
            await using Association association = await connection.OpenAsync(contexts, extended, console.Stop);
            established = true;
            int code = await work(association);
            await ReleaseAsync(association, console);
            return code;
        }
        catch (Exception e) when (Failures.IsExpected(e))
        {
            console.Log.Error(Failures.Describe(e));
            return console.FinalExitCode(Failures.ExitCodeOf(e, established));
        }
        catch (OperationCanceledException) when (console.Stop.IsCancellationRequested)
        {
            console.Log.Info("Stopped by a signal");
            return console.FinalExitCode(ExitCode.Interrupted);
        }
    }

    /// <summary>Releases; what was answered is not undone when that goes wrong.</summary>
    public static async Task ReleaseAsync(Association association, ToolConsole console)
    {
        if (!association.IsOpen)
            return;
        try
        {
            await association.ReleaseAsync(console.Stop);
        }
        catch (Exception e) when (Failures.IsExpected(e))
        {
            console.Log.Warn($"The association was not released in order: {Failures.Describe(e)}");
        }
    }
}
