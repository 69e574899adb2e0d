using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

/// <summary>
/// One end of a line between two network namespaces that loses, reorders and repeats packets, for kernels without netem: what the system sends into a TUN device of ours goes as a datagram
/// to the other end, or does not. TCP has to make a stream of it again. Needs root.
/// </summary>
internal static class BadLine
{
    private const int OReadWrite = 2;
    private const uint TunSetIff = 0x400454CA;
    private const short TunWithoutHeader = 0x0001 | 0x1000;

    /// <param name="device">Name of a TUN device that is there (ip tuntap add).</param>
    /// <param name="own">Path of the socket to receive at.</param>
    /// <param name="other">Path of the other end's.</param>
    /// <param name="loss">Of each hundred packets sent from here, so many are lost.</param>
    /// <param name="reorder">So many are overtaken by the one behind.</param>
    /// <param name="repeat">So many come twice.</param>
    /// <param name="seed">Of the chance.</param>
    public static void Run(string device, string own, string other, double loss, double reorder, double repeat, int seed)
    {
        using SafeFileHandle handle = Open(device);
        // A stream for each direction: a packet is one read or one write.
        using var outgoing = new FileStream(handle, FileAccess.Read, bufferSize: 0);
        using var incoming = new FileStream(handle, FileAccess.Write, bufferSize: 0);
        using var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(own));
        var back = new Thread(() => CarryIn(socket, incoming)) { IsBackground = true };
        back.Start();
        Console.WriteLine(device);
        CarryOut(outgoing, socket, new UnixDomainSocketEndPoint(other), loss, reorder, repeat, new Random(seed));
    }

    private static void CarryOut(FileStream tun, Socket socket, UnixDomainSocketEndPoint other, double loss, double reorder, double repeat, Random chance)
    {
        byte[] packet = new byte[64 * 1024];
        byte[]? held = null;
        while (true)
        {
            int length = tun.Read(packet);
            double dice = chance.NextDouble() * 100;
            if (dice < loss)
                continue;
            if (held is null && dice < loss + reorder)
            {
                held = packet[..length];
                continue;
            }

            Send(packet.AsSpan(0, length));
            if (dice > 100 - repeat)
                Send(packet.AsSpan(0, length));
            if (held is not null)
                Send(held);
            held = null;
        }

        void Send(ReadOnlySpan<byte> bytes)
        {
            try
            {
                socket.SendTo(bytes, other);
            }
            catch (SocketException)
            {
                // The other end is not there yet, or its queue is full: one more that is lost.
            }
        }
    }

    private static void CarryIn(Socket socket, FileStream tun)
    {
        byte[] packet = new byte[64 * 1024];
        while (true)
        {
            try
            {
                tun.Write(packet, 0, socket.Receive(packet));
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.Interrupted)
            {
                // A signal of the run-time's own.
            }
        }
    }

    private static SafeFileHandle Open(string device)
    {
        var handle = new SafeFileHandle(OpenFile("/dev/net/tun", OReadWrite), ownsHandle: true);
        if (handle.IsInvalid)
            throw new IOException("/dev/net/tun cannot be opened");
        // struct ifreq: the name in 16 bytes, then the flags.
        byte[] request = new byte[40];
        Encoding.ASCII.GetBytes(device, request);
        BitConverter.TryWriteBytes(request.AsSpan(16), TunWithoutHeader);
        if (IoControl((int)handle.DangerousGetHandle(), TunSetIff, request) != 0)
            throw new IOException($"{device} cannot be taken: {Marshal.GetLastPInvokeErrorMessage()}");
        return handle;
    }

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int OpenFile([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int IoControl(int descriptor, nuint request, byte[] argument);
}
