using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace NetDicom.Interop.Tests.Support;

/// <summary>
/// Ports for peers that cannot choose a free one themselves. Between the choice and the peer's listening others ask the system for ports, in this process and beside it: so these lie below those that
/// it gives away by itself, and none is named twice.
/// </summary>
internal static class Ports
{
    private const int First = 10_000;

    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(60);
    private static readonly int s_count = CountBelowEphemeral();
    private static int s_next = Random.Shared.Next(s_count);

    /// <summary>A port that is free, and that nobody else is given.</summary>
    public static int Free()
    {
        for (int tried = 0; tried < s_count; tried++)
        {
            int port = First + (int)((uint)Interlocked.Increment(ref s_next) % s_count);
            if (CanBind(AddressFamily.InterNetwork, IPAddress.Any, port) && (!Socket.OSSupportsIPv6 || CanBind(AddressFamily.InterNetworkV6, IPAddress.IPv6Any, port)))
                return port;
        }

        throw new InvalidOperationException($"no port from {First} on is free");
    }

    private static bool CanBind(AddressFamily family, IPAddress address, int port)
    {
        try
        {
            using var socket = new Socket(family, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(address, port));
            socket.Listen();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    // Linux: the range of ports for connections and for who asks for port 0.
    private static int CountBelowEphemeral()
    {
        const string range = "/proc/sys/net/ipv4/ip_local_port_range";
        int end = File.Exists(range) ? int.Parse(File.ReadAllText(range).Split('\t', ' ')[0], CultureInfo.InvariantCulture) : 32_768;
        // Where nearly all of them are given away there is nothing better than to take one of them.
        return end - First >= 1000 ? end - First : 20_000;
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

    /// <summary>The port that a process listens on, once it does: for one that was started with port 0 and does not say which it got.</summary>
    public static async Task<int> OfAsync(ChildProcess process)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        using var deadline = new CancellationTokenSource(s_longest);
        while (true)
        {
            if (!Directory.Exists($"/proc/{process.Id}"))
                throw new InvalidOperationException($"The peer ended before it listened:\n{process.Said}");
            HashSet<string> sockets = Links($"/proc/{process.Id}/fd");
            // The tenth column is the number in the link's "socket:[number]".
            foreach (string[] words in Listening())
            {
                if (sockets.Contains($"socket:[{words[9]}]"))
                    return int.Parse(words[1].AsSpan(words[1].LastIndexOf(':') + 1), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            }

            await timer.WaitForNextTickAsync(deadline.Token);
        }
    }

    private static HashSet<string> Links(string folder)
    {
        var links = new HashSet<string>();
        foreach (string path in Directory.GetFiles(folder))
        {
            try
            {
                links.Add(File.ResolveLinkTarget(path, returnFinalTarget: false)?.Name ?? "");
            }
            catch (IOException)
            {
                // Closed meanwhile.
            }
        }

        return links;
    }

    // Lines of /proc/net/tcp: "sl local_address rem_address st …"; state 0A is LISTEN.
    private static bool IsListening(int port)
    {
        string end = ":" + port.ToString("X4", CultureInfo.InvariantCulture);
        return Listening().Any(words => words[1].EndsWith(end, StringComparison.Ordinal));
    }

    private static IEnumerable<string[]> Listening()
    {
        foreach (string file in (string[])["/proc/net/tcp", "/proc/net/tcp6"])
        {
            if (!File.Exists(file))
                continue;
            foreach (string line in File.ReadLines(file).Skip(1))
            {
                string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
                if (words[3] == "0A")
                    yield return words;
            }
        }
    }
}
