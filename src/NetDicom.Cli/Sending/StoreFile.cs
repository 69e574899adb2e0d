using NetDicom.Network;

namespace NetDicom.Cli.Sending;

/// <summary>A file that can be sent, as the user named it.</summary>
internal sealed record StoreFile(string Path, StorageFile File)
{
    public DicomUid SopClass => File.SopClassUid;

    public DicomUid SopInstance => File.SopInstanceUid;

    public TransferSyntax TransferSyntax => File.TransferSyntax;

    public long Size => File.Length;

    public DateTime ChangedUtc => File.LastWriteTimeUtc;

    /// <summary>Associations that ended while this file was on its way.</summary>
    public int Losses { get; init; }

    public ContextPair Pair => new(SopClass, TransferSyntax.Uid);
}
