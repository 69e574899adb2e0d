using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace NetDicom.Interop.Tests.Support;

/// <summary>
/// Stands between two programs, passes bytes on and writes them as a capture file: each piece gets Ethernet, IPv4 and TCP headers that fit.
/// A capture of the interface needs rights that a build machine may not give; this works everywhere.
/// </summary>
internal sealed class RecordingProxy : IAsyncDisposable
{
    /// <summary>The port that stands in the capture for the server: the well-known one, so that the dissector knows it for DICOM.</summary>
    private const ushort ServerPort = 104;

    // The largest piece that fits in one IPv4 packet, with room to spare.
    private const int LargestPiece = 32 * 1024;

    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly FileStream _capture;
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _end = new();
    private readonly List<Task> _connections = [];
    private readonly int _target;
    private readonly Task _accepting;
    private long _packets;

    public RecordingProxy(string captureFile, int target)
    {
        _target = target;
        _capture = File.Create(captureFile);
        // The header of a capture file: magic number, version 2.4, times in UTC, longest packet, Ethernet.
        Span<byte> header = stackalloc byte[24];
        BinaryPrimitives.WriteUInt32LittleEndian(header, 0xA1B2C3D4);
        BinaryPrimitives.WriteUInt16LittleEndian(header[4..], 2);
        BinaryPrimitives.WriteUInt16LittleEndian(header[6..], 4);
        header[8..16].Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(header[16..], 262144);
        BinaryPrimitives.WriteUInt32LittleEndian(header[20..], 1);
        _capture.Write(header);
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
        _accepting = AcceptAsync();
    }

    public string Port => ((IPEndPoint)_listener.LocalEndPoint!).Port.ToString(CultureInfo.InvariantCulture);

    /// <summary>Waits until all connections are closed, and closes the file.</summary>
    public async Task FinishAsync()
    {
        await _end.CancelAsync();
        await _accepting;
        Task[] connections;
        lock (_gate)
            connections = [.. _connections];
        await Task.WhenAll(connections);
        await _capture.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await FinishAsync();
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            for (ushort clientPort = 40000; ; clientPort++)
            {
                Socket client = await _listener.AcceptAsync(_end.Token);
                lock (_gate)
                    _connections.Add(ServeAsync(client, clientPort));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException or SocketException)
        {
            // The end was asked for.
        }
    }

    private async Task ServeAsync(Socket client, ushort clientPort)
    {
        using var server = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        client.NoDelay = true;
        await server.ConnectAsync(IPAddress.Loopback, _target);
        var connection = new Connection(clientPort);
        Packet(connection, fromClient: true, 0x02, default);
        Packet(connection, fromClient: false, 0x12, default);
        Packet(connection, fromClient: true, 0x10, default);
        await Task.WhenAll(PassAsync(client, server, connection, fromClient: true), PassAsync(server, client, connection, fromClient: false));
        client.Dispose();
    }

    private async Task PassAsync(Socket from, Socket to, Connection connection, bool fromClient)
    {
        byte[] buffer = new byte[LargestPiece];
        try
        {
            while (await from.ReceiveAsync(buffer) is var read and > 0)
            {
                Packet(connection, fromClient, 0x18, buffer.AsSpan(0, read));
                for (int sent = 0; sent < read;)
                    sent += await to.SendAsync(buffer.AsMemory(sent, read - sent));
            }

            Packet(connection, fromClient, 0x11, default);
            to.Shutdown(SocketShutdown.Send);
        }
        catch (SocketException)
        {
            // One end closed hard: so does the other.
            from.Dispose();
            to.Dispose();
        }
    }

    private void Packet(Connection connection, bool fromClient, byte flags, ReadOnlySpan<byte> data)
    {
        const int ethernet = 14, ip = 20, tcp = 20, heads = ethernet + ip + tcp;
        lock (_gate)
        {
            Span<byte> record = new byte[16 + heads + data.Length];
            // A made-up time: packets in order, a microsecond apart.
            long time = _packets++;
            BinaryPrimitives.WriteUInt32LittleEndian(record, (uint)(time / 1_000_000));
            BinaryPrimitives.WriteUInt32LittleEndian(record[4..], (uint)(time % 1_000_000));
            BinaryPrimitives.WriteInt32LittleEndian(record[8..], heads + data.Length);
            BinaryPrimitives.WriteInt32LittleEndian(record[12..], heads + data.Length);

            Span<byte> packet = record[16..];
            packet[5] = (byte)(fromClient ? 2 : 1);
            packet[11] = (byte)(fromClient ? 1 : 2);
            BinaryPrimitives.WriteUInt16BigEndian(packet[12..], 0x0800);

            Span<byte> network = packet[ethernet..];
            network[0] = 0x45;
            BinaryPrimitives.WriteUInt16BigEndian(network[2..], (ushort)(ip + tcp + data.Length));
            network[8] = 64;
            network[9] = 6;
            ((ReadOnlySpan<byte>)[10, 0, 0, (byte)(fromClient ? 1 : 2)]).CopyTo(network[12..]);
            ((ReadOnlySpan<byte>)[10, 0, 0, (byte)(fromClient ? 2 : 1)]).CopyTo(network[16..]);
            BinaryPrimitives.WriteUInt16BigEndian(network[10..], Checksum(network[..ip]));

            Span<byte> transport = packet[(ethernet + ip)..];
            BinaryPrimitives.WriteUInt16BigEndian(transport, fromClient ? connection.ClientPort : ServerPort);
            BinaryPrimitives.WriteUInt16BigEndian(transport[2..], fromClient ? ServerPort : connection.ClientPort);
            BinaryPrimitives.WriteUInt32BigEndian(transport[4..], fromClient ? connection.ClientNext : connection.ServerNext);
            BinaryPrimitives.WriteUInt32BigEndian(transport[8..], fromClient ? connection.ServerNext : connection.ClientNext);
            transport[12] = 0x50;
            transport[13] = flags;
            BinaryPrimitives.WriteUInt16BigEndian(transport[14..], 65535);
            data.CopyTo(transport[tcp..]);
            _capture.Write(record);

            // SYN and FIN take a number of their own.
            uint advance = (uint)data.Length + ((flags & 0x03) != 0 ? 1u : 0u);
            if (fromClient)
                connection.ClientNext += advance;
            else
                connection.ServerNext += advance;
        }
    }

    private static ushort Checksum(ReadOnlySpan<byte> header)
    {
        uint sum = 0;
        for (int i = 0; i < header.Length; i += 2)
            sum += BinaryPrimitives.ReadUInt16BigEndian(header[i..]);
        while (sum > 0xFFFF)
            sum = (sum & 0xFFFF) + (sum >> 16);
        return (ushort)~sum;
    }

    private sealed class Connection(ushort clientPort)
    {
        public ushort ClientPort => clientPort;

        public uint ClientNext { get; set; } = 1000;

        public uint ServerNext { get; set; } = 5000;
    }
}
