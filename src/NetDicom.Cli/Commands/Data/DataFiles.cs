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
