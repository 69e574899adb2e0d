using System.Buffers;

namespace NetDicom.Cli.Output;

/// <summary>Text of a peer on its way to a terminal.</summary>
internal static class SafeText
{
    // Line ends and tabs are looked at one by one.
    private static readonly SearchValues<char> s_controls = SearchValues.Create([.. Enumerable.Range(0, 0xA0).Select(c => (char)c).Where(char.IsControl).Except("\n\t")]);

    /// <summary>Lines without terminal sequences: control characters but tabs and line ends become spaces.</summary>
    public static string Lines(string text)
    {
        if (!text.AsSpan().ContainsAny(s_controls))
            return text;
        return string.Create(text.Length, text, static (span, from) =>
        {
            for (int i = 0; i < from.Length; i++)
            {
                // A carriage return alone would write over the line.
                bool isEnd = from[i] == '\r' && i + 1 < from.Length && from[i + 1] == '\n';
                span[i] = s_controls.Contains(from[i]) && !isEnd ? ' ' : from[i];
            }
        });
    }

    /// <summary>One line without terminal sequences: control characters, C1 ones too, become spaces.</summary>
    public static string OneLine(string text)
    {
        if (!text.AsSpan().ContainsAnyInRange('\0', '\x1f') && !text.AsSpan().ContainsAnyInRange('\x7f', '\x9f'))
            return text;
        return string.Create(text.Length, text, static (span, from) =>
        {
            for (int i = 0; i < from.Length; i++)
                span[i] = char.IsControl(from[i]) ? ' ' : from[i];
        });
    }
}
