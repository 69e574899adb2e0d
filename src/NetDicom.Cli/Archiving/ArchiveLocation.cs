using System.CommandLine;
using NetDicom.Archive;
using NetDicom.Archive.Sqlite;
using NetDicom.Cli.Invocation;

namespace NetDicom.Cli.Archiving;

/// <summary>Where an archive is: options that qrscp and archive share, and the opening of it.</summary>
internal sealed class ArchiveLocation
{
    private readonly Option<string?> _config = new("--config", "-c") { Description = "configuration, a JSON file (default: none)", HelpName = "FILE" };
    private readonly Option<string?> _database = new("--database-location") { Description = $"the index, an SQLite database (default: {Path.Combine(ArchiveConfiguration.DefaultFolder, "index.sqlite")})", HelpName = "FILE" };
    private readonly Option<string?> _instances = new("--instance-location") { Description = $"folder of the instances (default: {Path.Combine(ArchiveConfiguration.DefaultFolder, "instances")})", HelpName = "FOLDER" };

    public ArchiveLocation(Command command)
    {
        command.Options.Add(_config);
        command.Options.Add(_database);
        command.Options.Add(_instances);
    }

    /// <summary>The configuration, with what the command line says instead.</summary>
    /// <exception cref="UsageException">The file cannot be used.</exception>
    public ArchiveConfiguration Read(ParseResult arguments)
    {
        ArchiveConfiguration configuration = ArchiveConfigurationReader.Read(arguments.GetValue(_config));
        return configuration with
        {
            Database = Path.GetFullPath(arguments.GetValue(_database) ?? configuration.Database),
            Instances = Path.GetFullPath(arguments.GetValue(_instances) ?? configuration.Instances),
        };
    }

    public static SqliteIndexOptions IndexOptions(ArchiveConfiguration configuration) => new()
    {
        Path = configuration.Database,
        Durability = configuration.Durability,
        Attributes = configuration.Attributes.Count == 0 ? ArchiveAttributes.Default : ArchiveAttributes.With(configuration.Attributes),
    };

    public static ArchiveOptions Options(ArchiveConfiguration configuration) => new()
    {
        Folder = configuration.Instances, IndexFolder = Path.GetDirectoryName(configuration.Database), Durability = configuration.Durability, Conflict = configuration.Conflict,
    };

    /// <summary>Opens the archive.</summary>
    /// <exception cref="UsageException">It cannot be used.</exception>
    /// <exception cref="ArchiveInUseException">A server has it open.</exception>
    public static async Task<(DicomArchive Archive, SqliteArchiveIndex Index)> OpenAsync(ArchiveConfiguration configuration, CancellationToken cancellationToken)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(configuration.Database)!);
            SqliteArchiveIndex? index = null;
            DicomArchive archive = await DicomArchive.OpenAsync(Options(configuration), () => index = SqliteArchiveIndex.Open(IndexOptions(configuration)), cancellationToken);
            return (archive, index!);
        }
        catch (Exception e) when (e is not ArchiveInUseException && Problem(e) is { } problem)
        {
            throw new UsageException(problem);
        }
    }

    /// <summary>Joins the archive that a server has open, to delete from it.</summary>
    /// <exception cref="UsageException">It cannot be joined.</exception>
    public static DicomArchive Join(ArchiveConfiguration configuration)
    {
        try
        {
            return DicomArchive.Join(Options(configuration), () => SqliteArchiveIndex.Open(IndexOptions(configuration) with { Joined = true }));
        }
        catch (Exception e) when (Problem(e) is { } problem)
        {
            throw new UsageException(problem);
        }
    }

    /// <summary>What a user is told of it; null for what was not foreseen.</summary>
    public static string? Problem(Exception error) => error switch
    {
        ArchiveIndexException { IsDamaged: true } => $"{error.Message}. It can be made anew from the files: netdicom archive rebuild",
        ArchiveIndexException => error.Message,
        IOException or UnauthorizedAccessException or ArgumentException or PlatformNotSupportedException => $"Cannot use the archive: {error.Message}",
        _ => null,
    };
}
