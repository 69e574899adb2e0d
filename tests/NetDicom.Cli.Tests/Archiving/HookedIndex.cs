using NetDicom.Archive;

namespace NetDicom.Cli.Tests.Archiving;

/// <summary>An index whose calls can be made to wait or to fail.</summary>
internal sealed class HookedIndex(IArchiveIndex index) : IArchiveIndex
{
    public Func<CancellationToken, Task>? OnSetClean { get; set; }

    public Func<CancellationToken, Task>? OnGetStatistics { get; set; }

    public Func<Task>? OnFlush { get; set; }

    public ArchiveAttributes Attributes => index.Attributes;

    public async ValueTask SetCleanAsync(bool isClean, CancellationToken cancellationToken = default)
    {
        if (OnSetClean is { } hook)
            await hook(cancellationToken);
        await index.SetCleanAsync(isClean, cancellationToken);
    }

    public async ValueTask FlushAsync(CancellationToken cancellationToken = default)
    {
        if (OnFlush is { } hook)
            await hook();
        await index.FlushAsync(cancellationToken);
    }

    public ValueTask CommitAsync(IReadOnlyList<IndexChange> changes, CancellationToken cancellationToken = default) => index.CommitAsync(changes, cancellationToken);

    public ValueTask<IndexedInstance?> FindInstanceAsync(DicomUid sopInstanceUid, CancellationToken cancellationToken = default) => index.FindInstanceAsync(sopInstanceUid, cancellationToken);

    public IAsyncEnumerable<DicomDataSet> FindAsync(IndexQuery query, CancellationToken cancellationToken = default) => index.FindAsync(query, cancellationToken);

    public IAsyncEnumerable<IndexedInstance> SelectAsync(InstanceSelection selection, CancellationToken cancellationToken = default) => index.SelectAsync(selection, cancellationToken);

    public ValueTask<int> CountAsync(InstanceSelection selection, CancellationToken cancellationToken = default) => index.CountAsync(selection, cancellationToken);

    public IAsyncEnumerable<IndexedInstance> GetAllAsync(CancellationToken cancellationToken = default) => index.GetAllAsync(cancellationToken);

    public ValueTask<IReadOnlyList<IndexedInstance>> GetFolderAsync(string folder, CancellationToken cancellationToken = default) => index.GetFolderAsync(folder, cancellationToken);

    public ValueTask<IReadOnlyList<IndexedInstance>> GetPageAsync(DicomUid after, int count, CancellationToken cancellationToken = default) => index.GetPageAsync(after, count, cancellationToken);

    public ValueTask<IReadOnlyList<StoredStudy>> GetOldestStudiesAsync(StudyOrder order, int count, CancellationToken cancellationToken = default) => index.GetOldestStudiesAsync(order, count, cancellationToken);

    public ValueTask CompactAsync(CancellationToken cancellationToken = default) => index.CompactAsync(cancellationToken);

    public async ValueTask<IndexStatistics> GetStatisticsAsync(CancellationToken cancellationToken = default)
    {
        if (OnGetStatistics is { } hook)
            await hook(cancellationToken);
        return await index.GetStatisticsAsync(cancellationToken);
    }

    public ValueTask DisposeAsync() => index.DisposeAsync();
}
