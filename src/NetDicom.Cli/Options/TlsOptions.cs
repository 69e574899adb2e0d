using System.CommandLine;
using System.Net.Security;
using System.Runtime.Versioning;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;
using NetDicom.Cli.Invocation;
using NetDicom.Network;

namespace NetDicom.Cli.Options;

/// <summary>TLS for clients and servers: key and certificate, trusted authorities, how the peer is checked (PS3.15 annex B.12: BCP 195, TLS 1.2 and 1.3).</summary>
internal sealed class TlsOptions
{
    private readonly Option<string[]> _keyCertificate = new("--tls-key-cert")
    {
        Description = "also written +tls: use TLS, with this private key and certificate, PEM files; further certificates in the file are the chain",
        HelpName = "KEY CERT",
        Arity = new ArgumentArity(2, 2),
        AllowMultipleArgumentsPerToken = true,
    };

    private readonly Option<string[]> _authorities = new("--ca")
    {
        Description = "also written +cf: certificate of an authority to trust, PEM file; may be repeated (default: those of the system)",
        HelpName = "FILE",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<string?> _profile = new("--tls-profile")
    {
        Description = "cipher suites of a DICOM profile: bcp195 (PS3.15 B.12) or bcp195-modified (B.13) (default: those of the system, TLS 1.2 and 1.3)",
        HelpName = "PROFILE",
    };

    private readonly Option<bool> _require = new("--require-peer-cert", "-rc");
    private readonly Option<bool> _ignore = new("--ignore-peer-cert", "-ic");
    private readonly Option<bool>? _plainClient;
    private readonly Option<string?>? _name;
    private readonly bool _isServer;

    public TlsOptions(Command command, bool isServer)
    {
        _isServer = isServer;
        _require.Description = isServer ? "refuse a peer without a valid certificate" : "refuse a peer without a valid certificate: the default for the peer that is called; who calls a listener of this tool is asked for one too";
        _ignore.Description = isServer ? "do not ask the peer for a certificate: the default, accepted for old scripts" : "do not check the peer's certificate: anybody in between can read and change everything";
        command.Options.Add(_keyCertificate);
        command.Options.Add(_authorities);
        _profile.AcceptOnlyFromAmong("bcp195", "bcp195-modified");
        command.Options.Add(_profile);
        command.Options.Add(_require);
        command.Options.Add(_ignore);
        Exclusive.Add(command, _require, _ignore);
        if (isServer)
            return;
        _plainClient = new Option<bool>("--tls", "-tls") { Description = "use TLS without a certificate of our own" };
        _name = new Option<string?>("--sni") { Description = "name that the peer's certificate must have, and that it is asked for (default: the address)", HelpName = "NAME" };
        command.Options.Add(_plainClient);
        command.Options.Add(_name);
    }

    /// <summary>Settings of a client; null: no TLS.</summary>
    /// <exception cref="UsageException">A file cannot be used, or options miss each other.</exception>
    public SslClientAuthenticationOptions? Client(ParseResult arguments, string host)
    {
        string[]? files = arguments.GetValue(_keyCertificate);
        if (files is null or [] && !arguments.GetValue(_plainClient!))
        {
            RefuseWithoutTls(arguments);
            return null;
        }

        var options = new SslClientAuthenticationOptions
        {
            TargetHost = arguments.GetValue(_name!) ?? host,
            EnabledSslProtocols = TlsProfiles.Protocols,
            CipherSuitesPolicy = CipherSuites(arguments),
            CertificateChainPolicy = Policy(arguments),
        };
        if (files is [var key, var certificate])
            options.ClientCertificateContext = Load(key, certificate).Current;
        if (arguments.GetValue(_ignore))
        {
#pragma warning disable CA5359 // The user asked for it by name, and the help says what it means.
            options.RemoteCertificateValidationCallback = static (_, _, _, _) => true;
#pragma warning restore CA5359
        }

        return options;
    }

    /// <summary>Settings of a server, whose certificate may be renewed while it runs; null: no TLS.</summary>
    /// <exception cref="UsageException">A file cannot be used, or options miss each other.</exception>
    public TlsServerSettings? Server(ParseResult arguments, ILoggerFactory log)
    {
        if (Listener(arguments, log) is { } settings)
            return settings;
        RefuseWithoutTls(arguments);
        return null;
    }

    /// <summary>Settings of the server that a client tool is for the time of its work; null: no TLS. Its certificate is the client's.</summary>
    /// <exception cref="UsageException">A file cannot be used.</exception>
    public TlsServerSettings? Listener(ParseResult arguments, ILoggerFactory log)
    {
        if (arguments.GetValue(_keyCertificate) is not [var key, var certificate])
            return null;
        return new TlsServerSettings
        {
            Certificate = Load(key, certificate, log),
            Profile = Profile(arguments),
            // Given, and not the client's default: who connects is asked for a certificate too.
            RequireClientCertificate = arguments.GetValue(_require),
            Authorities = Authorities(arguments),
        };
    }

    /// <summary>TLS was asked for without a certificate of our own: a client can do so, a server cannot.</summary>
    public bool IsWithoutCertificate(ParseResult arguments) => arguments.GetValue(_plainClient!) && arguments.GetValue(_keyCertificate) is null or [];

    // An option for TLS on a plain connection would give a false feeling of safety.
    private void RefuseWithoutTls(ParseResult arguments)
    {
        Option[] options = [_authorities, _profile, _require, _ignore, .. _name is null ? Array.Empty<Option>() : [_name]];
        if (options.FirstOrDefault(o => arguments.GetResult(o) is { Implicit: false }) is { } given)
            throw new UsageException($"{given.Name} is of use with TLS only: give {(_isServer ? "--tls-key-cert" : "--tls or --tls-key-cert")} too");
    }

    private TlsProfile? Profile(ParseResult arguments)
    {
        if (arguments.GetValue(_profile) is not { } profile)
            return null;
        if (OperatingSystem.IsWindows() || OperatingSystem.IsAndroid())
            throw new UsageException("--tls-profile: on this system its own policy decides on cipher suites");
        return profile == "bcp195" ? TlsProfile.Bcp195 : TlsProfile.ModifiedBcp195;
    }

    [UnsupportedOSPlatformGuard("windows")]
    [UnsupportedOSPlatformGuard("android")]
    private static bool ChoosesSuites => !OperatingSystem.IsWindows() && !OperatingSystem.IsAndroid();

    private CipherSuitesPolicy? CipherSuites(ParseResult arguments) => Profile(arguments) is { } profile && ChoosesSuites ? TlsProfiles.CipherSuites(profile) : null;

    private X509Certificate2Collection? Authorities(ParseResult arguments)
    {
        if (arguments.GetValue(_authorities) is not { Length: > 0 } files)
            return null;
        var authorities = new X509Certificate2Collection();
        foreach (string file in files)
            Read(file, () => authorities.ImportFromPemFile(file));
        return authorities;
    }

    private X509ChainPolicy Policy(ParseResult arguments)
    {
        var policy = new X509ChainPolicy { RevocationMode = X509RevocationMode.NoCheck };
        if (Authorities(arguments) is not { } authorities)
            return policy;
        policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        policy.CustomTrustStore.AddRange(authorities);
        return policy;
    }

    private static CertificateFiles Load(string key, string certificate, ILoggerFactory? log = null)
    {
        CertificateFiles? files = null;
        Read($"{key} and {certificate}", () => files = new CertificateFiles(certificate, key, loggerFactory: log));
        return files!;
    }

    private static void Read(string what, Action read)
    {
        try
        {
            read();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            throw new UsageException($"Cannot use {what} for TLS: {e.Message}");
        }
    }
}
