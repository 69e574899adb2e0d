using NetDicom.Cli.Invocation;

namespace NetDicom.Cli.Procedures;

/// <summary>The words after the peer's address: what to do, and to which instance.</summary>
internal static class ActionWords
{
    /// <summary>The first word.</summary>
    /// <exception cref="UsageException">It is none of the actions.</exception>
    public static string Action(IReadOnlyList<string> words, params string[] actions)
    {
        if (words.Count == 0)
            throw new UsageException($"what to do is missing: {string.Join(", ", actions)}");
        return actions.Contains(words[0]) ? words[0] : throw new UsageException($"'{words[0]}' is nothing that can be done; there are {string.Join(", ", actions)}");
    }

    /// <summary>The second word, a UID; none when there is no second word and none is needed.</summary>
    /// <exception cref="UsageException">It is missing, or no UID.</exception>
    public static DicomUid Uid(IReadOnlyList<string> words, bool isNeeded)
    {
        if (words.Count < 2)
            return isNeeded ? throw new UsageException($"{words[0]} needs the SOP Instance UID") : default;
        return ParseUid(words[1]);
    }

    /// <exception cref="UsageException">It is no UID.</exception>
    public static DicomUid ParseUid(string text) => DicomUid.TryParse(text, out DicomUid uid) ? uid : throw new UsageException($"'{text}' is no UID");
}
