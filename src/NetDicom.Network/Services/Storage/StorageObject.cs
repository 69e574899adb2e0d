namespace NetDicom.Network;

/// <summary>Something that C-STORE can send: a Part 10 file, or a data set from a stream. It is opened when its turn comes, and read in pieces.</summary>
public abstract class StorageObject
{
    private protected StorageObject(string name) => Name = name;

    /// <summary>What to call it in messages: the path of a file.</summary>
    public string Name { get; }

    /// <summary>A DICOM file (PS3.10). Only its file meta information is read before it is sent.</summary>
    public static StorageObject FromFile(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return new FileStorageObject(path, default);
    }

    /// <summary>
    /// A DICOM file of which is known what it is: a file that cannot be opened is then named by its UID in the outcome, and in the Failed SOP Instance UID List (0008,0058) of a retrieval. What is
    /// sent is what the file says.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="sopClassUid">SOP Class UID (0008,0016) that it has.</param>
    /// <param name="sopInstanceUid">SOP Instance UID (0008,0018) that it has.</param>
    public static StorageObject FromFile(string path, DicomUid sopClassUid, DicomUid sopInstanceUid)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (sopInstanceUid.IsNone)
            throw new ArgumentException("A SOP instance UID is needed", nameof(sopInstanceUid));
        return new FileStorageObject(path, new StorageIdentity(sopClassUid, sopInstanceUid, default));
    }

    /// <summary>
    /// A data set (without preamble and file meta information) from a stream, encoded in <paramref name="transferSyntax"/>. The stream is read
    /// once, in order, from where it stands to its end, and is disposed afterwards.
    /// </summary>
    /// <param name="name">What to call it in messages.</param>
    /// <param name="dataSet">The bytes of the data set.</param>
    /// <param name="sopClassUid">SOP Class UID (0008,0016) of the data set.</param>
    /// <param name="sopInstanceUid">SOP Instance UID (0008,0018) of the data set.</param>
    /// <param name="transferSyntax">How the data set is encoded.</param>
    public static StorageObject FromStream(string name, Stream dataSet, DicomUid sopClassUid, DicomUid sopInstanceUid, TransferSyntax transferSyntax)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(dataSet);
        if (sopClassUid.IsNone)
            throw new ArgumentException("A SOP class UID is needed", nameof(sopClassUid));
        if (sopInstanceUid.IsNone)
            throw new ArgumentException("A SOP instance UID is needed", nameof(sopInstanceUid));
        if (transferSyntax.Uid.IsNone)
            throw new ArgumentException("A transfer syntax is needed", nameof(transferSyntax));
        return new StreamStorageObject(name, dataSet, sopClassUid, sopInstanceUid, transferSyntax);
    }

    /// <summary>A data set in memory, which must not be changed until it is sent. It is encoded when its turn comes, and may be sent more than once.</summary>
    /// <param name="dataSet">With SOP Class UID (0008,0016) and SOP Instance UID (0008,0018).</param>
    /// <param name="transferSyntax">How it is encoded; null for Explicit VR Little Endian. One that the peer did not accept is converted as that of a file is.</param>
    /// <exception cref="DicomDataException">One of the two UIDs is missing or none.</exception>
    public static StorageObject FromDataSet(DicomDataSet dataSet, TransferSyntax? transferSyntax = null)
    {
        ArgumentNullException.ThrowIfNull(dataSet);
        return new DataSetStorageObject(dataSet, dataSet.GetUid(DicomTags.SOPClassUID), dataSet.GetUid(DicomTags.SOPInstanceUID), transferSyntax ?? TransferSyntax.ExplicitVRLittleEndian);
    }

    /// <summary>What is known of it without opening it; none of it where nothing is.</summary>
    internal virtual StorageIdentity KnownIdentity => default;

    /// <summary>Opens it and learns what is needed for the command set.</summary>
    /// <exception cref="DicomDataException">It is not a DICOM object.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    internal abstract OpenedStorageObject Open();

    /// <summary>Learns what it is before its turn comes; what is to be sent then is the object in the answer, which does not look twice.</summary>
    /// <exception cref="DicomDataException">It is not a DICOM object.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    internal abstract (StorageObject Object, StorageIdentity Identity) Examine();
}

/// <summary>What an object is, and how it is encoded.</summary>
internal readonly record struct StorageIdentity(DicomUid SopClassUid, DicomUid SopInstanceUid, TransferSyntax TransferSyntax);

/// <summary>An open object: its identity, and its data set as a sequence of bytes.</summary>
internal abstract class OpenedStorageObject : IDisposable
{
    public required DicomUid SopClassUid { get; init; }

    public required DicomUid SopInstanceUid { get; init; }

    public required TransferSyntax TransferSyntax { get; init; }

    /// <summary>True when all bytes of the data set have been read.</summary>
    public abstract bool IsAtEnd { get; }

    /// <summary>Bytes the data set still has; null when only reading can tell.</summary>
    public abstract long? Remaining { get; }

    /// <summary>Whether it can be read once more from its start.</summary>
    public virtual bool CanRewind => false;

    /// <summary>Goes back to the start of the data set.</summary>
    public virtual void Rewind() => throw new NotSupportedException();

    /// <summary>Reads the next bytes into all of <paramref name="buffer"/>, or fewer at the end.</summary>
    public abstract ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken);

    public abstract void Dispose();
}
