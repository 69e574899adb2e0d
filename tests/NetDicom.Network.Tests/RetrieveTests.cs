using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using NetDicom.Network.Tests.Support;
using NetDicom.Protocol;
using NetDicom.TestSupport;

namespace NetDicom.Network.Tests;

/// <summary>C-GET and C-MOVE (PS3.7 sections 9.1.3 and 9.1.4) in both roles.</summary>
public class RetrieveTests
{
    [Fact]
    public async Task C_GET_delivers_on_the_same_association_and_counts_what_the_handler_answered()
    {
        ApplicationEntity entity = Provider();
        entity.OnGet((request, _) => ValueTask.FromResult<RetrieveObjects>(new[]
        {
            Queries.Instance(1), Queries.Instance(2), Queries.Instance(3), Queries.Instance(4, SopClasses.MRImageStorage),
        }));
        await using DicomServer server = await entity.StartServerAsync(0);
        await using Association association = await Getter().AssociateAsync("127.0.0.1", server.Port);
        var stored = new List<string>();
        RetrieveOperation get = association.GetAsync(Queries.Get, Queries.StudyKeys, async (request, cancellationToken) =>
        {
            while (!(await request.ReadAsync(cancellationToken)).IsEmpty)
            {
            }

            stored.Add(request.AffectedSopInstanceUid.ToString());
            return new DimseStatus((ushort)(stored.Count switch { 2 => 0xB007, 3 => 0xA700, _ => 0 }));
        });
        List<SubOperationProgress> progress = await get.ToListAsync();
        Assert.Equal(["1.2.1", "1.2.2", "1.2.3"], stored);
        RetrieveResult result = get.Result!;
        // The MR object has no context: it is not sent, and counts as failed all the same.
        Assert.Equal((0xB000, new SubOperationProgress(null, 1, 2, 1)), (result.Status.Code, result.Progress));
        Assert.Equal([new DicomUid("1.2.3"), new DicomUid("1.2.4")], result.FailedSopInstanceUids);
        Assert.Equal(new SubOperationProgress(null, 1, 2, 1), progress[^1]);
        Assert.Equal(DimseStatus.Success, await association.EchoAsync());
    }

    [Theory]
    [InlineData("none", 0x0000)]
    [InlineData("all failed", 0xA702)]
    [InlineData("status", 0xA900)]
    [InlineData("throws", 0xC000)]
    [InlineData("source throws", 0xC000)]
    public async Task The_final_status_says_what_became_of_the_sub_operations(string what, int status)
    {
        ApplicationEntity entity = Provider();
        entity.OnGet((_, _) => what switch
        {
            "none" => ValueTask.FromResult<RetrieveObjects>(Array.Empty<StorageObject>()),
            "all failed" => ValueTask.FromResult<RetrieveObjects>(new[] { Queries.Instance(1), Queries.Instance(2) }),
            "status" => throw new DimseStatusException(DimseStatus.DataSetDoesNotMatchSopClass, "no level"),
            "throws" => throw new InvalidOperationException("secret"),
            _ => ValueTask.FromResult(RetrieveObjects.From(Broken())),
        });
        await using DicomServer server = await entity.StartServerAsync(0);
        await using Association association = await Getter().AssociateAsync("127.0.0.1", server.Port);
        RetrieveResult result = await association.GetAsync(Queries.Get, Queries.StudyKeys, (_, _) =>
            ValueTask.FromResult(what == "all failed" ? DimseStatus.CannotUnderstand : DimseStatus.Success)).CompleteAsync();
        Assert.Equal(status, result.Status.Code);
        Assert.Null(result.Progress.Remaining);
        Assert.Equal(what == "all failed" ? 2 : 0, result.Progress.Failed);
        Assert.Equal(what == "source throws" ? 1 : 0, result.Progress.Completed);
        Assert.Equal(what switch { "status" => "no level", "throws" or "source throws" => "the handler failed", _ => null }, result.ErrorComment);
        if (status != 0)
            Assert.Throws<DimseStatusException>(() => result.EnsureSuccess());

        static async IAsyncEnumerable<StorageObject> Broken()
        {
            await Task.Yield();
            yield return Queries.Instance(1);
            throw new InvalidOperationException("secret");
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_server_takes_the_next_object_of_a_C_GET_within_the_reading_loop_if_it_is_told_to(bool inline)
    {
        ApplicationEntity entity = Provider();
        var withinLoop = new List<bool>();
        entity.OnGet((_, _) => ValueTask.FromResult(RetrieveObjects.From(Objects(), 50)));
        await using DicomServer server = await entity.StartServerAsync(0, new DicomServerOptions { RunContinuationsInline = inline });
        await using Association association = await Getter().AssociateAsync("127.0.0.1", server.Port);
        RetrieveResult result = await association.GetAsync(Queries.Get, Queries.StudyKeys, (_, _) => ValueTask.FromResult(DimseStatus.Success)).CompleteAsync();
        Assert.Equal((DimseStatus.Success, 50), (result.Status, result.Progress.Completed));
        // Not each: an answer that comes before anybody waits for it wakes nobody.
        Assert.Equal(inline, withinLoop.Contains(true));

        async IAsyncEnumerable<StorageObject> Objects()
        {
            await Task.CompletedTask;
            for (int number = 1; number <= 50; number++)
            {
                withinLoop.Add(Environment.StackTrace.Contains("AssociationEngine.Complete(", StringComparison.Ordinal));
                yield return Queries.Instance(number);
            }
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_C_GET_that_is_cancelled_finishes_what_is_on_its_way_and_counts_what_remains(bool inline)
    {
        ApplicationEntity entity = Provider();
        entity.OnGet((_, _) => ValueTask.FromResult<RetrieveObjects>(Enumerable.Range(1, 1000).Select(number => Queries.Instance(number)).ToArray()));
        await using DicomServer server = await entity.StartServerAsync(0, new DicomServerOptions { RunContinuationsInline = inline });
        await using Association association = await Getter().AssociateAsync("127.0.0.1", server.Port);
        RetrieveOperation? get = null;
        int stored = 0;
        get = association.GetAsync(Queries.Get, Queries.StudyKeys, async (_, _) =>
        {
            if (++stored == 5)
                await get!.CancelAsync();
            return DimseStatus.Success;
        });
        RetrieveResult result = await get.CompleteAsync();
        Assert.Equal(DimseStatus.Cancel, result.Status);
        Assert.InRange(stored, 5, 100);
        Assert.Equal((1000, stored, 0), (result.Progress.Remaining + result.Progress.Completed, result.Progress.Completed, result.Progress.Failed));
    }

    [Fact]
    public async Task A_C_GET_without_the_SCP_role_or_without_a_handler_is_refused_before_anything_is_sent()
    {
        ApplicationEntity entity = Provider();
        await using DicomServer server = await entity.StartServerAsync(0);
        await using Association association = await Queries.Scu(Queries.Get, SopClasses.CTImageStorage).AssociateAsync("127.0.0.1", server.Port);
        NoPresentationContextException error = Assert.Throws<NoPresentationContextException>(() =>
            association.GetAsync(Queries.Get, Queries.StudyKeys, (_, _) => ValueTask.FromResult(DimseStatus.Success)));
        Assert.Contains("SCP role", error.Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => association.GetAsync(Queries.Get, Queries.StudyKeys));
    }

    [Fact]
    public async Task Pending_responses_come_at_once_and_then_at_the_pace_of_the_clock()
    {
        var clock = new FakeTimeProvider();
        var go = new TaskCompletionSource();
        ApplicationEntity entity = Queries.Scp(Queries.Move);
        entity.ServiceOptions = new ServiceOptions { PendingInterval = TimeSpan.FromSeconds(1) };
        entity.OnMove((_, _) => ValueTask.FromResult(RetrieveObjects.From(Waiting(CancellationToken.None), 7)), (_, _) => ValueTask.FromResult<MoveDestination?>(new MoveDestination("127.0.0.1", 1)));
        await using DicomServer server = await entity.StartServerAsync(0, new DicomServerOptions { TimeProvider = clock });
        using RawPeer peer = await Queries.ConnectAsync(server, Queries.Move);
        await peer.SendAsync(1, new CMoveRequest { MessageId = 1, AffectedSopClassUid = Queries.Move, MoveDestination = AETitle.Parse("ELSEWHERE") }, Queries.StudyKeys.Bytes());
        for (int i = 0; i < 3; i++)
        {
            CommandSet pending = (await peer.ReadMessageAsync()).Command;
            Assert.Equal((DimseStatus.Pending, (ushort?)7, (ushort?)0), (pending.Status, pending.NumberOfRemainingSuboperations, pending.NumberOfCompletedSuboperations));
            await clock.WhenTimerWithin(TimeSpan.FromSeconds(1)).WaitAsync(RawPeer.Patience);
            Assert.False(peer.HasMore);
            if (i < 2)
                clock.Advance(TimeSpan.FromSeconds(1));
        }

        go.SetResult();
        Assert.Equal(DimseStatus.Success, (await peer.ReadMessageAsync()).Command.Status);

        async IAsyncEnumerable<StorageObject> Waiting([EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            await go.Task.WaitAsync(cancellationToken);
            yield break;
        }
    }

    [Fact]
    public async Task C_MOVE_sends_to_its_destination_with_contexts_for_what_is_sent_and_names_its_originator()
    {
        var seen = new List<string>();
        ApplicationEntity receiver = new ApplicationEntity("DESTINATION").WithStorage();
        receiver.OnStore(async (request, cancellationToken) =>
        {
            using var reader = new MemoryStream();
            await request.AsStream().CopyToAsync(reader, cancellationToken);
            seen.Add($"{request.Association.CallingAETitle} {request.Association.CalledAETitle} {request.MoveOriginatorAETitle} {request.MoveOriginatorMessageId} {request.Priority} {request.Association.Contexts.Count}");
            return DimseStatus.Success;
        });
        await using DicomServer destination = await receiver.StartServerAsync(0);
        ApplicationEntity entity = Queries.Scp(Queries.Move);
        entity.OnMove(
            (_, _) => ValueTask.FromResult<RetrieveObjects>(new[] { Queries.Instance(1), Queries.Instance(2, SopClasses.MRImageStorage) }),
            (request, _) => ValueTask.FromResult(request.MoveDestination.ToString() == "DESTINATION" ? new MoveDestination("127.0.0.1", destination.Port) : null));
        await using DicomServer server = await entity.StartServerAsync(0);
        await using Association association = await Queries.Scu(Queries.Move).AssociateAsync("127.0.0.1", server.Port);
        RetrieveResult result = await association.MoveAsync(
            Queries.Move, Queries.StudyKeys, AETitle.Parse("DESTINATION"), new RetrieveOptions { Priority = Priority.Low }).CompleteAsync().WaitAsync(RawPeer.Patience);
        Assert.Equal((DimseStatus.Success, new SubOperationProgress(null, 2, 0, 0)), (result.Status, result.Progress));
        // Explicit and implicit VR for both classes.
        Assert.Equal(["TEST DESTINATION SCU 1 Low 4", "TEST DESTINATION SCU 1 Low 4"], seen);
        result = await association.MoveAsync(Queries.Move, Queries.StudyKeys, AETitle.Parse("NOBODY")).CompleteAsync();
        Assert.Equal(DimseStatus.MoveDestinationUnknown, result.Status);
    }

    [Fact]
    public async Task More_than_128_contexts_take_more_than_one_association()
    {
        int stored = 0;
        var associations = new HashSet<string>();
        ApplicationEntity receiver = new ApplicationEntity("DESTINATION").WithStorage();
        receiver.OnStore((request, _) =>
        {
            stored++;
            associations.Add(request.Association.Id);
            return ValueTask.FromResult(DimseStatus.Success);
        });
        await using DicomServer destination = await receiver.StartServerAsync(0);
        StorageObject[] objects = [.. SopClasses.Storage.Take(100).Select((sopClass, number) => Queries.Instance(number, sopClass))];
        RetrieveResult result = await MoveAsync(destination.Port, objects);
        Assert.Equal((DimseStatus.Success, 100, 100), (result.Status, result.Progress.Completed, stored));
        // Two contexts for each class; groups of objects grow the list until it is full.
        Assert.InRange(associations.Count, 2, 4);
    }

    [Fact]
    public async Task A_destination_that_dies_midway_leaves_every_object_reported()
    {
        ApplicationEntity receiver = new ApplicationEntity("DESTINATION").WithStorage();
        DicomServer? destination = null;
        int stored = 0;
        receiver.OnStore(async (request, _) =>
        {
            if (++stored == 5)
            {
                Task stopping = destination!.StopAsync(new CancellationToken(true));
                await request.Association.AbortAsync();
            }

            return DimseStatus.Success;
        });
        destination = await receiver.StartServerAsync(0);
        await using (destination)
        {
            RetrieveResult result = await MoveAsync(destination.Port, [.. Enumerable.Range(1, 40).Select(number => Queries.Instance(number))]);
            Assert.Equal((0xB000, new SubOperationProgress(null, 4, 36, 0)), (result.Status.Code, result.Progress));
            Assert.Equal(Enumerable.Range(5, 36).Select(number => new DicomUid($"1.2.{number}")), result.FailedSopInstanceUids);
        }
    }

    [Fact]
    public async Task A_destination_that_breaks_one_association_gets_the_rest_on_another()
    {
        ApplicationEntity receiver = new ApplicationEntity("DESTINATION").WithStorage();
        var stored = new ConcurrentQueue<string>();
        // Files, since a stream that was opened for the association that broke cannot be read again.
        using var folder = new InstanceFolder();
        receiver.OnStore(async (request, _) =>
        {
            // Before the abort: from there on the other association is served beside this handler.
            stored.Enqueue(request.AffectedSopInstanceUid.ToString());
            if (request.AffectedSopInstanceUid.ToString() == "1.2.5")
                await request.Association.AbortAsync();
            return DimseStatus.Success;
        });
        await using DicomServer destination = await receiver.StartServerAsync(0);
        RetrieveResult result = await MoveAsync(destination.Port, [.. Enumerable.Range(1, 40).Select(number => folder.Instance(number))]);
        Assert.Equal((0xB000, new SubOperationProgress(null, 39, 1, 0)), (result.Status.Code, result.Progress));
        Assert.Equal([new DicomUid("1.2.5")], result.FailedSopInstanceUids);
        Assert.Equal(40, stored.Distinct().Count());
    }

    [Fact]
    public async Task A_destination_that_is_not_there_fails_all()
    {
        (System.Net.Sockets.Socket listener, int port) = RawPeer.Listen();
        listener.Dispose();
        RetrieveResult result = await MoveAsync(port, [Queries.Instance(1), Queries.Instance(2)]);
        Assert.Equal((0xA702, new SubOperationProgress(null, 0, 2, 0)), (result.Status.Code, result.Progress));
        Assert.Equal(2, result.FailedSopInstanceUids.Count);
    }

    [Fact]
    public async Task An_object_that_is_not_there_fails_alone()
    {
        ApplicationEntity receiver = new ApplicationEntity("DESTINATION").WithStorage();
        receiver.OnStore((_, _) => ValueTask.FromResult(DimseStatus.Success));
        await using DicomServer destination = await receiver.StartServerAsync(0);
        RetrieveResult result = await MoveAsync(destination.Port, [StorageObject.FromFile("/nowhere/at all"), Queries.Instance(2)]);
        Assert.Equal((0xB000, new SubOperationProgress(null, 1, 1, 0)), (result.Status.Code, result.Progress));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_object_of_known_UID_that_is_not_there_is_in_the_list_of_failed_ones_and_in_the_log(bool move)
    {
        using var log = new ListLog();
        ApplicationEntity receiver = new ApplicationEntity("DESTINATION").WithStorage();
        receiver.OnStore((_, _) => ValueTask.FromResult(DimseStatus.Success));
        await using DicomServer destination = await receiver.StartServerAsync(0);
        StorageObject[] objects = [StorageObject.FromFile("/nowhere/at all", SopClasses.CTImageStorage, new DicomUid("1.2.77")), Queries.Instance(2)];
        RetrieveResult result;
        if (move)
        {
            result = await MoveAsync(destination.Port, objects, log);
        }
        else
        {
            ApplicationEntity entity = Provider();
            entity.OnGet((_, _) => ValueTask.FromResult<RetrieveObjects>(objects));
            await using DicomServer server = await entity.StartServerAsync(0, new DicomServerOptions { LoggerFactory = log });
            await using Association association = await Getter().AssociateAsync("127.0.0.1", server.Port);
            result = await association.GetAsync(Queries.Get, Queries.StudyKeys, (_, _) => ValueTask.FromResult(DimseStatus.Success)).CompleteAsync();
        }

        Assert.Equal((0xB000, new SubOperationProgress(null, 1, 1, 0)), (result.Status.Code, result.Progress));
        Assert.Equal([new DicomUid("1.2.77")], result.FailedSopInstanceUids);
        Assert.Contains($"{(move ? CommandField.CMoveRequest : CommandField.CGetRequest)} (MsgID 1): an object cannot be read", await log.WhenLoggedAsync(1308), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_DIMSE_limit_does_not_run_while_we_store_what_a_C_GET_delivers()
    {
        var clock = new FakeTimeProvider();
        ApplicationEntity scu = Getter();
        (System.Net.Sockets.Socket listener, int port) = RawPeer.Listen();
        using (listener)
        {
            Task<Association> asking = scu.AssociateAsync("127.0.0.1", port, new AssociationOptions { TimeProvider = clock });
            using RawPeer peer = await RawPeer.AcceptAsync(listener);
            await peer.AcceptAssociationAsync(roles: [new RoleSelection(SopClasses.CTImageStorage, false, true)]);
            Association association = await asking;
            var entered = new TaskCompletionSource();
            var go = new TaskCompletionSource();
            Task<RetrieveResult> getting = association.GetAsync(Queries.Get, Queries.StudyKeys, async (request, cancellationToken) =>
            {
                while (!(await request.ReadAsync(cancellationToken)).IsEmpty)
                {
                }

                entered.SetResult();
                await go.Task.WaitAsync(cancellationToken);
                return DimseStatus.Success;
            }).CompleteAsync();
            CommandSet request = (await peer.ReadMessageAsync()).Command;
            await peer.SendAsync(3, new CStoreRequest { MessageId = 1, AffectedSopClassUid = SopClasses.CTImageStorage, AffectedSopInstanceUid = new DicomUid("1.2") }, Queries.Match(1).Bytes());
            await entered.Task.WaitAsync(RawPeer.Patience);
            clock.Advance(TimeSpan.FromHours(1));
            go.SetResult();
            Assert.Equal(DimseStatus.Success, (await peer.ReadMessageAsync()).Command.Status);
            await peer.SendAsync(1, new CGetResponse { MessageIdBeingRespondedTo = request.MessageId });
            Assert.Equal(DimseStatus.Success, (await getting.WaitAsync(RawPeer.Patience)).Status);
            await association.AbortAsync();
        }
    }

    private static async Task<RetrieveResult> MoveAsync(int destination, StorageObject[] objects, ListLog? log = null)
    {
        ApplicationEntity entity = Queries.Scp(Queries.Move);
        entity.OnMove((_, _) => ValueTask.FromResult<RetrieveObjects>(objects), (_, _) => ValueTask.FromResult<MoveDestination?>(new MoveDestination("127.0.0.1", destination)));
        await using DicomServer server = await entity.StartServerAsync(0, new DicomServerOptions { LoggerFactory = log });
        await using Association association = await Queries.Scu(Queries.Move).AssociateAsync("127.0.0.1", server.Port);
        return await association.MoveAsync(Queries.Move, Queries.StudyKeys, AETitle.Parse("DESTINATION")).CompleteAsync().WaitAsync(RawPeer.Patience);
    }

    private static ApplicationEntity Provider()
    {
        ApplicationEntity entity = Queries.Scp(Queries.Get);
        entity.AddSupportedContexts([new PresentationContext(SopClasses.CTImageStorage, [Queries.Explicit.Uid]) { ScuRole = true, ScpRole = true }]);
        return entity;
    }

    private static ApplicationEntity Getter()
    {
        ApplicationEntity entity = Queries.Scu(Queries.Get);
        entity.AddRequestedContexts([new PresentationContext(SopClasses.CTImageStorage, [Queries.Explicit.Uid]) { ScuRole = false, ScpRole = true }]);
        entity.AddRequestedContexts(PresentationContexts.Verification);
        return entity;
    }
}
