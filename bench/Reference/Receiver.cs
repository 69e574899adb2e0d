using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace NetDicom.Bench.Reference;

/// <summary>Accepts everything, writes each object to a file of its SOP Instance UID, answers success. A thread a connection; trusts its peer: for measuring only.</summary>
internal sealed class Receiver(string? folder, uint pdu, int window)
{
    public void Run(int port)
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, port));
        listener.Listen(128);
        Console.WriteLine($"port {((IPEndPoint)listener.LocalEndPoint!).Port}");
        while (true)
        {
            Socket socket = listener.Accept();
            new Thread(() => Serve(socket)) { IsBackground = true }.Start();
        }
    }

    private void Serve(Socket socket)
    {
        using (socket)
        {
            socket.NoDelay = true;
            try
            {
                new Connection(socket, folder, pdu, window).Run();
            }
            catch (Exception e) when (e is IOException or SocketException)
            {
                Console.Error.WriteLine(e.Message);
            }
        }
    }

    private sealed class Connection(Socket socket, string? folder, uint pdu, int window)
    {
        private readonly byte[] _buffer = GC.AllocateUninitializedArray<byte>(1 << 20);
        private readonly byte[] _response = new byte[512];
        private readonly byte[] _command = new byte[4096];
        private readonly byte[] _meta = new byte[1024];
        private readonly byte[] _sopClass = new byte[64];
        private readonly byte[] _instance = new byte[64];
        private int _start;
        private int _end;
        private int _commandLength;
        private int _sopClassLength;
        private int _instanceLength;
        private ushort _field;
        private ushort _id;
        private Microsoft.Win32.SafeHandles.SafeFileHandle? _file;
        private long _written;

        public void Run()
        {
            (byte type, byte[] request) = Wire.ReceivePdu(socket);
            if (type != 1)
                throw new IOException($"PDU type {type} instead of A-ASSOCIATE-RQ");
            Wire.SendAll(socket, Accept(request));
            while (true)
            {
                while (_end - _start < 6)
                    Fill();
                type = _buffer[_start];
                int length = BinaryPrimitives.ReadInt32BigEndian(_buffer.AsSpan(_start + 2));
                _start += 6;
                if (type == 5)
                {
                    Wire.SendAll(socket, Wire.Pdu(6, new byte[4]));
                    return;
                }

                if (type != 4)
                    return;
                while (length > 0)
                    length -= ReadFragment();
            }
        }

        private byte[] Accept(byte[] request)
        {
            var contexts = new List<byte>();
            int asked = 1;
            for (int at = 68; at + 4 <= request.Length;)
            {
                int length = BinaryPrimitives.ReadUInt16BigEndian(request.AsSpan(at + 2));
                ReadOnlySpan<byte> item = request.AsSpan(at + 4, length);
                if (request[at] == 0x20)
                    contexts.AddRange(Wire.Item(0x21, [item[0], 0, 0, 0, .. Wire.Item(0x40, Encoding.ASCII.GetBytes(Choose(item)))]));
                else if (request[at] == 0x50)
                    asked = FindWindow(item) ?? asked;
                at += 4 + length;
            }

            int granted = asked == 1 ? 1 : asked == 0 ? window : Math.Min(asked, window);
            return Wire.Associate(2, request.AsSpan(0, 68), [.. contexts], pdu, granted);
        }

        // Explicit VR little endian where it is proposed, else the first.
        private static string Choose(ReadOnlySpan<byte> context)
        {
            string? first = null;
            for (int at = 4; at + 4 <= context.Length;)
            {
                int length = BinaryPrimitives.ReadUInt16BigEndian(context[(at + 2)..]);
                if (context[at] == 0x40)
                {
                    string syntax = Encoding.ASCII.GetString(context.Slice(at + 4, length)).TrimEnd('\0');
                    if (syntax == Wire.ExplicitLittleEndian)
                        return syntax;
                    first ??= syntax;
                }

                at += 4 + length;
            }

            return first ?? Wire.ExplicitLittleEndian;
        }

        private static int? FindWindow(ReadOnlySpan<byte> user)
        {
            for (int at = 0; at + 4 <= user.Length; at += 4 + BinaryPrimitives.ReadUInt16BigEndian(user[(at + 2)..]))
            {
                if (user[at] == 0x53)
                    return BinaryPrimitives.ReadUInt16BigEndian(user[(at + 4)..]);
            }

            return null;
        }

        // One presentation data value, in as many pieces as it comes; answers its length with the head.
        private int ReadFragment()
        {
            while (_end - _start < 6)
                Fill();
            int left = BinaryPrimitives.ReadInt32BigEndian(_buffer.AsSpan(_start)) - 2;
            byte context = _buffer[_start + 4], control = _buffer[_start + 5];
            int whole = left + 6;
            _start += 6;
            while (left > 0)
            {
                if (_start == _end)
                    Fill();
                int count = Math.Min(left, _end - _start);
                ReadOnlySpan<byte> piece = _buffer.AsSpan(_start, count);
                if ((control & 1) != 0)
                {
                    piece.CopyTo(_command.AsSpan(_commandLength));
                    _commandLength += count;
                }
                else if (_file is not null)
                {
                    RandomAccess.Write(_file, piece, _written);
                    _written += count;
                }

                _start += count;
                left -= count;
            }

            if ((control & 2) != 0)
                EndMessagePart(context, isCommand: (control & 1) != 0);
            return whole;
        }

        private void EndMessagePart(byte context, bool isCommand)
        {
            if (isCommand)
            {
                ReadOnlySpan<byte> command = _command.AsSpan(0, _commandLength);
                _commandLength = 0;
                _sopClassLength = Keep(Wire.Find(command, 0x0002), _sopClass);
                _instanceLength = Keep(Wire.Find(command, 0x1000), _instance);
                _field = BinaryPrimitives.ReadUInt16LittleEndian(Wire.Find(command, 0x0100));
                _id = BinaryPrimitives.ReadUInt16LittleEndian(Wire.Find(command, 0x0110));
                if (BinaryPrimitives.ReadUInt16LittleEndian(Wire.Find(command, 0x0800)) != 0x0101)
                {
                    Open();
                    return;
                }
            }
            else
            {
                _file?.Dispose();
                _file = null;
            }

            int length = Wire.Command(_response, context, _sopClass.AsSpan(0, _sopClassLength), (ushort)(_field | 0x8000), _id, isResponse: true, hasDataSet: false, _instance.AsSpan(0, _instanceLength));
            Wire.SendAll(socket, _response.AsSpan(0, length));
        }

        // Part 10: preamble, and the file meta information with its three UIDs (PS3.10 table 7.1-1).
        private void Open()
        {
            if (folder is null)
                return;
            Span<byte> meta = _meta;
            meta.Clear();
            "DICM"u8.CopyTo(meta[128..]);
            int at = 144;
            Meta(meta, ref at, 0x0002, _sopClass.AsSpan(0, _sopClassLength));
            Meta(meta, ref at, 0x0003, _instance.AsSpan(0, _instanceLength));
            Meta(meta, ref at, 0x0010, Encoding.ASCII.GetBytes(Wire.ExplicitLittleEndian));
            "\u0002\0\0\0UL\u0004\0"u8.CopyTo(meta[132..]);
            BinaryPrimitives.WriteInt32LittleEndian(meta[140..], at - 144);
            _file = File.OpenHandle(Path.Combine(folder, Encoding.ASCII.GetString(_instance, 0, _instanceLength)), FileMode.Create, FileAccess.Write, FileShare.Read);
            RandomAccess.Write(_file, meta[..at], 0);
            _written = at;
        }

        private static void Meta(Span<byte> to, ref int at, ushort element, ReadOnlySpan<byte> value)
        {
            int length = value.Length + value.Length % 2;
            to[at] = 2;
            BinaryPrimitives.WriteUInt16LittleEndian(to[(at + 2)..], element);
            "UI"u8.CopyTo(to[(at + 4)..]);
            BinaryPrimitives.WriteUInt16LittleEndian(to[(at + 6)..], (ushort)length);
            value.CopyTo(to[(at + 8)..]);
            at += 8 + length;
        }

        private static int Keep(ReadOnlySpan<byte> value, byte[] into)
        {
            value = value.TrimEnd((byte)0);
            value.CopyTo(into);
            return value.Length;
        }

        private void Fill()
        {
            if (_start == _end)
                _start = _end = 0;
            else if (_start > 0)
            {
                _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
                _end -= _start;
                _start = 0;
            }

            int count = socket.Receive(_buffer, _end, _buffer.Length - _end, SocketFlags.None);
            if (count == 0)
                throw new IOException("the peer closed");
            _end += count;
        }
    }
}
