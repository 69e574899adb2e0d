using System.Net.Sockets;
using NetDicom.Cli.Commands;
using NetDicom.Cli.Invocation;
using NetDicom.Network;
using NetDicom.Protocol;

namespace NetDicom.Cli.Procedures;

/// <summary>A server for the time of a client's work: SCPs report events on an association of their own (PS3.4 annexes J.3.3 and CC.2.4).</summary>
internal static class Listener
{
    /// <param name="connection">Whose entity answers.</param>
    /// <param name="sopClass">The class whose events are taken. Whoever calls is its SCP, so the roles are the other way round.</param>
    /// <param name="port">Where; the peer must know it.</param>
    /// <param name="isWanted">The user asked for this port; otherwise it is done without when the port is taken.</param>
    /// <param name="console">The tool's.</param>
    /// <exception cref="UsageException">The port that the user asked for cannot be had.</exception>
    public static async Task<DicomServer?> StartAsync(ScuConnection connection, DicomUid sopClass, int port, bool isWanted, ToolConsole console)
    {
        DicomUid[] syntaxes = [.. Syntaxes.Default.Select(s => s.Uid)];
        IReadOnlyList<PresentationContext> contexts =
        [
            .. PresentationContexts.Verification,
            new PresentationContext(sopClass, syntaxes) { ScuRole = true, ScpRole = true },
        ];
        try
        {
            DicomServer server = await connection.Entity.StartServerAsync(port, connection.ServerOptions with { SupportedContexts = contexts }, console.Stop);
            console.Log.Info($"Listening for reports on port {server.Port}");
            console.Json?.Write("listening", json =>
            {
                json.WriteNumber("port", server.Port);
                json.WriteString("aeTitle", connection.Entity.Title.ToString());
            });
            return server;
        }
        catch (SocketException e)
        {
            if (isWanted)
                throw new UsageException($"Cannot listen on port {port}: {e.Message}; another one is given with --report-port");
            console.Log.Warn($"Cannot listen on port {port}: {e.Message}; reports are taken on the same association only");
            return null;
        }
    }
}
