namespace NetDicom.Network;

/// <summary>
/// A server that a host is about to start: its entity, port and options, as they come from the call and from configuration, for the last word of the program's own code.
/// </summary>
public sealed class DicomServerSetup
{
    internal DicomServerSetup(IServiceProvider services, string title, int port, DicomServerOptions options)
    {
        Services = services;
        Entity = new ApplicationEntity(title);
        Port = port;
        Options = options;
    }

    /// <summary>The services of the host itself; a handler takes those of its association, <see cref="Association.Services"/>.</summary>
    public IServiceProvider Services { get; }

    /// <summary>The entity that is served: add its contexts and handlers.</summary>
    public ApplicationEntity Entity { get; }

    /// <summary>TCP port; 0 lets the system choose, see <see cref="HostedDicomServers"/>.</summary>
    public int Port { get; set; }

    /// <summary>How associations are accepted. What is not set here is filled in: the log and <see cref="DicomServerOptions.Services"/> are the host's.</summary>
    public DicomServerOptions Options { get; set; }
}
