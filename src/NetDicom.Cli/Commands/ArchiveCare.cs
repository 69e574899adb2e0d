using System.CommandLine;
using NetDicom.Archive;
using NetDicom.Cli.Archiving;
using NetDicom.Cli.Archiving.Care;
using NetDicom.Cli.Invocation;
using NetDicom.Cli.Options;

namespace NetDicom.Cli.Commands;

/// <summary>Looks after an archive: what it holds, whether it is whole, its index anew, copies out of it, what may go.</summary>
internal sealed class ArchiveCare : Tool
{
    public const string Description = "an archive's care: what it holds, whether every file is as it was stored, its index anew, export, delete, compact";

    private readonly Argument<string[]> _words = Words.Argument(
        "action",
        "status: what it holds; verify: every file read and compared; rebuild: the index made anew from the files; export FOLDER: verified copies; delete: studies, series or patients; "
        + "compact: unused room given back. Rebuild needs that no server runs; compact gives back less beside one");

    private readonly Option<bool> _resume = new("--resume") { Description = "verify, rebuild: go on where an earlier run was stopped" };
    private readonly Option<bool> _yes = new("--yes") { Description = "delete: do not ask" };
    private readonly Option<bool> _removeOrphans = new("--remove-orphans") { Description = "compact: delete the files that were set aside in .orphans" };
    private readonly Option<string> _layout = new("--layout")
    {
        Description = "export: study, flat or a template, as storescp's (default: study)", HelpName = "LAYOUT", DefaultValueFactory = _ => "study",
    };

    private readonly CareSelection _selection;
    private readonly ProgressOption _progress;
    private readonly ArchiveLocation _location;

    public ArchiveCare() : base("archive", Description)
    {
        Command.Arguments.Add(_words);
        _selection = new CareSelection(Command);
        Command.Options.Add(_layout);
        Command.Options.Add(_resume);
        Command.Options.Add(_yes);
        Command.Options.Add(_removeOrphans);
        _progress = new ProgressOption(Command);
        _location = new ArchiveLocation(Command);
    }

    public override string Usage => "archive [options] status|verify|rebuild|export FOLDER|delete|compact";

    public override IReadOnlyList<(string Line, string Meaning)> Examples { get; } =
    [
        ("archive status", "patients, studies, series, instances and bytes of ./netdicom-archive"),
        ("archive verify", "reads every file; exit code 4 if one is not as it was stored. A server may run meanwhile"),
        ("archive rebuild -c archive.json", "the index anew"),
        ("archive export out --patient 4711 --date 20260101-", "copies what patient 4711 has of this year into the folder out"),
        ("archive delete --study 1.2.3", "deletes a study, after a 'yes' on standard input"),
    ];

    public override async Task<int> RunAsync(ParseResult arguments, ToolConsole console)
    {
        ArchiveConfiguration configuration = _location.Read(arguments);
        string[] words = arguments.GetValue(_words)!;
        bool isProgressWanted = _progress.IsWanted(arguments), isResumed = arguments.GetValue(_resume);
        bool isSelecting = words is ["export", ..] or ["delete"];
        if (!isSelecting && _selection.IsGiven(arguments))
            throw new UsageException("--patient, --study, --series, --date and --all are for export and delete");
        if (isResumed && words is not (["verify"] or ["rebuild"]))
            throw new UsageException("--resume is for verify and rebuild");
        try
        {
            return words switch
            {
                ["status"] => await CareStatus.RunAsync(configuration, console),
                ["verify"] => await CareVerify.RunAsync(configuration, isResumed, isProgressWanted, console),
                ["rebuild"] => await CareRebuild.RunAsync(configuration, isResumed, isProgressWanted, console),
                ["export", string folder] => await CareExport.RunAsync(configuration, _selection.Read(arguments), folder, arguments.GetValue(_layout)!, isProgressWanted, console),
                ["export"] => throw new UsageException("export needs the folder to copy into"),
                ["delete"] => await CareDelete.RunAsync(configuration, _selection.Read(arguments), arguments.GetValue(_yes), isProgressWanted, console),
                ["compact"] => await CareCompact.RunAsync(configuration, arguments.GetValue(_removeOrphans), console),
                _ => throw new UsageException("one of status, verify, rebuild, export, delete and compact is wanted"),
            };
        }
        catch (ArchiveIndexException e)
        {
            throw new UsageException(ArchiveLocation.Problem(e)!);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            console.Log.Error($"Stopped: {e.Message}");
            return ExitCode.OperationFailed;
        }
    }
}
