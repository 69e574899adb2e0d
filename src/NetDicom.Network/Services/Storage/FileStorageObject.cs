namespace NetDicom.Network;

/// <summary>A Part 10 file that is looked at when its turn comes.</summary>
internal sealed class FileStorageObject(string path, StorageIdentity known) : StorageObject(path)
{
    internal override StorageIdentity KnownIdentity => known;

    internal override OpenedStorageObject Open() => OpenedFile.Open(Name, null);

    internal override (StorageObject Object, StorageIdentity Identity) Examine() => StorageFile.Read(Name).Examine();
}
