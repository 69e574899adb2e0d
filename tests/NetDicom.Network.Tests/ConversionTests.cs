using NetDicom.Network.Tests.Support;
using NetDicom.Protocol;

namespace NetDicom.Network.Tests;

public sealed class ConversionTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("netdicom-test-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    // (0008,0005) CS ISO_IR 100, (0010,0010) PN A^B, (0028,0010) US 258: explicit VR little endian, spelt by hand.
    private static readonly byte[] s_explicit =
    [
        0x08, 0x00, 0x05, 0x00, (byte)'C', (byte)'S', 0x0A, 0x00, .. "ISO_IR 100"u8,
        0x10, 0x00, 0x10, 0x00, (byte)'P', (byte)'N', 0x04, 0x00, .. "A^B "u8,
        0x28, 0x00, 0x10, 0x00, (byte)'U', (byte)'S', 0x02, 0x00, 0x02, 0x01,
    ];

    private static readonly byte[] s_implicit =
    [
        0x08, 0x00, 0x05, 0x00, 0x0A, 0x00, 0x00, 0x00, .. "ISO_IR 100"u8,
        0x10, 0x00, 0x10, 0x00, 0x04, 0x00, 0x00, 0x00, .. "A^B "u8,
        0x28, 0x00, 0x10, 0x00, 0x02, 0x00, 0x00, 0x00, 0x02, 0x01,
    ];

    private static readonly byte[] s_big =
    [
        0x00, 0x08, 0x00, 0x05, (byte)'C', (byte)'S', 0x00, 0x0A, .. "ISO_IR 100"u8,
        0x00, 0x10, 0x00, 0x10, (byte)'P', (byte)'N', 0x00, 0x04, .. "A^B "u8,
        0x00, 0x28, 0x00, 0x10, (byte)'U', (byte)'S', 0x00, 0x02, 0x01, 0x02,
    ];

    public static TheoryData<string, byte[]> Targets => new()
    {
        { TransferSyntax.ImplicitVRLittleEndian.Uid.ToString(), s_implicit },
        { TransferSyntax.ExplicitVRBigEndian.Uid.ToString(), s_big },
        { TransferSyntax.ExplicitVRLittleEndian.Uid.ToString(), s_explicit },
    };

    [Theory]
    [MemberData(nameof(Targets))]
    public async Task A_peer_that_takes_another_uncompressed_syntax_only_gets_the_object_in_it(string accepted, byte[] expected)
    {
        var target = new TransferSyntax(new DicomUid(accepted));
        byte[]? received = null;
        var entity = new ApplicationEntity("TEST");
        entity.AddSupportedContext(SopClasses.CTImageStorage, target);
        entity.OnStore(async (request, cancellationToken) =>
        {
            using var copy = new MemoryStream();
            await request.AsStream().CopyToAsync(copy, cancellationToken);
            received = copy.ToArray();
            return DimseStatus.Success;
        });
        await using DicomServer server = await entity.StartServerAsync(0);
        var scu = new ApplicationEntity("SCU");
        scu.AddRequestedContext(SopClasses.CTImageStorage);
        await using Association association = await scu.AssociateAsync("127.0.0.1", server.Port);
        StoreOutcome outcome = await association.StoreAsync(StorageObject.FromFile(WriteFile(s_explicit, TransferSyntax.ExplicitVRLittleEndian)));
        Assert.True(outcome.IsStored, outcome.ToString());
        Assert.Equal(target, outcome.TransferSyntax);
        Assert.Equal(expected, received);
    }

    [Fact]
    public async Task Compressed_data_are_never_changed_and_what_cannot_be_converted_costs_only_itself()
    {
        var entity = new ApplicationEntity("TEST");
        entity.AddSupportedContext(SopClasses.CTImageStorage, TransferSyntax.ImplicitVRLittleEndian);
        entity.OnStore((_, _) => ValueTask.FromResult(DimseStatus.Success));
        await using DicomServer server = await entity.StartServerAsync(0);
        var scu = new ApplicationEntity("SCU");
        scu.AddRequestedContext(SopClasses.CTImageStorage);
        await using Association association = await scu.AssociateAsync("127.0.0.1", server.Port);
        Assert.Equal(StoreFailure.NoPresentationContext, (await association.StoreAsync(StorageObject.FromFile(WriteFile(s_explicit, TransferSyntax.JPEGBaseline8Bit)))).Failure);
        StoreOutcome cut = await association.StoreAsync(StorageObject.FromFile(WriteFile(s_explicit[..^1], TransferSyntax.ExplicitVRLittleEndian)));
        Assert.Equal(StoreFailure.CannotRead, cut.Failure);
        Assert.IsType<DicomDataException>(cut.Error);
        Assert.True((await association.StoreAsync(StorageObject.FromFile(WriteFile(s_explicit, TransferSyntax.ExplicitVRLittleEndian)))).IsStored);
    }

    [Fact]
    public async Task An_object_that_is_known_is_named_in_its_outcome_even_if_it_was_never_opened()
    {
        var entity = new ApplicationEntity("SCP");
        entity.AddSupportedContext(SopClasses.CTImageStorage);
        entity.OnStore((_, _) => ValueTask.FromResult(DimseStatus.Success));
        await using DicomServer server = await entity.StartServerAsync(0);
        var scu = new ApplicationEntity("SCU");
        scu.AddRequestedContext(SopClasses.CTImageStorage);
        await using Association association = await scu.AssociateAsync("127.0.0.1", server.Port);
        var set = new DicomDataSet { { DicomTags.SOPClassUID, SopClasses.CTImageStorage }, { DicomTags.SOPInstanceUID, "1.2.3" } };
        DicomDataSet unwritable = set.Clone();
        // A name that its character set does not have.
        unwritable.Set(DicomTags.SpecificCharacterSet, "ISO_IR 100").Set(DicomTags.PatientName, "\u65e5");
        StoreOutcome cannot = await association.StoreAsync(StorageObject.FromDataSet(unwritable));
        Assert.Equal((StoreFailure.CannotRead, new DicomUid("1.2.3")), (cannot.Failure, cannot.SopInstanceUid));
        await association.AbortAsync();
        StoreOutcome late = await association.StoreAsync(StorageObject.FromDataSet(set));
        Assert.Equal((StoreFailure.NotSent, new DicomUid("1.2.3"), SopClasses.CTImageStorage), (late.Failure, late.SopInstanceUid, late.SopClassUid));
    }

    private string WriteFile(byte[] dataSet, TransferSyntax syntax)
    {
        string path = Path.Combine(_folder, Path.GetRandomFileName());
        File.WriteAllBytes(path, [.. FileMetaInformation.Create(SopClasses.CTImageStorage, new DicomUid("1.2.3"), syntax).GetBytes(), .. dataSet]);
        return path;
    }
}
