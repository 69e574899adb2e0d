using System.Buffers.Binary;
using System.Text;
using NetDicom.Network.Tests.Support;
using NetDicom.Protocol;

namespace NetDicom.Network.Tests;

/// <summary>
/// Acceptors that lie, break off or talk nonsense, and what a requestor makes of them (PS3.8 Table 9-10, PS3.7). The hostile clients are the scenarios of
/// <c>netdicom fault</c>, in NetDicom.Cli.Tests; so are the hostile servers for our tools.
/// </summary>
public sealed class HostileAcceptorTests
{
    private const byte InvalidValue = 6;

    private static readonly ApplicationEntity s_scu = new ApplicationEntity("SCU").WithRequested(SopClasses.Verification);
    private static readonly byte[] s_sopClass = UI(0x0002, RawItems.Verification);

    public static MatrixTheoryData<byte, uint> WrongLengths() => new([1, 2, 3, 4, 5, 6, 7], [0, 1, 3, 0x7FFF_FFFF, 0xFFFF_FFFF]);

    [Theory]
    [MemberData(nameof(WrongLengths))]
    public async Task A_length_that_no_PDU_has_is_aborted_before_its_body_is_waited_for(byte type, uint length)
    {
        (Association association, RawPeer scp) = await RawPeer.AnswerAsync(s_scu);
        using (scp)
        {
            await scp.SendAsync([type, 0, .. BigEndian(length)]);
            await ExpectAbortAsync(scp, 2, InvalidValue);
        }

        await association.Completion.WaitAsync(RawPeer.Patience);
        Assert.Equal(AssociationEndKind.ProtocolViolation, association.End!.Kind);
    }

    [Fact]
    public async Task A_PDU_that_is_one_byte_longer_than_agreed_is_aborted_at_its_header()
    {
        await using DicomServer server = await new ApplicationEntity("TEST").WithVerification().WithStorage().StartServerAsync(0, new DicomServerOptions { MaxPduLength = 65_536 });
        using RawPeer peer = await RawPeer.AssociateAsync(server.Port);
        await peer.SendAsync([4, 0, .. BigEndian(65_537)]);
        await ExpectAbortAsync(peer, 2, InvalidValue);
    }

    private static byte[] Accept(params byte[][] results) => RawItems.Associate(2, [RawItems.ApplicationContext, .. results, RawItems.UserInformation]);

    [Fact]
    public async Task A_context_that_was_accepted_but_not_proposed_cannot_be_used_by_the_acceptor_either()
    {
        (Association association, RawPeer peer) = await AnswerAsync(Accept(RawItems.Result(1, 0, RawItems.ImplicitVR), RawItems.Result(99, 0, RawItems.ImplicitVR)));
        using (peer)
        {
            Assert.Null(association.TryFindContext(SopClasses.CTImageStorage));
            await peer.SendAsync(RawMessages.Of(99, new CEchoRequest { MessageId = 1, AffectedSopClassUid = SopClasses.Verification }));
            await ExpectAbortAsync(peer, 2, InvalidValue);
        }
    }

    [Theory]
    [InlineData("two transfer syntaxes")]
    [InlineData("no transfer syntax")]
    [InlineData("another transfer syntax")]
    [InlineData("answered twice")]
    [InlineData("not answered")]
    [InlineData("result 255")]
    public async Task A_context_whose_answer_is_not_in_order_is_not_used(string answer)
    {
        (Association association, RawPeer peer) = await AnswerAsync(answer switch
        {
            "two transfer syntaxes" => Accept(RawItems.Result(1, 0, RawItems.ImplicitVR, "1.2.840.10008.1.2.1")),
            "no transfer syntax" => Accept(RawItems.Result(1, 0)),
            "another transfer syntax" => Accept(RawItems.Result(1, 0, "1.2.840.10008.1.2.4.50")),
            "answered twice" => Accept(RawItems.Result(1, 0, RawItems.ImplicitVR), RawItems.Result(1, 0, "1.2.840.10008.1.2.1")),
            "not answered" => Accept(),
            _ => Accept(RawItems.Result(1, 255, RawItems.ImplicitVR)),
        });
        using (peer)
            await Assert.ThrowsAsync<NoPresentationContextException>(() => association.EchoAsync());
    }

    [Theory]
    [InlineData("a context without a result")]
    [InlineData("an item past the end")]
    [InlineData("two application contexts")]
    public async Task An_acceptance_that_is_malformed_is_aborted(string what)
    {
        (System.Net.Sockets.Socket listener, int port) = RawPeer.Listen();
        using (listener)
        {
            Task<Association> asking = s_scu.AssociateAsync("127.0.0.1", port);
            using (RawPeer peer = await RawPeer.AcceptAsync(listener))
            {
                await peer.ExpectAsync(PduType.AAssociateRQ);
                await peer.SendAsync(what switch
                {
                    "a context without a result" => Accept(RawItems.Item(0x21, 1, 0)),
                    "an item past the end" => Accept(RawItems.Lying(RawItems.Result(1, 0, RawItems.ImplicitVR), 5_000)),
                    _ => Accept(RawItems.ApplicationContext, RawItems.Result(1, 0, RawItems.ImplicitVR)),
                });
                Assert.Equal(AbortSource.ServiceProvider, (await peer.ExpectAbortAsync()).Source);
            }

            AssociationEndedException error = await Assert.ThrowsAsync<AssociationEndedException>(() => asking.WaitAsync(RawPeer.Patience));
            Assert.Equal(AssociationEndKind.ProtocolViolation, error.End.Kind);
        }
    }

    [Theory]
    [InlineData(1u)]
    [InlineData(7u)]
    public async Task An_acceptor_that_takes_nothing_is_aborted_when_something_is_asked(uint maximum)
    {
        (Association association, RawPeer peer) = await RawPeer.AnswerAsync(s_scu, null, maximum);
        using (peer)
        {
            AssociationEndedException error = await Assert.ThrowsAsync<AssociationEndedException>(() => association.EchoAsync().WaitAsync(RawPeer.Patience));
            Assert.Equal(AssociationEndKind.ProtocolViolation, error.End.Kind);
            await ExpectAbortAsync(peer, 2, InvalidValue);
        }
    }

    /// <summary>What comes back on a C-ECHO-RQ with Message ID 1, and what its caller is told.</summary>
    private static readonly Dictionary<string, (byte[] Answer, string Told)> s_answers = new()
    {
        ["no status"] = (Command(1, s_sopClass, Field(0x8030), US(0x0120, 1), NoData), "0110"),
        ["a status of one byte"] = (Command(1, s_sopClass, Field(0x8030), US(0x0120, 1), NoData, Element(0x0900, [0])), "0110"),
        ["pending"] = (Command(1, s_sopClass, Field(0x8030), US(0x0120, 1), NoData, US(0x0900, 0xFF00)), "FF00"),
        ["a status that nobody knows"] = (Command(1, s_sopClass, Field(0x8030), US(0x0120, 1), NoData, US(0x0900, 0x7777)), "7777"),
        ["no message ID"] = (Command(1, s_sopClass, Field(0x8030), NoData, US(0x0900, 0)), "ABORT 0"),
        ["another message ID"] = (Command(1, s_sopClass, Field(0x8030), US(0x0120, 2), NoData, US(0x0900, 0)), "ABORT 0"),
        ["another service"] = (Command(1, s_sopClass, Field(0x8001), US(0x0120, 1), NoData, US(0x0900, 0)), "ABORT 0"),
        ["a response that is none of PS3.7's"] = (Command(1, s_sopClass, Field(0x8999), US(0x0120, 1), NoData, US(0x0900, 0)), "ABORT 0"),
        ["a data set that must not be"] = (Command(1, s_sopClass, Field(0x8030), US(0x0120, 1), US(0x0800, 0), US(0x0900, 0)), "ABORT 0"),
        ["another context"] = (Command(3, s_sopClass, Field(0x8030), US(0x0120, 1), NoData, US(0x0900, 0)), "ABORT 0"),
    };

    public static TheoryData<string> Answers() => [.. s_answers.Keys];

    [Theory]
    [MemberData(nameof(Answers))]
    public async Task A_response_is_checked_before_it_is_believed(string name)
    {
        (byte[] answer, string told) = s_answers[name];
        ApplicationEntity entity = new ApplicationEntity("SCU").WithRequested(SopClasses.Verification).WithRequested(SopClasses.CTImageStorage);
        (Association association, RawPeer peer) = await RawPeer.AnswerAsync(entity);
        using (peer)
        {
            Task<DimseStatus> echo = association.EchoAsync();
            Assert.Equal(1, (await peer.ReadCommandAsync()).MessageId);
            await peer.SendAsync(answer);
            if (!told.StartsWith("ABORT", StringComparison.Ordinal))
            {
                Assert.Equal(told, (await echo.WaitAsync(RawPeer.Patience)).Code.ToString("X4", null));
                return;
            }

            AssociationEndedException error = await Assert.ThrowsAsync<AssociationEndedException>(() => echo.WaitAsync(RawPeer.Patience));
            Assert.Equal(AssociationEndKind.ProtocolViolation, error.End.Kind);
            Assert.Equal((AbortSource.ServiceProvider, AbortReason.NotSpecified), await peer.ExpectAbortAsync());
        }
    }

    [Fact]
    public async Task An_acceptor_cannot_store_where_no_role_was_negotiated()
    {
        bool called = false;
        ApplicationEntity entity = new ApplicationEntity("BOTH").WithRequested(SopClasses.CTImageStorage, TransferSyntax.ExplicitVRLittleEndian);
        entity.OnStore((_, _) =>
        {
            called = true;
            return ValueTask.FromResult(DimseStatus.Success);
        });
        (Association association, RawPeer peer) = await RawPeer.AnswerAsync(entity);
        using (peer)
        {
            await peer.SendAsync(
                1, new CStoreRequest { MessageId = 6, AffectedSopClassUid = SopClasses.CTImageStorage, AffectedSopInstanceUid = new DicomUid("1.2") }, [1, 2, 3, 4]);
            CommandSet response = await peer.ReadCommandAsync();
            Assert.Equal((DimseStatus.SopClassNotSupported, 6), (response.Status, response.MessageIdBeingRespondedTo));
            Assert.False(called);
            await association.AbortAsync();
        }
    }

    private static byte[] NoData => US(0x0800, 0x0101);

    private static byte[] BigEndian(uint value)
    {
        byte[] bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        return bytes;
    }

    private static byte[] Element(ushort number, byte[] value) => [0, 0, (byte)number, (byte)(number >> 8), (byte)value.Length, (byte)(value.Length >> 8), 0, 0, .. value];

    private static byte[] US(ushort number, ushort value) => Element(number, [(byte)value, (byte)(value >> 8)]);

    private static byte[] UI(ushort number, string uid) => Element(number, Encoding.ASCII.GetBytes(uid.Length % 2 == 0 ? uid : uid + "\0"));

    private static byte[] Field(ushort field) => US(0x0100, field);

    private static byte[] MessageId(ushort id) => US(0x0110, id);

    /// <summary>A P-DATA-TF with one PDV; control 1 is a command with more to come, 3 the last of one.</summary>
    private static byte[] Pdv(byte contextId, byte control, byte[] fragment) =>
        [4, 0, .. BigEndian((uint)fragment.Length + 6), .. BigEndian((uint)fragment.Length + 2), contextId, control, .. fragment];

    private static byte[] Command(byte contextId, params byte[][] elements) => Pdv(contextId, 3, [.. elements.SelectMany(element => element)]);

    private static async Task ExpectAbortAsync(RawPeer peer, byte source, byte reason) =>
        Assert.Equal(((AbortSource)source, (AbortReason)reason), await peer.ExpectAbortAsync());

    private static async Task<(Association Association, RawPeer Peer)> AnswerAsync(byte[] accept)
    {
        (System.Net.Sockets.Socket listener, int port) = RawPeer.Listen();
        using (listener)
        {
            Task<Association> asking = new ApplicationEntity("SCU").WithRequested(SopClasses.Verification, TransferSyntax.ImplicitVRLittleEndian, TransferSyntax.ExplicitVRLittleEndian)
                .AssociateAsync("127.0.0.1", port);
            RawPeer peer = await RawPeer.AcceptAsync(listener);
            await peer.ExpectAsync(PduType.AAssociateRQ);
            await peer.SendAsync(accept);
            return (await asking.WaitAsync(RawPeer.Patience), peer);
        }
    }
}
