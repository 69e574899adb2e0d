using NetDicom.Cli.Commands;
using NetDicom.Cli.Sending;

namespace NetDicom.Cli.Procedures;

/// <summary>A file that a request refers to: its identity, and the attributes in front of its pixels that such requests repeat.</summary>
internal sealed record ReferencedObject(string Path, DicomUid SopClass, DicomUid SopInstance, DicomUid Study, DicomUid Series, DicomDataSet Head)
{
    // (0020,000E) is the last attribute that any of the requests needs.
    private static readonly DicomReadOptions s_headOnly = DicomReadOptions.Default with { Reader = DataSetReaderOptions.Default with { StopBefore = new DicomTag(0x0020, 0x0010) } };

    /// <summary>Reads the heads of all files; those that are none are reported and counted.</summary>
    /// <returns>The objects, and how many paths could not be read.</returns>
    public static async Task<(IReadOnlyList<ReferencedObject> Objects, int Unreadable)> ReadAsync(IEnumerable<ScannedPath> paths, ToolConsole console)
    {
        var objects = new List<ReferencedObject>();
        int unreadable = 0;
        foreach (ScannedPath path in paths)
        {
            console.Stop.ThrowIfCancellationRequested();
            string? problem = path.Problem;
            if (problem is null)
            {
                try
                {
                    objects.Add(await ReadAsync(path.Path, console.Stop));
                    continue;
                }
                catch (Exception e) when (e is DicomException or IOException or UnauthorizedAccessException)
                {
                    problem = $"Cannot read input file {path.Path}: {e.Message}";
                }
            }

            unreadable++;
            console.Log.Error(problem);
            console.Json?.Write("unreadable", json =>
            {
                json.WriteString("path", path.Path);
                json.WriteString("error", problem);
            });
        }

        if (objects.Count == 0)
            console.Log.Error("No suitable DICOM files found");
        return (objects, unreadable);
    }

    private static async Task<ReferencedObject> ReadAsync(string path, CancellationToken stop)
    {
        await using DicomFile file = await DicomFile.OpenAsync(path, s_headOnly, stop);
        DicomDataSet head = file.DataSet;
        DicomUid sopClass = head.GetUidOrDefault(DicomTags.SOPClassUID) ?? file.Meta.MediaStorageSopClassUid;
        DicomUid instance = head.GetUidOrDefault(DicomTags.SOPInstanceUID) ?? file.Meta.MediaStorageSopInstanceUid;
        if (sopClass.IsNone || instance.IsNone)
            throw new DicomDataException("it names no SOP class or instance");
        return new ReferencedObject(path, sopClass, instance, head.GetUidOrDefault(DicomTags.StudyInstanceUID) ?? default, head.GetUidOrDefault(DicomTags.SeriesInstanceUID) ?? default, head);
    }
}
