using System.Net;

namespace NetDicom.Network;

/// <summary>A stream as a transport: TLS over a socket.</summary>
internal sealed class StreamTransport(Stream stream, EndPoint? localEndPoint, EndPoint? remoteEndPoint) : Transport
{
    public override EndPoint? LocalEndPoint { get; } = localEndPoint;

    public override EndPoint? RemoteEndPoint { get; } = remoteEndPoint;

    public Stream Stream => stream;

    public override ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken) => stream.ReadAsync(buffer, cancellationToken);

    public override ValueTask SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) => stream.WriteAsync(bytes, cancellationToken);

    // TLS has a close notification of its own, which the stream sends when it is disposed.
    public override void ShutdownSend()
    {
    }

    public override void Dispose() => stream.Dispose();
}
