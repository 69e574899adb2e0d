using NetDicom.Network;
using NetDicom.Protocol;

namespace NetDicom.Interop.Tests.Support;

/// <summary>Seven real slices of one series, as our library sends, asks for and compares them.</summary>
internal sealed class Instances
{
    private Instances(IReadOnlyList<StorageFile> files, DicomUid study, DicomUid series) => (Files, Study, Series) = (files, study, series);

    public IReadOnlyList<StorageFile> Files { get; }

    public DicomUid Study { get; }

    public DicomUid Series { get; }

    public static async Task<Instances> LoadAsync()
    {
        StorageFile[] files = [.. Directory.EnumerateFiles(Path.Combine(RealFiles.Series, "MR700")).Order(StringComparer.Ordinal).Select(StorageFile.Read)];
        await using DicomFile first = await DicomFile.OpenAsync(files[0].Name);
        return new Instances(files, first.DataSet.GetUid(DicomTags.StudyInstanceUID), first.DataSet.GetUid(DicomTags.SeriesInstanceUID));
    }

    public DicomDataSet StudyQuery => new() { { DicomTags.QueryRetrieveLevel, "STUDY" }, { DicomTags.StudyInstanceUID, Study.ToString() }, { DicomTags.PatientID, "" } };

    public DicomDataSet ImageQuery => new()
    {
        { DicomTags.QueryRetrieveLevel, "IMAGE" }, { DicomTags.StudyInstanceUID, Study.ToString() }, { DicomTags.SeriesInstanceUID, Series.ToString() }, { DicomTags.SOPInstanceUID, "" },
    };

    public DicomDataSet SeriesRetrieval => new()
    {
        { DicomTags.QueryRetrieveLevel, "SERIES" }, { DicomTags.StudyInstanceUID, Study.ToString() }, { DicomTags.SeriesInstanceUID, Series.ToString() },
    };

    /// <summary>Sends all to a peer.</summary>
    public async Task StoreAsync(int port, string called)
    {
        var entity = new ApplicationEntity("NETDICOM");
        entity.AddRequestedContexts(PresentationContexts.ForFiles(Files.Select(file => (file.SopClassUid, file.TransferSyntax))));
        await using Association association = await entity.AssociateAsync("127.0.0.1", port, new AssociationOptions { CalledAETitle = called });
        await foreach (StoreOutcome outcome in association.StoreAsync(Files))
            Assert.True(outcome.IsStored, outcome.ToString());
        await association.ReleaseAsync();
    }

    /// <summary>Fails unless these are the objects, each with the data set that was sent.</summary>
    public void AssertAre(IReadOnlyDictionary<string, byte[]> dataSets)
    {
        Assert.Equal(Files.Select(file => file.SopInstanceUid.ToString()).Order(StringComparer.Ordinal), dataSets.Keys.Order(StringComparer.Ordinal));
        foreach (StorageFile file in Files)
            Assert.True(Part10.DataSet(File.ReadAllBytes(file.Name)).Span.SequenceEqual(dataSets[file.SopInstanceUid.ToString()]), $"{file.Name} came as another data set");
    }
}

/// <summary>Keeps the data sets of objects by their instance UID.</summary>
internal sealed class Receiving
{
    private readonly Dictionary<string, byte[]> _dataSets = [];

    public IReadOnlyDictionary<string, byte[]> DataSets => _dataSets;

    public async ValueTask<DimseStatus> TakeAsync(StoreRequest request, CancellationToken cancellationToken)
    {
        using var bytes = new MemoryStream();
        await request.AsStream().CopyToAsync(bytes, cancellationToken);
        lock (_dataSets)
            _dataSets.Add(request.AffectedSopInstanceUid.ToString(), bytes.ToArray());
        return DimseStatus.Success;
    }
}
