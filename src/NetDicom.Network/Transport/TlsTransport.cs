using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

namespace NetDicom.Network;

/// <summary>TLS over a socket.</summary>
internal sealed class TlsTransport(SslStream stream, Socket socket) : Transport
{
    public override EndPoint? LocalEndPoint { get; } = socket.LocalEndPoint;

    public override EndPoint? RemoteEndPoint { get; } = socket.RemoteEndPoint;

    public override X509Certificate2? PeerCertificate => stream.RemoteCertificate switch
    {
        null => null,
        X509Certificate2 certificate => certificate,
        { } other => X509CertificateLoader.LoadCertificate(other.GetRawCertData()),
    };

    public override ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken) => stream.ReadAsync(buffer, cancellationToken);

    public override ValueTask SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) => stream.WriteAsync(bytes, cancellationToken);

    public override void AcknowledgeNow() => QuickAcknowledgement.Send(socket);

    // Half a TLS connection cannot be shut: the peer sees the end when the transport is disposed. Whether close_notify goes out then is up to SslStream; no test looks.
    public override void ShutdownSend()
    {
    }

    public override void Dispose() => stream.Dispose();
}
