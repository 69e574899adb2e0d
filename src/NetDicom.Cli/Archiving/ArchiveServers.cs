using System.Net;
using System.Net.Sockets;
using NetDicom.Cli.Commands;
using NetDicom.Cli.Invocation;
using NetDicom.Network;

namespace NetDicom.Cli.Archiving;

/// <summary>The listeners of an archive: all start, or none; a signal stops them together.</summary>
internal static class ArchiveServers
{
    /// <summary>Serves until a signal comes.</summary>
    /// <param name="listeners">Ports, at least one.</param>
    /// <param name="entities">Who answers at each of them, the main entity first.</param>
    /// <param name="options">What all listeners have in common.</param>
    /// <param name="console">Where to say it.</param>
    /// <exception cref="UsageException">A port cannot be had.</exception>
    public static async Task UntilStoppedAsync(IReadOnlyList<ArchiveListener> listeners, IReadOnlyList<ApplicationEntity> entities, DicomServerOptions options, ToolConsole console)
    {
        options = options with { AlsoServe = [.. entities.Skip(1)] };
        var servers = new List<DicomServer>();
        try
        {
            foreach (ArchiveListener listener in listeners)
                servers.Add(await StartAsync(listener, entities[0], options, console));
            foreach (DicomServer server in servers)
            {
                console.Json?.Write("listening", json =>
                {
                    json.WriteNumber("port", server.Port);
                    json.WriteString("aeTitle", entities[0].Title.ToString());
                });
                console.Print($"Listening on port {server.Port}");
            }

            try
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, console.Stop);
            }
            catch (OperationCanceledException)
            {
                console.Log.Info("Stopping: open associations may finish, for a few seconds");
            }

            await Task.WhenAll(servers.Select(server => server.StopAsync(CancellationToken.None)));
        }
        finally
        {
            foreach (DicomServer server in servers)
                await server.DisposeAsync();
        }
    }

    private static async Task<DicomServer> StartAsync(ArchiveListener listener, ApplicationEntity entity, DicomServerOptions options, ToolConsole console)
    {
        options = options with
        {
            // Whoever may reach it should have been meant to: this machine only, until told otherwise.
            BindAddress = listener.Bind ?? IPAddress.Loopback,
            SelectTls = listener.IsMain && options.SelectTls is { } given ? given : listener.Tls is { } tls ? tls.Server(console.Log).SelectAsync : null,
        };
        try
        {
            return await entity.StartServerAsync(listener.Port, options, console.Stop);
        }
        catch (SocketException e)
        {
            throw new UsageException($"Cannot listen on port {listener.Port}: {e.Message}");
        }
    }
}
