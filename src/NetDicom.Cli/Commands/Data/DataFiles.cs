using NetDicom.Cli.Invocation;

namespace NetDicom.Cli.Commands.Data;

/// <summary>What the tools for files have in common.</summary>
internal static class DataFiles
{
    /// <summary>Opens a file, or standard input for <c>-</c>.</summary>
    public static Task<DicomFile> OpenAsync(string path, DicomReadOptions? options, CancellationToken stop) => path == "-"
        ? DicomFile.OpenAsync(Console.OpenStandardInput(), options, leaveOpen: false, stop)
        : DicomFile.OpenAsync(path, options, stop);

    /// <summary>Whether a file that cannot be read or written is to be reported, not the end of the program.</summary>
    public static bool IsExpected(Exception e) => e is DicomException or IOException or UnauthorizedAccessException or NotSupportedException or InvalidOperationException;

    /// <summary>Tags that options name by keyword or number.</summary>
    /// <exception cref="UsageException">One is neither.</exception>
    public static HashSet<DicomTag> ParseTags(IEnumerable<string>? texts)
    {
        var tags = new HashSet<DicomTag>();
        foreach (string text in texts ?? [])
            tags.Add(DicomTagPath.TryParse(text, out DicomTagPath path) && path.Items.IsEmpty ? path.Tag : throw new UsageException($"'{text}' is no keyword and no tag (gggg,eeee)"));
        return tags;
    }

    /// <summary>Writes a file, or standard output for <c>-</c>.</summary>
    public static async Task SaveAsync(DicomFile file, string path, DicomWriteOptions? options, CancellationToken stop)
    {
        if (path != "-")
        {
            await file.SaveAsync(path, options, stop);
            return;
        }

        await using Stream output = Console.OpenStandardOutput();
        await file.SaveAsync(output, options, stop);
    }

    /// <summary>A transfer syntax by UID, keyword, or one of the short names that DCMTK's options have.</summary>
    public static bool TryParseSyntax(string text, out TransferSyntax syntax)
    {
        syntax = text switch
        {
            "i" or "implicit" => TransferSyntax.ImplicitVRLittleEndian,
            "e" or "explicit" => TransferSyntax.ExplicitVRLittleEndian,
            "b" or "big" => TransferSyntax.ExplicitVRBigEndian,
            "d" or "deflated" => TransferSyntax.DeflatedExplicitVRLittleEndian,
            _ => default,
        };
        if (!syntax.IsNone)
            return true;
        if (Uids.TryGet(text, out UidInfo info) && info.Type == UidType.TransferSyntax)
            syntax = info.Uid;
        else if (DicomUid.TryParse(text, out DicomUid uid))
            syntax = uid;
        return !syntax.IsNone;
    }
}
