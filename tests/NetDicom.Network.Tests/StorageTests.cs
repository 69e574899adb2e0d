using System.Security.Cryptography;
using NetDicom.Network.Tests.Support;
using NetDicom.Protocol;
using NetDicom.TestSupport;

namespace NetDicom.Network.Tests;

public sealed class StorageTests : IDisposable
{
    private static readonly TransferSyntax s_explicit = TransferSyntax.ExplicitVRLittleEndian;
    private readonly string _folder = Directory.CreateTempSubdirectory("netdicom-test-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(1, 16_384u)]
    [InlineData(2, 16_384u)]
    [InlineData(1_000, 8u)]
    [InlineData(1_001, 9u)]
    [InlineData(16_378, 16_384u)]
    [InlineData(16_379, 16_384u)]
    [InlineData(262_144, 0u)]
    [InlineData(1_000_003, 16_384u)]
    [InlineData(3_000_000, 262_144u)]
    [InlineData(3_000_001, 1_048_576u)]
    public async Task What_is_sent_is_what_arrives_whatever_the_sizes(int length, uint maxPduLength)
    {
        byte[] bytes = RandomNumberGenerator.GetBytes(length);
        byte[]? received = null;
        await using DicomServer server = await Receiver(Keep(all => received = all)).StartServerAsync(0, new DicomServerOptions { MaxPduLength = maxPduLength });
        await using Association association = await Sender().AssociateAsync("127.0.0.1", server.Port);
        StoreOutcome outcome = await association.StoreAsync(Instance(bytes, "1.2.3"));
        // PS3.8 annex E.2: fragments are even, so that an odd end gets one zero.
        byte[] expected = length % 2 == 0 ? bytes : [.. bytes, 0];
        Assert.Equal((StoreFailure.None, DimseStatus.Success, (long)expected.Length), (outcome.Failure, outcome.Status, outcome.Bytes));
        Assert.Equal(expected, received);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_file_that_was_kept_open_is_sent_without_being_opened_again(bool keepOpen)
    {
        byte[] dataSet = [0x08, 0x00, 0x05, 0x00, (byte)'C', (byte)'S', 0x0A, 0x00, .. "ISO_IR 100"u8, .. RandomNumberGenerator.GetBytes(300_000)];
        string source = WriteFile("source.dcm", dataSet, "1.2.840.1", s_explicit);
        byte[]? received = null;
        await using DicomServer server = await Receiver(Keep(all => received = all)).StartServerAsync(0);
        await using Association association = await Sender().AssociateAsync("127.0.0.1", server.Port);
        StorageFile file = StorageFile.Read(source, keepOpen);
        if (!OperatingSystem.IsWindows())
            File.Delete(source);
        StoreOutcome outcome = await association.StoreAsync(file);
        Assert.True(outcome.Failure == (keepOpen ? StoreFailure.None : StoreFailure.CannotRead), $"{outcome.Failure} {outcome.Error}");
        Assert.Equal(keepOpen ? dataSet : null, received);
        // It is closed now, and looked for by its path as any other.
        Assert.Equal(StoreFailure.CannotRead, (await association.StoreAsync(file)).Failure);
        File.WriteAllBytes(source, []);
        Assert.Equal(StoreFailure.CannotRead, (await association.StoreAsync(file)).Failure);
    }

    [Fact]
    public async Task A_file_is_saved_with_its_bytes_and_its_own_name_and_nothing_else_is_left()
    {
        byte[] dataSet = [0x08, 0x00, 0x05, 0x00, (byte)'C', (byte)'S', 0x0A, 0x00, .. "ISO_IR 100"u8, .. RandomNumberGenerator.GetBytes(700_000)];
        string source = WriteFile("source.dcm", dataSet, "1.2.840.1", s_explicit);
        string target = Path.Combine(_folder, "out");
        Directory.CreateDirectory(target);
        await using DicomServer server = await Receiver(async (request, cancellationToken) =>
        {
            await request.SaveAsync(Path.Combine(target, $"{request.AffectedSopInstanceUid}.dcm"), new SaveOptions { Durability = Durability.Full }, cancellationToken);
            return DimseStatus.Success;
        }).StartServerAsync(0);
        await using Association association = await Sender().AssociateAsync("127.0.0.1", server.Port);
        StoreOutcome outcome = await association.StoreAsync(StorageObject.FromFile(source));
        Assert.True(outcome.IsStored, outcome.ToString());
        string saved = Assert.Single(Directory.GetFileSystemEntries(target));
        Assert.Equal("1.2.840.1.dcm", Path.GetFileName(saved));
        byte[] all = await File.ReadAllBytesAsync(saved, TestContext.Current.CancellationToken);
        Assert.Equal(FileMetaStatus.Found, FileMetaInformation.TryRead(all, out FileMetaInformation? meta, out int offset, isComplete: true));
        Assert.Equal((SopClasses.CTImageStorage, new DicomUid("1.2.840.1"), s_explicit), (meta!.MediaStorageSopClassUid, meta.MediaStorageSopInstanceUid, meta.TransferSyntax));
        Assert.Equal("SCU", meta.SourceApplicationEntityTitle);
        Assert.Equal(dataSet, all[offset..]);
    }

    [Fact]
    public async Task Each_object_has_one_outcome_and_none_stops_the_rest()
    {
        string good = WriteFile("good.dcm", [1, 2, 3, 4], "1.1", s_explicit);
        string otherSyntax = WriteFile("jpeg.dcm", [1, 2, 3, 4], "1.2", TransferSyntax.JPEGBaseline8Bit);
        string noise = Path.Combine(_folder, "noise.dcm");
        await File.WriteAllTextAsync(noise, "this is not DICOM, however long one looks at it", TestContext.Current.CancellationToken);
        string refused = WriteFile("refused.dcm", [1, 2, 3, 4], "1.9", s_explicit);
        string warned = WriteFile("warned.dcm", [1, 2, 3, 4], "1.8", s_explicit);
        string missing = Path.Combine(_folder, "missing.dcm");
        string last = WriteFile("last.dcm", [1, 2, 3, 4], "1.3", s_explicit);
        await using DicomServer server = await Receiver((request, _) => ValueTask.FromResult(request.AffectedSopInstanceUid.ToString() switch
        {
            "1.9" => new DimseStatus(0xA701),
            "1.8" => DimseStatus.Coercion,
            _ => DimseStatus.Success,
        })).StartServerAsync(0);
        await using Association association = await Sender().AssociateAsync("127.0.0.1", server.Port);
        var outcomes = new List<StoreOutcome>();
        await foreach (StoreOutcome outcome in association.StoreAsync([good, otherSyntax, noise, refused, warned, missing, last]))
            outcomes.Add(outcome);
        Assert.Equal(
            [StoreFailure.None, StoreFailure.NoPresentationContext, StoreFailure.CannotRead, StoreFailure.Refused, StoreFailure.None, StoreFailure.CannotRead, StoreFailure.None],
            outcomes.Select(outcome => outcome.Failure));
        Assert.Equal(new DimseStatus(0xA701), outcomes[3].Status);
        Assert.Equal(DimseStatus.Coercion, outcomes[4].Status);
        Assert.IsType<DicomDataException>(outcomes[2].Error);
        Assert.IsType<FileNotFoundException>(outcomes[5].Error);
        Assert.Contains("JPEG Baseline", outcomes[1].ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stopping_at_the_first_failure_leaves_the_rest_unsent()
    {
        await using DicomServer server = await Receiver((_, _) => ValueTask.FromResult(DimseStatus.OutOfResources)).StartServerAsync(0);
        await using Association association = await Sender().AssociateAsync("127.0.0.1", server.Port);
        var failures = new List<StoreFailure>();
        await foreach (StoreOutcome outcome in association.StoreAsync([Instance([1, 2], "1.1"), Instance([1, 2], "1.2"), Instance([1, 2], "1.3")], new StoreOptions { StopAtFirstFailure = true }))
            failures.Add(outcome.Failure);
        Assert.Equal([StoreFailure.Refused, StoreFailure.NotSent, StoreFailure.NotSent], failures);
    }

    [Fact]
    public async Task Duplicate_SOP_instance_does_not_fail_a_job()
    {
        await using DicomServer server = await Receiver((_, _) => ValueTask.FromResult(DimseStatus.DuplicateSopInstance)).StartServerAsync(0);
        await using Association association = await Sender().AssociateAsync("127.0.0.1", server.Port);
        Assert.True((await association.StoreAsync(Instance([1, 2], "1.1"))).IsStored);
    }

    [Fact]
    public async Task A_handler_that_throws_answers_a_failure_and_what_it_left_unread_is_passed_over()
    {
        int calls = 0;
        await using DicomServer server = await Receiver(async (request, cancellationToken) =>
        {
            await request.ReadAsync(cancellationToken);
            return Interlocked.Increment(ref calls) switch
            {
                1 => throw new InvalidOperationException("secret"),
                2 => throw new IOException("No space left on device"),
                _ => DimseStatus.Success,
            };
        }).StartServerAsync(0);
        await using Association association = await Sender().AssociateAsync("127.0.0.1", server.Port);
        StoreOutcome first = await association.StoreAsync(Instance(new byte[2_000_000], "1.1"));
        Assert.Equal((StoreFailure.Refused, DimseStatus.CannotUnderstand), (first.Failure, first.Status));
        Assert.DoesNotContain("secret", first.ErrorComment, StringComparison.Ordinal);
        StoreOutcome second = await association.StoreAsync(Instance(new byte[2_000_000], "1.2"));
        Assert.Equal((StoreFailure.Refused, DimseStatus.OutOfResources), (second.Failure, second.Status));
        Assert.True((await association.StoreAsync(Instance(new byte[2_000_000], "1.3"))).IsStored);
    }

    [Fact]
    public async Task A_handler_at_work_sees_the_abort_of_its_peer()
    {
        var started = new TaskCompletionSource();
        var seen = new TaskCompletionSource<bool>();
        await using DicomServer server = await Receiver(async (request, cancellationToken) =>
        {
            while (!(await request.ReadAsync(cancellationToken)).IsEmpty)
            {
            }

            started.SetResult();
            try
            {
                await new TaskCompletionSource().Task.WaitAsync(cancellationToken);
            }
            catch (OperationCanceledException)
            {
                seen.SetResult(request.Association.End!.Kind == AssociationEndKind.AbortedByPeer);
                throw;
            }

            return DimseStatus.Success;
        }).StartServerAsync(0);
        Association association = await Sender().AssociateAsync("127.0.0.1", server.Port);
        Task<StoreOutcome> storing = association.StoreAsync(Instance(new byte[100_000], "1.1"));
        await started.Task.WaitAsync(RawPeer.Patience);
        await association.AbortAsync();
        Assert.True(await seen.Task.WaitAsync(RawPeer.Patience));
        StoreOutcome outcome = await storing.WaitAsync(RawPeer.Patience);
        Assert.Equal(StoreFailure.AssociationLost, outcome.Failure);
        Assert.Equal(StoreFailure.NotSent, (await association.StoreAsync(Instance([1, 2], "1.2"))).Failure);
    }

    [Fact]
    public async Task Half_an_object_leaves_no_file()
    {
        var failed = new TaskCompletionSource();
        await using DicomServer server = await Receiver(async (request, cancellationToken) =>
        {
            try
            {
                await request.SaveAsync(Path.Combine(_folder, "half.dcm"), null, cancellationToken);
            }
            finally
            {
                failed.SetResult();
            }

            return DimseStatus.Success;
        }).StartServerAsync(0);
        using RawPeer peer = await RawPeer.AssociateAsync(server.Port);
        var request = new CStoreRequest { MessageId = 1, AffectedSopClassUid = SopClasses.CTImageStorage, AffectedSopInstanceUid = new DicomUid("1.2.3") };
        await peer.SendAsync(3, request);
        byte[] first = new byte[12 + 1000];
        PDataWriter.WritePDataHeader(first, 1000, 3, isCommand: false, isLast: false);
        await peer.SendAsync(first);
        peer.CloseSending();
        await failed.Task.WaitAsync(RawPeer.Patience);
        Assert.Empty(Directory.GetFileSystemEntries(_folder));
    }

    [Fact]
    public async Task An_instance_UID_that_is_none_is_refused_before_a_handler_sees_it()
    {
        bool called = false;
        await using DicomServer server = await Receiver((_, _) =>
        {
            called = true;
            return ValueTask.FromResult(DimseStatus.Success);
        }).StartServerAsync(0);
        using RawPeer peer = await RawPeer.AssociateAsync(server.Port);
        foreach (string evil in new[] { "../../etc/passwd", "1.2/../3", "/tmp/x", "1.2\\3", "", new string('1', 66), ".." })
        {
            await peer.SendAsync(new CStoreRequest { MessageId = 7, AffectedSopClassUid = SopClasses.CTImageStorage, AffectedSopInstanceUid = new DicomUid("9.9.9") }.WithInstanceUid(evil));
            await peer.SendAsync(DataPdu(3, [1, 2, 3, 4]));
            CommandSet response = await peer.ReadCommandAsync();
            Assert.Equal(DimseStatus.InvalidSopInstance, response.Status);
            Assert.Equal(7, response.MessageIdBeingRespondedTo);
        }

        Assert.False(called);
    }

    [Fact]
    public async Task A_stream_of_unknown_length_is_sent_whole_and_its_last_fragment_says_so()
    {
        byte[] bytes = RandomNumberGenerator.GetBytes(600_000);
        byte[]? received = null;
        await using DicomServer server = await Receiver(Keep(all => received = all)).StartServerAsync(0);
        await using Association association = await Sender().AssociateAsync("127.0.0.1", server.Port);
        using var source = new Trickle(bytes);
        StoreOutcome outcome = await association.StoreAsync(StorageObject.FromStream("trickle", source, SopClasses.CTImageStorage, new DicomUid("1.2"), s_explicit));
        Assert.True(outcome.IsStored);
        Assert.Equal(bytes, received);
    }

    [Fact]
    public async Task A_source_that_fails_in_mid_message_aborts_since_half_a_message_cannot_be_taken_back()
    {
        await using DicomServer server = await Receiver(async (request, cancellationToken) =>
        {
            while (!(await request.ReadAsync(cancellationToken)).IsEmpty)
            {
            }

            return DimseStatus.Success;
        }).StartServerAsync(0);
        await using Association association = await Sender().AssociateAsync("127.0.0.1", server.Port);
        using var source = new Trickle(new byte[600_000]) { FailAt = 500_000 };
        StoreOutcome outcome = await association.StoreAsync(StorageObject.FromStream("broken", source, SopClasses.CTImageStorage, new DicomUid("1.2"), s_explicit));
        Assert.Equal(StoreFailure.CannotRead, outcome.Failure);
        Assert.Equal(AssociationEndKind.AbortedLocally, association.End!.Kind);
    }

    [Fact]
    public async Task A_consumer_that_takes_its_time_between_outcomes_does_not_run_into_the_DIMSE_limit()
    {
        var clock = new FakeTimeProvider();
        await using DicomServer server = await Receiver((_, _) => ValueTask.FromResult(DimseStatus.Success)).StartServerAsync(0);
        await using Association association = await Sender().AssociateAsync("127.0.0.1", server.Port, new AssociationOptions { TimeProvider = clock });
        using var next = new SemaphoreSlim(1);
        int count = 0;
        await foreach (StoreOutcome outcome in association.StoreAsync(OneAtATime()))
        {
            Assert.True(outcome.IsStored, outcome.ToString());
            clock.Advance(TimeSpan.FromHours(1));
            count++;
            next.Release();
        }

        Assert.Equal(3, count);

        async IAsyncEnumerable<StorageObject> OneAtATime()
        {
            for (int i = 1; i <= 3; i++)
            {
                await next.WaitAsync(RawPeer.Patience);
                yield return Instance([1, 2], $"1.{i}");
            }
        }
    }

    private static byte[] DataPdu(byte contextId, byte[] bytes)
    {
        byte[] pdu = new byte[12 + bytes.Length];
        PDataWriter.WritePDataHeader(pdu, (uint)bytes.Length, contextId, isCommand: false, isLast: true);
        bytes.CopyTo(pdu, 12);
        return pdu;
    }

    private static ApplicationEntity Receiver(Func<StoreRequest, CancellationToken, ValueTask<DimseStatus>> handler)
    {
        ApplicationEntity entity = new ApplicationEntity("TEST").WithStorage();
        entity.OnStore(handler);
        return entity;
    }

    private static ApplicationEntity Sender() => new ApplicationEntity("SCU").WithRequested(SopClasses.CTImageStorage, s_explicit);

    private static StorageObject Instance(byte[] bytes, string uid) =>
        StorageObject.FromStream(uid, new MemoryStream(bytes), SopClasses.CTImageStorage, new DicomUid(uid), s_explicit);

    // Takes the whole data set of each object.
    private static Func<StoreRequest, CancellationToken, ValueTask<DimseStatus>> Keep(Action<byte[]> take) => async (request, cancellationToken) =>
    {
        using var copy = new MemoryStream();
        await request.AsStream().CopyToAsync(copy, cancellationToken);
        take(copy.ToArray());
        return DimseStatus.Success;
    };

    private string WriteFile(string name, byte[] dataSet, string instance, TransferSyntax syntax)
    {
        string path = Path.Combine(_folder, name);
        byte[] meta = FileMetaInformation.Create(SopClasses.CTImageStorage, new DicomUid(instance), syntax).GetBytes();
        File.WriteAllBytes(path, [.. meta, .. dataSet]);
        return path;
    }

    /// <summary>A stream that gives a few bytes at a time and does not say how many there are.</summary>
    private sealed class Trickle(byte[] bytes) : MemoryStream(bytes)
    {
        public long FailAt { get; init; } = long.MaxValue;

        public override bool CanSeek => false;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (Position >= FailAt)
                throw new IOException("the device is gone");
            return base.ReadAsync(buffer[..Math.Min(buffer.Length, 7_919)], cancellationToken);
        }
    }
}
