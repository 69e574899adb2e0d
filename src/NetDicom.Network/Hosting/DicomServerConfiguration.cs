using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace NetDicom.Network;

/// <summary>A server's settings out of a configuration section. The keys are listed in docs/hosting.md, and a test compares.</summary>
internal static class DicomServerConfiguration
{
    private const string KeyFile = "KeyFile", CertificateFile = "CertificateFile";

    /// <exception cref="DicomConfigurationException">A key is missing, unknown or wrong.</exception>
    public static DicomServerSetup Read(IServiceProvider services, IConfiguration configuration)
    {
        var keys = new ConfigurationKeys(configuration);
        string title = keys.RequiredText("AETitle");
        int port = keys.Number("Port", 0) ?? throw keys.Wrong("Port", "is missing");
        if (port > IPEndPoint.MaxPort)
            throw keys.Wrong("Port", $"{port} is over {IPEndPoint.MaxPort}");
        DicomServerOptions options = ReadOptions(keys) with { SelectTls = ReadTls(keys, (ILoggerFactory?)services.GetService(typeof(ILoggerFactory))) };
        keys.ExpectNoOther();
        try
        {
            return new DicomServerSetup(services, title, port, options);
        }
        catch (FormatException error)
        {
            throw keys.Wrong("AETitle", error.Message, error);
        }
    }

    private static DicomServerOptions ReadOptions(ConfigurationKeys keys)
    {
        var defaults = new DicomServerOptions();
        return defaults with
        {
            BindAddress = keys.Text("BindAddress") is not { } address ? null
                : IPAddress.TryParse(address, out IPAddress? parsed) ? parsed : throw keys.Wrong("BindAddress", $"'{address}' is not an IP address"),
            MaxPduLength = keys.Number<uint>("MaxPduLength", 0) ?? defaults.MaxPduLength,
            MaxAssociations = keys.Number("MaxAssociations", 1) ?? defaults.MaxAssociations,
            MaxAssociationsPerAddress = keys.Number("MaxAssociationsPerAddress", 0) ?? defaults.MaxAssociationsPerAddress,
            MaxPendingConnections = keys.Number("MaxPendingConnections", 1) ?? defaults.MaxPendingConnections,
            MaxOperationsPerformed = keys.Number<ushort>("MaxOperationsPerformed", 1) ?? defaults.MaxOperationsPerformed,
            MinReceiveRate = keys.Number("MinReceiveRate", 0) ?? defaults.MinReceiveRate,
            ArtimTimeout = keys.Time("ArtimTimeout") ?? defaults.ArtimTimeout,
            TlsHandshakeTimeout = keys.Time("TlsHandshakeTimeout") ?? defaults.TlsHandshakeTimeout,
            NetworkTimeout = keys.Time("NetworkTimeout") ?? defaults.NetworkTimeout,
            NegotiationTimeout = keys.Time("NegotiationTimeout") ?? defaults.NegotiationTimeout,
            DrainTimeout = keys.Time("DrainTimeout") ?? defaults.DrainTimeout,
            RequireCalledAETitle = keys.Truth("RequireCalledAETitle") ?? defaults.RequireCalledAETitle,
            RequireUserIdentity = keys.Truth("RequireUserIdentity") ?? defaults.RequireUserIdentity,
            AllowedCallingAETitles = keys.List("AllowedCallingAETitles"),
            AcceptUnknownStorage = keys.Truth("AcceptUnknownStorage") ?? defaults.AcceptUnknownStorage,
            PreferredTransferSyntaxes = keys.List("PreferredTransferSyntaxes")?.Select((uid, i) => DicomUid.TryParse(uid, out DicomUid parsed)
                ? new TransferSyntax(parsed)
                : throw keys.Wrong($"PreferredTransferSyntaxes:{i}", $"'{uid}' is not a UID")).ToArray(),
        };
    }

    private static Func<System.Net.Security.SslClientHelloInfo, CancellationToken, ValueTask<System.Net.Security.SslServerAuthenticationOptions>>? ReadTls(ConfigurationKeys parent, ILoggerFactory? log)
    {
        if (parent.Section("Tls") is not { } section)
            return null;
        var keys = new ConfigurationKeys(section);
        TimeSpan? interval = keys.Time("CheckInterval");
        CertificateFiles own = Load(keys, interval, log);
        Dictionary<string, CertificateFiles>? byName = null;
        if (keys.Section("ByName") is { } names)
        {
            byName = new(StringComparer.OrdinalIgnoreCase);
            foreach (IConfigurationSection name in names.GetChildren())
            {
                var named = new ConfigurationKeys(name);
                byName.Add(name.Key, Load(named, interval, log));
                named.ExpectNoOther();
            }
        }

        var settings = new TlsServerSettings
        {
            Certificate = own,
            CertificatesByName = byName,
            RequireClientCertificate = keys.Truth("RequireClientCertificate") ?? false,
            Authorities = ReadAuthorities(keys),
            RevocationMode = keys.Choice<X509RevocationMode>("RevocationMode") ?? X509RevocationMode.NoCheck,
            Profile = keys.Choice<TlsProfile>("Profile"),
        };
        if (settings.Profile is not null && (OperatingSystem.IsWindows() || OperatingSystem.IsAndroid()))
            throw keys.Wrong("Profile", "cannot be set: on this system its own policy decides on cipher suites");
        keys.ExpectNoOther();
        return settings.SelectAsync;
    }

    private static CertificateFiles Load(ConfigurationKeys keys, TimeSpan? interval, ILoggerFactory? log)
    {
        string certificate = keys.RequiredText(CertificateFile), key = keys.RequiredText(KeyFile);
        try
        {
            return new CertificateFiles(certificate, key, interval, log);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw keys.Wrong(CertificateFile, $"'{certificate}' with the key '{key}' cannot be used: {error.Message}", error);
        }
    }

    private static X509Certificate2Collection? ReadAuthorities(ConfigurationKeys keys)
    {
        if (keys.List("AuthorityFiles") is not { } files)
            return null;
        var authorities = new X509Certificate2Collection();
        foreach (string file in files)
        {
            try
            {
                authorities.ImportFromPemFile(file);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException or CryptographicException)
            {
                throw keys.Wrong("AuthorityFiles", $"'{file}' cannot be used: {error.Message}", error);
            }
        }

        return authorities.Count > 0 ? authorities : throw keys.Wrong("AuthorityFiles", "there is no certificate in them");
    }
}
