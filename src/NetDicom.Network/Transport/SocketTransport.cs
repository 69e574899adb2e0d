using System.Net;
using System.Net.Sockets;

namespace NetDicom.Network;

/// <summary>A plain TCP connection.</summary>
internal sealed class SocketTransport : Transport
{
    private readonly Socket _socket;
    private readonly ShortWait _shortWait;
    private bool _looked;

    public SocketTransport(Socket socket)
    {
        _socket = socket;
        // Each write is a whole PDU or more: waiting for the acknowledgement of the one before would only cost time.
        socket.NoDelay = true;
        _shortWait = new ShortWait(socket);
        LocalEndPoint = socket.LocalEndPoint;
        RemoteEndPoint = socket.RemoteEndPoint;
    }

    public override EndPoint? LocalEndPoint { get; }

    public override EndPoint? RemoteEndPoint { get; }

    public override long? BytesTaken => Acknowledged.BytesOf(_socket);

    public override bool HasBytes(bool owed, bool answer)
    {
        _looked = true;
        return _shortWait.ForBytes(owed, answer);
    }

    public override ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        if (!buffer.IsEmpty && !_looked)
            _shortWait.ForBytes();
        _looked = false;
        return _socket.ReceiveAsync(buffer, SocketFlags.None, cancellationToken);
    }

    public override ValueTask SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        ValueTask<int> send = _socket.SendAsync(bytes, SocketFlags.None, cancellationToken);
        if (!send.IsCompletedSuccessfully)
            return FinishAsync(send, bytes, cancellationToken);
        int sent = send.Result;
        return sent == bytes.Length ? default : FinishAsync(new ValueTask<int>(sent), bytes, cancellationToken);
    }

    public override void AcknowledgeNow() => QuickAcknowledgement.Send(_socket);

    public override void ShutdownSend()
    {
        try
        {
            _socket.Shutdown(SocketShutdown.Send);
        }
        catch (SocketException)
        {
            // The peer was faster: the connection is gone already.
        }
        catch (ObjectDisposedException)
        {
        }
    }

    public override void Dispose() => _socket.Dispose();

    // A stream socket may take less than it was given.
    private async ValueTask FinishAsync(ValueTask<int> send, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        while (true)
        {
            int sent = await send.ConfigureAwait(false);
            bytes = bytes[sent..];
            if (bytes.IsEmpty)
                return;
            send = _socket.SendAsync(bytes, SocketFlags.None, cancellationToken);
        }
    }
}
