using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using NetDicom.Cli.Commands;
using NetDicom.Cli.Output;
using NetDicom.Network;
using NetDicom.Protocol;

namespace NetDicom.Cli.Sending;

/// <summary>What storescu says: one outcome for each file, a summary at the end.</summary>
internal sealed class StoreReport(ToolConsole console, ProgressDisplay? progress)
{
    private readonly long _start = Stopwatch.GetTimestamp();

    public StoreTally Tally { get; } = new();

    /// <summary>A path that is not a DICOM file, or cannot be read.</summary>
    public void Unreadable(ScannedPath path, string problem)
    {
        console.Log.Error(problem);
        Add(FileOutcome.Unreadable, path.Path, path.Length, json => json.WriteString("error", problem));
    }

    /// <summary>An earlier run sent it.</summary>
    public void Skipped(string path, long size)
    {
        console.Log.Debug($"Skipped, in the journal: {path}");
        Add(FileOutcome.Skipped, path, size, null);
    }

    /// <summary>Nothing was sent of it.</summary>
    public void NotSent(StoreFile file, string why)
    {
        console.Log.Error($"Not sent: {file.Path}: {why}");
        Add(FileOutcome.NotSent, file.Path, file.Size, json =>
        {
            WriteIdentity(json, file.SopClass, file.SopInstance, file.TransferSyntax);
            json.WriteString("error", why);
        });
    }

    /// <summary>What the library says of one object.</summary>
    public FileOutcome Sent(StoreFile file, StoreOutcome outcome)
    {
        FileOutcome result = outcome.Failure switch
        {
            StoreFailure.None => outcome.Status is { } status && status != DimseStatus.Success ? FileOutcome.StoredWithWarning : FileOutcome.Stored,
            StoreFailure.Refused => FileOutcome.Refused,
            StoreFailure.CannotRead => FileOutcome.Unreadable,
            StoreFailure.NoPresentationContext => FileOutcome.NoContext,
            StoreFailure.AssociationLost => FileOutcome.Lost,
            _ => FileOutcome.NotSent,
        };
        string? error = Problem(file, outcome, result);
        if (result == FileOutcome.StoredWithWarning)
            console.Log.Warn(error!);
        else if (error is not null)
            console.Log.Error(error);
        else
            console.Log.Info($"Received Store Response (Status: {outcome.Status}): {file.Path}");

        Add(result, file.Path, file.Size, json =>
        {
            WriteIdentity(json, outcome.SopClassUid.IsNone ? file.SopClass : outcome.SopClassUid, outcome.SopInstanceUid.IsNone ? file.SopInstance : outcome.SopInstanceUid,
                outcome.TransferSyntax.IsNone ? file.TransferSyntax : outcome.TransferSyntax);
            json.WriteNumber("bytes", outcome.Bytes);
            if (outcome.Status is { } status)
                json.WriteString("status", StatusText.Code(status));
            if (outcome.ErrorComment is not null)
                json.WriteString("comment", outcome.ErrorComment);
            if (error is not null)
                json.WriteString("error", error);
        }, outcome.Bytes);
        return result;
    }

    public void Summarize(int exitCode)
    {
        double seconds = Stopwatch.GetElapsedTime(_start).TotalSeconds;
        console.Json?.Write("summary", json =>
        {
            json.WriteString("tool", "storescu");
            json.WriteNumber("files", Tally.Files);
            json.WriteNumber("stored", Tally[FileOutcome.Stored]);
            json.WriteNumber("warnings", Tally[FileOutcome.StoredWithWarning]);
            json.WriteNumber("skipped", Tally[FileOutcome.Skipped]);
            json.WriteNumber("refused", Tally[FileOutcome.Refused]);
            json.WriteNumber("noContext", Tally[FileOutcome.NoContext]);
            json.WriteNumber("unreadable", Tally[FileOutcome.Unreadable]);
            json.WriteNumber("lost", Tally[FileOutcome.Lost]);
            json.WriteNumber("notSent", Tally[FileOutcome.NotSent]);
            json.WriteNumber("bytes", Tally.Bytes);
            json.WriteNumber("seconds", Math.Round(seconds, 3));
            json.WriteNumber("exitCode", exitCode);
        });
        int done = Tally[FileOutcome.Stored] + Tally[FileOutcome.StoredWithWarning];
        int failed = Tally.Files - done - Tally[FileOutcome.Skipped];
        console.Log.Info(string.Create(CultureInfo.InvariantCulture,
            $"{done} stored, {failed} not stored, {Tally[FileOutcome.Skipped]} skipped; {Tally.Bytes} bytes in {seconds:0.0} s"));
    }

    private static string? Problem(StoreFile file, StoreOutcome outcome, FileOutcome result)
    {
        string comment = outcome.ErrorComment is null ? "" : $": {outcome.ErrorComment}";
        return result switch
        {
            FileOutcome.Stored => null,
            FileOutcome.StoredWithWarning => $"Stored with a warning: {file.Path}: {outcome.Status}{comment}",
            FileOutcome.Refused => $"Refused by the peer: {file.Path}: {outcome.Status}{comment}",
            FileOutcome.Unreadable => $"Cannot read input file {file.Path}: {outcome.Error?.Message}",
            FileOutcome.NoContext => $"No accepted presentation context: {file.Path}: {outcome.Error?.Message}",
            FileOutcome.Lost => $"No answer: {file.Path}: {outcome.Error?.Message}",
            _ => $"Not sent: {file.Path}: {outcome.Error?.Message}",
        };
    }

    private static void WriteIdentity(Utf8JsonWriter json, DicomUid sopClass, DicomUid sopInstance, TransferSyntax transferSyntax)
    {
        json.WriteString("sopClassUid", sopClass.ToString());
        json.WriteString("sopInstanceUid", sopInstance.ToString());
        json.WriteString("transferSyntaxUid", transferSyntax.Uid.ToString());
    }

    private void Add(FileOutcome outcome, string path, long size, Action<Utf8JsonWriter>? fields, long bytes = 0)
    {
        Tally.Add(outcome, bytes);
        progress?.Done(size);
        console.Json?.Write("store", json =>
        {
            json.WriteString("path", path);
            json.WriteString("outcome", Word(outcome));
            fields?.Invoke(json);
        });
    }

    private static string Word(FileOutcome outcome) => outcome switch
    {
        FileOutcome.Stored => "stored",
        FileOutcome.StoredWithWarning => "warning",
        FileOutcome.Skipped => "skipped",
        FileOutcome.Refused => "refused",
        FileOutcome.Unreadable => "unreadable",
        FileOutcome.NoContext => "no-context",
        FileOutcome.Lost => "lost",
        _ => "not-sent",
    };
}
