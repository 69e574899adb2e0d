using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

namespace NetDicom.Network;

/// <summary>TLS over a socket. However it ends, close_notify goes out before the connection is closed, unless a send is stuck in the middle of a record.</summary>
internal sealed class TlsTransport(SslStream stream, TlsSocketStream records, Socket socket) : Transport
{
    private const int Idle = 0, Sending = 1, Ended = 2;

    // RFC 8446 section 5.1: a record has no more plain text than that.
    private const int Record = 16 * 1024;

    private int _state;
    private int _disposed;

    public override EndPoint? LocalEndPoint { get; } = socket.LocalEndPoint;

    public override EndPoint? RemoteEndPoint { get; } = socket.RemoteEndPoint;

    public override X509Certificate2? PeerCertificate => stream.RemoteCertificate switch
    {
        null => null,
        X509Certificate2 certificate => certificate,
        { } other => X509CertificateLoader.LoadCertificate(other.GetRawCertData()),
    };

    public override long? BytesTaken => Acknowledged.BytesOf(socket);

    // SslStream gives a record or two at a time; a file is written in larger pieces when those that are here come together.
    public override async ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        int received = await stream.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        while (received > 0 && buffer.Length - received >= Record && records.HasRecordAhead)
        {
            int more = await stream.ReadAsync(buffer[received..], cancellationToken).ConfigureAwait(false);
            if (more == 0)
                break;
            received += more;
        }

        return received;
    }

    public override async ValueTask SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        if (Interlocked.CompareExchange(ref _state, Sending, Idle) != Idle)
            throw new IOException("close_notify is sent: nothing can follow it");
        try
        {
            if (bytes.Length > Record)
                records.Gather();
            await stream.WriteAsync(bytes, cancellationToken).ConfigureAwait(false);
            if (bytes.Length > Record)
                await records.SendGatheredAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            records.StopGathering();
            Interlocked.CompareExchange(ref _state, Idle, Sending);
        }
    }

    public override void AcknowledgeNow() => QuickAcknowledgement.Send(socket);

    // RFC 8446 section 6.1: close_notify ends one direction; what the peer still sends can be read.
    public override void ShutdownSend()
    {
        if (Interlocked.CompareExchange(ref _state, Ended, Idle) == Idle)
            _ = CloseNotifyAsync();
    }

    public override void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;
        // A few bytes: they are in the system's buffer when this returns, or the peer does not take anything any more.
        ShutdownSend();
        stream.Dispose();
    }

    private async Task CloseNotifyAsync()
    {
        try
        {
            await stream.ShutdownAsync().ConfigureAwait(false);
            socket.Shutdown(SocketShutdown.Send);
        }
        catch (Exception error) when (error is IOException or SocketException or ObjectDisposedException or InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            // The peer was faster: the connection is gone already.
        }
    }
}
