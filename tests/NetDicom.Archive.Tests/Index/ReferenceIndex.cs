using System.Runtime.CompilerServices;

namespace NetDicom.Archive.Tests.Index;

/// <summary>The contract by brute force: every instance is looked at for every question. What real indexes are compared with.</summary>
internal sealed class ReferenceIndex : IArchiveIndex
{
    private readonly List<InstanceRecord> _records = [];
    private bool _isClean;
    private DateTimeOffset? _last;

    /// <summary>The next commit fails with this.</summary>
    public Exception? Fault { get; set; }

    /// <summary>The instance that cannot be indexed, however often it is tried.</summary>
    public DicomUid Unfit { get; set; }

    public ArchiveAttributes Attributes => ArchiveAttributes.Default;

    public ValueTask CommitAsync(IReadOnlyList<IndexChange> changes, CancellationToken cancellationToken = default)
    {
        if (Fault is { } fault)
        {
            Fault = null;
            throw fault;
        }

        if (!Unfit.IsNone && changes.Any(change => change.SopInstanceUid == Unfit && change.Record is not null))
            throw new DicomDataException("'Smith^John' cannot be written", DicomTags.PatientName);
        lock (_records)
        {
            foreach (IndexChange change in changes)
            {
                _records.RemoveAll(record => record.Instance.SopInstanceUid == change.SopInstanceUid);
                if (change.Record is { } added)
                    _records.Add(added);
            }

            _last = DateTimeOffset.UtcNow;
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask<IndexedInstance?> FindInstanceAsync(DicomUid sopInstanceUid, CancellationToken cancellationToken = default) =>
        new(All().Find(record => record.Instance.SopInstanceUid == sopInstanceUid)?.Instance);

    public async IAsyncEnumerable<DicomDataSet> FindAsync(IndexQuery query, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        List<InstanceRecord> all = All();
        foreach (IGrouping<string, InstanceRecord> entity in all.GroupBy(record => KeyOf(all, record, query.Level)))
        {
            foreach (IGrouping<string, InstanceRecord> part in entity.GroupBy(record => KeyOf(all, record, query.Depth)))
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (query.Depth >= ArchiveLevel.Study && Text(part.First(), DicomTags.StudyInstanceUID).Length == 0 || query.Depth >= ArchiveLevel.Series && Text(part.First(), DicomTags.SeriesInstanceUID).Length == 0)
                    continue;
                DicomDataSet merged = Merged(all, part.First(), query.Depth);
                foreach (DicomTag tag in query.Computed)
                    Compute(merged, all, part.First(), tag);
                if (!query.Attributes.IsMatch(merged))
                    continue;
                yield return merged;
                break;
            }
        }

        await Task.CompletedTask;
    }

    public async IAsyncEnumerable<IndexedInstance> SelectAsync(InstanceSelection selection, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        List<InstanceRecord> all = All();
        foreach (InstanceRecord record in all.Where(record => !selection.IsEmpty && IsSelected(all, record, selection))
            .OrderBy(record => Number(record, DicomTags.SeriesNumber)).ThenBy(record => Text(record, DicomTags.SeriesInstanceUID), StringComparer.Ordinal).ThenBy(record => Number(record, DicomTags.InstanceNumber)))
            yield return record.Instance;
        await Task.CompletedTask;
    }

    public async ValueTask<int> CountAsync(InstanceSelection selection, CancellationToken cancellationToken = default) => await SelectAsync(selection, cancellationToken).CountAsync(cancellationToken);

    public IAsyncEnumerable<IndexedInstance> GetAllAsync(CancellationToken cancellationToken = default) => All().Select(record => record.Instance).ToAsyncEnumerable();

    /// <summary>Is awaited before a folder is looked up.</summary>
    public Func<string, Task>? OnFolder { get; set; }

    public async ValueTask<IReadOnlyList<IndexedInstance>> GetFolderAsync(string folder, CancellationToken cancellationToken = default)
    {
        if (OnFolder is { } before)
            await before(folder);
        return [.. All().Select(record => record.Instance).Where(instance => instance.Folder == folder)];
    }

    public ValueTask<IReadOnlyList<IndexedInstance>> GetPageAsync(DicomUid after, int count, CancellationToken cancellationToken = default) =>
        new([.. All().Select(record => record.Instance).OrderBy(instance => instance.SopInstanceUid.ToString(), StringComparer.Ordinal)
            .Where(instance => after.IsNone || string.CompareOrdinal(instance.SopInstanceUid.ToString(), after.ToString()) > 0).Take(count)]);

    public ValueTask<IReadOnlyList<StoredStudy>> GetOldestStudiesAsync(StudyOrder order, int count, CancellationToken cancellationToken = default)
    {
        List<InstanceRecord> all = All();
        IEnumerable<StoredStudy> studies = all.Where(record => DicomUid.IsValid(Text(record, DicomTags.StudyInstanceUID))).GroupBy(record => Text(record, DicomTags.StudyInstanceUID)).Select(study =>
        {
            string date = Merged(all, study.First(), ArchiveLevel.Study).GetStringOrDefault(DicomTags.StudyDate) ?? "";
            DateOnly? day = DateOnly.TryParseExact(date, "yyyyMMdd", System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.None, out DateOnly parsed) ? parsed : null;
            return new StoredStudy(new DicomUid(study.Key), day, study.Max(record => record.Instance.StoredAt), study.Count(), study.Sum(record => record.Instance.Length));
        });
        return new([.. studies.OrderBy(study => order == StudyOrder.Received ? study.ReceivedAt : study.DateIn(order).Date).ThenBy(study => study.ReceivedAt)
            .ThenBy(study => study.StudyInstanceUid.ToString(), StringComparer.Ordinal).Take(count)]);
    }

    public ValueTask CompactAsync(CancellationToken cancellationToken = default) => ValueTask.CompletedTask;

    public ValueTask<IndexStatistics> GetStatisticsAsync(CancellationToken cancellationToken = default)
    {
        List<InstanceRecord> all = All();
        long Count(ArchiveLevel level) => all.Select(record => KeyOf(all, record, level)).Distinct().Count();
        return new(new IndexStatistics(Count(ArchiveLevel.Patient), Count(ArchiveLevel.Study), Count(ArchiveLevel.Series), all.Count, all.Sum(record => record.Instance.Length), _last, _isClean));
    }

    public ValueTask SetCleanAsync(bool isClean, CancellationToken cancellationToken = default)
    {
        _isClean = isClean;
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private List<InstanceRecord> All()
    {
        lock (_records)
            return [.. _records];
    }

    private static DicomDataSet Merged(List<InstanceRecord> all, InstanceRecord record, ArchiveLevel depth)
    {
        var levels = new List<DicomDataSet>();
        for (ArchiveLevel level = ArchiveLevel.Patient; level <= depth; level++)
        {
            string key = KeyOf(all, record, level);
            var own = new DicomDataSet();
            foreach (InstanceRecord other in all.Where(other => KeyOf(all, other, level) == key))
            {
                if (level == ArchiveLevel.Patient && IdentityOf(other) != IdentityOf(FirstOfStudy(all, record)))
                    continue;
                DicomDataSet said = EntityAttributes.Select(other.Attributes, ArchiveAttributes.Default, level);
                if (own.Count == 0)
                    own = said;
                else
                    EntityAttributes.Fill(own, said);
            }

            levels.Add(own);
        }

        return EntityAttributes.Merge([.. levels]);
    }

    private static void Compute(DicomDataSet entity, List<InstanceRecord> all, InstanceRecord of, DicomTag tag)
    {
        IEnumerable<InstanceRecord> Within(ArchiveLevel level) => all.Where(record => KeyOf(all, record, level) == KeyOf(all, of, level));
        string Count(ArchiveLevel within, ArchiveLevel what) =>
            Within(within).Select(record => KeyOf(all, record, what)).Distinct().Count().ToString(System.Globalization.CultureInfo.InvariantCulture);
        string[] Distinct(Func<InstanceRecord, string> what) => [.. Within(ArchiveLevel.Study).Select(what).Where(text => text.Length > 0).Distinct().Order(StringComparer.Ordinal)];
        if (tag == DicomTags.ModalitiesInStudy)
            entity.Set(tag, Distinct(record => Merged(all, record, ArchiveLevel.Series).GetStringOrDefault(DicomTags.Modality) ?? ""));
        else if (tag == DicomTags.SOPClassesInStudy)
            entity.Set(tag, Distinct(record => record.Instance.SopClassUid.ToString()));
        else if (tag == DicomTags.AvailableTransferSyntaxUID)
            entity.Set(tag, of.Instance.TransferSyntaxUid);
        else if (tag == DicomTags.NumberOfPatientRelatedStudies)
            entity.Set(tag, Count(ArchiveLevel.Patient, ArchiveLevel.Study));
        else if (tag == DicomTags.NumberOfPatientRelatedSeries)
            entity.Set(tag, Count(ArchiveLevel.Patient, ArchiveLevel.Series));
        else if (tag == DicomTags.NumberOfPatientRelatedInstances)
            entity.Set(tag, Count(ArchiveLevel.Patient, ArchiveLevel.Instance));
        else if (tag == DicomTags.NumberOfStudyRelatedSeries)
            entity.Set(tag, Count(ArchiveLevel.Study, ArchiveLevel.Series));
        else if (tag == DicomTags.NumberOfStudyRelatedInstances)
            entity.Set(tag, Count(ArchiveLevel.Study, ArchiveLevel.Instance));
        else
            entity.Set(tag, Count(ArchiveLevel.Series, ArchiveLevel.Instance));
    }

    private static bool IsSelected(List<InstanceRecord> all, InstanceRecord record, InstanceSelection selection) =>
        (selection.PatientId is null || IdentityOf(FirstOfStudy(all, record)).StartsWith(IndexKeys.IdentityOf(selection.PatientId) + "/", StringComparison.Ordinal))
        && (selection.Studies is null || selection.Studies.Any(uid => uid.ToString() == Text(record, DicomTags.StudyInstanceUID)))
        && (selection.Series is null || selection.Series.Any(uid => uid.ToString() == Text(record, DicomTags.SeriesInstanceUID)))
        && (selection.Instances is null || selection.Instances.Contains(record.Instance.SopInstanceUid));

    private static string IdentityOf(InstanceRecord record) => Text(record, DicomTags.PatientID) is { Length: > 0 } id
        ? $"{IndexKeys.IdentityOf(id)}/{IndexKeys.IdentityOf(Text(record, DicomTags.IssuerOfPatientID))}" : $"/{Text(record, DicomTags.StudyInstanceUID)}";

    // A study stays with the patient of its first instance.
    private static InstanceRecord FirstOfStudy(List<InstanceRecord> all, InstanceRecord record) => Text(record, DicomTags.StudyInstanceUID) is { Length: > 0 } study
        ? all.First(other => Text(other, DicomTags.StudyInstanceUID) == study) : record;

    private static string KeyOf(List<InstanceRecord> all, InstanceRecord record, ArchiveLevel level) => level switch
    {
        ArchiveLevel.Patient => IdentityOf(FirstOfStudy(all, record)),
        ArchiveLevel.Study => Text(record, DicomTags.StudyInstanceUID) is { Length: > 0 } uid ? uid : IdentityOf(record),
        ArchiveLevel.Series => $"{KeyOf(all, record, ArchiveLevel.Study)}/{Text(record, DicomTags.SeriesInstanceUID)}",
        _ => record.Instance.SopInstanceUid.ToString(),
    };

    private static string Text(InstanceRecord record, DicomTag tag) => record.Attributes.GetStringOrDefault(tag) ?? "";

    private static int Number(InstanceRecord record, DicomTag tag) => record.Attributes.TryGetInt32(tag, out int number) ? number : int.MaxValue;
}
