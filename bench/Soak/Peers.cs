using System.Buffers;
using System.Net;
using System.Net.Sockets;
using NetDicom.Network;
using NetDicom.Protocol;

namespace NetDicom.Bench.Soak;

/// <summary>The peers: honest ones, those that abort in the middle and those that vanish.</summary>
internal sealed class Peers(int archivePort, int storePort, string storeFolder, int objects, Tally tally)
{
    private const int OperationsEach = 6;

    private static readonly DicomUid s_find = SopClasses.StudyRootQueryRetrieveInformationModelFind, s_get = SopClasses.StudyRootQueryRetrieveInformationModelGet;
    private static readonly TransferSyntax[] s_explicit = [TransferSyntax.ExplicitVRLittleEndian];

    private readonly ApplicationEntity _echo = Entity(SopClasses.Verification), _store = Entity(SopClasses.CTImageStorage), _find = Entity(s_find), _get = GetEntity();
    private int _unique = 10_000_000;

    /// <summary>One association of a random kind.</summary>
    public async Task OneAsync(Random random)
    {
        int kind = random.Next(100);
        try
        {
            await (kind switch
            {
                < 35 => EchoAsync(random),
                < 60 => StoreAsync(random),
                < 70 => StoreToFilesAsync(),
                < 85 => FindAsync(random),
                < 90 => GetAsync(random),
                < 95 => AbortAsync(random),
                _ => VanishAsync(random),
            });
        }
        catch (Exception wrong)
        {
            tally.Fail($"kind {kind}: {wrong.GetType().Name}: {wrong.Message}");
        }

        tally.Association();
    }

    private async Task EchoAsync(Random random)
    {
        await using Association association = await _echo.AssociateAsync("127.0.0.1", random.Next(4) == 0 ? storePort : archivePort);
        for (int i = 0; i < OperationsEach + 3; i++)
            Check(await association.EchoAsync() == DimseStatus.Success, "C-ECHO");
        await association.ReleaseAsync();
    }

    private async Task StoreAsync(Random random)
    {
        await using Association association = await _store.AssociateAsync("127.0.0.1", archivePort);
        for (int i = 0; i < OperationsEach; i++)
        {
            int number = random.Next(objects);
            StoreOutcome outcome = await association.StoreAsync(SoakObject.Create(number));
            Check(outcome.IsStored, $"C-STORE to the archive: {outcome}");
            if (outcome.IsStored)
                tally.Acknowledge(number);
        }

        await association.ReleaseAsync();
    }

    // Objects that were never there before: read back from their files, compared and deleted.
    private async Task StoreToFilesAsync()
    {
        await using Association association = await _store.AssociateAsync("127.0.0.1", storePort);
        for (int i = 0; i < OperationsEach; i++)
        {
            int number = Interlocked.Increment(ref _unique);
            StoreOutcome outcome = await association.StoreAsync(SoakObject.Create(number));
            Check(outcome.IsStored, $"C-STORE to files: {outcome}");
            string path = Path.Combine(storeFolder, $"CT.{SoakObject.InstanceUid(number)}");
            if (!File.Exists(path))
            {
                tally.Fail($"{path} was acknowledged and is not there");
                continue;
            }

            if (SoakObject.IsIntact(path, out int there) && there == number)
                tally.Verify();
            else
                tally.Fail($"{path} is not what was sent");
            File.Delete(path);
        }

        await association.ReleaseAsync();
    }

    private async Task FindAsync(Random random)
    {
        await using Association association = await _find.AssociateAsync("127.0.0.1", archivePort);
        for (int i = 0; i < OperationsEach; i++)
        {
            int number = random.Next(objects);
            bool wasThere = tally.IsAcknowledged(number);
            int matches = 0;
            var keys = new DicomDataSet { { DicomTags.QueryRetrieveLevel, "IMAGE" }, { DicomTags.StudyInstanceUID, SoakObject.StudyUid(number) }, { DicomTags.SeriesInstanceUID, SoakObject.SeriesUid(number) }, { DicomTags.SOPInstanceUID, SoakObject.InstanceUid(number) }, { DicomTags.InstanceNumber, "" } };
            await foreach (DicomDataSet match in association.FindAsync(s_find, keys))
                matches += match.GetInt32(DicomTags.InstanceNumber) == number ? 1 : 100;
            Check(matches == 1 || matches == 0 && !wasThere, $"C-FIND of {number}: {matches} matches, acknowledged {wasThere}");
        }

        await association.ReleaseAsync();
    }

    private async Task GetAsync(Random random)
    {
        await using Association association = await _get.AssociateAsync("127.0.0.1", archivePort);
        int number = random.Next(objects);
        bool wasThere = tally.IsAcknowledged(number);
        bool came = false;
        var keys = new DicomDataSet { { DicomTags.QueryRetrieveLevel, "IMAGE" }, { DicomTags.StudyInstanceUID, SoakObject.StudyUid(number) }, { DicomTags.SeriesInstanceUID, SoakObject.SeriesUid(number) }, { DicomTags.SOPInstanceUID, SoakObject.InstanceUid(number) } };
        await association.GetAsync(s_get, keys, async (request, cancellationToken) =>
        {
            using var copy = new MemoryStream();
            await request.AsStream().CopyToAsync(copy, cancellationToken);
            if (copy.ToArray().AsSpan().SequenceEqual(SoakObject.DataSet(number)))
                tally.Verify();
            else
                tally.Fail($"C-GET of {number}: not what was stored");
            came = true;
            return DimseStatus.Success;
        }).CompleteAsync();
        Check(came || !wasThere, $"C-GET of {number}: nothing came, and it was acknowledged");
        await association.ReleaseAsync();
    }

    private async Task AbortAsync(Random random)
    {
        bool toArchive = random.Next(2) == 0;
        await using Association association = await _store.AssociateAsync("127.0.0.1", toArchive ? archivePort : storePort);
        int number = toArchive ? random.Next(objects) : Interlocked.Increment(ref _unique);
        if (random.Next(2) == 0 && (await association.StoreAsync(SoakObject.Create(number))).IsStored && toArchive)
            tally.Acknowledge(number);
        Task<StoreOutcome> storing = association.StoreAsync(SoakObject.Create(number));
        await association.AbortAsync();
        // Whether it was in time is a matter of chance.
        StoreOutcome outcome = await storing;
        if (outcome.IsStored && toArchive)
            tally.Acknowledge(number);
        tally.Operation();
    }

    // A peer whose power goes in the middle of an object: half of it, then a reset, without a word.
    private async Task VanishAsync(Random random)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, random.Next(2) == 0 ? archivePort : storePort);
        var bytes = new ArrayBufferWriter<byte>();
        Negotiation.BuildRequest(AETitle.Parse("SOAK"), AETitle.Parse("VANISHING"), [new PresentationContext(SopClasses.CTImageStorage, [TransferSyntax.ExplicitVRLittleEndian.Uid])], new UserInformation { MaximumLength = 16_384, ImplementationClassUid = new DicomUid("1.2.3") }).Write(bytes);
        await socket.SendAsync(bytes.WrittenMemory);
        if (await socket.ReceiveAsync(new byte[4096]) == 0)
            tally.Fail("a server closed the connection instead of accepting the association");
        bytes.ResetWrittenCount();
        int number = Interlocked.Increment(ref _unique);
        PdvFragmenter.WriteCommand(bytes, new CStoreRequest { MessageId = 1, AffectedSopClassUid = SopClasses.CTImageStorage, AffectedSopInstanceUid = new DicomUid(SoakObject.InstanceUid(number)) }, 1, 16_378);
        byte[] dataSet = SoakObject.DataSet(number);
        PDataWriter.WritePDataHeader(bytes.GetSpan(PDataWriter.PDataHeaderLength), (uint)dataSet.Length, 1, isCommand: false, isLast: true);
        bytes.Advance(PDataWriter.PDataHeaderLength);
        bytes.Write(dataSet.AsSpan(0, random.Next(dataSet.Length)));
        await socket.SendAsync(bytes.WrittenMemory[..random.Next(1, bytes.WrittenCount)]);
        socket.LingerState = new LingerOption(true, 0);
        tally.Operation();
    }

    private void Check(bool holds, string what)
    {
        tally.Operation();
        if (!holds)
            tally.Fail(what);
    }

    private static ApplicationEntity Entity(DicomUid sopClass)
    {
        var entity = new ApplicationEntity("SOAK");
        entity.AddRequestedContext(sopClass, s_explicit);
        return entity;
    }

    private static ApplicationEntity GetEntity()
    {
        var entity = new ApplicationEntity("SOAK");
        entity.AddRequestedContexts([new PresentationContext(s_get, [TransferSyntax.ExplicitVRLittleEndian.Uid]), new PresentationContext(SopClasses.CTImageStorage, [TransferSyntax.ExplicitVRLittleEndian.Uid]) { ScuRole = false, ScpRole = true }]);
        return entity;
    }
}
