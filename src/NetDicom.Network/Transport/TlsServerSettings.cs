using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace NetDicom.Network;

/// <summary>
/// What most servers need of TLS, from files: <c>new DicomServerOptions { SelectTls = settings.SelectAsync }</c>. Certificates are read again when
/// they change and may be chosen by the name the client asks for; for anything else set <see cref="DicomServerOptions.Tls"/> or <see cref="DicomServerOptions.SelectTls"/> yourself.
/// </summary>
public sealed record TlsServerSettings
{
    /// <summary>The server's certificate, for every client that asks for no name of <see cref="CertificatesByName"/>.</summary>
    public required CertificateFiles Certificate { get; init; }

    /// <summary>Certificates by the server name that the client asks for (SNI, RFC 6066 section 3). Compared without regard to case if the dictionary does. Default none.</summary>
    public IReadOnlyDictionary<string, CertificateFiles>? CertificatesByName { get; init; }

    /// <summary>Refuse a client without a valid certificate: mutual authentication. Default false: clients are not asked for one.</summary>
    public bool RequireClientCertificate { get; init; }

    /// <summary>The authorities that may have signed a client's certificate. Default null: those of the system.</summary>
    public X509Certificate2Collection? Authorities { get; init; }

    /// <summary>Whether a client's certificate is looked up in its authority's list of revoked ones. Default <see cref="X509RevocationMode.NoCheck"/>: hospital networks often cannot reach one.</summary>
    public X509RevocationMode RevocationMode { get; init; } = X509RevocationMode.NoCheck;

    /// <summary>The profile whose cipher suites are used. Default null: the system's, with TLS 1.2 and 1.3.</summary>
    public TlsProfile? Profile { get; init; }

    /// <summary>The settings of one handshake.</summary>
    /// <exception cref="PlatformNotSupportedException">A profile is set, and the system decides by its own policy which suites are used (Windows).</exception>
    public ValueTask<SslServerAuthenticationOptions> SelectAsync(SslClientHelloInfo hello, CancellationToken cancellationToken)
    {
        CertificateFiles files = CertificatesByName is { } names && names.TryGetValue(hello.ServerName, out CertificateFiles? named) ? named : Certificate;
        var policy = new X509ChainPolicy { RevocationMode = RevocationMode };
        if (Authorities is { } authorities)
        {
            policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            policy.CustomTrustStore.AddRange(authorities);
        }

        return ValueTask.FromResult(new SslServerAuthenticationOptions
        {
            ServerCertificateContext = files.Current,
            EnabledSslProtocols = TlsProfiles.Protocols,
            ClientCertificateRequired = RequireClientCertificate,
            CertificateChainPolicy = policy,
            CipherSuitesPolicy = Profile is { } profile ? SuitesOf(profile) : null,
        });
    }

    private static CipherSuitesPolicy SuitesOf(TlsProfile profile) => OperatingSystem.IsWindows() || OperatingSystem.IsAndroid()
        ? throw new PlatformNotSupportedException($"the profile {profile} cannot be set: on this system its own policy decides on cipher suites")
        : TlsProfiles.CipherSuites(profile);
}
