using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using NetDicom.Network.Tests.Support;
using NetDicom.Protocol;

namespace NetDicom.Network.Tests;

public sealed class TlsTests : IDisposable
{
    private readonly X509Certificate2 _certificate = CreateCertificate();

    public void Dispose() => _certificate.Dispose();

    [Fact]
    public async Task An_association_over_TLS_outlives_the_reading_that_stops_when_a_slow_hook_has_decided()
    {
        var entered = new TaskCompletionSource();
        var work = new TaskCompletionSource();
        await using DicomServer server = await new ApplicationEntity("TEST").WithVerification().StartServerAsync(0, new DicomServerOptions
        {
            Tls = new SslServerAuthenticationOptions { ServerCertificate = _certificate },
            OnNegotiate = async (_, _) =>
            {
                entered.SetResult();
                await work.Task;
            },
        });
        Task<Association> asking = new ApplicationEntity("SCU").WithRequested(SopClasses.Verification)
            .AssociateAsync("127.0.0.1", server.Port, new AssociationOptions { Tls = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = IsOurs } });
        await entered.Task.WaitAsync(RawPeer.Patience);
        work.SetResult();
        await using Association association = await asking.WaitAsync(RawPeer.Patience);
        for (int i = 0; i < 10; i++)
            Assert.Equal(DimseStatus.Success, await association.EchoAsync().WaitAsync(RawPeer.Patience));
        await association.ReleaseAsync().WaitAsync(RawPeer.Patience);
        Assert.Equal(AssociationEndKind.Released, association.End!.Kind);
    }

    [Fact]
    public async Task A_peer_that_speaks_plainly_to_a_TLS_port_is_closed_and_the_next_is_served()
    {
        await using DicomServer server = await new ApplicationEntity("TEST").WithVerification().StartServerAsync(0, new DicomServerOptions
        {
            Tls = new SslServerAuthenticationOptions { ServerCertificate = _certificate },
        });
        using (RawPeer peer = await RawPeer.ConnectAsync(server.Port))
        {
            await peer.SendAsync(RawPeer.Request());
            await peer.ExpectCloseAsync();
        }

        await using Association association = await new ApplicationEntity("SCU").WithRequested(SopClasses.Verification)
            .AssociateAsync("127.0.0.1", server.Port, new AssociationOptions { Tls = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = IsOurs } });
        Assert.Equal(DimseStatus.Success, await association.EchoAsync());
    }

    private bool IsOurs(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors) =>
        certificate is not null && certificate.GetCertHashString() == _certificate.GetCertHashString();

    private static X509Certificate2 CreateCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=test", key, HashAlgorithmName.SHA256);
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    }
}
