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

    /// <summary>Opens the archive.</summary>
    /// <exception cref="UsageException">It cannot be used.</exception>
    public static async Task<(DicomArchive Archive, SqliteArchiveIndex Index)> OpenAsync(ArchiveConfiguration configuration, CancellationToken cancellationToken)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(configuration.Database)!);
            SqliteArchiveIndex index = SqliteArchiveIndex.Open(IndexOptions(configuration));
            return (await DicomArchive.OpenAsync(new ArchiveOptions { Folder = configuration.Instances, Durability = configuration.Durability, Conflict = configuration.Conflict }, index, cancellationToken), index);
        }
        catch (ArchiveIndexException e)
        {
            throw new UsageException(e.IsDamaged ? $"{e.Message}. It can be made anew from the files: netdicom archive rebuild" : e.Message);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new UsageException($"Cannot use the archive: {e.Message}");
        }
    }
}
