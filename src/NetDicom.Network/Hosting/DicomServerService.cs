using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace NetDicom.Network;

/// <summary>Starts one server with the host and stops it with it: the host's shutdown time limits the draining.</summary>
internal sealed class DicomServerService(IServiceProvider services, Func<IServiceProvider, DicomServerSetup> createSetup, Action<DicomServerSetup>? configure) : IHostedService
{
    private HostedDicomServers? _running;
    private DicomServer? _server;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        DicomServerSetup setup = createSetup(services);
        configure?.Invoke(setup);
        DicomServerOptions options = setup.Options with
        {
            Services = setup.Options.Services ?? services,
            LoggerFactory = setup.Options.LoggerFactory ?? (ILoggerFactory?)services.GetService(typeof(ILoggerFactory)),
        };
        _server = await setup.Entity.StartServerAsync(setup.Port, options, cancellationToken).ConfigureAwait(false);
        _running = (HostedDicomServers?)services.GetService(typeof(HostedDicomServers));
        _running?.Add(_server);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_server is not { } server)
            return;
        await server.StopAsync(cancellationToken).ConfigureAwait(false);
        _running?.Remove(server);
    }
}
