using System.CommandLine;
using System.Globalization;

namespace NetDicom.Cli.Options;

/// <summary><c>-pdu</c>: the longest PDU we receive.</summary>
internal static class MaxPdu
{
    /// <summary>The default, in bytes.</summary>
    public const uint Default = 262144;

    public static Option<uint> Option() => new("--max-pdu", "-pdu")
    {
        Description = $"longest PDU we receive, in bytes; 0: any, up to our own cap (default: {Default})",
        HelpName = "BYTES",
        DefaultValueFactory = _ => Default,
        CustomParser = result =>
        {
            string text = result.Tokens[0].Value;
            if (!uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out uint bytes))
                result.AddError($"'{text}' for --max-pdu is not a number of bytes");
            return bytes;
        },
    };
}
