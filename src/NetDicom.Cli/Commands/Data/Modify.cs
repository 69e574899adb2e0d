using System.CommandLine;
using NetDicom.Cli.Invocation;
using NetDicom.Cli.Options;
using NetDicom.Cli.Output;

namespace NetDicom.Cli.Commands.Data;

/// <summary>Changes elements of files.</summary>
internal sealed class Modify : Tool
{
    public const string Description = "insert, change and erase elements of DICOM files";

    private readonly Argument<string[]> _paths = Words.Argument("path…", "files, changed in place; the old one is kept as .bak. - is standard input, and needs --output");
    private readonly Option<string[]> _insert = new("--insert", "-i") { Description = "put an element in, or replace it; items on the way are made where they are missing", HelpName = "PATH=VALUE" };
    private readonly Option<string[]> _modify = new("--modify", "-m") { Description = "change an element that is there", HelpName = "PATH=VALUE" };
    private readonly Option<string[]> _erase = new("--erase", "-e") { Description = "take an element out, if it is there", HelpName = "PATH" };
    private readonly Option<bool> _erasePrivate = new("--erase-private", "-ep") { Description = "take all private elements out" };
    private readonly Option<bool> _newStudy = new("--gen-stud-uid", "-gst") { Description = "a new Study Instance UID; files that shared one share the new one" };
    private readonly Option<bool> _newSeries = new("--gen-seri-uid", "-gse") { Description = "a new Series Instance UID; files that shared one share the new one" };
    private readonly Option<bool> _newInstance = new("--gen-inst-uid", "-gin") { Description = "a new SOP Instance UID" };
    private readonly Option<bool> _noBackup = new("--no-backup", "-nb") { Description = "keep no .bak file" };
    private readonly Option<string?> _output = new("--output", "-o") { Description = "write here and leave the input as it is (one input file); - is standard output", HelpName = "FILE" };

    private readonly ProgressOption _progress;

    // Old to new, for all files of the run.
    private readonly Dictionary<string, DicomUid> _newUids = new(StringComparer.Ordinal);

    public Modify() : base("modify", Description)
    {
        Command.Arguments.Add(_paths);
        foreach (Option option in new Option[] { _insert, _modify, _erase, _erasePrivate, _newStudy, _newSeries, _newInstance, _noBackup, _output })
            Command.Options.Add(option);
        _progress = new ProgressOption(Command);
    }

    public override string Usage => "modify [options] path…";

    public override IReadOnlyList<(string Line, string Meaning)> Examples { get; } =
    [
        ("modify -m PatientID=P2 -e PatientBirthDate image.dcm", "changes one element and erases another; image.dcm.bak is the old file"),
        ("modify -i \"RequestAttributesSequence[0].ScheduledProcedureStepID=S1\" -o new.dcm image.dcm", "makes the item if it is missing"),
        ("modify -e '(0009,\"ACME 1\",01)' -gin image.dcm", "erases a private element and gives a new SOP Instance UID"),
    ];

    public override async Task<int> RunAsync(ParseResult arguments, ToolConsole console)
    {
        string[] paths = arguments.GetValue(_paths) ?? [];
        string? output = arguments.GetValue(_output);
        if (paths.Length == 0)
            throw new UsageException("nothing to change: give files");
        if (output is not null && paths.Length > 1)
            throw new UsageException("--output takes one input file");
        if (output is null && paths.Contains("-"))
            throw new UsageException("standard input cannot be changed in place: give --output");
        ElementEdit[] inserts = [.. (arguments.GetValue(_insert) ?? []).Select(text => ElementEdit.Parse(text, true))];
        ElementEdit[] changes = [.. (arguments.GetValue(_modify) ?? []).Select(text => ElementEdit.Parse(text, true))];
        ElementEdit[] erasures = [.. (arguments.GetValue(_erase) ?? []).Select(text => ElementEdit.Parse(text, false))];
        int code = ExitCode.Success;
        // A single file is done before a bar would be drawn.
        await using ProgressDisplay? progress = ProgressDisplay.Start(paths.Length > 1 && _progress.IsWanted(arguments) && !Common.IsQuiet(arguments), console.Log);
        foreach (string path in paths)
            progress?.Found(SizeOf(path));
        foreach (string path in paths)
        {
            long size = progress is null ? 0 : SizeOf(path);
            console.Stop.ThrowIfCancellationRequested();
            DicomFile file;
            try
            {
                file = await DataFiles.OpenAsync(path, null, console.Stop);
            }
            catch (Exception e) when (DataFiles.IsExpected(e))
            {
                console.Log.Error($"Cannot read input file {path}: {e.Message}");
                code = ExitCode.InputNotRead;
                progress?.Done(size);
                continue;
            }

            await using (file)
            {
                try
                {
                    Apply(file.DataSet);
                    if (output is null && !arguments.GetValue(_noBackup))
                        File.Copy(path, path + ".bak", overwrite: true);
                    await DataFiles.SaveAsync(file, output ?? path, null, console.Stop);
                    console.Log.Info($"{path}: written to {output ?? path}");
                }
                catch (Exception e) when (DataFiles.IsExpected(e))
                {
                    console.Log.Error($"Cannot change {path}: {e.Message}");
                    code = code == ExitCode.Success ? ExitCode.OperationFailed : code;
                }
            }

            progress?.Done(size);
        }

        return code;

        void Apply(DicomDataSet set)
        {
            if (arguments.GetValue(_erasePrivate))
                ErasePrivate(set);
            foreach (ElementEdit erasure in erasures)
                erasure.Erase(set);
            foreach (ElementEdit change in changes)
            {
                if (!change.Modify(set))
                    throw new DicomDataException($"there is no {change} to change; --insert would put it in");
            }

            foreach (ElementEdit insert in inserts)
                insert.Insert(set);
            if (arguments.GetValue(_newStudy))
                Renew(set, DicomTags.StudyInstanceUID);
            if (arguments.GetValue(_newSeries))
                Renew(set, DicomTags.SeriesInstanceUID);
            if (arguments.GetValue(_newInstance))
                set.Set(DicomTags.SOPInstanceUID, DicomUid.Generate());
        }
    }

    // A file that is not there is reported when its turn comes.
    private static long SizeOf(string path) => new FileInfo(path) is { Exists: true } file ? file.Length : 0;

    private void Renew(DicomDataSet set, DicomTag tag)
    {
        string old = set.TryGetString(tag, out string? text) ? $"{tag}{text}" : "";
        if (old.Length == 0 || !_newUids.TryGetValue(old, out DicomUid uid))
            uid = DicomUid.Generate();
        if (old.Length > 0)
            _newUids[old] = uid;
        set.Set(tag, uid);
    }

    private static void ErasePrivate(DicomDataSet set)
    {
        set.RemoveAll(element => element.Tag.IsPrivate);
        foreach (DicomElement element in set)
        {
            foreach (DicomDataSet item in element.Items ?? [])
                ErasePrivate(item);
        }
    }
}
