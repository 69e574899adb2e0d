namespace NetDicom.Cli.Output;

/// <summary>Text of a peer on its way to a terminal.</summary>
internal static class SafeText
{
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
