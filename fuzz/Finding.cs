using System.Text;
using System.Text.RegularExpressions;

namespace NetDicom.Fuzz;

/// <summary>An input and what is wrong with it, as a text file: comment lines with '#', then the bytes in hexadecimal.</summary>
internal sealed partial record Finding(string Target, string Message, byte[] Input)
{
    private const int BytesPerLine = 48;

    /// <summary>What two findings of the same fault have in common: the message up to its first colon, without its numbers.</summary>
    public string Signature => SignatureOf(Message);

    public static string SignatureOf(string message)
    {
        string line = message.Split(": ")[0].Split('\n')[0];
        return Numbers().Replace(line.Length > 160 ? line[..160] : line, "0");
    }

    public static string Describe(Exception exception) => exception is FuzzFailure ? exception.Message : $"{exception.GetType().Name} {exception.StackTrace?.Split('\n')[0].Trim()}: {exception.Message}";

    public static Finding Read(string path)
    {
        string[] lines = File.ReadAllLines(path);
        string target = lines.First(line => line.StartsWith("# target ", StringComparison.Ordinal))["# target ".Length..].Trim();
        return new Finding(target, "", Convert.FromHexString(string.Concat(lines.Where(line => !line.StartsWith('#')).Select(line => line.Trim()))));
    }

    public void Write(string path, string origin)
    {
        var text = new StringBuilder();
        text.Append("# target ").Append(Target).Append('\n');
        text.Append("# ").Append(origin).Append('\n');
        foreach (string line in Message.Split('\n').Take(3))
            text.Append("# ").Append(line.Length > 300 ? line[..300] : line).Append('\n');
        foreach (byte[] line in Input.Chunk(BytesPerLine))
            text.Append(Convert.ToHexString(line)).Append('\n');
        File.WriteAllText(path, text.ToString());
    }

    [GeneratedRegex("[0-9A-F]{2,}|[0-9]+")]
    private static partial Regex Numbers();
}
