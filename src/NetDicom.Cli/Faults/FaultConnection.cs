using System.Buffers.Binary;
using System.Globalization;
using System.Net.Sockets;

namespace NetDicom.Cli.Faults;

/// <summary>A connection under the hand of a script. Nothing of the library's: what is right and what is wrong on it is the scenario's decision.</summary>
internal sealed class FaultConnection(Socket socket, FaultSession session, TimeSpan patience) : IDisposable
{
    /// <summary>Longest PDU that is collected, in bytes. The peer is on trial: its lengths are not believed either.</summary>
    private const int MaxPdu = 16 * 1024 * 1024;

    /// <summary>Longest command set that is collected, in bytes: one of real life has a few hundred.</summary>
    private const int MaxCommand = 1024 * 1024;

    private readonly byte[] _buffer = new byte[65_536];
    private readonly List<byte> _received = [];
    private bool _ended;

    /// <summary>Sends; false if the connection has ended. What comes next says how.</summary>
    /// <exception cref="TimeoutException">The peer takes nothing more.</exception>
    public async Task<bool> SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        try
        {
            while (bytes.Length > 0)
                bytes = bytes[await BoundedAsync(token => socket.SendAsync(bytes, token).AsTask(), cancellationToken)..];
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
        catch (TimeoutException)
        {
            throw new TimeoutException("the peer takes no more bytes");
        }
    }

    /// <summary>Sends as long as the peer takes something within three seconds; answers whether the connection is open still.</summary>
    public async Task<bool> FloodAsync(byte[] bytes, CancellationToken cancellationToken)
    {
        // A peer is meant to end it by its own time limit: what a fast line takes meanwhile must not be the end before.
        const int MaxFlood = 128 * 1024 * 1024;
        int sent = 0;
        using var stuck = new CancellationTokenSource();
        using var both = CancellationTokenSource.CreateLinkedTokenSource(stuck.Token, cancellationToken);
        try
        {
            // Nothing can be sent for ever.
            while (sent < MaxFlood && bytes.Length > 0)
            {
                stuck.CancelAfter(TimeSpan.FromSeconds(3));
                for (int at = 0; at < bytes.Length;)
                    at += await socket.SendAsync(bytes.AsMemory(at), both.Token);
                sent += bytes.Length;
            }

            return true;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>The next that comes: a whole message as one if <paramref name="asMessage"/>.</summary>
    /// <exception cref="TimeoutException">Nothing came, or not all of it.</exception>
    /// <exception cref="FormatException">What came is no PDU, or longer than we said we take.</exception>
    public async Task<Arrival> ReadAsync(bool asMessage, CancellationToken cancellationToken)
    {
        if (await PduAsync(cancellationToken) is not { } pdu)
            return Arrival.End;
        byte[] body = pdu[6..];
        switch (pdu[0])
        {
            case 1:
                session.Learn(body);
                return new Arrival("A-ASSOCIATE-RQ", [("called", session.Called), ("calling", session.Calling), ("contexts", Number(session.Proposed.Count))]);
            case 2:
                return new Arrival("A-ASSOCIATE-AC", [("results", FaultSession.Results(body))]);
            case 3 when body.Length == 4:
                return new Arrival("A-ASSOCIATE-RJ", [("result", Number(body[1])), ("source", Number(body[2])), ("reason", Number(body[3]))]);
            case 4:
                return asMessage ? await MessageAsync(body, cancellationToken) : new Arrival("P-DATA-TF", [("length", Number(body.Length))]);
            case 5 when body.Length == 4:
                return new Arrival("A-RELEASE-RQ", []);
            case 6 when body.Length == 4:
                return new Arrival("A-RELEASE-RP", []);
            case 7 when body.Length == 4:
                return new Arrival("A-ABORT", [("source", Number(body[2])), ("reason", Number(body[3]))]);
            default:
                throw new FormatException($"a PDU of type {pdu[0]:X2}H with {body.Length} bytes, which is none of PS3.8");
        }
    }

    public void End(ConnectionEnding ending)
    {
        try
        {
            if (ending == ConnectionEnding.Shutdown)
            {
                socket.Shutdown(SocketShutdown.Send);
                return;
            }

            if (ending == ConnectionEnding.Reset)
                socket.LingerState = new LingerOption(true, 0);
        }
        catch (SocketException)
        {
            // It has ended already.
        }

        _ended = true;
        socket.Dispose();
    }

    public void Dispose() => socket.Dispose();

    private async Task<Arrival> MessageAsync(byte[] body, CancellationToken cancellationToken)
    {
        var command = new List<byte>();
        int dataSet = 0;
        byte contextId = 0;
        bool commandDone = false, hasDataSet = false;
        while (true)
        {
            for (int at = 0; at < body.Length;)
            {
                int length = at + 4 <= body.Length ? BinaryPrimitives.ReadInt32BigEndian(body.AsSpan(at)) : -1;
                if (length < 2 || length > body.Length - at - 4)
                    throw new FormatException("a P-DATA-TF whose PDVs do not fill it");
                byte control = body[at + 5];
                contextId = body[at + 4];
                if ((control & 1) != 0)
                    command.AddRange(command.Count + length <= MaxCommand ? body.AsSpan(at + 6, length - 2) : throw new FormatException($"a command set of more than {MaxCommand} bytes"));
                else
                    dataSet += length - 2;
                bool last = (control & 2) != 0;
                if (last && (control & 1) != 0)
                {
                    commandDone = true;
                    hasDataSet = Elements(command).TryGetValue(0x0800, out byte[]? type) && type is not [1, 1];
                }

                at += 4 + length;
                if (commandDone && (!hasDataSet || (last && (control & 1) == 0)))
                    return Message(contextId, command, dataSet);
            }

            byte[] pdu = await PduAsync(cancellationToken) ?? throw new FormatException("the connection was closed in mid message");
            body = pdu[0] == 4 ? pdu[6..] : throw new FormatException($"a PDU of type {pdu[0]:X2}H in mid message");
        }
    }

    private Arrival Message(byte contextId, List<byte> command, int dataSet)
    {
        Dictionary<ushort, byte[]> elements = Elements(command);
        var message = new ReceivedMessage(contextId, elements, dataSet);
        string name = CommandElements.NameOf(message.Number(0x0100));
        if (!name.EndsWith("-RSP", StringComparison.Ordinal))
            session.Took(message);
        return new Arrival(name, [("context", Number(contextId)), .. elements.Where(e => e.Key is not (0 or 0x0100) && CommandElements.KeywordOf(e.Key) is not null)
            .Select(e => (CommandElements.KeywordOf(e.Key), CommandElements.Show(e.Key, e.Value)))]) { Message = message };
    }

    private static Dictionary<ushort, byte[]> Elements(List<byte> command)
    {
        byte[] bytes = [.. command];
        var elements = new Dictionary<ushort, byte[]>();
        for (int at = 0; at + 8 <= bytes.Length;)
        {
            uint length = BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at + 4));
            if (length > bytes.Length - at - 8)
                throw new FormatException("a command set with an element past its end");
            elements[BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(at + 2))] = bytes[(at + 8)..(at + 8 + (int)length)];
            at += 8 + (int)length;
        }

        return elements;
    }

    /// <summary>The next whole PDU; null at the end of the connection, which a reset is too.</summary>
    private async Task<byte[]?> PduAsync(CancellationToken cancellationToken)
    {
        if (!await FillAsync(6, cancellationToken))
            return _received.Count == 0 ? null : throw new FormatException($"{_received.Count} bytes that are no PDU, and then the end");
        uint length = BinaryPrimitives.ReadUInt32BigEndian([_received[2], _received[3], _received[4], _received[5]]);
        if (length > MaxPdu)
            throw new FormatException($"a PDU that claims {length} bytes");
        if (_received[0] == 4 && session.Announced > 0 && length > session.Announced)
            throw new FormatException($"a P-DATA-TF of {length} bytes, where {session.Announced} were the most we take");
        if (!await FillAsync(6 + (int)length, cancellationToken))
            throw new FormatException("the end in the middle of a PDU");
        byte[] pdu = [.. _received.Take(6 + (int)length)];
        _received.RemoveRange(0, pdu.Length);
        return pdu;
    }

    private async Task<bool> FillAsync(int count, CancellationToken cancellationToken)
    {
        while (_received.Count < count)
        {
            int read = 0;
            try
            {
                if (!_ended)
                    read = await BoundedAsync(token => socket.ReceiveAsync(_buffer, token).AsTask(), cancellationToken);
            }
            catch (SocketException)
            {
            }

            if (read == 0)
            {
                _ended = true;
                return false;
            }

            _received.AddRange(_buffer.AsSpan(0, read));
        }

        return true;
    }

    private async Task<int> BoundedAsync(Func<CancellationToken, Task<int>> work, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(patience);
        try
        {
            return await work(limit.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"nothing within {patience.TotalSeconds.ToString(CultureInfo.InvariantCulture)} s");
        }
    }

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
