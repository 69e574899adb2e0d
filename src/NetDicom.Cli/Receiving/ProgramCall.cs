using System.Diagnostics;
using NetDicom.Cli.Invocation;

namespace NetDicom.Cli.Receiving;

/// <summary>
/// A program to run and its arguments, as the user wrote them. Placeholders are replaced inside arguments; there is no shell, so nothing
/// that a peer sends can become a command, and a value that looks like an option stays in its argument.
/// </summary>
internal sealed class ProgramCall
{
    private readonly string[] _vector;

    private ProgramCall(string[] vector) => _vector = vector;

    /// <param name="option">The option's name, for messages.</param>
    /// <param name="vector">Program and arguments; null or empty: none.</param>
    /// <param name="placeholders">Those that will have values.</param>
    /// <exception cref="UsageException">An unknown placeholder, or one in place of the program.</exception>
    public static ProgramCall? Parse(string option, string[]? vector, IReadOnlyCollection<string> placeholders)
    {
        if (vector is null or [])
            return null;
        if (vector[0].Length == 0 || placeholders.Any(p => vector[0].Contains($"{{{p}}}", StringComparison.Ordinal)))
            throw new UsageException($"{option} needs the program to run as its first word, without placeholders");
        return new ProgramCall(vector);
    }

    /// <summary>Runs the program and waits for its end.</summary>
    /// <param name="values">Placeholder names and their values; each is also in the environment, as NETDICOM_ and the name in capitals.</param>
    /// <param name="cancellationToken">Kills it.</param>
    /// <returns>What went wrong, or null.</returns>
    public async Task<string?> RunAsync(IReadOnlyDictionary<string, string> values, CancellationToken cancellationToken)
    {
        // Our standard output carries results: what the program prints there is dropped. Its standard error is ours.
        var start = new ProcessStartInfo(_vector[0]) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true };
        foreach (string argument in _vector.AsSpan(1))
            start.ArgumentList.Add(Fill(argument, values));
        foreach ((string name, string value) in values)
            start.Environment[$"NETDICOM_{EnvironmentName(name)}"] = value;
        try
        {
            using Process process = Process.Start(start)!;
            process.StandardInput.Close();
            try
            {
                await process.StandardOutput.BaseStream.CopyToAsync(Stream.Null, cancellationToken);
                await process.WaitForExitAsync(cancellationToken);
            }
            catch (OperationCanceledException)
            {
                process.Kill(entireProcessTree: true);
                throw;
            }

            return process.ExitCode == 0 ? null : $"{_vector[0]} ended with {process.ExitCode}";
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            return $"{_vector[0]} cannot be started: {e.Message}";
        }
    }

    /// <summary><c>sopInstanceUid</c> becomes <c>SOP_INSTANCE_UID</c>.</summary>
    internal static string EnvironmentName(string placeholder) =>
        string.Concat(placeholder.Select((c, i) => i > 0 && char.IsAsciiLetterUpper(c) ? $"_{c}" : char.ToUpperInvariant(c).ToString()));

    // One pass: a value that happens to look like a placeholder is not filled again.
    internal static string Fill(string argument, IReadOnlyDictionary<string, string> values)
    {
        var text = new System.Text.StringBuilder();
        int at = 0;
        while (at < argument.Length)
        {
            int open = argument.IndexOf('{', at);
            int close = open < 0 ? -1 : argument.IndexOf('}', open);
            if (close < 0)
                break;
            text.Append(argument, at, open - at);
            string name = argument[(open + 1)..close];
            text.Append(values.TryGetValue(name, out string? value) ? value : argument[open..(close + 1)]);
            at = close + 1;
        }

        return text.Append(argument, at, argument.Length - at).ToString();
    }
}
