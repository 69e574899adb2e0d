using System.Buffers.Binary;
using System.Text;
using NetDicom.Network.Tests.Support;
using NetDicom.Protocol;

namespace NetDicom.Network.Tests;

/// <summary>
/// Peers that lie, break off or talk nonsense. Each gets the answer of PS3.8 Table 9-10 and PS3.7, and an honest C-ECHO right behind it succeeds.
/// </summary>
public sealed class HostilePeerTests : IAsyncLifetime
{
    private const byte Unrecognized = 1, UnexpectedParameter = 5, InvalidValue = 6;

    private static readonly ApplicationEntity s_scu = new ApplicationEntity("SCU").WithRequested(SopClasses.Verification);
    private DicomServer _server = null!;

    public async ValueTask InitializeAsync()
    {
        ApplicationEntity entity = new ApplicationEntity("TEST").WithVerification().WithStorage();
        entity.OnStore(async (request, cancellationToken) =>
        {
            while (!(await request.ReadAsync(cancellationToken)).IsEmpty)
            {
            }

            return DimseStatus.Success;
        });
        _server = await entity.StartServerAsync(0, new DicomServerOptions { MaxPduLength = 65_536 });
    }

    public async ValueTask DisposeAsync() => await _server.DisposeAsync();

    // ----- Framing

    public static MatrixTheoryData<byte, uint> WrongLengths() => new([1, 2, 3, 4, 5, 6, 7], [0, 1, 3, 0x7FFF_FFFF, 0xFFFF_FFFF]);

    [Theory]
    [MemberData(nameof(WrongLengths))]
    public async Task A_length_that_no_PDU_has_is_aborted_before_its_body_is_waited_for(byte type, uint length)
    {
        byte[] header = [type, 0, .. BigEndian(length)];
        using (RawPeer early = await RawPeer.ConnectAsync(_server.Port))
        {
            await early.SendAsync(header);
            await ExpectAbortAsync(early, 0, 0);
        }

        using (RawPeer peer = await RawPeer.AssociateAsync(_server.Port))
        {
            await peer.SendAsync(header);
            await ExpectAbortAsync(peer, 2, InvalidValue);
        }

        (Association association, RawPeer scp) = await RawPeer.AnswerAsync(s_scu);
        using (scp)
        {
            await scp.SendAsync(header);
            await ExpectAbortAsync(scp, 2, InvalidValue);
        }

        await association.Completion.WaitAsync(RawPeer.Patience);
        Assert.Equal(AssociationEndKind.ProtocolViolation, association.End!.Kind);
        await HonestEchoAsync();
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\nHost: x\r\n\r\n")]
    [InlineData("\u0016\u0003\u0001\u0002\0\u0001\0\u0001\u00FC\u0003\u0003")]
    [InlineData("SSH-2.0-OpenSSH_9.6\r\n")]
    [InlineData("\0")]
    [InlineData("\u0008")]
    [InlineData("\u00FF")]
    public async Task What_is_no_PDU_is_aborted_at_its_first_byte(string noise)
    {
        using (RawPeer early = await RawPeer.ConnectAsync(_server.Port))
        {
            await early.SendAsync(Encoding.Latin1.GetBytes(noise));
            await ExpectAbortAsync(early, 0, 0);
        }

        using (RawPeer peer = await RawPeer.AssociateAsync(_server.Port))
        {
            await peer.SendAsync(Encoding.Latin1.GetBytes(noise));
            await ExpectAbortAsync(peer, 2, Unrecognized);
        }

        await HonestEchoAsync();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(int.MaxValue)]
    public async Task A_whole_conversation_may_come_in_pieces_of_any_size(int piece)
    {
        byte[] all = [.. RawItems.Request(RawItems.Proposal(1)), .. Echo(7), .. RawMessages.Of(AReleaseRQ.Instance)];
        using RawPeer peer = await RawPeer.ConnectAsync(_server.Port);
        foreach (byte[] bytes in all.Chunk(piece))
            await peer.SendAsync(bytes);
        await peer.ExpectAsync(PduType.AAssociateAC);
        Assert.Equal(7, (await peer.ReadCommandAsync()).MessageIdBeingRespondedTo);
        await peer.ExpectAsync(PduType.AReleaseRP);
    }

    [Fact]
    public async Task Reserved_bytes_are_not_looked_at()
    {
        byte[] request = RawItems.Request(RawItems.Proposal(1));
        request[1] = request[8] = request[9] = 0xFF;
        request.AsSpan(42, 32).Fill(0xFF);
        int context = 74 + RawItems.ApplicationContext.Length;
        request[context + 1] = request[context + 5] = request[context + 6] = request[context + 7] = 0xFF;
        using RawPeer peer = await RawPeer.ConnectAsync(_server.Port);
        await peer.SendAsync(request);
        await peer.ExpectAsync(PduType.AAssociateAC);
        byte[] echo = Echo(9);
        echo[1] = 0xFF;
        echo[11] |= 0xFC;
        await peer.SendAsync(echo);
        Assert.Equal(9, (await peer.ReadCommandAsync()).MessageIdBeingRespondedTo);
        await peer.SendAsync(5, 0xFF, 0, 0, 0, 4, 0xFF, 0xFF, 0xFF, 0xFF);
        await peer.ExpectAsync(PduType.AReleaseRP);
    }

    // ----- Associate

    private static byte[] Version(ushort version) => RawItems.Associate(1, version, "TEST", "RAW", RawItems.ApplicationContext, RawItems.Proposal(1), RawItems.UserInformation);

    private static byte[] Titles(string called, string calling) => RawItems.Associate(1, 1, called, calling, RawItems.ApplicationContext, RawItems.Proposal(1), RawItems.UserInformation);

    private static byte[] Contexts(int count) => RawItems.Request([.. Enumerable.Range(0, count).Select(i => RawItems.Proposal((byte)((2 * i) + 1)))]);

    /// <summary>What is asked, and the answer: "AC" with the results of the contexts, "RJ" with result, source and reason, "ABORT" with source and reason.</summary>
    private static readonly Dictionary<string, (byte[] Request, string Answer)> s_requests = new()
    {
        ["protocol version 0"] = (Version(0), "RJ 1 2 2"),
        ["protocol version without bit 0"] = (Version(0xFFFE), "RJ 1 2 2"),
        ["protocol version with all bits"] = (Version(0xFFFF), "AC 0"),
        ["another application context"] = (RawItems.Associate(1, RawItems.Item(0x10, "1.2.3"), RawItems.Proposal(1), RawItems.UserInformation), "RJ 1 1 2"),
        ["no application context"] = (RawItems.Associate(1, RawItems.Proposal(1), RawItems.UserInformation), "RJ 1 1 2"),
        ["two application contexts"] = (RawItems.Associate(1, RawItems.ApplicationContext, RawItems.ApplicationContext, RawItems.Proposal(1), RawItems.UserInformation), "ABORT 0 0"),
        ["no user information"] = (RawItems.Associate(1, RawItems.ApplicationContext, RawItems.Proposal(1)), "AC 0"),
        ["no items"] = (RawItems.Associate(1), "RJ 1 1 2"),
        ["no contexts"] = (Contexts(0), "AC"),
        ["128 contexts"] = (Contexts(128), "AC " + string.Join(' ', Enumerable.Repeat(0, 128))),
        ["129 contexts"] = (Contexts(129), "ABORT 0 0"),
        ["an even id"] = (RawItems.Request(RawItems.Proposal(2), RawItems.Proposal(3)), "AC 2 0"),
        ["id 0"] = (RawItems.Request(RawItems.Proposal(0), RawItems.Proposal(1)), "AC 2 0"),
        ["an id twice"] = (RawItems.Request(RawItems.Proposal(1), RawItems.Proposal(1)), "ABORT 2 6"),
        ["no abstract syntax"] = (RawItems.Request(RawItems.Context(1, RawItems.Item(0x40, RawItems.ImplicitVR))), "AC 3"),
        ["no transfer syntax"] = (RawItems.Request(RawItems.Context(1, RawItems.Item(0x30, RawItems.Verification))), "AC 4"),
        ["a context without sub-items"] = (RawItems.Request(RawItems.Context(1)), "AC 3"),
        ["a context without an id"] = (RawItems.Request(RawItems.Item(0x20, 1, 0)), "ABORT 0 0"),
        ["an empty abstract syntax"] = (RawItems.Request(RawItems.Proposal(1, "")), "AC 3"),
        ["a UID of 65 characters"] = (RawItems.Request(RawItems.Proposal(1, "1." + new string('1', 63))), "AC 3"),
        ["a UID that is a path"] = (RawItems.Request(RawItems.Proposal(1, "../../etc/passwd")), "AC 3"),
        ["a UID with NUL behind it"] = (RawItems.Request(RawItems.Proposal(1, RawItems.Verification + "\0")), "AC 0"),
        ["a UID with a space behind it"] = (RawItems.Request(RawItems.Proposal(1, RawItems.Verification + " ")), "AC 0"),
        ["an unknown SOP class"] = (RawItems.Request(RawItems.Proposal(1, "1.2.3.4")), "AC 3"),
        ["an item longer than the PDU"] = (RawItems.Request(RawItems.Lying(RawItems.Proposal(1), 60_000)), "ABORT 0 0"),
        ["a sub-item longer than its item"] = (RawItems.Request(RawItems.Context(1, RawItems.Lying(RawItems.Item(0x30, RawItems.Verification), 200))), "ABORT 0 0"),
        ["bytes over that are no item"] = (RawItems.Associate(1, RawItems.ApplicationContext, RawItems.Proposal(1), RawItems.UserInformation, [0x77, 0, 0]), "ABORT 0 0"),
        ["unknown items"] = (RawItems.Associate(1, RawItems.ApplicationContext, RawItems.Item(0x77, 1, 2, 3), RawItems.Proposal(1), RawItems.UserInformation, RawItems.Item(0xFF)), "AC 0"),
        ["unknown sub-items"] = (RawItems.Request(RawItems.Context(1, RawItems.Item(0x77, 1), RawItems.Item(0x30, RawItems.Verification), RawItems.Item(0x40, RawItems.ImplicitVR))), "AC 0"),
        ["a blank called title"] = (Titles("", "RAW"), "RJ 1 1 7"),
        ["a blank calling title"] = (Titles("TEST", ""), "RJ 1 1 3"),
        ["a control character in a title"] = (Titles("TEST", "RAW\u001B[2J"), "RJ 1 1 3"),
        ["a line break in a title"] = (Titles("TEST", "RAW\r\nINFO: ok"), "RJ 1 1 3"),
        ["a backslash in a title"] = (Titles("TEST", "RA\\W"), "RJ 1 1 3"),
        ["a path as title"] = (Titles("TEST", "../../etc"), "AC 0"),
        ["a command as title"] = (Titles("TEST", "$(reboot);`id`"), "AC 0"),
        ["maximum length of 3 bytes"] = (RawItems.RequestWith(RawItems.Item(0x51, 0, 0, 0)), "ABORT 0 0"),
        ["maximum length of 5 bytes"] = (RawItems.RequestWith(RawItems.Item(0x51, 0, 0, 0, 0, 0)), "ABORT 0 0"),
        ["an empty implementation class UID"] = (RawItems.RequestWith(RawItems.Item(0x52)), "AC 0"),
        ["an asynchronous window of 3 bytes"] = (RawItems.RequestWith(RawItems.Item(0x53, 0, 1, 0)), "ABORT 0 0"),
        ["a role selection without roles"] = (RawItems.RequestWith(RawItems.Item(0x54, [0, 17, .. Encoding.ASCII.GetBytes(RawItems.Verification)])), "ABORT 0 0"),
        ["a role selection whose UID runs past it"] = (RawItems.RequestWith(RawItems.Item(0x54, 0xFF, 0xFF, 1, 1)), "ABORT 0 0"),
        ["an empty role selection"] = (RawItems.RequestWith(RawItems.Item(0x54)), "ABORT 0 0"),
        ["a version name of 200 characters"] = (RawItems.RequestWith(RawItems.Item(0x55, new string('x', 200))), "AC 0"),
        ["a version name with line breaks"] = (RawItems.RequestWith(RawItems.Item(0x55, "a\r\nb")), "AC 0"),
        ["an empty extended negotiation"] = (RawItems.RequestWith(RawItems.Item(0x56)), "ABORT 0 0"),
        ["an empty common extended negotiation"] = (RawItems.RequestWith(RawItems.Item(0x57)), "ABORT 0 0"),
        ["an empty user identity"] = (RawItems.RequestWith(RawItems.Item(0x58)), "ABORT 0 0"),
        ["a user identity whose field runs past it"] = (RawItems.RequestWith(RawItems.Item(0x58, 1, 0, 0xFF, 0xFF, 65)), "ABORT 0 0"),
        ["user identity type 0"] = (RawItems.RequestWith(RawItems.Item(0x58, 0, 1, 0, 1, 65, 0, 0)), "AC 0"),
        ["user identity type 6"] = (RawItems.RequestWith(RawItems.Item(0x58, 6, 1, 0, 1, 65, 0, 0)), "AC 0"),
        ["user identity type 255"] = (RawItems.RequestWith(RawItems.Item(0x58, 255, 1, 0, 1, 65, 0, 0)), "AC 0"),
    };

    public static TheoryData<string> Requests() => [.. s_requests.Keys];

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task A_request_gets_the_answer_it_deserves(string name)
    {
        (byte[] request, string expected) = s_requests[name];
        using (RawPeer peer = await RawPeer.ConnectAsync(_server.Port))
        {
            await peer.SendAsync(request);
            (PduType type, byte[] body) = await peer.ReadPduAsync();
            Assert.Equal(expected, type switch
            {
                PduType.AAssociateAC => string.Join(' ', ["AC", .. ResultsOf(body)]),
                PduType.AAssociateRJ => $"RJ {body[1]} {body[2]} {body[3]}",
                PduType.AAbort => $"ABORT {body[2]} {body[3]}",
                _ => type.ToString(),
            });
            if (expected == "AC 0")
            {
                await peer.SendAsync(Echo(3));
                Assert.Equal(3, (await peer.ReadCommandAsync()).MessageIdBeingRespondedTo);
            }
        }

        await HonestEchoAsync();
    }

    [Theory]
    [InlineData(0u)]
    [InlineData(8u)]
    [InlineData(9u)]
    [InlineData(100u)]
    [InlineData(0xFFFF_FFFFu)]
    public async Task What_the_server_sends_respects_the_maximum_length_of_its_peer(uint maximum)
    {
        using RawPeer peer = await RawPeer.ConnectAsync(_server.Port);
        await peer.SendAsync(RawItems.Associate(1, RawItems.ApplicationContext, RawItems.Proposal(1), RawItems.Item(0x50, RawItems.MaximumLength(maximum))));
        await peer.ExpectAsync(PduType.AAssociateAC);
        await peer.SendAsync(Echo(5));
        var command = new List<byte>();
        while (true)
        {
            byte[] body = await peer.ExpectAsync(PduType.PDataTF);
            Assert.True(maximum == 0 || body.Length <= maximum, $"{body.Length} bytes where {maximum} are taken");
            command.AddRange(body.AsSpan(6));
            if ((body[5] & 2) != 0)
                break;
        }

        Assert.Equal(5, CommandSet.Decode(new([.. command])).MessageIdBeingRespondedTo);
    }

    [Theory]
    [InlineData(1u)]
    [InlineData(7u)]
    public async Task A_maximum_length_that_leaves_room_for_nothing_is_aborted_when_something_is_to_be_sent(uint maximum)
    {
        using (RawPeer peer = await RawPeer.ConnectAsync(_server.Port))
        {
            await peer.SendAsync(RawItems.Associate(1, RawItems.ApplicationContext, RawItems.Proposal(1), RawItems.Item(0x50, RawItems.MaximumLength(maximum))));
            await peer.ExpectAsync(PduType.AAssociateAC);
            await peer.SendAsync(Echo(5));
            await ExpectAbortAsync(peer, 2, InvalidValue);
        }

        await HonestEchoAsync();
    }

    // ----- Data

    private static readonly byte[] s_sopClass = UI(0x0002, RawItems.Verification);

    /// <summary>What is sent on an open association (context 1 Verification, 3 CT, 5 refused), and the answer: "ABORT" with source and reason, a status, or "ECHO" where it is ignored.</summary>
    private static readonly Dictionary<string, (byte[] Bytes, string Answer)> s_data = new()
    {
        ["a PDV of length 0"] = ([4, 0, 0, 0, 0, 6, 0, 0, 0, 0, 1, 3], "ABORT 2 6"),
        ["a PDV of length 1"] = ([4, 0, 0, 0, 0, 6, 0, 0, 0, 1, 1, 3], "ABORT 2 6"),
        ["a PDV past its PDU"] = ([4, 0, 0, 0, 0, 6, 0, 0, 0, 3, 1, 3], "ABORT 2 6"),
        ["a PDV of 4 GiB"] = ([4, 0, 0, 0, 0, 6, 0xFF, 0xFF, 0xFF, 0xFF, 1, 3], "ABORT 2 6"),
        ["bytes behind the last PDV"] = ([4, 0, 0, 0, 0, 9, 0, 0, 0, 2, 1, 1, 0, 0, 0], "ABORT 2 6"),
        ["a PDU longer than agreed"] = ([4, 0, 0, 1, 0, 1], "ABORT 2 6"),
        ["an unknown context"] = (Command(9, Field(0x0030), MessageId(1), NoData, s_sopClass), "ABORT 2 6"),
        ["a refused context"] = (Command(5, Field(0x0030), MessageId(1), NoData, s_sopClass), "ABORT 2 6"),
        ["data before any command"] = (RawMessages.Data(3, [1, 2, 3, 4]), "ABORT 2 5"),
        ["a command within a data set"] = ([.. Store, .. RawMessages.Data(3, [1, 2], isLast: false), .. Echo(1)], "ABORT 2 5"),
        ["another context within a data set"] = ([.. Store, .. RawMessages.Data(1, [1, 2])], "ABORT 2 5"),
        ["a data set within a command"] = ([.. Pdv(3, 1, [0, 0]), .. RawMessages.Data(3, [1, 2])], "ABORT 2 5"),
        ["a release in mid command"] = ([.. Pdv(1, 1, [0, 0]), .. RawMessages.Of(AReleaseRQ.Instance)], "ABORT 2 2"),
        ["a release in mid data set"] = ([.. Store, .. RawMessages.Data(3, [1, 2], isLast: false), .. RawMessages.Of(AReleaseRQ.Instance)], "ABORT 2 2"),
        ["a command in one-byte fragments"] = (OneByteFragments(Echo(1)), "0000"),
        ["a command in odd fragments and one without content"] = ([.. Pdv(1, 1, EchoCommand[..7]), .. Pdv(1, 1, []), .. Pdv(1, 3, EchoCommand[7..])], "0000"),
        ["a wrong group length"] = (Pdv(1, 3, [.. EchoCommand[..8], 0xFF, 0xFF, 0xFF, 0x7F, .. EchoCommand[12..]]), "0000"),
        ["no group length"] = (Pdv(1, 3, EchoCommand[12..]), "0000"),
        ["no command field"] = (Command(1, s_sopClass, MessageId(1), NoData), "ABORT 2 6"),
        ["an unknown command field"] = (Command(1, s_sopClass, Field(0x0999), MessageId(1), NoData), "ABORT 2 6"),
        ["no message ID"] = (Command(1, s_sopClass, Field(0x0030), NoData), "ABORT 2 6"),
        ["no SOP class"] = (Command(1, Field(0x0030), MessageId(1), NoData), "0122"),
        ["a SOP class that is none"] = (Command(1, UI(0x0002, "../x"), Field(0x0030), MessageId(1), NoData), "0122"),
        ["a SOP class of another context"] = (Command(1, UI(0x0002, "1.2.840.10008.5.1.4.1.1.2"), Field(0x0030), MessageId(1), NoData), "0122"),
        ["no data set type"] = (Command(1, s_sopClass, Field(0x0030), MessageId(1)), "0212"),
        ["a C-ECHO with a data set"] = ([.. Command(1, s_sopClass, Field(0x0030), MessageId(1), US(0x0800, 0)), .. RawMessages.Data(1, new byte[60_000])], "0212"),
        ["a C-STORE without a data set"] = (Command(3, UI(0x0002, "1.2.840.10008.5.1.4.1.1.2"), Field(0x0001), MessageId(1), US(0x0700, 0), NoData, UI(0x1000, "1.2.3")), "C000"),
        ["a service without a handler"] = (
            [.. Command(3, UI(0x0002, "1.2.840.10008.5.1.4.1.1.2"), Field(0x0020), MessageId(1), US(0x0700, 0), US(0x0800, 0)), .. RawMessages.Data(3, [1, 2])], "0211"),
        ["an element past the end"] = (Pdv(1, 3, [0, 0, 0, 1, 0xFF, 0xFF, 0xFF, 0xFF, 0x30, 0]), "ABORT 2 6"),
        ["an element of another group"] = (Pdv(1, 3, [8, 0, 5, 0, 2, 0, 0, 0, 1, 1]), "ABORT 2 6"),
        ["half an element"] = (Pdv(1, 3, [0, 0, 0, 1, 2]), "ABORT 2 6"),
        ["noise as command"] = (Pdv(1, 3, [.. Enumerable.Range(0, 1000).Select(i => (byte)(i * 7919 % 251))]), "ABORT 2 6"),
        ["a command without elements"] = (Pdv(1, 3, []), "ABORT 2 6"),
        ["thousands of elements"] = (Pdv(1, 3, [.. Enumerable.Range(0, 3000).SelectMany(_ => new byte[] { 0, 0, 2, 0, 0, 0, 0, 0 })]), "ABORT 2 6"),
        ["a command set of megabytes"] = ([.. Enumerable.Repeat(Pdv(1, 1, new byte[60_000]), 40).SelectMany(pdu => pdu)], "ABORT 2 6"),
        ["a response to nothing"] = (RawMessages.Of(1, new CEchoResponse { MessageIdBeingRespondedTo = 1, AffectedSopClassUid = SopClasses.Verification }), "ABORT 2 0"),
        ["a C-CANCEL for nothing"] = (RawMessages.Of(1, new CCancelRequest { MessageIdBeingRespondedTo = 77 }), "ECHO"),
    };

    public static TheoryData<string> DataCases() => [.. s_data.Keys];

    [Theory]
    [MemberData(nameof(DataCases))]
    public async Task A_message_gets_the_answer_it_deserves(string name)
    {
        (byte[] bytes, string expected) = s_data[name];
        using (RawPeer peer = await RawPeer.ConnectAsync(_server.Port))
        {
            await peer.SendAsync(RawItems.Request(RawItems.Proposal(1), RawItems.Proposal(3, "1.2.840.10008.5.1.4.1.1.2"), RawItems.Proposal(5, "1.2.3.4")));
            Assert.Equal(["0", "0", "3"], ResultsOf(await peer.ExpectAsync(PduType.AAssociateAC)));
            await peer.SendAsync(bytes);
            if (expected == "ECHO")
            {
                await peer.SendAsync(Echo(4));
                Assert.Equal(4, (await peer.ReadCommandAsync()).MessageIdBeingRespondedTo);
            }
            else if (expected.StartsWith("ABORT", StringComparison.Ordinal))
            {
                (AbortSource source, AbortReason reason) = await peer.ExpectAbortAsync();
                Assert.Equal(expected, $"ABORT {(int)source} {(int)reason}");
            }
            else
            {
                CommandSet response = await peer.ReadCommandAsync();
                Assert.Equal((expected, 1), (response.Status.Code.ToString("X4", null), response.MessageIdBeingRespondedTo));
                // A refusal ends the message, not the association.
                await peer.SendAsync(Echo(2));
                Assert.Equal(2, (await peer.ReadCommandAsync()).MessageIdBeingRespondedTo);
            }
        }

        await HonestEchoAsync();
    }

    // ----- As a client

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

    // ----- Bytes

    private static byte[] NoData => US(0x0800, 0x0101);

    private static byte[] EchoCommand => Echo(1)[12..];

    private static byte[] Store => RawMessages.Of(3, new CStoreRequest { MessageId = 1, AffectedSopClassUid = SopClasses.CTImageStorage, AffectedSopInstanceUid = new DicomUid("1.2") });

    private static byte[] Echo(ushort id) => RawMessages.Of(1, new CEchoRequest { MessageId = id, AffectedSopClassUid = SopClasses.Verification });

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

    private static byte[] OneByteFragments(byte[] pdu) =>
        [.. pdu.Skip(12).SelectMany((value, i) => Pdv(pdu[10], i + 13 == pdu.Length ? (byte)3 : (byte)1, [value]))];

    /// <summary>The results in the presentation context items (21H) of an A-ASSOCIATE-AC.</summary>
    private static IEnumerable<string> ResultsOf(byte[] body)
    {
        for (int at = 68; at < body.Length; at += 4 + (body[at + 2] << 8 | body[at + 3]))
        {
            if (body[at] == 0x21)
                yield return body[at + 6].ToString(System.Globalization.CultureInfo.InvariantCulture);
        }
    }

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

    private async Task HonestEchoAsync()
    {
        await using Association association = await s_scu.AssociateAsync("127.0.0.1", _server.Port);
        Assert.Equal(DimseStatus.Success, await association.EchoAsync());
    }
}
