using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using NetDicom.Network.Tests.Support;
using NetDicom.Protocol;

namespace NetDicom.Network.Tests;

/// <summary>What each quirk does to the bytes, and what it makes of the peer's.</summary>
public class QuirkWireTests
{
    private static readonly TransferSyntax s_explicit = TransferSyntax.ExplicitVRLittleEndian;
    private static readonly DicomUid s_conquest = new("1.2.826.0.1.3680043.2.135.1066.101");
    private static readonly DicomUid s_ge = new("1.2.840.113619.6.55");

    private static ApplicationEntity Sender => new ApplicationEntity("SCU").WithRequested(SopClasses.CTImageStorage, s_explicit);

    [Theory]
    [InlineData("nobody", true)]
    [InlineData("by title", false)]
    [InlineData("by name", false)]
    public async Task No_window_is_proposed_to_a_peer_that_cannot_stand_one(string known, bool proposed)
    {
        var options = new AssociationOptions { CalledAETitle = "GE1", AsynchronousOperationsWindow = new(0, 0) };
        var quirks = new PeerQuirks { NoAsynchronousWindow = true };
        options = known switch
        {
            "by title" => options with { QuirkTable = new QuirkTable([new QuirkRule { Name = "x", AETitle = AETitle.Parse("GE1"), Quirks = quirks }]) },
            "by name" => options with { Quirks = QuirkTable.BuiltIn.Find("ge-619.6.55")!.Quirks },
            _ => options,
        };
        await AskAsync(Sender, options, async (peer, request) =>
        {
            Assert.Equal(proposed, request.UserInformation.AsynchronousOperationsWindow is not null);
            await peer.SendAsync(Accept(request));
        }, (association, _) =>
        {
            Assert.Equal(AsynchronousOperationsWindow.Synchronous, association.AsynchronousOperationsWindow);
            return Task.CompletedTask;
        });
    }

    [Fact]
    public async Task Roles_that_a_peer_does_not_answer_are_agreed_to_and_its_C_STORE_is_taken()
    {
        string? stored = null;
        ApplicationEntity entity = new("SCU");
        entity.OnStore(async (request, cancellationToken) =>
        {
            using var copy = new MemoryStream();
            await request.AsStream().CopyToAsync(copy, cancellationToken);
            stored = Convert.ToHexString(copy.ToArray());
            return DimseStatus.Success;
        });
        entity.AddRequestedContexts(PresentationContexts.ForGet(SopClasses.StudyRootQueryRetrieveInformationModelGet, [SopClasses.CTImageStorage], s_explicit));
        // Known by its answer: the built-in rule for this implementation.
        await AskAsync(entity, new AssociationOptions(), async (peer, request) =>
        {
            Assert.Equal([new RoleSelection(SopClasses.CTImageStorage, false, true)], request.UserInformation.RoleSelections);
            await peer.SendAsync(Accept(request, s_conquest));
        }, async (association, peer) =>
        {
            Assert.True(association.Quirks.AssumeRoles);
            Assert.Equal((false, true), (association.Contexts[1].ScuRole, association.Contexts[1].ScpRole));
            await peer.SendAsync(3, new CStoreRequest { MessageId = 6, AffectedSopClassUid = SopClasses.CTImageStorage, AffectedSopInstanceUid = new DicomUid("1.2") }, [1, 2, 3, 4]);
            Assert.Equal((DimseStatus.Success, 6), ((await peer.ReadCommandAsync()) is var response ? (response.Status, response.MessageIdBeingRespondedTo) : default));
            Assert.Equal("01020304", stored);
        });
    }

    [Fact]
    public async Task Roles_that_another_peer_does_not_answer_are_the_default()
    {
        ApplicationEntity entity = new("SCU");
        entity.AddRequestedContexts(PresentationContexts.ForGet(SopClasses.StudyRootQueryRetrieveInformationModelGet, [SopClasses.CTImageStorage], s_explicit));
        await AskAsync(entity, new AssociationOptions(), (peer, request) => peer.SendAsync(Accept(request)), (association, _) =>
        {
            Assert.True(association.Quirks.IsNone);
            Assert.Equal((true, false), (association.Contexts[1].ScuRole, association.Contexts[1].ScpRole));
            return Task.CompletedTask;
        });
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, true)]
    public async Task An_answer_of_no_role_at_all_is_the_default_where_the_peer_means_it(bool quirk, bool scu)
    {
        ApplicationEntity entity = new("SCU");
        entity.AddRequestedContexts(PresentationContexts.WithRoles(PresentationContexts.Verification, scu: true, scp: true));
        await AskAsync(entity, new AssociationOptions { Quirks = new PeerQuirks { RefusalMeansDefault = quirk } },
            (peer, request) => peer.SendAsync(Accept(request, roles: [new RoleSelection(SopClasses.Verification, false, false)])),
            (association, _) =>
            {
                Assert.Equal((scu, false), (association.Contexts[0].ScuRole, association.Contexts[0].ScpRole));
                return Task.CompletedTask;
            });
    }

    [Theory]
    [InlineData(16_384u, 0u, 16_384)]
    [InlineData(16_384u, 4_096u, 4_096)]
    [InlineData(0u, 4_096u, 4_096)]
    [InlineData(1_024u, 4_096u, 1_024)]
    public async Task A_PDU_is_no_longer_than_the_peer_announces_and_the_quirk_says(uint announced, uint cap, int longest)
    {
        await AskAsync(Sender, new AssociationOptions { Quirks = new PeerQuirks { MaxPduLength = cap } }, (peer, request) => peer.SendAsync(Accept(request, maximumLength: announced)), async (association, peer) =>
        {
            Task<StoreOutcome> storing = association.StoreAsync(Object(40_000));
            var lengths = new List<int> { (await peer.ExpectAsync(PduType.PDataTF)).Length };
            byte[] body;
            do
            {
                body = await peer.ExpectAsync(PduType.PDataTF);
                lengths.Add(body.Length);
            }
            while ((body[5] & 2) == 0);
            Assert.Equal(longest, lengths.Max());
            await AnswerStoreAsync(peer, storing);
        });
    }

    [Theory]
    [InlineData(16_384u, 100, "command 1, data last")]
    [InlineData(16_384u, 40_000, "command 1, data; data; data last")]
    [InlineData(110u, 100, "command 1; data last")]
    [InlineData(16u, 30, "many")]
    public async Task Command_and_data_share_a_PDU_where_the_peer_wants_it_and_its_limit_has_room(uint announced, int length, string expected)
    {
        byte[] dataSet = [.. Enumerable.Range(0, length).Select(i => (byte)i)];
        await AskAsync(Sender, new AssociationOptions { Quirks = new PeerQuirks { Grouping = PduGrouping.CommandWithData } }, (peer, request) => peer.SendAsync(Accept(request, maximumLength: announced)), async (association, peer) =>
        {
            Task<StoreOutcome> storing = association.StoreAsync(Object(dataSet));
            var pdus = new List<string>();
            var data = new List<byte>();
            bool last = false;
            while (!last)
            {
                byte[] body = await peer.ExpectAsync(PduType.PDataTF);
                Assert.InRange(body.Length, 1, (int)announced);
                var pdvs = new List<string>();
                for (int at = 0; at < body.Length;)
                {
                    int pdv = BinaryPrimitives.ReadInt32BigEndian(body.AsSpan(at));
                    bool command = (body[at + 5] & 1) != 0;
                    bool ends = (body[at + 5] & 2) != 0;
                    Assert.Equal(1, body[at + 4]);
                    if (!command)
                        data.AddRange(body.AsSpan(at + 6, pdv - 2));
                    pdvs.Add(command ? $"command {(ends ? 1 : 0)}" : ends ? "data last" : "data");
                    last |= ends && !command;
                    at += 4 + pdv;
                }

                pdus.Add(string.Join(", ", pdvs));
            }

            if (expected != "many")
                Assert.Equal(expected, string.Join("; ", pdus));
            Assert.Equal(dataSet, data);
            await AnswerStoreAsync(peer, storing);
        });
    }

    [Theory]
    [InlineData(PduGrouping.Gathered, 1)]
    [InlineData(PduGrouping.OnePduPerWrite, 4)]
    [InlineData(PduGrouping.CommandWithData, 1)]
    public async Task PDUs_leave_in_one_write_or_each_in_its_own(PduGrouping grouping, int writes)
    {
        using var transport = new ScriptedTransport();
        using var upperLayer = new UpperLayer(transport, AssociationRole.Requestor, new UpperLayerOptions
        {
            ArtimTimeout = TimeSpan.Zero,
            NetworkTimeout = TimeSpan.Zero,
            MaxPduLength = 0,
            TimeProvider = TimeProvider.System,
            Log = new AssociationLog(null),
        });
        AAssociateRQ request = RawPeer.Request();
        upperLayer.Start(UlEvent.Evt1, request);
        await upperLayer.RequestAsync(UlEvent.Evt2, request);
        transport.ToReceive = RawMessages.Of(Accept(request));
        Assert.Equal(UlToken.Accepted, await upperLayer.ReadAsync(TestContext.Current.CancellationToken));
        upperLayer.TakeQuirks(new PeerQuirks { Grouping = grouping });
        transport.Sent.Clear();
        var writer = new MessageWriter(upperLayer, 16_384);
        using OpenedStorageObject source = Object(40_000).Open();
        var command = new CStoreRequest { MessageId = 1, AffectedSopClassUid = SopClasses.CTImageStorage, AffectedSopInstanceUid = new DicomUid("1.2") };
        using OutgoingMessage message = await OutgoingMessage.PrepareAsync(writer, 3, command, source, TestContext.Current.CancellationToken);
        await message.SendAsync(TestContext.Current.CancellationToken);
        Assert.Equal(writes, transport.Sent.Count);
        if (grouping == PduGrouping.OnePduPerWrite)
            Assert.All(transport.Sent, pdu => Assert.Equal(pdu.Length - 6, BinaryPrimitives.ReadInt32BigEndian(pdu.AsSpan(2))));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Items_of_both_PDUs_are_even_where_the_peer_wants_them_so(bool even)
    {
        var table = new QuirkTable([new QuirkRule { Name = "x", AETitle = AETitle.Parse(even ? "RAW" : "OTHER"), Quirks = new PeerQuirks { EvenItems = true } }]);
        await AskAsync(Sender, new AssociationOptions { CalledAETitle = "RAW", QuirkTable = table }, (peer, request) => peer.SendAsync(Accept(request)), (_, _) => Task.CompletedTask, body => Assert.Equal(even, OnlyEven(body.AsSpan(68))));

        await using DicomServer server = await new ApplicationEntity("TEST").WithVerification().StartServerAsync(0, new DicomServerOptions { QuirkTable = table });
        using RawPeer requestor = await RawPeer.ConnectAsync(server.Port);
        await requestor.SendAsync(RawPeer.Request());
        byte[] answer = await requestor.ExpectAsync(PduType.AAssociateAC);
        Assert.Equal(even, OnlyEven(answer.AsSpan(68)));
    }

    [Fact]
    public async Task A_server_knows_a_peer_by_its_implementation_and_grants_it_no_window()
    {
        await using DicomServer server = await new ApplicationEntity("TEST").WithVerification().StartServerAsync(0);
        Assert.Null((await AskRawAsync(server, s_ge)).AsynchronousOperationsWindow);
        Assert.Equal(new AsynchronousOperationsWindow(5, 1), (await AskRawAsync(server, new DicomUid("1.2.3"))).AsynchronousOperationsWindow);

        static async Task<UserInformation> AskRawAsync(DicomServer server, DicomUid implementation)
        {
            using RawPeer peer = await RawPeer.ConnectAsync(server.Port);
            await peer.SendAsync(Negotiation.BuildRequest(AETitle.Parse("TEST"), AETitle.Parse("RAW"), PresentationContexts.Verification, new UserInformation
            {
                MaximumLength = 16_384,
                ImplementationClassUid = implementation,
                AsynchronousOperationsWindow = new(5, 1),
            }));
            return (await peer.ReadAssociateAsync(PduType.AAssociateAC)).UserInformation;
        }
    }

    [Theory]
    [InlineData(false, 2)]
    [InlineData(true, 0)]
    public async Task An_even_context_id_is_refused_unless_the_peer_is_known_for_it(bool known, byte result)
    {
        await using DicomServer server = await new ApplicationEntity("TEST").WithVerification().StartServerAsync(0, new DicomServerOptions
        {
            QuirkTable = new QuirkTable([new QuirkRule { Name = "x", AETitle = AETitle.Parse(known ? "RAW" : "OTHER"), Quirks = new PeerQuirks { EvenContextIds = true } }]),
        });
        using RawPeer peer = await RawPeer.ConnectAsync(server.Port);
        await peer.SendAsync(RawItems.Request(RawItems.Proposal(2)));
        var answer = (AAssociateAC)await peer.ReadAssociateAsync(PduType.AAssociateAC);
        Assert.Equal((2, result), (answer.PresentationContexts[0].Id, (byte)answer.PresentationContexts[0].Result));
        if (!known)
            return;
        await peer.SendAsync(2, new CEchoRequest { MessageId = 9, AffectedSopClassUid = SopClasses.Verification });
        Assert.Equal(DimseStatus.Success, (await peer.ReadCommandAsync()).Status);
    }

    [Theory]
    [InlineData("TEST", false, true)]
    [InlineData("test", false, false)]
    [InlineData("test", true, true)]
    [InlineData("tests", true, false)]
    public async Task Our_title_in_small_letters_is_ours_only_where_the_peer_is_known_for_it(string called, bool known, bool accepted)
    {
        await using DicomServer server = await new ApplicationEntity("TEST").WithVerification().StartServerAsync(0, new DicomServerOptions
        {
            RequireCalledAETitle = true,
            QuirkTable = new QuirkTable([new QuirkRule { Name = "x", EveryPeer = known, Quirks = new PeerQuirks { IgnoreTitleCase = true } }]),
        });
        using RawPeer peer = await RawPeer.ConnectAsync(server.Port);
        await peer.SendAsync(RawPeer.Request(called));
        Assert.Equal(accepted ? PduType.AAssociateAC : PduType.AAssociateRJ, (await peer.ReadPduAsync()).Type);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_requestor_of_C_GET_that_says_nothing_of_roles_can_be_stored_to_where_it_is_known(bool known)
    {
        Association? association = null;
        ApplicationEntity entity = new("TEST");
        entity.AddSupportedContexts(PresentationContexts.WithRoles(
            [new PresentationContext(SopClasses.CTImageStorage, [s_explicit.Uid])], scu: true, scp: true));
        entity.AddSupportedContexts(PresentationContexts.Verification);
        entity.OnEcho((request, _) =>
        {
            association = request.Association;
            return ValueTask.FromResult(DimseStatus.Success);
        });
        await using DicomServer server = await entity.StartServerAsync(0, new DicomServerOptions
        {
            OnNegotiate = (negotiation, _) =>
            {
                Assert.True(negotiation.Quirks.IsNone);
                negotiation.Quirks = new PeerQuirks { AssumeRoles = known };
                return default;
            },
        });
        using RawPeer peer = await RawPeer.ConnectAsync(server.Port);
        await peer.SendAsync(RawPeer.Request());
        UserInformation answer = (await peer.ReadAssociateAsync(PduType.AAssociateAC)).UserInformation;
        Assert.Empty(answer.RoleSelections);
        await peer.SendAsync(1, new CEchoRequest { MessageId = 1, AffectedSopClassUid = SopClasses.Verification });
        await peer.ReadCommandAsync();
        Assert.Equal((known, true), (association!.Contexts[1].ScuRole, association.Contexts[1].ScpRole));
        Assert.Equal(known, association.Quirks.AssumeRoles);
    }

    private static async Task AskAsync(
        ApplicationEntity entity, AssociationOptions options, Func<RawPeer, AAssociateRQ, Task> answer, Func<Association, RawPeer, Task> then, Action<byte[]>? look = null)
    {
        (Socket listener, int port) = RawPeer.Listen();
        using (listener)
        {
            Task<Association> asking = entity.AssociateAsync("127.0.0.1", port, options);
            using RawPeer peer = await RawPeer.AcceptAsync(listener);
            AAssociateRQ request;
            if (look is null)
            {
                request = (AAssociateRQ)await peer.ReadAssociateAsync(PduType.AAssociateRQ);
            }
            else
            {
                look(await peer.ExpectAsync(PduType.AAssociateRQ));
                request = RawPeer.Request(contexts: [(SopClasses.CTImageStorage, s_explicit.Uid)]);
            }

            await answer(peer, request);
            Association association = await asking.WaitAsync(RawPeer.Patience);
            await then(association, peer);
            await association.AbortAsync();
        }
    }

    private static AAssociateAC Accept(AAssociateRQ request, DicomUid implementation = default, uint maximumLength = 16_384, IReadOnlyList<RoleSelection>? roles = null) => AAssociateAC.To(
        request,
        [.. request.PresentationContexts.Select(context => new PresentationContextResultItem(context.Id, PresentationContextResult.Acceptance, context.TransferSyntaxes[0]))],
        new UserInformation
        {
            MaximumLength = maximumLength,
            ImplementationClassUid = implementation.IsNone ? new DicomUid("1.2.3") : implementation,
            RoleSelections = roles ?? [],
        });

    private static StorageObject Object(int length) => Object(new byte[length]);

    private static StorageObject Object(byte[] dataSet) =>
        StorageObject.FromStream("object", new MemoryStream(dataSet), SopClasses.CTImageStorage, new DicomUid("1.2"), s_explicit);

    private static async Task AnswerStoreAsync(RawPeer peer, Task<StoreOutcome> storing)
    {
        await peer.SendAsync(1, new CStoreResponse { MessageIdBeingRespondedTo = 1, AffectedSopClassUid = SopClasses.CTImageStorage, AffectedSopInstanceUid = new DicomUid("1.2") });
        Assert.True((await storing.WaitAsync(RawPeer.Patience)).IsStored);
    }

    private static bool OnlyEven(ReadOnlySpan<byte> items)
    {
        while (!items.IsEmpty)
        {
            int length = BinaryPrimitives.ReadUInt16BigEndian(items[2..]);
            ReadOnlySpan<byte> value = items.Slice(4, length);
            if (length % 2 != 0 || (items[0] is 0x20 or 0x21 && !OnlyEven(value[4..])) || (items[0] == 0x50 && !OnlyEven(value)))
                return false;
            items = items[(4 + length)..];
        }

        return true;
    }

    /// <summary>Keeps each write by itself, and hands out what it is told to.</summary>
    private sealed class ScriptedTransport : Transport
    {
        public List<byte[]> Sent { get; } = [];

        public byte[] ToReceive { get; set; } = [];

        public override EndPoint? LocalEndPoint => null;

        public override EndPoint? RemoteEndPoint => null;

        public override ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken)
        {
            int length = Math.Min(buffer.Length, ToReceive.Length);
            ToReceive.AsMemory(0, length).CopyTo(buffer);
            ToReceive = ToReceive[length..];
            return ValueTask.FromResult(length);
        }

        public override ValueTask SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
        {
            Sent.Add(bytes.ToArray());
            return default;
        }

        public override void AcknowledgeNow()
        {
        }

        public override void ShutdownSend()
        {
        }

        public override void Dispose()
        {
        }
    }
}
