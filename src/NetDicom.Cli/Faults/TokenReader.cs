using System.Globalization;

namespace NetDicom.Cli.Faults;

/// <summary>The words of one line, taken one after the other.</summary>
internal sealed class TokenReader(IReadOnlyList<ScenarioToken> tokens)
{
    private int _next;

    public bool IsAtEnd => _next == tokens.Count;

    public ScenarioToken? Peek => IsAtEnd ? null : tokens[_next];

    public ScenarioToken Take(string what) => IsAtEnd ? throw new FormatException($"{what} is missing") : tokens[_next++];

    public bool TryTake(string text)
    {
        if (IsAtEnd || !tokens[_next].Is(text))
            return false;
        _next++;
        return true;
    }

    /// <summary>The value of <c>key=value</c> if that comes next.</summary>
    public bool TryTakeKey(string key, out ScenarioToken token)
    {
        token = IsAtEnd ? default : tokens[_next];
        if (IsAtEnd || token.Key != key)
            return false;
        _next++;
        return true;
    }

    public uint TakeNumber(string what)
    {
        ScenarioToken token = Take(what);
        return Number(token.Text, what, uint.MaxValue);
    }

    public byte TakeByte(string what) => byte.TryParse(Take(what).Text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out byte value)
        ? value
        : throw new FormatException($"{what} is two hexadecimal digits");

    public TimeSpan TakeTime(string what) => Time(Take(what).Text, what);

    public void ExpectEnd()
    {
        if (!IsAtEnd)
            throw new FormatException($"'{tokens[_next]}' is one word too many");
    }

    public static uint Number(string text, string what, uint highest) => ScenarioToken.TryNumber(text, out uint number) && number <= highest
        ? number
        : throw new FormatException($"'{text}' is not {what}: a number, decimal or 0x hexadecimal, up to {highest}");

    /// <summary>A time such as 20ms, 1.5s or 2m.</summary>
    public static TimeSpan Time(string text, string what)
    {
        (string digits, double unit) = text switch
        {
            _ when text.EndsWith("ms", StringComparison.Ordinal) => (text[..^2], 0.001),
            _ when text.EndsWith('s') => (text[..^1], 1),
            _ when text.EndsWith('m') => (text[..^1], 60),
            _ => ("", 0),
        };
        return double.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number) && number * unit <= 24 * 3600
            ? TimeSpan.FromSeconds(number * unit)
            : throw new FormatException($"'{text}' is not {what}: a time such as 20ms, 1.5s or 2m, up to a day");
    }
}
