using NetDicom.Archive;
using NetDicom.Archive.Sqlite;
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

    /// <summary>What of the configured attributes not every instance was indexed with; null if nothing.</summary>
    public static string? AttributesText(SqliteArchiveIndex index)
    {
        if (index.AddedAttributes.Count + index.RemovedAttributes.Count == 0)
            return null;
        string added = index.AddedAttributes.Count == 0 ? "" : $" without {string.Join(", ", index.AddedAttributes.Select(NameOf))}";
        string removed = index.RemovedAttributes.Count == 0 ? "" : $" with {string.Join(", ", index.RemovedAttributes.Select(NameOf))}";
        return $"the indexed attributes were changed: older instances were indexed{added}{(added.Length > 0 && removed.Length > 0 ? ", and" : "")}{removed}; 'netdicom archive rebuild' makes the index anew";
    }

    public static string NameOf(DicomTag tag) => DicomDictionary.TryGet(tag, out DictionaryEntry entry) ? entry.Keyword : tag.ToString();

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
