using System.Diagnostics;
using System.Net.Sockets;

namespace NetDicom.Network;

/// <summary>
/// Looks for a moment whether bytes come before a thread is put to sleep for them. Between two messages a peer on a fast line needs ten microseconds for a small
/// object, a hundred for a slice that it has yet to read, three to four hundred for one that it writes before it answers; going to sleep and being woken costs more than the first and adds to the second.
/// An answer is looked for as long as the last takes, the peer's next request as long as the first: a server's processors are for many (docs/decisions/0004-short-wait.md).
/// </summary>
/// <remarks>A connection whose peer takes longer stops looking and tries again now and then; never do more connections look at a time than half the processors.</remarks>
internal sealed class ShortWait(Socket socket)
{
    private const int MicrosecondsForAnswer = 500;
    private const int MicrosecondsForRequest = 60;
    private const int MicrosecondsBeforeAcknowledging = 20;
    private const int Credit = 4;
    private const int TryAgainAfter = 32;

    private static readonly long s_answer = Stopwatch.Frequency * MicrosecondsForAnswer / 1_000_000;
    private static readonly long s_request = Stopwatch.Frequency * MicrosecondsForRequest / 1_000_000;
    private static readonly long s_acknowledge = Stopwatch.Frequency * MicrosecondsBeforeAcknowledging / 1_000_000;
    private static readonly int s_places = Environment.ProcessorCount / 2;
    private static int s_looking;

    private int _credit = Credit;
    private int _waits;

    /// <summary>Answers true when there are bytes (or an error to be told), and soon without.</summary>
    /// <param name="owed">The peer owes the rest of a PDU or message, and may be waiting for the acknowledgement of what it said (Nagle's algorithm): it gets that first.</param>
    /// <param name="answer">The peer has a request of ours to answer.</param>
    public bool ForBytes(bool owed = false, bool answer = true)
    {
        // Bytes that are there say nothing about the next wait: a large object comes in one piece after another, and the wait before it may be long.
        if (HasBytes())
            return true;
        if (_credit == 0 && ++_waits % TryAgainAfter != 0)
            return false;
        bool came = false;
        if (Interlocked.Increment(ref s_looking) <= s_places)
        {
            came = Look(owed, answer ? s_answer : s_request);
            _credit = came ? Credit : Math.Max(0, _credit - 1);
        }

        Interlocked.Decrement(ref s_looking);
        return came;
    }

    private bool Look(bool owed, long limit)
    {
        long began = Stopwatch.GetTimestamp();
        while (!HasBytes())
        {
            long looked = Stopwatch.GetTimestamp() - began;
            if (looked > limit)
                return false;
            // Not at once: a peer in the middle of a slice has its next bytes here in less, and each acknowledgement is a packet.
            if (owed && looked > s_acknowledge)
            {
                QuickAcknowledgement.Send(socket);
                owed = false;
            }

            Thread.SpinWait(10);
        }

        return true;
    }

    private bool HasBytes()
    {
        try
        {
            // Not Available, which is 0 at the end of the stream too: a peer that has closed would be looked for until the time is over.
            return socket.Poll(0, SelectMode.SelectRead);
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // The receive that follows says what is wrong.
            return true;
        }
    }
}
