using System.Net;
using NetDicom.Archive;
using NetDicom.Cli.Archiving.Keeping;

namespace NetDicom.Cli.Archiving;

/// <summary>The configuration of an archive (docs/archive.md). <see cref="ArchiveConfigurationReader"/> reads it; each field has a default.</summary>
internal sealed record ArchiveConfiguration
{
    public const string DefaultFolder = "netdicom-archive";

    /// <summary>Our AE title, by which we also call others.</summary>
    public string? Title { get; init; }

    /// <summary>Further titles that are answered by: objects are the same, Retrieve AE Title (0008,0054) is the one that was called.</summary>
    public IReadOnlyList<string> Titles { get; init; } = [];

    /// <summary>Whether who calls another title is rejected.</summary>
    public bool RequireCalledTitle { get; init; }

    public int? Port { get; init; }

    public IPAddress? Bind { get; init; }

    /// <summary>Further ports. With any, the one of <see cref="Port"/> is there only if that is given.</summary>
    public IReadOnlyList<ArchiveListener> Listeners { get; init; } = [];

    public string Database { get; init; } = Path.Combine(DefaultFolder, "index.sqlite");

    public string Instances { get; init; } = Path.Combine(DefaultFolder, "instances");

    public Durability Durability { get; init; } = Durability.Full;

    public ConflictPolicy Conflict { get; init; }

    /// <summary>Whether an instance that was dropped for another one with its UID is answered 0111H instead of success.</summary>
    public bool TellDuplicates { get; init; }

    public bool Open { get; init; }

    public IReadOnlyList<(ArchiveLevel Level, DicomTag Tag)> Attributes { get; init; } = [];

    public IReadOnlyList<ArchivePeer> Peers { get; init; } = [];

    /// <summary>TLS of <see cref="Port"/>, of listeners that ask for the same, and towards peers.</summary>
    public ArchiveTls? Tls { get; init; }

    public ArchiveLimits Limits { get; init; } = new();

    public CommitmentSettings Commitment { get; init; } = new();

    public WorklistSettings Worklist { get; init; } = new();

    public ProcedureSettings Procedures { get; init; } = new();

    public ArchiveKeeping Keeping { get; init; } = new();

    /// <summary>A folder or file of the archive: what was configured, or what it is called beside the index.</summary>
    public string Beside(string? configured, string name) => configured ?? Path.Join(Path.GetDirectoryName(Database), name);
}

/// <summary>A port of the archive.</summary>
/// <param name="Port">TCP port; 0: a free one.</param>
/// <param name="Bind">The address to listen at; null: loopback.</param>
/// <param name="Tls">TLS; null for plain connections.</param>
/// <param name="IsMain">Whether it is the one that the command line speaks of: its options for TLS go before <paramref name="Tls"/>.</param>
internal sealed record ArchiveListener(int Port, IPAddress? Bind, ArchiveTls? Tls, bool IsMain = false);

/// <summary>Limits of every listener; null for what has its default.</summary>
internal sealed record ArchiveLimits
{
    public int? MaxAssociations { get; init; }

    public int? MaxAssociationsPerAddress { get; init; }

    public int? MaxPendingConnections { get; init; }

    public ushort? MaxOperations { get; init; }

    public uint? MaxPdu { get; init; }

    public int? MinReceiveRate { get; init; }

    /// <summary>Of the TLS handshake here, and of the connection to a peer.</summary>
    public TimeSpan? ConnectionTimeout { get; init; }

    public TimeSpan? AcseTimeout { get; init; }

    public TimeSpan? DimseTimeout { get; init; }

    public TimeSpan? NetworkTimeout { get; init; }

    public TimeSpan? DrainTimeout { get; init; }
}

/// <summary>Storage Commitment (PS3.4 annex J).</summary>
internal sealed record CommitmentSettings
{
    public bool Enabled { get; init; } = true;

    /// <summary>Where pending transactions are kept; null: beside the index.</summary>
    public string? Folder { get; init; }

    public TimeSpan TimeLimit { get; init; } = TimeSpan.FromDays(1);

    public TimeSpan RetryInterval { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Whether a report goes on the association of the request as long as that is open.</summary>
    public bool OnSameAssociation { get; init; } = true;

    /// <summary>Whether each file is read to its end and compared with what was stored before it counts as kept.</summary>
    public bool CheckContent { get; init; }
}

/// <summary>Modality Worklist (PS3.4 annex K).</summary>
internal sealed record WorklistSettings
{
    public bool Enabled { get; init; } = true;

    /// <summary>The folder of entries; null: beside the index, if it is there.</summary>
    public string? Folder { get; init; }

    public TimeSpan PollInterval { get; init; } = TimeSpan.FromSeconds(10);
}

/// <summary>Modality Performed Procedure Step (PS3.4 annex F).</summary>
internal sealed record ProcedureSettings
{
    public bool Enabled { get; init; } = true;

    /// <summary>Where steps are kept; null: beside the index.</summary>
    public string? Folder { get; init; }
}
