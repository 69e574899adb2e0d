using System.Net;
using System.Net.Sockets;

namespace NetDicom.Network;

/// <summary>A stream as a transport: TLS over a socket.</summary>
internal sealed class StreamTransport(Stream stream, Socket socket) : Transport
{
    public override EndPoint? LocalEndPoint { get; } = socket.LocalEndPoint;

    public override EndPoint? RemoteEndPoint { get; } = socket.RemoteEndPoint;

    public Stream Stream => stream;

    public override ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken) => stream.ReadAsync(buffer, cancellationToken);

    public override ValueTask SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) => stream.WriteAsync(bytes, cancellationToken);

    public override void AcknowledgeNow() => QuickAcknowledgement.Send(socket);

    // TLS has a close notification of its own, which the stream sends when it is disposed.
    public override void ShutdownSend()
    {
    }

    public override void Dispose() => stream.Dispose();
}
