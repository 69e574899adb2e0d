using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using NetDicom.Network.Tests.Support;
using NetDicom.Protocol;
using NetDicom.TestSupport;

namespace NetDicom.Network.Tests;

public sealed class TlsTests : IDisposable
{
    private static readonly ApplicationEntity s_scu = new ApplicationEntity("SCU").WithRequested(SopClasses.Verification);
    private readonly Certificate _certificate = new("test");
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("netdicom-test-");

    public void Dispose()
    {
        _certificate.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task An_association_over_TLS_outlives_the_reading_that_stops_when_a_slow_hook_has_decided()
    {
        var entered = new TaskCompletionSource();
        var work = new TaskCompletionSource();
        await using DicomServer server = await StartAsync(new DicomServerOptions
        {
            Tls = new SslServerAuthenticationOptions { ServerCertificate = _certificate.Own },
            OnNegotiate = async (_, _) =>
            {
                entered.SetResult();
                await work.Task;
            },
        });
        Task<Association> asking = AskAsync(server, _certificate.Trusting());
        await entered.Task.WaitAsync(RawPeer.Patience);
        work.SetResult();
        await using Association association = await asking.WaitAsync(RawPeer.Patience);
        for (int i = 0; i < 10; i++)
            Assert.Equal(DimseStatus.Success, await association.EchoAsync().WaitAsync(RawPeer.Patience));
        await association.ReleaseAsync().WaitAsync(RawPeer.Patience);
        Assert.Equal(AssociationEndKind.Released, association.End!.Kind);
    }

    [Fact]
    public async Task An_association_over_TLS_rests_and_goes_on()
    {
        var clock = new FakeTimeProvider();
        await using DicomServer server = await StartAsync(new DicomServerOptions { TimeProvider = clock, Tls = new SslServerAuthenticationOptions { ServerCertificate = _certificate.Own } });
        await using Association association = await AskAsync(server, _certificate.Trusting());
        for (int i = 0; i < 5; i++)
        {
            Assert.Equal(DimseStatus.Success, await association.EchoAsync().WaitAsync(RawPeer.Patience));
            // Whether it rests already when the clock moves makes no difference to be seen.
            clock.Advance(ReceiveBuffer.QuietTime + TimeSpan.FromSeconds(1));
        }

        await association.ReleaseAsync().WaitAsync(RawPeer.Patience);
    }

    [Fact]
    public async Task A_peer_that_speaks_plainly_to_a_TLS_port_is_closed_told_of_and_the_next_is_served()
    {
        var log = new ListLog();
        await using DicomServer server = await StartAsync(new DicomServerOptions { LoggerFactory = log, Tls = new SslServerAuthenticationOptions { ServerCertificate = _certificate.Own } });
        using (RawPeer peer = await RawPeer.ConnectAsync(server.Port))
        {
            await peer.SendAsync(RawPeer.Request());
            await peer.ExpectCloseAsync();
        }

        Assert.Contains("does not speak TLS (its first byte is 01H)", await log.WhenLoggedAsync(1004), StringComparison.Ordinal);
        await EchoAsync(server, _certificate.Trusting());
    }

    [Fact]
    public async Task A_peer_that_speaks_TLS_to_a_plain_port_is_aborted_told_of_and_the_next_is_served()
    {
        var log = new ListLog();
        await using DicomServer server = await StartAsync(new DicomServerOptions { LoggerFactory = log });
        ConnectionFailedException error = await Assert.ThrowsAsync<ConnectionFailedException>(() => AskAsync(server, _certificate.Trusting()));
        Assert.Contains("does not speak TLS (its first byte is 07H)", error.Message, StringComparison.Ordinal);
        Assert.Contains("16H", await log.WhenLoggedAsync(1005), StringComparison.Ordinal);
        await using Association plain = await s_scu.AssociateAsync("127.0.0.1", server.Port);
        Assert.Equal(DimseStatus.Success, await plain.EchoAsync());
    }

    [Fact]
    public async Task Plain_and_TLS_stand_side_by_side_in_one_entity()
    {
        ApplicationEntity entity = new ApplicationEntity("TEST").WithVerification();
        DicomServer plain = await entity.StartServerAsync(0);
        DicomServer secure = await entity.StartServerAsync(0, new DicomServerOptions { Tls = new SslServerAuthenticationOptions { ServerCertificate = _certificate.Own } });
        await using Association one = await s_scu.AssociateAsync("127.0.0.1", plain.Port);
        await using Association two = await AskAsync(secure, _certificate.Trusting());
        Assert.Equal(DimseStatus.Success, await one.EchoAsync());
        Assert.Equal(DimseStatus.Success, await two.EchoAsync());
        await entity.StopServersAsync(new CancellationToken(canceled: true));
        await one.Completion.WaitAsync(RawPeer.Patience);
        await two.Completion.WaitAsync(RawPeer.Patience);
        Assert.Equal((AssociationEndKind.AbortedByPeer, AssociationEndKind.AbortedByPeer), (one.End!.Kind, two.End!.Kind));
        foreach (DicomServer stopped in (DicomServer[])[plain, secure])
            await Assert.ThrowsAsync<ConnectionFailedException>(() => s_scu.AssociateAsync("127.0.0.1", stopped.Port));
    }

    [Fact]
    public async Task Mutual_authentication_lets_in_who_shows_a_trusted_certificate_and_gives_it_to_the_hook()
    {
        using var client = new Certificate("client");
        string? seen = null;
        await using DicomServer server = await StartAsync(new DicomServerOptions
        {
            SelectTls = Settings(_certificate, client).SelectAsync,
            OnNegotiate = (negotiation, _) =>
            {
                seen = negotiation.PeerCertificate?.Subject;
                return ValueTask.CompletedTask;
            },
        });
        SslClientAuthenticationOptions own = _certificate.Trusting();
        own.ClientCertificates = [client.Own];
        await EchoAsync(server, own);
        Assert.Equal("CN=client", seen);

        using var stranger = new Certificate("stranger");
        foreach (X509CertificateCollection? shown in (X509CertificateCollection?[])[null, [stranger.Own]])
        {
            SslClientAuthenticationOptions other = _certificate.Trusting();
            other.ClientCertificates = shown;
            // With TLS 1.3 a client is through before the server has judged its certificate: it learns when it asks for the association.
            DicomNetworkException error = await Assert.ThrowsAnyAsync<DicomNetworkException>(() => AskAsync(server, other));
            Assert.True(error is ConnectionFailedException or AssociationEndedException { End.Kind: AssociationEndKind.ConnectionLost }, error.ToString());
        }

        await EchoAsync(server, own);
    }

    [Theory]
    [InlineData("unknown authority", "chain")]
    [InlineData("expired", "NotTimeValid")]
    [InlineData("wrong name", "RemoteCertificateNameMismatch")]
    public async Task A_server_whose_certificate_is_not_to_be_believed_is_no_connection_and_the_reason_is_told(string what, string reason)
    {
        using var expired = new Certificate("expired", isExpired: true);
        using var other = new Certificate("other");
        Certificate shown = what == "expired" ? expired : _certificate;
        await using DicomServer server = await StartAsync(new DicomServerOptions { Tls = new SslServerAuthenticationOptions { ServerCertificate = shown.Own } });
        SslClientAuthenticationOptions trust = what == "unknown authority" ? other.TrustingAuthority() : shown.TrustingAuthority();
        if (what == "wrong name")
            trust.TargetHost = "other.example";
        ConnectionFailedException error = await Assert.ThrowsAsync<ConnectionFailedException>(() => AskAsync(server, trust));
        Assert.Contains("TLS handshake failed", error.Message, StringComparison.Ordinal);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Settings_that_name_no_version_mean_1_2_and_1_3_and_nothing_below(bool isServer)
    {
#pragma warning disable CA5397, SYSLIB0039, CA5398 // The versions that must be refused.
        const SslProtocols old = SslProtocols.Tls11;
#pragma warning restore CA5397, SYSLIB0039, CA5398
        if (isServer)
        {
            await using DicomServer server = await StartAsync(new DicomServerOptions { Tls = new SslServerAuthenticationOptions { ServerCertificate = _certificate.Own } });
            SslClientAuthenticationOptions client = _certificate.Trusting();
#pragma warning disable CA5397 // As above.
            client.EnabledSslProtocols = old;
#pragma warning restore CA5397
            await Assert.ThrowsAsync<ConnectionFailedException>(() => AskAsync(server, client));
            foreach (SslProtocols good in (SslProtocols[])[SslProtocols.Tls12, SslProtocols.Tls13])
            {
                client = _certificate.Trusting();
                client.EnabledSslProtocols = good;
                await EchoAsync(server, client);
            }

            return;
        }

        // The versions that a client offers, from its own ClientHello: supported_versions (43) of RFC 8446 section 4.2.1 holds 0304 and 0303 alone.
        (Socket listener, int port) = RawPeer.Listen();
        using (listener)
        {
            Task<Association> asking = s_scu.AssociateAsync("127.0.0.1", port, new AssociationOptions { Tls = new SslClientAuthenticationOptions { TargetHost = "sni.example" } });
            using Socket peer = await listener.AcceptAsync();
            byte[] hello = new byte[4096];
            int read = await peer.ReceiveAsync(hello);
            byte[] versions = [0, 43, 0, 5, 4, 3, 4, 3, 3];
            Assert.True(hello.AsSpan(0, read).IndexOf(versions) > 0, Convert.ToHexString(hello, 0, read));
            // And the name, server_name (RFC 6066 section 3).
            Assert.True(hello.AsSpan(0, read).IndexOf("sni.example"u8) > 0);
            peer.Dispose();
            ConnectionFailedException error = await Assert.ThrowsAsync<ConnectionFailedException>(() => asking.WaitAsync(RawPeer.Patience));
            Assert.Contains("may not speak TLS", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_name_that_a_client_asks_for_chooses_the_certificate()
    {
        using var other = new Certificate("other.example", dnsName: "other.example");
        TlsServerSettings settings = Settings(_certificate, null) with { CertificatesByName = new Dictionary<string, CertificateFiles> { ["other.example"] = Files(other) } };
        await using DicomServer server = await StartAsync(new DicomServerOptions { SelectTls = settings.SelectAsync });
        SslClientAuthenticationOptions named = other.TrustingAuthority();
        named.TargetHost = "other.example";
        await EchoAsync(server, named);
        await EchoAsync(server, _certificate.TrustingAuthority());
        named.TargetHost = "nobody.example";
        await Assert.ThrowsAsync<ConnectionFailedException>(() => AskAsync(server, named));
    }

    [Fact]
    public async Task A_renewed_certificate_is_used_and_half_a_pair_is_not()
    {
        var clock = new FakeTimeProvider();
        var log = new ListLog();
        using var renewed = new Certificate("test");
        (string certificateFile, string keyFile) = Write(_certificate, "server");
        var files = new CertificateFiles(certificateFile, keyFile, TimeSpan.FromSeconds(10), log, clock);
        await using DicomServer server = await StartAsync(new DicomServerOptions { SelectTls = new TlsServerSettings { Certificate = files }.SelectAsync });
        await using Association before = await AskAsync(server, _certificate.TrustingAuthority());

        // The certificate is there, its key is not yet.
        await File.WriteAllTextAsync(certificateFile, renewed.CertificatePem, TestContext.Current.CancellationToken);
        await EchoAsync(server, _certificate.TrustingAuthority());
        clock.Advance(TimeSpan.FromSeconds(10));
        await EchoAsync(server, _certificate.TrustingAuthority());
        Assert.Contains(certificateFile, await log.WhenLoggedAsync(1007), StringComparison.Ordinal);

        // Half a file, and none.
        await File.WriteAllTextAsync(keyFile, renewed.KeyPem[..40], TestContext.Current.CancellationToken);
        clock.Advance(TimeSpan.FromSeconds(10));
        await EchoAsync(server, _certificate.TrustingAuthority());
        File.Delete(keyFile);
        clock.Advance(TimeSpan.FromSeconds(10));
        await EchoAsync(server, _certificate.TrustingAuthority());

        await File.WriteAllTextAsync(keyFile, renewed.KeyPem, TestContext.Current.CancellationToken);
        await EchoAsync(server, _certificate.TrustingAuthority());
        clock.Advance(TimeSpan.FromSeconds(10));
        await EchoAsync(server, renewed.TrustingAuthority());
        await log.WhenLoggedAsync(1006);
        await Assert.ThrowsAsync<ConnectionFailedException>(() => AskAsync(server, _certificate.TrustingAuthority()));
        Assert.Equal(DimseStatus.Success, await before.EchoAsync());
    }

    [Fact]
    public async Task A_chooser_that_fails_refuses_that_connection_only()
    {
        bool fails = true;
        await using DicomServer server = await StartAsync(new DicomServerOptions
        {
            SelectTls = (_, _) => fails ? throw new InvalidOperationException("no settings") : ValueTask.FromResult(new SslServerAuthenticationOptions { ServerCertificate = _certificate.Own }),
        });
        await Assert.ThrowsAsync<ConnectionFailedException>(() => AskAsync(server, _certificate.Trusting()));
        fails = false;
        await EchoAsync(server, _certificate.Trusting());
    }

    private static TlsServerSettings Settings(CertificateFiles files, Certificate? client) =>
        new() { Certificate = files, RequireClientCertificate = client is not null, Authorities = client is null ? null : [client.Bare] };

    private static Task<DicomServer> StartAsync(DicomServerOptions options) => new ApplicationEntity("TEST").WithVerification().StartServerAsync(0, options);

    private static Task<Association> AskAsync(DicomServer server, SslClientAuthenticationOptions tls) =>
        s_scu.AssociateAsync("127.0.0.1", server.Port, new AssociationOptions { Tls = tls }).WaitAsync(RawPeer.Patience);

    private static async Task EchoAsync(DicomServer server, SslClientAuthenticationOptions tls)
    {
        await using Association association = await AskAsync(server, tls);
        Assert.Equal(DimseStatus.Success, await association.EchoAsync().WaitAsync(RawPeer.Patience));
    }

    private TlsServerSettings Settings(Certificate certificate, Certificate? client) => Settings(Files(certificate), client);

    private CertificateFiles Files(Certificate certificate)
    {
        (string certificateFile, string keyFile) = Write(certificate, Guid.NewGuid().ToString("N"));
        return new CertificateFiles(certificateFile, keyFile);
    }

    private (string CertificateFile, string KeyFile) Write(Certificate certificate, string name)
    {
        (string CertificateFile, string KeyFile) files = (Path.Combine(_folder.FullName, name + ".pem"), Path.Combine(_folder.FullName, name + ".key"));
        File.WriteAllText(files.CertificateFile, certificate.CertificatePem);
        File.WriteAllText(files.KeyFile, certificate.KeyPem);
        return files;
    }

    /// <summary>A certificate that signs itself, for 127.0.0.1, and those who trust it.</summary>
    internal sealed class Certificate : IDisposable
    {
        public Certificate(string name, bool isExpired = false, string? dnsName = null)
        {
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
            var names = new SubjectAlternativeNameBuilder();
            if (dnsName is null)
                names.AddIpAddress(IPAddress.Loopback);
            else
                names.AddDnsName(dnsName);
            request.CertificateExtensions.Add(names.Build());
            request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
            Own = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-3), DateTimeOffset.UtcNow.AddDays(isExpired ? -1 : 1));
            CertificatePem = Own.ExportCertificatePem();
            KeyPem = key.ExportPkcs8PrivateKeyPem();
            Bare = X509CertificateLoader.LoadCertificate(Own.RawData);
        }

        public X509Certificate2 Own { get; }

        public X509Certificate2 Bare { get; }

        public string CertificatePem { get; }

        public string KeyPem { get; }

        /// <summary>Settings that take this very certificate, whatever is wrong with it.</summary>
        public SslClientAuthenticationOptions Trusting() => new()
        {
            RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is not null && certificate.GetCertHashString() == Own.GetCertHashString(),
        };

        /// <summary>Settings that take what this certificate has signed, checked as in earnest.</summary>
        public SslClientAuthenticationOptions TrustingAuthority()
        {
            var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            policy.CustomTrustStore.Add(Bare);
            return new SslClientAuthenticationOptions { CertificateChainPolicy = policy };
        }

        public void Dispose()
        {
            Own.Dispose();
            Bare.Dispose();
        }
    }
}
