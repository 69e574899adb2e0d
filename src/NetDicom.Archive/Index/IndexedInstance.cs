namespace NetDicom.Archive;

/// <summary>What an index knows of one stored instance: what is needed to find, send and check its file.</summary>
public sealed record IndexedInstance
{
    /// <summary>SOP Instance UID, by which it was stored. Never none.</summary>
    public required DicomUid SopInstanceUid { get; init; }

    /// <summary>SOP Class UID. Never none.</summary>
    public required DicomUid SopClassUid { get; init; }

    /// <summary>How the data set in the file is encoded.</summary>
    public required DicomUid TransferSyntaxUid { get; init; }

    /// <summary>Folder below the archive's instance folder, with slashes: made of UIDs or hashes, never of other text.</summary>
    public required string Folder { get; init; }

    /// <summary>Name of the file in that folder.</summary>
    public required string File { get; init; }

    /// <summary>Bytes of the file.</summary>
    public required long Length { get; init; }

    /// <summary>Bytes of the file before the data set: preamble and file meta information.</summary>
    public required int HeadLength { get; init; }

    /// <summary>SHA-256 of the data set as received: 32 bytes.</summary>
    public required ReadOnlyMemory<byte> DataSetHash { get; init; }

    /// <summary>SHA-256 of what stands before it in the file: 32 bytes.</summary>
    public required ReadOnlyMemory<byte> HeadHash { get; init; }

    /// <summary>When it was stored.</summary>
    public required DateTimeOffset StoredAt { get; init; }

    /// <summary>AE title of who sent it; empty if that is not known.</summary>
    public string CallingAETitle { get; init; } = "";

    /// <summary>Whether the other one holds the same data set, bit by bit, in the same transfer syntax.</summary>
    public bool HasSameContent(IndexedInstance other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return TransferSyntaxUid == other.TransferSyntaxUid && DataSetHash.Span.SequenceEqual(other.DataSetHash.Span);
    }
}

/// <summary>An instance with the attributes that are to be indexed.</summary>
/// <param name="Instance">The file.</param>
/// <param name="Attributes">Attributes of all four levels out of its data set: those of <see cref="ArchiveAttributes"/>.</param>
public sealed record InstanceRecord(IndexedInstance Instance, DicomDataSet Attributes);

/// <summary>One change of an index.</summary>
public sealed class IndexChange
{
    private IndexChange(DicomUid sopInstanceUid, InstanceRecord? record)
    {
        SopInstanceUid = sopInstanceUid;
        Record = record;
    }

    /// <summary>The instance it is about.</summary>
    public DicomUid SopInstanceUid { get; }

    /// <summary>The instance as it is from now on; null if it is taken out.</summary>
    public InstanceRecord? Record { get; }

    /// <summary>Puts an instance in, in place of the one with its UID if there is one.</summary>
    public static IndexChange Put(InstanceRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        return new IndexChange(record.Instance.SopInstanceUid, record);
    }

    /// <summary>Takes an instance out; series, studies and patients that are then empty go too.</summary>
    public static IndexChange Remove(DicomUid sopInstanceUid) => new(sopInstanceUid, null);
}
