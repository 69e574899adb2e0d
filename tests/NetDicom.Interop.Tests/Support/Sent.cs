using System.Text.Json;

namespace NetDicom.Interop.Tests.Support;

/// <summary>What storescu said of one file (docs/cli-json.md).</summary>
internal sealed record SentFile(string Path, string Outcome, string? SopInstanceUid, string? TransferSyntaxUid, string? Error);

/// <summary>The results of a run of storescu with --json.</summary>
internal sealed class Sent
{
    private Sent(Ended ended, IReadOnlyList<SentFile> files, JsonElement summary) => (Ended, Files, Summary) = (ended, files, summary);

    public Ended Ended { get; }

    public IReadOnlyList<SentFile> Files { get; }

    public JsonElement Summary { get; }

    public IEnumerable<SentFile> Stored => Files.Where(f => f.Outcome is "stored" or "warning");

    /// <summary>Runs storescu and reads its lines.</summary>
    public static async Task<Sent> RunAsync(params string[] arguments)
    {
        Ended ended = await NetDicomProgram.RunAsync(["storescu", "--json", .. arguments]);
        return Read(ended);
    }

    public static Sent Read(Ended ended)
    {
        JsonElement[] lines = [.. ended.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonDocument.Parse(l).RootElement)];
        Assert.True(lines.Length > 0, $"no lines: {ended}");
        Assert.Equal("summary", lines[^1].GetProperty("type").GetString());
        Assert.Equal(ended.ExitCode, lines[^1].GetProperty("exitCode").GetInt32());
        return new Sent(ended, [.. lines[..^1].Select(l => new SentFile(
            l.GetProperty("path").GetString()!, l.GetProperty("outcome").GetString()!, Text(l, "sopInstanceUid"), Text(l, "transferSyntaxUid"), Text(l, "error")))], lines[^1]);
    }

    public int Count(string outcome) => Files.Count(f => f.Outcome == outcome);

    /// <summary>
    /// Each stored file whose transfer syntax was kept is in <paramref name="folder"/>, its data set byte for byte. Several files of the real
    /// ones share a SOP Instance UID, so a folder may hold several files of one object.
    /// </summary>
    /// <returns>Files compared.</returns>
    public int AssertReceived(string folder)
    {
        ILookup<string, byte[]> received = Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Select(File.ReadAllBytes).ToLookup(f => Part10.MetaUid(f, 0x0003));
        int compared = 0;
        foreach (SentFile file in Stored)
        {
            byte[] source = File.ReadAllBytes(file.Path);
            Assert.True(received.Contains(file.SopInstanceUid!), $"{file.Path} is not there");
            string syntax = Part10.MetaUid(source, 0x0010);
            if (syntax.Length > 0 && syntax != file.TransferSyntaxUid)
                continue;
            ReadOnlyMemory<byte> sent = Part10.DataSet(source);
            Assert.True(received[file.SopInstanceUid!].Any(r => Part10.MetaUid(r, 0x0010) == file.TransferSyntaxUid && Same(sent.Span, Part10.DataSet(r).Span)),
                $"{file.Path}: the data set received is another one than the one sent");
            compared++;
        }

        return compared;
    }

    // PS3.5 annex A.5: a deflate stream of odd length gets one zero byte; elsewhere a data set is even already.
    private static bool Same(ReadOnlySpan<byte> sent, ReadOnlySpan<byte> received) =>
        received.SequenceEqual(sent) || (sent.Length % 2 == 1 && received.Length == sent.Length + 1 && received[^1] == 0 && received[..^1].SequenceEqual(sent));

    private static string? Text(JsonElement line, string name) => line.TryGetProperty(name, out JsonElement value) ? value.GetString() : null;
}
