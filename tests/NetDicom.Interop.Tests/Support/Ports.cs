using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace NetDicom.Interop.Tests.Support;

/// <summary>Ports for peers that cannot choose a free one themselves.</summary>
internal static class Ports
{
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(30);

    /// <summary>A port that was free a moment ago.</summary>
    public static int Free()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Any, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    /// <summary>Waits until somebody listens on the port, without connecting: a connection would count as an association for the peer.</summary>
    public static async Task WaitUntilListeningAsync(int port, ChildProcess peer)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        using var deadline = new CancellationTokenSource(s_longest);
        while (!IsListening(port))
        {
            if (!Directory.Exists($"/proc/{peer.Id}"))
                throw new InvalidOperationException($"The peer ended before it listened:\n{peer.Said}");
            await timer.WaitForNextTickAsync(deadline.Token);
        }
    }

    // Lines of /proc/net/tcp: "sl local_address rem_address st …"; state 0A is LISTEN.
    private static bool IsListening(int port)
    {
        string end = ":" + port.ToString("X4", CultureInfo.InvariantCulture);
        foreach (string file in (string[])["/proc/net/tcp", "/proc/net/tcp6"])
        {
            if (!File.Exists(file))
                continue;
            foreach (string line in File.ReadLines(file).Skip(1))
            {
                string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
                if (words[1].EndsWith(end, StringComparison.Ordinal) && words[3] == "0A")
                    return true;
            }
        }

        return false;
    }
}
