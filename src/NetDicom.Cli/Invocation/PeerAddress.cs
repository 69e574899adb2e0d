using System.Globalization;
using NetDicom.Protocol;

namespace NetDicom.Cli.Invocation;

/// <summary>Where the peer is: <c>addr port</c> as two words, or <c>AET@host:port</c> as one.</summary>
internal readonly record struct PeerAddress(string Host, int Port, string? CalledAETitle)
{
    public override string ToString() => Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]:{Port}" : $"{Host}:{Port}";

    /// <summary>Takes the address off the front of <paramref name="words"/>; the rest are the tool's own arguments.</summary>
    /// <exception cref="UsageException">No address, or a wrong one.</exception>
    public static PeerAddress TakeFrom(IReadOnlyList<string> words, out IReadOnlyList<string> rest)
    {
        if (words.Count == 0)
            throw new UsageException("the peer is missing: give 'addr port' or 'AET@host:port'");
        int at = words[0].IndexOf('@', StringComparison.Ordinal);
        if (at >= 0)
        {
            rest = [.. words.Skip(1)];
            string title = words[0][..at];
            string place = words[0][(at + 1)..];
            int colon = place.LastIndexOf(':');
            if (!AETitle.TryParse(title, out _))
                throw new UsageException($"'{title}' in '{words[0]}' is not an AE title (1 to 16 characters, no backslash)");
            if (colon <= 0)
                throw new UsageException($"'{words[0]}' is not AET@host:port");
            return new PeerAddress(TrimBrackets(place[..colon]), ParsePort(place[(colon + 1)..], 1), title);
        }

        if (words.Count == 1)
            throw new UsageException($"the port is missing after '{words[0]}': give 'addr port' or 'AET@host:port'");
        rest = [.. words.Skip(2)];
        if (words[0].Length == 0)
            throw new UsageException("the peer's address is empty");
        return new PeerAddress(TrimBrackets(words[0]), ParsePort(words[1], 1), null);
    }

    /// <summary>A TCP port; a server takes 0 too ("choose a free one").</summary>
    /// <exception cref="UsageException">Not a port.</exception>
    public static int ParsePort(string text, int lowest) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int port) && port >= lowest && port <= 65535
            ? port
            : throw new UsageException($"'{text}' is not a port ({lowest} to 65535)");

    private static string TrimBrackets(string host) => host.StartsWith('[') && host.EndsWith(']') ? host[1..^1] : host;
}
