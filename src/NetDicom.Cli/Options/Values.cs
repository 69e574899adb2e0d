using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using NetDicom.Protocol;

namespace NetDicom.Cli.Options;

/// <summary>Options with values that need more than a conversion, made in one way.</summary>
internal static class Values
{
    // Longer waits cannot be told apart from "for ever", and timers take 49 days at most.
    private const double LongestSeconds = 24 * 3600;

    /// <summary>A time in seconds, fractions allowed.</summary>
    /// <param name="name">The long name.</param>
    /// <param name="aliases">Other names.</param>
    /// <param name="description">What it limits, without default.</param>
    /// <param name="defaultSeconds">The default.</param>
    /// <param name="zeroIsNone">0 means no limit.</param>
    public static Option<TimeSpan> Seconds(string name, string[] aliases, string description, double defaultSeconds, bool zeroIsNone) => new(name, aliases)
    {
        Description = $"{description}, in seconds, fractions allowed{(zeroIsNone ? ", 0: no limit" : "")} (default: {defaultSeconds.ToString(CultureInfo.InvariantCulture)})",
        HelpName = "SECONDS",
        DefaultValueFactory = _ => TimeSpan.FromSeconds(defaultSeconds),
        CustomParser = result => ParseSeconds(result, zeroIsNone),
    };

    /// <summary>A whole number within bounds.</summary>
    public static Option<int> Count(string name, string[] aliases, string description, int @default, int lowest, int highest) => new(name, aliases)
    {
        Description = description,
        HelpName = "N",
        DefaultValueFactory = _ => @default,
        CustomParser = result =>
        {
            if (int.TryParse(result.Tokens[0].Value, NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count >= lowest && count <= highest)
                return count;
            result.AddError($"'{result.Tokens[0].Value}' for {name} is not a number from {lowest} to {highest}");
            return 0;
        },
    };

    /// <summary>An application entity title.</summary>
    public static Option<string> Title(string name, string[] aliases, string description, string @default) => new(name, aliases)
    {
        Description = $"{description} (default: {@default})",
        HelpName = "AET",
        DefaultValueFactory = _ => @default,
        CustomParser = result =>
        {
            string text = result.Tokens[0].Value;
            if (!AETitle.TryParse(text, out _))
                result.AddError($"'{text}' for {name} is not an AE title: 1 to 16 characters from space to ~, no backslash");
            return text;
        },
    };

    /// <summary>A DIMSE status as four hexadecimal digits.</summary>
    public static ushort? Status(ArgumentResult result)
    {
        string text = result.Tokens[0].Value;
        string digits = text.StartsWith("0x", StringComparison.OrdinalIgnoreCase) ? text[2..] : text.TrimEnd('H', 'h');
        if (digits.Length == 4 && ushort.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ushort status))
            return status;
        result.AddError($"'{text}' is not a status: four hexadecimal digits, such as A700");
        return null;
    }

    private static TimeSpan ParseSeconds(ArgumentResult result, bool zeroIsNone)
    {
        string text = result.Tokens[0].Value;
        if (!double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double seconds) || seconds > LongestSeconds)
        {
            result.AddError($"'{text}' is not a time in seconds (0 to {LongestSeconds:0}, such as 30 or 0.5)");
            return default;
        }

        return seconds == 0 && zeroIsNone ? Timeout.InfiniteTimeSpan : TimeSpan.FromSeconds(seconds);
    }
}
