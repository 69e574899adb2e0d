using System.Net;
using System.Net.Sockets;

namespace NetDicom.Network.Tests.Support;

/// <summary>The IPv6 loopback address, which not every machine has, though its system supports IPv6.</summary>
internal static class Loopback6
{
    public static bool IsThere { get; } = Socket.OSSupportsIPv6 && CanBind();

    private static bool CanBind()
    {
        try
        {
            using var socket = new Socket(AddressFamily.InterNetworkV6, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(IPAddress.IPv6Loopback, 0));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
