using System.CommandLine;
using System.Net.Sockets;
using NetDicom.Cli.Invocation;
using NetDicom.Cli.Options;
using NetDicom.Network;

namespace NetDicom.Cli.Commands;

/// <summary>The life of a server tool: it listens, says where, and stops cleanly on a signal.</summary>
internal static class ScpRun
{
    /// <summary>The server options that every SCP has.</summary>
    public static DicomServerOptions Options(ScpOptions options, ParseResult arguments, ToolConsole console) => new()
    {
        BindAddress = options.BindAddress(arguments),
        MaxPduLength = options.MaxPduLength(arguments),
        // On a line with a delay the time goes by the window; objects come one after the other whatever it is, and are written as they come.
        MaxOperationsPerformed = 64,
        ArtimTimeout = options.ArtimTimeout(arguments),
        TlsHandshakeTimeout = options.ConnectTimeout(arguments),
        DimseTimeout = options.DimseTimeout(arguments),
        NetworkTimeout = options.NetworkTimeout(arguments),
        QuirkTable = options.Quirks.Read(arguments),
        SelectTls = options.Tls.Server(arguments, console.Log) is { } tls ? tls.SelectAsync : null,
        LoggerFactory = console.Log,
    };

    /// <summary>Serves until a signal comes.</summary>
    /// <exception cref="UsageException">The port cannot be had.</exception>
    public static async Task UntilStoppedAsync(ApplicationEntity entity, int port, DicomServerOptions options, ToolConsole console)
    {
        DicomServer server;
        try
        {
            server = await entity.StartServerAsync(port, options, console.Stop);
        }
        catch (SocketException e)
        {
            throw new UsageException($"Cannot listen on port {port}: {e.Message}");
        }

        await using (server)
        {
            console.Json?.Write("listening", json =>
            {
                json.WriteNumber("port", server.Port);
                json.WriteString("aeTitle", entity.Title.ToString());
            });
            console.Print($"Listening on port {server.Port}");
            try
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, console.Stop);
            }
            catch (OperationCanceledException)
            {
                console.Log.Info("Stopping: open associations may finish, for a few seconds");
            }

            await server.StopAsync(CancellationToken.None);
        }
    }
}
