using System.Buffers.Binary;
using System.Net.Sockets;

namespace NetDicom.Network;

/// <summary>TCP_INFO of Linux: how many of our bytes the peer's system has acknowledged. A peer that does not read stops acknowledging when its buffers are full.</summary>
internal static class Acknowledged
{
    private const int IpProtocolTcp = 6;
    private const int TcpInfo = 11;

    /// <summary>Place of tcpi_bytes_acked, 8 bytes, in struct tcp_info (since Linux 4.1).</summary>
    private const int BytesAcked = 120;

    /// <summary>The count; null where the system does not tell.</summary>
    public static long? BytesOf(Socket socket)
    {
        if (!OperatingSystem.IsLinux())
            return null;
        Span<byte> info = stackalloc byte[BytesAcked + sizeof(long)];
        try
        {
            return socket.GetRawSocketOption(IpProtocolTcp, TcpInfo, info) == info.Length
                ? BitConverter.IsLittleEndian ? BinaryPrimitives.ReadInt64LittleEndian(info[BytesAcked..]) : BinaryPrimitives.ReadInt64BigEndian(info[BytesAcked..])
                : null;
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            return null;
        }
    }
}
