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
