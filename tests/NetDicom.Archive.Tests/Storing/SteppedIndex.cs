using NetDicom.Archive.Tests.Index;

namespace NetDicom.Archive.Tests.Storing;

/// <summary>The index of a test, each commit of which is a call that may fail, before or after it took effect.</summary>
internal sealed class SteppedIndex(ReferenceIndex index, Action step) : IArchiveIndex
{
    public ArchiveAttributes Attributes => index.Attributes;

    public async ValueTask CommitAsync(IReadOnlyList<IndexChange> changes, CancellationToken cancellationToken = default)
    {
        step();
        await index.CommitAsync(changes, cancellationToken);
    }

    public ValueTask SetCleanAsync(bool isClean, CancellationToken cancellationToken = default)
    {
        step();
        return index.SetCleanAsync(isClean, cancellationToken);
    }

    /// <summary>How often it was to be taken to the device.</summary>
    public int Flushes { get; private set; }

    public ValueTask FlushAsync(CancellationToken cancellationToken = default)
    {
        Flushes++;
        return ValueTask.CompletedTask;
    }

    public ValueTask CompactAsync(CancellationToken cancellationToken = default) => index.CompactAsync(cancellationToken);

    public ValueTask<IndexedInstance?> FindInstanceAsync(DicomUid sopInstanceUid, CancellationToken cancellationToken = default) => index.FindInstanceAsync(sopInstanceUid, cancellationToken);

    public IAsyncEnumerable<DicomDataSet> FindAsync(IndexQuery query, CancellationToken cancellationToken = default) => index.FindAsync(query, cancellationToken);

    public IAsyncEnumerable<IndexedInstance> SelectAsync(InstanceSelection selection, CancellationToken cancellationToken = default) => index.SelectAsync(selection, cancellationToken);

    public ValueTask<int> CountAsync(InstanceSelection selection, CancellationToken cancellationToken = default) => index.CountAsync(selection, cancellationToken);

    public IAsyncEnumerable<IndexedInstance> GetAllAsync(CancellationToken cancellationToken = default) => index.GetAllAsync(cancellationToken);

    public ValueTask<IReadOnlyList<IndexedInstance>> GetFolderAsync(string folder, CancellationToken cancellationToken = default) => index.GetFolderAsync(folder, cancellationToken);

    public ValueTask<IReadOnlyList<IndexedInstance>> GetPageAsync(DicomUid after, int count, CancellationToken cancellationToken = default) => index.GetPageAsync(after, count, cancellationToken);

    public ValueTask<IReadOnlyList<StoredStudy>> GetOldestStudiesAsync(StudyOrder order, int count, CancellationToken cancellationToken = default) => index.GetOldestStudiesAsync(order, count, cancellationToken);

    public ValueTask<IndexStatistics> GetStatisticsAsync(CancellationToken cancellationToken = default) => index.GetStatisticsAsync(cancellationToken);

    public ValueTask DisposeAsync() => index.DisposeAsync();
}
