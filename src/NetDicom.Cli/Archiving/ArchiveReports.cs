using NetDicom.Archive;
using NetDicom.Cli.Commands;

namespace NetDicom.Cli.Archiving;

/// <summary>What is said of the state of an archive.</summary>
internal static class ArchiveReports
{
    public static void Tell(MendReport mended, ToolConsole console)
    {
        if (mended.TemporaryFilesRemoved > 0)
            console.Log.Warn($"Removed {mended.TemporaryFilesRemoved} half-received files that an earlier run left");
        if (mended.NamesFinished > 0)
            console.Log.Warn($"Named {mended.NamesFinished} files that an earlier run had indexed");
        if (mended.DeletionsFinished > 0)
            console.Log.Warn($"Deleted {mended.DeletionsFinished} files that an earlier run had let go of");
        if (mended.FilesIndexed > 0)
            console.Log.Warn($"Indexed {mended.FilesIndexed} files that an earlier run left without");
        foreach (ArchiveFinding finding in mended.Findings)
            Tell(finding, console, isError: true);
    }

    public static void Tell(ArchiveFinding finding, ToolConsole console, bool isError)
    {
        string line = $"{finding.Path}: {Words(finding.Kind)}";
        if (isError)
            console.Log.Error(line);
        else
            console.Print(line);
    }

    public static string Words(FindingKind kind) => kind switch
    {
        FindingKind.FileMissing => "the file is gone",
        FindingKind.OtherLength => "the file has another length than what was stored",
        FindingKind.OtherContent => "the file has other bytes than what was stored",
        FindingKind.Unreadable => "the file cannot be read",
        FindingKind.NotAnInstance => "not a DICOM instance; moved to .orphans",
        FindingKind.NotIndexed => "the file is not in the index",
        _ => "the index has the instance from another file; moved to .orphans",
    };

    /// <summary>The term in JSON: a promise.</summary>
    public static string Term(FindingKind kind) => kind switch
    {
        FindingKind.FileMissing => "file-missing",
        FindingKind.OtherLength => "other-length",
        FindingKind.OtherContent => "other-content",
        FindingKind.Unreadable => "unreadable",
        FindingKind.NotAnInstance => "not-an-instance",
        FindingKind.NotIndexed => "not-indexed",
        _ => "superseded",
    };
}
