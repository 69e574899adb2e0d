using System.Globalization;
using System.Text;

namespace NetDicom.Cli.Faults;

/// <summary>A word of a line: <c>text</c>, <c>key=text</c>, a quoted text, or one of the brackets.</summary>
/// <param name="Key">What stands before the first <c>=</c>; null without one.</param>
/// <param name="Text">The rest, escapes resolved.</param>
/// <param name="IsQuoted">It stood in quotation marks: never a number, a keyword or a bracket.</param>
internal readonly record struct ScenarioToken(string? Key, string Text, bool IsQuoted)
{
    private const string Brackets = "[]()<>{}";

    public bool Is(string text) => !IsQuoted && Key is null && Text == text;

    public override string ToString() => (Key is null ? "" : Key + "=") + (IsQuoted ? $"\"{Text}\"" : Text);

    /// <summary>Splits a line; <c>#</c> at the begin of a word ends it.</summary>
    /// <exception cref="FormatException">A quotation mark is not closed, or an escape is none.</exception>
    public static List<ScenarioToken> Split(string line)
    {
        var tokens = new List<ScenarioToken>();
        for (int i = 0; i < line.Length;)
        {
            char c = line[i];
            if (char.IsWhiteSpace(c))
            {
                i++;
            }
            else if (c == '#')
            {
                break;
            }
            else if (Brackets.Contains(c, StringComparison.Ordinal))
            {
                tokens.Add(new ScenarioToken(null, c.ToString(), false));
                i++;
            }
            else if (c == '"')
            {
                tokens.Add(new ScenarioToken(null, Quoted(line, ref i), true));
            }
            else
            {
                tokens.Add(Word(line, ref i));
            }
        }

        return tokens;
    }

    /// <summary>A whole number, decimal or with 0x.</summary>
    public static bool TryNumber(string text, out uint number) => text.StartsWith("0x", StringComparison.Ordinal)
        ? uint.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out number)
        : uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    private static ScenarioToken Word(string line, ref int i)
    {
        int start = i;
        int equals = -1;
        for (; i < line.Length && !char.IsWhiteSpace(line[i]) && line[i] != '"' && !Brackets.Contains(line[i], StringComparison.Ordinal); i++)
        {
            if (line[i] == '=' && equals < 0)
                equals = i;
        }

        if (equals < 0)
            return new ScenarioToken(null, line[start..i], false);
        string key = line[start..equals];
        return i < line.Length && line[i] == '"' && equals == i - 1
            ? new ScenarioToken(key, Quoted(line, ref i), true)
            : new ScenarioToken(key, line[(equals + 1)..i], false);
    }

    private static string Quoted(string line, ref int i)
    {
        var text = new StringBuilder();
        for (i++; i < line.Length; i++)
        {
            if (line[i] == '"')
            {
                i++;
                return text.ToString();
            }

            text.Append(line[i] == '\\' ? Escape(line, ref i) : line[i]);
        }

        throw new FormatException("a quotation mark is not closed");
    }

    private static char Escape(string line, ref int i)
    {
        i++;
        switch (i < line.Length ? line[i] : '\0')
        {
            case 'n': return '\n';
            case 'r': return '\r';
            case 't': return '\t';
            case '0': return '\0';
            case '\\': return '\\';
            case '"': return '"';
            case 'x' when i + 2 < line.Length && byte.TryParse(line.AsSpan(i + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out byte value):
                i += 2;
                return (char)value;
            default: throw new FormatException("an escape is one of \\n \\r \\t \\0 \\\\ \\\" \\xHH");
        }
    }
}
