using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using NetDicom.Network.Tests.Support;
using NetDicom.Protocol;

namespace NetDicom.Network.Tests;

/// <summary>Servers in a host: start, stop, services of an association, configuration.</summary>
public sealed class HostingTests : IDisposable
{
    private static readonly ApplicationEntity s_scu = new ApplicationEntity("SCU").WithRequested(SopClasses.Verification);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("netdicom-test-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Servers_start_and_stop_with_their_host()
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddDicomServer("ONE", 0, server => server.Entity.AddSupportedContexts(PresentationContexts.Verification));
        builder.Services.AddDicomServer("TWO", 0, server => server.Entity.AddSupportedContexts(PresentationContexts.Verification));
        using IHost host = builder.Build();
        await host.StartAsync(TestContext.Current.CancellationToken);
        DicomServer[] running = [.. host.Services.GetRequiredService<HostedDicomServers>().Running];
        Assert.Equal(["ONE", "TWO"], running.Select(server => server.Title.ToString()).Order());
        foreach (DicomServer server in running)
            await EchoAsync(server.Port, 1);
        await host.StopAsync(TestContext.Current.CancellationToken);
        Assert.Empty(host.Services.GetRequiredService<HostedDicomServers>().Running);
        foreach (DicomServer server in running)
            await Assert.ThrowsAsync<ConnectionFailedException>(() => EchoAsync(server.Port, 1));
    }

    [Fact]
    public async Task Handlers_come_from_a_scope_of_their_association_that_ends_with_it()
    {
        var log = new Lives();
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSingleton(log);
        builder.Services.AddScoped<Counter>();
        builder.Services.AddDicomServer("TEST", 0, server =>
        {
            Assert.Same(log, server.Services.GetRequiredService<Lives>());
            server.Entity.AddSupportedContexts(PresentationContexts.Verification);
            server.Entity.OnEcho<Counter>((counter, _, _) => ValueTask.FromResult(counter.Count()));
        });
        using IHost host = builder.Build();
        await host.StartAsync(TestContext.Current.CancellationToken);
        int port = Assert.Single(host.Services.GetRequiredService<HostedDicomServers>().Running).Port;
        await EchoAsync(port, 3);
        await EchoAsync(port, 2);
        await host.StopAsync(TestContext.Current.CancellationToken);
        // Both are over: each association had one counter of its own, disposed of after its last echo.
        Assert.Equal(["2 echoes", "3 echoes"], log.Ended.Order());
    }

    [Fact]
    public async Task A_handler_that_works_on_after_the_end_keeps_its_services()
    {
        var log = new Lives();
        var entered = new TaskCompletionSource();
        var work = new TaskCompletionSource();
        await using ServiceProvider services = new ServiceCollection().AddSingleton(log).AddScoped<Counter>().BuildServiceProvider();
        ApplicationEntity entity = new ApplicationEntity("TEST").WithVerification();
        entity.OnEcho<Counter>(async (counter, _, _) =>
        {
            entered.SetResult();
            await work.Task;
            return counter.Count();
        });
        await using DicomServer server = await entity.StartServerAsync(0, new DicomServerOptions { Services = services });
        using RawPeer peer = await RawPeer.AssociateAsync(server.Port);
        await peer.SendAsync(1, new CEchoRequest { MessageId = 1, AffectedSopClassUid = SopClasses.Verification });
        await entered.Task.WaitAsync(RawPeer.Patience);
        await peer.SendAsync(new AAbort(AbortSource.ServiceUser, AbortReason.NotSpecified));
        await peer.ExpectCloseAsync();
        Assert.Empty(log.Ended);
        Task stop = server.StopAsync(TestContext.Current.CancellationToken);
        work.SetResult();
        await stop.WaitAsync(RawPeer.Patience);
        Assert.Equal(["1 echoes"], log.Ended);
    }

    [Fact]
    public async Task A_handler_that_wants_a_service_where_there_are_none_fails_and_the_association_lives_on()
    {
        ApplicationEntity entity = new ApplicationEntity("TEST").WithVerification();
        entity.OnEcho<Counter>((counter, _, _) => ValueTask.FromResult(counter.Count()));
        await using DicomServer server = await entity.StartServerAsync(0);
        await using Association association = await s_scu.AssociateAsync("127.0.0.1", server.Port);
        Assert.Null(association.Services);
        Assert.Equal(DimseStatus.ProcessingFailure, await association.EchoAsync());
        Assert.True(association.IsOpen);
    }

    [Fact]
    public async Task A_host_that_stops_aborts_what_is_left_when_its_own_time_is_over()
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddDicomServer("TEST", 0, server =>
        {
            server.Entity.AddSupportedContexts(PresentationContexts.Verification);
            server.Options = server.Options with { DrainTimeout = TimeSpan.FromHours(1) };
        });
        using IHost host = builder.Build();
        await host.StartAsync(TestContext.Current.CancellationToken);
        Association association = await s_scu.AssociateAsync("127.0.0.1", Assert.Single(host.Services.GetRequiredService<HostedDicomServers>().Running).Port);
        await host.StopAsync(new CancellationToken(canceled: true)).ContinueWith(_ => { }, TaskScheduler.Default);
        await association.Completion.WaitAsync(RawPeer.Patience);
        Assert.Equal(AssociationEndKind.AbortedByPeer, association.End!.Kind);
    }

    [Fact]
    public async Task Every_setting_of_a_server_can_come_from_configuration()
    {
        using var certificate = new TlsTests.Certificate("test");
        string pem = Path.Combine(_folder.FullName, "own.pem"), key = Path.Combine(_folder.FullName, "own.key");
        await File.WriteAllTextAsync(pem, certificate.CertificatePem, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(key, certificate.KeyPem, TestContext.Current.CancellationToken);
        DicomServerSetup setup = DicomServerConfiguration.Read(new ServiceCollection().BuildServiceProvider(), Section(
            ("AETitle", "ARCHIVE"), ("Port", "11112"), ("BindAddress", "::1"), ("MaxPduLength", "0"), ("MaxAssociations", "7"), ("MaxAssociationsPerAddress", "3"),
            ("MaxPendingConnections", "50"), ("MaxOperationsPerformed", "4"), ("MinReceiveRate", "1000"), ("ArtimTimeout", "12.5"), ("TlsHandshakeTimeout", "00:01:30"),
            ("NetworkTimeout", "0"), ("NegotiationTimeout", "90"), ("DrainTimeout", "5"), ("RequireCalledAETitle", "true"), ("RequireUserIdentity", "True"),
            ("AllowedCallingAETitles:0", "CT1"), ("AllowedCallingAETitles:1", "MR1"), ("AcceptUnknownStorage", "true"), ("PreferredTransferSyntaxes:0", "1.2.840.10008.1.2.1"),
            ("Tls:CertificateFile", pem), ("Tls:KeyFile", key), ("Tls:RequireClientCertificate", "true"), ("Tls:AuthorityFiles:0", pem), ("Tls:RevocationMode", "Offline"),
            ("Tls:Profile", "ModifiedBcp195"), ("Tls:CheckInterval", "60"), ("Tls:ByName:pacs.example:CertificateFile", pem), ("Tls:ByName:pacs.example:KeyFile", key)));
        DicomServerOptions options = setup.Options;
        Assert.Equal(("ARCHIVE", 11112, "::1"), (setup.Entity.Title.ToString(), setup.Port, options.BindAddress!.ToString()));
        Assert.Equal((0u, 7, 3, 50, (ushort)4, 1000), (options.MaxPduLength, options.MaxAssociations, options.MaxAssociationsPerAddress, options.MaxPendingConnections, options.MaxOperationsPerformed, options.MinReceiveRate));
        Assert.Equal(
            [12.5, 90, 0, 90, 5],
            [options.ArtimTimeout.TotalSeconds, options.TlsHandshakeTimeout.TotalSeconds, options.NetworkTimeout.TotalSeconds, options.NegotiationTimeout.TotalSeconds, options.DrainTimeout.TotalSeconds]);
        Assert.Equal((true, true, true), (options.RequireCalledAETitle, options.RequireUserIdentity, options.AcceptUnknownStorage));
        Assert.Equal(["CT1", "MR1"], options.AllowedCallingAETitles!);
        Assert.Equal([TransferSyntax.ExplicitVRLittleEndian], options.PreferredTransferSyntaxes!);
        System.Net.Security.SslServerAuthenticationOptions tls = await options.SelectTls!(new System.Net.Security.SslClientHelloInfo("PACS.example", TlsProfiles.Protocols), CancellationToken.None);
        Assert.True(tls.ClientCertificateRequired);
        Assert.Equal(System.Security.Cryptography.X509Certificates.X509RevocationMode.Offline, tls.CertificateChainPolicy!.RevocationMode);
        Assert.Equal(certificate.Own.Thumbprint, Assert.Single(tls.CertificateChainPolicy.CustomTrustStore).Thumbprint);
        Assert.Equal(certificate.Own.Thumbprint, tls.ServerCertificateContext!.TargetCertificate.Thumbprint);
    }

    [Fact]
    public void What_is_not_configured_is_as_in_code()
    {
        DicomServerSetup setup = DicomServerConfiguration.Read(new ServiceCollection().BuildServiceProvider(), Section(("AETitle", "A"), ("Port", "0")));
        Assert.Equal(new DicomServerOptions(), setup.Options);
    }

    [Theory]
    [InlineData("AETitle", "", "Dicom:AETitle: is missing")]
    [InlineData("AETitle", "MUCH_TOO_LONG_A_TITLE", "Dicom:AETitle: ")]
    [InlineData("Port", "", "Dicom:Port: is missing")]
    [InlineData("Port", "65536", "Dicom:Port: 65536 is over 65535")]
    [InlineData("Port", "-1", "Dicom:Port: '-1' is not a whole number")]
    [InlineData("Port", "dicom", "Dicom:Port: 'dicom' is not a whole number")]
    [InlineData("MaxAssociations", "0", "Dicom:MaxAssociations: '0' is not a whole number from 1 ")]
    [InlineData("MaxOperationsPerformed", "65536", "Dicom:MaxOperationsPerformed: ")]
    [InlineData("BindAddress", "everywhere", "Dicom:BindAddress: 'everywhere' is not an IP address")]
    [InlineData("ArtimTimeout", "soon", "Dicom:ArtimTimeout: 'soon' is not a time: seconds, or hh:mm:ss")]
    [InlineData("ArtimTimeout", "-5", "Dicom:ArtimTimeout: ")]
    [InlineData("RequireCalledAETitle", "yes", "Dicom:RequireCalledAETitle: 'yes' is neither true nor false")]
    [InlineData("PreferredTransferSyntaxes:0", "JPEG", "Dicom:PreferredTransferSyntaxes:0: 'JPEG' is not a UID")]
    [InlineData("ArtimTimout", "5", "Dicom:ArtimTimout: is no key here; known are AETitle, ")]
    [InlineData("Tls:Certificate", "x", "Dicom:Tls:CertificateFile: is missing")]
    [InlineData("Tls:CertificateFile", "missing.pem", "Dicom:Tls:KeyFile: is missing")]
    public async Task A_wrong_configuration_keeps_the_host_from_starting_and_names_the_key(string key, string value, string problem)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?> { ["Dicom:AETitle"] = "A", ["Dicom:Port"] = "0" });
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?> { [$"Dicom:{key}"] = value });
        builder.Services.AddDicomServer(builder.Configuration.GetSection("Dicom"), _ => { });
        using IHost host = builder.Build();
        DicomConfigurationException error = await Assert.ThrowsAsync<DicomConfigurationException>(() => host.StartAsync(TestContext.Current.CancellationToken));
        Assert.StartsWith($"Configuration {problem}", error.Message, StringComparison.Ordinal);
        Assert.StartsWith("Dicom:", error.Key, StringComparison.Ordinal);
    }

    [Fact]
    public void A_certificate_that_cannot_be_used_is_told_with_its_key_and_file()
    {
        string file = Path.Combine(_folder.FullName, "own.pem");
        File.WriteAllText(file, "nothing");
        DicomConfigurationException error = Assert.Throws<DicomConfigurationException>(() => DicomServerConfiguration.Read(
            new ServiceCollection().BuildServiceProvider(), Section(("AETitle", "A"), ("Port", "0"), ("Tls:CertificateFile", file), ("Tls:KeyFile", file))));
        Assert.Equal("Dicom:Tls:CertificateFile", error.Key);
        Assert.Contains(file, error.Message, StringComparison.Ordinal);
    }

    private static IConfigurationSection Section(params (string Key, string Value)[] keys) =>
        new ConfigurationBuilder().AddInMemoryCollection(keys.ToDictionary(pair => $"Dicom:{pair.Key}", pair => (string?)pair.Value)).Build().GetSection("Dicom");

    private static async Task EchoAsync(int port, int times)
    {
        await using Association association = await s_scu.AssociateAsync("127.0.0.1", port).WaitAsync(RawPeer.Patience);
        for (int i = 0; i < times; i++)
            Assert.Equal(DimseStatus.Success, await association.EchoAsync().WaitAsync(RawPeer.Patience));
        await association.ReleaseAsync().WaitAsync(RawPeer.Patience);
    }

    internal sealed class Lives
    {
        private readonly Lock _gate = new();
        private readonly List<string> _ended = [];

        public IReadOnlyList<string> Ended
        {
            get
            {
                lock (_gate)
                    return [.. _ended];
            }
        }

        public void Add(string life)
        {
            lock (_gate)
                _ended.Add(life);
        }
    }

    internal sealed class Counter(Lives lives) : IAsyncDisposable
    {
        private int _echoes;

        public DimseStatus Count()
        {
            _echoes++;
            return DimseStatus.Success;
        }

        public ValueTask DisposeAsync()
        {
            lives.Add($"{_echoes} echoes");
            return ValueTask.CompletedTask;
        }
    }
}
