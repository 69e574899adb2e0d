using System.Net;
using System.Security.Cryptography.X509Certificates;

namespace NetDicom.Network;

/// <summary>A connected byte stream under an association: a socket, a TLS stream, or a pipe in a test.</summary>
internal abstract class Transport : IDisposable
{
    public abstract EndPoint? LocalEndPoint { get; }

    public abstract EndPoint? RemoteEndPoint { get; }

    /// <summary>The certificate the peer showed; null without TLS or without one.</summary>
    public virtual X509Certificate2? PeerCertificate => null;

    /// <summary>A count that grows when the peer takes bytes of ours, also in the middle of a send; null where the system does not tell.</summary>
    public virtual long? BytesTaken => null;

    /// <summary>Whether a receive would return at once: looked at for a moment where that is worth it. False also where the system does not tell.</summary>
    /// <param name="owed">The peer owes the rest of a PDU or message: what it has sent is acknowledged when the rest is not there soon.</param>
    /// <param name="answer">The peer has a request of ours to answer: that is looked for somewhat longer.</param>
    public virtual bool HasBytes(bool owed, bool answer) => false;

    /// <summary>Receives at least one byte, or 0 at the end of the stream; with an empty <paramref name="buffer"/>, returns when there is something to receive.</summary>
    public abstract ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken);

    /// <summary>Sends all of <paramref name="bytes"/>. One send at a time.</summary>
    public abstract ValueTask SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken);

    /// <summary>
    /// Acknowledges at once what has been received. A peer that writes a PDU in pieces with Nagle's algorithm on waits for that before it sends
    /// the next piece, and the system would let it wait 40 ms. Does nothing where the system has no such call.
    /// </summary>
    public abstract void AcknowledgeNow();

    /// <summary>Says that nothing more will be sent, so that the peer sees the end after the last PDU.</summary>
    public abstract void ShutdownSend();

    /// <summary>Closes: pending operations end with an exception. Can be called from any thread, more than once.</summary>
    public abstract void Dispose();
}
