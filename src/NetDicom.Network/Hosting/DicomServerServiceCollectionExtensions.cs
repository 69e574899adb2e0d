using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace NetDicom.Network;

/// <summary>DICOM servers as part of a host: they start and stop with it, and each association gets a scope of services.</summary>
public static class DicomServerServiceCollectionExtensions
{
    /// <summary>Adds a server. Called again it adds another one: with another port, title, TLS.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="title">AE title of the entity.</param>
    /// <param name="port">TCP port; 0 lets the system choose.</param>
    /// <param name="configure">Adds contexts and handlers, and sets options; called when the host starts.</param>
    public static IServiceCollection AddDicomServer(this IServiceCollection services, string title, int port, Action<DicomServerSetup> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        return services.Add(provider => new DicomServerSetup(provider, title, port, new DicomServerOptions()), configure);
    }

    /// <summary>Adds a server whose title, port, limits and TLS are in <paramref name="configuration"/> (docs/hosting.md lists the keys).</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="configuration">The section of this one server.</param>
    /// <param name="configure">Adds contexts and handlers, and may overrule the configuration; called when the host starts.</param>
    /// <remarks>A wrong value or an unknown key is a <see cref="DicomConfigurationException"/> that names the key, and the host does not start.</remarks>
    public static IServiceCollection AddDicomServer(this IServiceCollection services, IConfiguration configuration, Action<DicomServerSetup> configure)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        ArgumentNullException.ThrowIfNull(configure);
        return services.Add(provider => DicomServerConfiguration.Read(provider, configuration), configure);
    }

    private static IServiceCollection Add(this IServiceCollection services, Func<IServiceProvider, DicomServerSetup> createSetup, Action<DicomServerSetup> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.TryAddSingleton<HostedDicomServers>();
        // Not AddHostedService: that takes one service of a type, and there may be several servers.
        return services.AddSingleton<IHostedService>(provider => new DicomServerService(provider, createSetup, configure));
    }
}
