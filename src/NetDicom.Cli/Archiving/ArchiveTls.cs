using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;
using NetDicom.Cli.Invocation;
using NetDicom.Network;

namespace NetDicom.Cli.Archiving;

/// <summary>TLS by configuration: our certificate as server, and as client towards destinations; and whom to trust.</summary>
internal sealed record ArchiveTls
{
    public required string Key { get; init; }

    public required string Certificate { get; init; }

    public IReadOnlyList<string> Authorities { get; init; } = [];

    public TlsProfile? Profile { get; init; }

    public bool RequirePeerCertificate { get; init; }

    public static ArchiveTls Of(ArchiveSettings settings)
    {
        var tls = new ArchiveTls
        {
            Key = settings.RequiredPath("key"),
            Certificate = settings.RequiredPath("certificate"),
            Authorities = settings.Paths("authorities"),
            Profile = settings.Choice("profile", ("bcp195", TlsProfile.Bcp195), ("bcp195-modified", TlsProfile.ModifiedBcp195)),
            RequirePeerCertificate = settings.Truth("requirePeerCertificate") ?? false,
        };
        settings.ExpectNoOther();
        return tls;
    }

    /// <exception cref="UsageException">A file cannot be used.</exception>
    public TlsServerSettings Server(ILoggerFactory log) => Loaded(() => new TlsServerSettings
    {
        Certificate = new CertificateFiles(Certificate, Key, loggerFactory: log),
        Profile = Profile,
        RequireClientCertificate = RequirePeerCertificate,
        Authorities = Trusted(),
    });

    /// <summary>Towards a destination: its certificate must have the name it is called by.</summary>
    /// <exception cref="UsageException">A file cannot be used.</exception>
    public SslClientAuthenticationOptions Client(string host, ILoggerFactory log) => Loaded(() =>
    {
        var policy = new X509ChainPolicy { RevocationMode = X509RevocationMode.NoCheck };
        if (Trusted() is { } trusted)
        {
            policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            policy.CustomTrustStore.AddRange(trusted);
        }

        return new SslClientAuthenticationOptions
        {
            TargetHost = host,
            EnabledSslProtocols = TlsProfiles.Protocols,
            ClientCertificateContext = new CertificateFiles(Certificate, Key, loggerFactory: log).Current,
            CertificateChainPolicy = policy,
        };
    });

    private X509Certificate2Collection? Trusted()
    {
        if (Authorities.Count == 0)
            return null;
        var trusted = new X509Certificate2Collection();
        foreach (string file in Authorities)
            trusted.ImportFromPemFile(file);
        return trusted;
    }

    private static T Loaded<T>(Func<T> load)
    {
        try
        {
            return load();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            throw new UsageException($"Cannot use the files for TLS: {e.Message}");
        }
    }
}
