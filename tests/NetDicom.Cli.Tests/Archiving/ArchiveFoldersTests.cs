using Microsoft.Extensions.Logging;
using NetDicom.Cli.Archiving;
using NetDicom.Cli.Output;
using NetDicom.Network;
using NetDicom.Protocol;

namespace NetDicom.Cli.Tests;

/// <summary>What the archive keeps beside its instances: transactions of storage commitment and performed procedure steps.</summary>
public sealed class ArchiveFoldersTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("netdicom-folders-").FullName;
    private readonly StringWriter _error = new();
    private readonly ToolLog _log;

    public ArchiveFoldersTests() => _log = new ToolLog(_error, LogLevel.Warning, LogFormat.Text);

    public void Dispose()
    {
        Directory.Delete(_folder, recursive: true);
        _log.Dispose();
        _error.Dispose();
    }

    private static CommitmentTransaction Transaction(string uid) => new(
        new StorageCommitmentRequest(new DicomUid(uid), [new SopReference(SopClasses.CTImageStorage, new DicomUid("1.2.3")), new SopReference(SopClasses.MRImageStorage, new DicomUid("1.2.4"))]),
        AETitle.Parse("CT 1"), new DateTimeOffset(2026, 3, 4, 5, 6, 7, TimeSpan.Zero));

    private CommitmentFolder Commitments(string title) => new(Path.Combine(_folder, "commitments"), title, Durability.Full, _log);

    [Fact]
    public async Task Transactions_are_kept_for_each_title_until_they_are_removed()
    {
        Assert.Empty(await Commitments("A/../B").LoadAsync(default));
        await Commitments("A/../B").RemoveAsync(new DicomUid("1.2.9"), default);
        await Commitments("A/../B").AddAsync(Transaction("1.2.9"), default);
        await Commitments("A/../B").AddAsync(Transaction("1.2.10"), default);
        await Commitments("OTHER").AddAsync(Transaction("1.2.9"), default);
        CommitmentTransaction[] loaded = [.. (await Commitments("A/../B").LoadAsync(default)).OrderBy(one => one.Request.TransactionUid.ToString().Length)];
        Assert.Equal(["1.2.9", "1.2.10"], loaded.Select(one => one.Request.TransactionUid.ToString()));
        Assert.Equal((Transaction("1.2.9").User, Transaction("1.2.9").Taken), (loaded[0].User, loaded[0].Taken));
        Assert.Equal(Transaction("1.2.9").Request.Instances, loaded[0].Request.Instances);
        await Commitments("A/../B").RemoveAsync(new DicomUid("1.2.9"), default);
        Assert.Equal("1.2.10", Assert.Single(await Commitments("A/../B").LoadAsync(default)).Request.TransactionUid.ToString());
        Assert.Single(await Commitments("OTHER").LoadAsync(default));
        Assert.Equal(2, Directory.GetFiles(Path.Combine(_folder, "commitments")).Length);
    }

    [Theory]
    [InlineData("{ \"title\": \"A\" ")]
    [InlineData("{ \"title\": \"A\" }")]
    [InlineData("{ \"title\": \"A\", \"instances\": [ [ \"1.2\" ] ] }")]
    [InlineData("{ \"title\": \"A\", \"instances\": [], \"transactionUid\": \"x\" }")]
    public async Task A_damaged_transaction_is_told_and_the_others_are_taken_up(string text)
    {
        await Commitments("A").AddAsync(Transaction("1.2.9"), default);
        await Commitments("A").AddAsync(Transaction("1.2.10"), default);
        File.WriteAllText(Directory.GetFiles(Path.Combine(_folder, "commitments")).First(), text);
        Assert.Single(await Commitments("A").LoadAsync(default));
        Assert.Contains("no transaction", _error.ToString(), StringComparison.Ordinal);
    }

    private ProcedureFolder Procedures() => new(Path.Combine(_folder, "procedures"), Durability.None, _log);

    private static DicomDataSet NewStep()
    {
        DicomDataSet step = NetDicom.Cli.Procedures.MppsDataSet.Create(new DicomDataSet().Set(DicomTags.Modality, "CT").Set(DicomTags.PatientName, "Müller^Änne"), null, "CT1", new DateTime(2026, 3, 4, 5, 6, 7, DateTimeKind.Local));
        step.CharacterSet = SpecificCharacterSet.Utf8;
        return step;
    }

    [Fact]
    public async Task A_step_is_kept_for_who_comes_next_and_ends_once()
    {
        DicomUid uid = new("1.2.826.0.1.70");
        RuleResult created = await Procedures().CreateAsync(uid, NewStep());
        Assert.Equal((DimseStatus.Success, uid), (created.Status, created.InstanceUid));
        Assert.Equal(DimseStatus.DuplicateSopInstance, (await Procedures().CreateAsync(uid, NewStep())).Status);
        RuleResult got = await Procedures().GetAsync(uid, [DicomTags.PatientName]);
        Assert.Equal("Müller^Änne", got.Attributes!.GetString(DicomTags.PatientName));
        // The step has no UID of its own among its attributes: the file has.
        Assert.False((await Procedures().GetAsync(uid, [])).Attributes!.Contains(DicomTags.SOPInstanceUID));
        Assert.Equal(DimseStatus.Success, (await Procedures().SetAsync(uid, new DicomDataSet().Set(DicomTags.PerformedProcedureStepDescription, "HEAD"))).Status);
        Assert.Equal("HEAD", (await Procedures().GetAsync(uid, [DicomTags.PerformedProcedureStepDescription])).Attributes!.GetString(DicomTags.PerformedProcedureStepDescription));
        // Not what a step that has ended needs: it goes on.
        Assert.True((await Procedures().SetAsync(uid, new DicomDataSet().Set(DicomTags.PerformedProcedureStepStatus, "COMPLETED"))).Status.IsFailure);
        Assert.Equal("IN PROGRESS", (await Procedures().GetAsync(uid, [])).Attributes!.GetString(DicomTags.PerformedProcedureStepStatus));
        DicomUid unknown = new("1.2.826.0.1.71");
        Assert.Equal([DimseStatus.NoSuchSopInstance, DimseStatus.NoSuchSopInstance],
            [(await Procedures().SetAsync(unknown, [])).Status, (await Procedures().GetAsync(unknown, [])).Status]);
        Assert.Equal(uid + ".dcm", Path.GetFileName(Assert.Single(Directory.GetFiles(_folder, "*", SearchOption.AllDirectories))));
    }

    [Fact]
    public void Bulk_data_go_and_the_rest_stays()
    {
        var set = new DicomDataSet().Set(DicomTags.PatientID, "P1");
        foreach (uint tag in (uint[])[0x7FE00010, 0x7FE00008, 0x7FE00009, 0x56000020, 0x60003000, 0x60FE3000, 0x50003000, 0x5002200C, 0x00420011])
            set.Set(DicomElement.CreateEmpty(new DicomTag(tag), DicomVR.OB));
        set.Set(DicomElement.CreateEmpty(DicomTags.PixelDataProviderURL, DicomVR.UR));
        foreach (uint tag in (uint[])[0x60000010, 0x50000005, 0x7FE10010, 0x00280010])
            set.Set(DicomElement.CreateEmpty(new DicomTag(tag), DicomVR.US));
        var icon = new DicomDataSet();
        icon.Set(DicomElement.CreateEmpty(DicomTags.PixelData, DicomVR.OB));
        set.Set(DicomTags.IconImageSequence, icon);
        var waveform = new DicomDataSet().Set(DicomTags.NumberOfWaveformChannels, 1L);
        waveform.Set(DicomElement.CreateEmpty(DicomTags.WaveformData, DicomVR.OW));
        set.Set(DicomTags.WaveformSequence, waveform);
        WithoutBulkData.Strip(set);
        Assert.Equal(
            ["(0010,0020)", "(0028,0010)", "(0088,0200)", "(5000,0005)", "(5400,0100)", "(6000,0010)", "(7FE1,0010)"], set.Select(element => element.Tag.ToString()));
        Assert.True(set.GetSequence(DicomTags.IconImageSequence)![0].Contains(DicomTags.PixelData));
        Assert.Equal(DicomTags.NumberOfWaveformChannels, Assert.Single(set.GetSequence(DicomTags.WaveformSequence)![0]).Tag);
    }
}
