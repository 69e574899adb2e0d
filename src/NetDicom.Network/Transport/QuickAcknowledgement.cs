using System.Net.Sockets;

namespace NetDicom.Network;

/// <summary>TCP_QUICKACK of Linux: sends the acknowledgement that is due, and does not delay the next ones. It does not stick, so it is set each time.</summary>
internal static class QuickAcknowledgement
{
    private const int IpProtocolTcp = 6;
    private const int TcpQuickAck = 12;

    private static readonly byte[] s_on = [1, 0, 0, 0];

    public static void Send(Socket socket)
    {
        if (!OperatingSystem.IsLinux())
            return;
        try
        {
            socket.SetRawSocketOption(IpProtocolTcp, TcpQuickAck, s_on);
        }
        catch (SocketException)
        {
            // A line that has just broken is found by the next receive.
        }
        catch (ObjectDisposedException)
        {
        }
    }
}
