using System.CommandLine;
using NetDicom.Archive;
using NetDicom.Archive.Sqlite;
using NetDicom.Cli.Archiving;
using NetDicom.Cli.Invocation;
using NetDicom.Cli.Options;

namespace NetDicom.Cli.Commands;

/// <summary>Looks after an archive: what it holds, whether it is whole, its index anew.</summary>
internal sealed class ArchiveCare : Tool
{
    public const string Description = "an archive's state: what it holds, whether every file is as it was stored, the index made anew";

    private readonly Argument<string[]> _words = Words.Argument("action", "status: what it holds; verify: every file read and compared; rebuild: the index made anew from the files, while no server runs");
    private readonly ArchiveLocation _location;

    public ArchiveCare() : base("archive", Description)
    {
        Command.Arguments.Add(_words);
        _location = new ArchiveLocation(Command);
    }

    public override string Usage => "archive [options] status|verify|rebuild";

    public override IReadOnlyList<(string Line, string Meaning)> Examples { get; } =
    [
        ("archive status", "patients, studies, series, instances and bytes of ./netdicom-archive"),
        ("archive verify", "reads every file; exit code 4 if one is not as it was stored. A server may run meanwhile"),
        ("archive rebuild -c archive.json", "the index anew"),
    ];

    public override async Task<int> RunAsync(ParseResult arguments, ToolConsole console)
    {
        ArchiveConfiguration configuration = _location.Read(arguments);
        try
        {
            return arguments.GetValue(_words) switch
            {
                ["status"] => await StatusAsync(configuration, console),
                ["verify"] => await VerifyAsync(configuration, console),
                ["rebuild"] => await RebuildAsync(configuration, console),
                _ => throw new UsageException("one of status, verify and rebuild is wanted"),
            };
        }
        catch (ArchiveIndexException e)
        {
            throw new UsageException(e.IsDamaged ? $"{e.Message}. It can be made anew from the files: netdicom archive rebuild" : e.Message);
        }
    }

    private static async Task<int> StatusAsync(ArchiveConfiguration configuration, ToolConsole console)
    {
        await using SqliteArchiveIndex index = OpenToRead(configuration);
        IndexStatistics statistics = await index.GetStatisticsAsync(console.Stop);
        console.Print($"{statistics.Patients} patients, {statistics.Studies} studies, {statistics.Series} series, {statistics.Instances} instances, {statistics.Bytes} bytes");
        console.Print(statistics.IsClean ? "closed" : "in use, or not closed cleanly");
        console.Json?.Write("summary", json =>
        {
            json.WriteString("tool", "archive");
            json.WriteNumber("patients", statistics.Patients);
            json.WriteNumber("studies", statistics.Studies);
            json.WriteNumber("series", statistics.Series);
            json.WriteNumber("instances", statistics.Instances);
            json.WriteNumber("bytes", statistics.Bytes);
            json.WriteBoolean("clean", statistics.IsClean);
        });
        return ExitCode.Success;
    }

    private static async Task<int> VerifyAsync(ArchiveConfiguration configuration, ToolConsole console)
    {
        await using SqliteArchiveIndex index = OpenToRead(configuration);
        var counter = new Counter();
        int findings = 0;
        await foreach (ArchiveFinding finding in DicomArchive.VerifyAsync(index, configuration.Instances, counter, console.Stop))
        {
            findings++;
            ArchiveReports.Tell(finding, console, isError: false);
            Write(finding, console);
        }

        console.Print($"{counter.Files} files verified, {findings} findings");
        return Summarize(console, counter.Files, findings);
    }

    private static async Task<int> RebuildAsync(ArchiveConfiguration configuration, ToolConsole console)
    {
        if (!Directory.Exists(configuration.Instances))
            throw new UsageException($"there is no archive in {configuration.Instances}");
        // Made aside and renamed: the old one stays until the new one is whole, and whoever opens it meanwhile is kept out by the lock on the folder.
        string aside = configuration.Database + ".new";
        Directory.CreateDirectory(Path.GetDirectoryName(configuration.Database)!);
        SqliteArchiveIndex.Delete(aside);
        MendReport report;
        long instances;
        (DicomArchive archive, _) = await ArchiveLocation.OpenAsync(configuration with { Database = aside, Durability = Durability.File }, console.Stop);
        await using (archive)
        {
            report = archive.Mended;
            instances = (await archive.Index.GetStatisticsAsync(console.Stop)).Instances;
        }

        SqliteArchiveIndex.Delete(configuration.Database);
        File.Move(aside, configuration.Database);
        foreach (ArchiveFinding finding in report.Findings)
        {
            ArchiveReports.Tell(finding, console, isError: false);
            Write(finding, console);
        }

        console.Print($"{instances} instances indexed, {report.Findings.Count} findings");
        return Summarize(console, instances, report.Findings.Count);
    }

    private static SqliteArchiveIndex OpenToRead(ArchiveConfiguration configuration) => File.Exists(configuration.Database)
        ? SqliteArchiveIndex.Open(ArchiveLocation.IndexOptions(configuration) with { ReadOnly = true })
        : throw new UsageException($"there is no archive: no {configuration.Database}");

    private static void Write(ArchiveFinding finding, ToolConsole console) => console.Json?.Write("finding", json =>
    {
        json.WriteString("kind", ArchiveReports.Term(finding.Kind));
        json.WriteString("path", finding.Path);
    });

    private static int Summarize(ToolConsole console, long files, int findings)
    {
        int exitCode = findings == 0 ? ExitCode.Success : ExitCode.OperationFailed;
        console.Json?.Write("summary", json =>
        {
            json.WriteString("tool", "archive");
            json.WriteNumber("files", files);
            json.WriteNumber("findings", findings);
            json.WriteNumber("exitCode", exitCode);
        });
        return exitCode;
    }

    private sealed class Counter : IProgress<IndexedInstance>
    {
        public long Files { get; private set; }

        public void Report(IndexedInstance value) => Files++;
    }
}
