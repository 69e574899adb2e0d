using NetDicom.Archive.Tests.Index;

namespace NetDicom.Archive.Tests.Storing;

/// <summary>An archive in a folder of its own, which is opened and opened again.</summary>
internal sealed class ArchiveFixture : IAsyncDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("netdicom-archive-").FullName;

    public string Folder => Path.Combine(_root, "instances");

    public FaultyFiles Files { get; } = new();

    public ReferenceIndex Index { get; private set; } = new();

    public async Task<DicomArchive> OpenAsync(ConflictPolicy conflict = default, Durability durability = Durability.Full, IArchiveIndex? index = null) =>
        await DicomArchive.OpenAsync(new ArchiveOptions { Folder = Folder, Conflict = conflict, Durability = durability }, index ?? Index, Files, CancellationToken.None);

    /// <summary>The index is lost.</summary>
    public void ForgetIndex() => Index = new ReferenceIndex();

    /// <summary>Every file below the instance folder but the locks and the reserve, with slashes.</summary>
    public string[] Names() => [.. Directory.EnumerateFiles(Folder, "*", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(Folder, path).Replace('\\', '/')).Where(name => name is not (".lock" or ".turn" or ".reserve")).Order(StringComparer.Ordinal)];

    public static FileMetaInformation Meta(DicomDataSet set) => FileMetaInformation.Create(set.GetUid(DicomTags.SOPClassUID), set.GetUid(DicomTags.SOPInstanceUID), TransferSyntax.ExplicitVRLittleEndian);

    public static byte[] Bytes(DicomDataSet set) => set.ToArray(TransferSyntax.ExplicitVRLittleEndian);

    public static ValueTask<StoreResult> StoreAsync(DicomArchive archive, DicomDataSet set) => archive.StoreAsync(Meta(set), Bytes(set));

    public ValueTask DisposeAsync()
    {
        Directory.Delete(_root, recursive: true);
        return ValueTask.CompletedTask;
    }
}
