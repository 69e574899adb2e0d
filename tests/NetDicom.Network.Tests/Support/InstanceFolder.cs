namespace NetDicom.Network.Tests.Support;

/// <summary>Small Part 10 files of CT objects, as <see cref="Queries.Instance"/> numbers them.</summary>
internal sealed class InstanceFolder : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("netdicom-test-").FullName;

    public StorageObject Instance(int number)
    {
        string path = Path.Combine(_folder, $"{number}.dcm");
        byte[] meta = FileMetaInformation.Create(SopClasses.CTImageStorage, new DicomUid($"1.2.{number}"), Queries.Explicit).GetBytes();
        File.WriteAllBytes(path, [.. meta, .. Queries.Match(number).Bytes()]);
        return StorageObject.FromFile(path);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
