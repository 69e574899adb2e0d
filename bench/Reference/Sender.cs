using System.Buffers.Binary;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace NetDicom.Bench.Reference;

/// <summary>An association on a bare socket: files out, echoes out. For measuring only.</summary>
internal sealed class Sender : IDisposable
{
    private const byte ContextId = 1;
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] _command = new byte[512];
    private readonly byte[] _receive = new byte[64 * 1024];
    private readonly int _chunk;
    private readonly int _window;
    private int _have;

    public Sender(string host, int port, string sopClass, int window)
    {
        _socket.Connect(IPAddress.Parse(host), port);
        byte[] names = new byte[68];
        names[1] = 1;
        names.AsSpan(4, 32).Fill((byte)' ');
        "ANY-SCP"u8.CopyTo(names.AsSpan(4));
        "REFERENCE"u8.CopyTo(names.AsSpan(20));
        Wire.SendAll(_socket, Wire.Associate(1, names, Wire.Context(ContextId, sopClass), 1 << 20, window));
        (byte type, byte[] answer) = Wire.ReceivePdu(_socket);
        if (type != 2)
            throw new IOException($"PDU type {type} instead of A-ASSOCIATE-AC");
        (uint longest, int granted) = ReadUserItems(answer);
        _chunk = (int)Math.Min(longest == 0 ? 1 << 20 : longest, 1 << 20) - 6 & ~1;
        _window = window == 1 ? 1 : granted == 0 ? window : granted;
    }

    /// <summary>Sends each file; answers how many were answered with success.</summary>
    public int Store(IEnumerable<string> files)
    {
        byte[] buffer = new byte[_chunk + 12];
        byte[] head = new byte[4096];
        ushort id = 0;
        int open = 0, stored = 0;
        foreach (string path in files)
        {
            using Microsoft.Win32.SafeHandles.SafeFileHandle file = File.OpenHandle(path);
            int count = RandomAccess.Read(file, head, 0);
            (byte[] sopClass, byte[] instance, long offset) = ReadMeta(head.AsSpan(0, count));
            while (open == _window)
            {
                stored += ReceiveResponse();
                open--;
            }

            int length = Wire.Command(_command, ContextId, sopClass, 0x0001, ++id, isResponse: false, hasDataSet: true, instance);
            long left = RandomAccess.GetLength(file) - offset;
            // The command goes with the first fragment.
            int before = length;
            while (left > 0)
            {
                int piece = (int)Math.Min(left, _chunk - 6);
                if (before > 0)
                {
                    piece = Math.Min(piece, buffer.Length - before - 12);
                    _command.AsSpan(0, before).CopyTo(buffer);
                }

                Wire.Header(buffer.AsSpan(before), ContextId, (byte)(piece == left ? 2 : 0), piece);
                int read = RandomAccess.Read(file, buffer.AsSpan(before + 12, piece), offset);
                if (read != piece)
                    throw new IOException($"{path} is shorter than it was");
                Wire.SendAll(_socket, buffer.AsSpan(0, before + 12 + piece));
                before = 0;
                offset += piece;
                left -= piece;
            }

            open++;
        }

        for (; open > 0; open--)
            stored += ReceiveResponse();
        return stored;
    }

    /// <summary>C-ECHO <paramref name="count"/> times; microseconds of each in the middle.</summary>
    public double Echo(int count)
    {
        long began = Stopwatch.GetTimestamp();
        for (int i = 0; i < count; i++)
        {
            int length = Wire.Command(_command, ContextId, "1.2.840.10008.1.1"u8, 0x0030, (ushort)(i + 1), isResponse: false, hasDataSet: false, []);
            Wire.SendAll(_socket, _command.AsSpan(0, length));
            if (ReceiveResponse() != 1)
                throw new IOException("an echo failed");
        }

        return Stopwatch.GetElapsedTime(began).TotalMicroseconds / count;
    }

    public void Release()
    {
        Wire.SendAll(_socket, Wire.Pdu(5, new byte[4]));
        Wire.ReceivePdu(_socket);
    }

    public void Dispose() => _socket.Dispose();

    // 1 for the status Success or a warning, 0 for a failure.
    private int ReceiveResponse()
    {
        while (true)
        {
            if (_have >= 6)
            {
                int length = 6 + BinaryPrimitives.ReadInt32BigEndian(_receive.AsSpan(2));
                if (_receive[0] != 4 || length > _receive.Length)
                    throw new IOException($"PDU type {_receive[0]} of {length} bytes instead of a response");
                if (_have >= length)
                {
                    ReadOnlySpan<byte> status = Wire.Find(_receive.AsSpan(12, length - 12), 0x0900);
                    int result = BinaryPrimitives.ReadUInt16LittleEndian(status) is 0 or 0xB000 or 0xB006 or 0xB007 ? 1 : 0;
                    _receive.AsSpan(length, _have - length).CopyTo(_receive);
                    _have -= length;
                    return result;
                }
            }

            int count = _socket.Receive(_receive, _have, _receive.Length - _have, SocketFlags.None);
            if (count == 0)
                throw new IOException("the peer closed");
            _have += count;
        }
    }

    private static (uint Pdu, int Window) ReadUserItems(byte[] answer)
    {
        uint longest = 16384;
        int window = 1;
        for (int at = 68; at + 4 <= answer.Length; at += 4 + BinaryPrimitives.ReadUInt16BigEndian(answer.AsSpan(at + 2)))
        {
            if (answer[at] == 0x21 && answer[at + 6] != 0)
                throw new IOException("the presentation context was refused");
            if (answer[at] != 0x50)
                continue;
            int end = at + 4 + BinaryPrimitives.ReadUInt16BigEndian(answer.AsSpan(at + 2));
            for (int item = at + 4; item + 4 <= end; item += 4 + BinaryPrimitives.ReadUInt16BigEndian(answer.AsSpan(item + 2)))
            {
                if (answer[item] == 0x51)
                    longest = BinaryPrimitives.ReadUInt32BigEndian(answer.AsSpan(item + 4));
                else if (answer[item] == 0x53)
                    window = BinaryPrimitives.ReadUInt16BigEndian(answer.AsSpan(item + 4));
            }
        }

        return (longest, window);
    }

    // The UIDs for the command, and where the data set begins: explicit VR little endian, after the group length.
    private static (byte[] SopClass, byte[] Instance, long Offset) ReadMeta(ReadOnlySpan<byte> file)
    {
        if (file.Length < 144 || !file.Slice(128, 4).SequenceEqual("DICM"u8))
            throw new IOException("no DICOM file");
        int end = 144 + BinaryPrimitives.ReadInt32LittleEndian(file[140..]);
        byte[] sopClass = [], instance = [];
        for (int at = 144; at < end;)
        {
            bool isLong = file[at + 4] == (byte)'O' || (file[at + 4] == (byte)'U' && file[at + 5] is (byte)'N' or (byte)'T');
            int length = isLong ? BinaryPrimitives.ReadInt32LittleEndian(file[(at + 8)..]) : BinaryPrimitives.ReadUInt16LittleEndian(file[(at + 6)..]);
            int value = at + (isLong ? 12 : 8);
            ushort element = BinaryPrimitives.ReadUInt16LittleEndian(file[(at + 2)..]);
            if (element == 0x0002)
                sopClass = file.Slice(value, length).TrimEnd((byte)0).ToArray();
            else if (element == 0x0003)
                instance = file.Slice(value, length).TrimEnd((byte)0).ToArray();
            at = value + length;
        }

        return (sopClass, instance, end);
    }
}
