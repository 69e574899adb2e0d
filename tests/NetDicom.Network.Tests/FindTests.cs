using NetDicom.Network.Tests.Support;
using NetDicom.Protocol;

namespace NetDicom.Network.Tests;

public class FindTests
{
    [Fact]
    public async Task Matches_come_one_by_one_and_the_status_last()
    {
        ApplicationEntity entity = Queries.Scp(Queries.Find);
        entity.OnFind((request, _) => Matches(request));
        await using DicomServer server = await entity.StartServerAsync(0);
        await using Association association = await Queries.Scu(Queries.Find).AssociateAsync("127.0.0.1", server.Port);
        FindOperation find = association.FindAsync(Queries.Find, Queries.StudyKeys);
        Assert.Null(find.Status);
        var ids = new List<string>();
        await foreach (DicomDataSet match in find)
            ids.Add(match.GetString(DicomTags.PatientID));
        Assert.Equal(["P1", "P2", "STUDY"], ids);
        Assert.Equal(DimseStatus.Success, find.Status);
        List<FindResponse> responses = await association.FindAsync(Queries.Find, Queries.StudyKeys).ReadResponsesAsync().ToListAsync();
        Assert.Equal([0xFF00, 0xFF01, 0xFF00, 0x0000], responses.Select(response => (int)response.Status.Code));
        Assert.Null(responses[^1].DataSet);

        static async IAsyncEnumerable<FindMatch> Matches(FindRequest request)
        {
            yield return Queries.Match(1);
            await Task.Yield();
            yield return new FindMatch(Queries.Match(2), optionalKeysNotSupported: true);
            yield return new DicomDataSet { { DicomTags.PatientID, request.Identifier.GetString(DicomTags.QueryRetrieveLevel) } };
        }
    }

    [Fact]
    public async Task A_failure_status_is_an_exception_with_its_comment_and_offending_elements()
    {
        (Association association, RawPeer peer) = await RawPeer.AnswerAsync(Queries.Scu(Queries.Find));
        using (peer)
        {
            FindOperation find = association.FindAsync(Queries.Find, Queries.StudyKeys);
            Task<List<DicomDataSet>> finding = find.ToListAsync();
            (CommandSet request, byte[]? identifier) = await peer.ReadMessageAsync();
            Assert.Equal(Queries.StudyKeys.Bytes(), identifier);
            await peer.SendAsync(1, new CFindResponse
            {
                MessageIdBeingRespondedTo = request.MessageId, Status = DimseStatus.DataSetDoesNotMatchSopClass, ErrorComment = "no such key", OffendingElements = [DicomTags.PatientID],
            });
            DimseStatusException error = await Assert.ThrowsAsync<DimseStatusException>(() => finding.WaitAsync(RawPeer.Patience));
            Assert.Equal((0xA900, "no such key"), (error.Status.Code, error.ErrorComment));
            Assert.Equal([DicomTags.PatientID], error.OffendingElements);
            Assert.Equal((error.Status, "no such key"), (find.Status, find.ErrorComment));
            Assert.True(association.IsOpen);
            await association.AbortAsync();
        }
    }

    [Fact]
    public async Task What_a_handler_throws_is_the_final_status_and_the_association_lives()
    {
        ApplicationEntity entity = Queries.Scp(Queries.Find);
        entity.OnFind((request, _) => request.MessageId switch
        {
            1 => Throwing(new DimseStatusException(new DimseStatus(0xC123), new string('x', 100), [DicomTags.PatientID])),
            2 => Throwing(new InvalidOperationException("secret")),
            3 => throw new InvalidOperationException("before the first match"),
            _ => Ending(),
        });
        await using DicomServer server = await entity.StartServerAsync(0);
        using RawPeer peer = await Queries.ConnectAsync(server, Queries.Find);
        foreach ((ushort id, int status, string comment) in new[]
        {
            ((ushort)1, 0xC123, new string('x', 64)), ((ushort)2, 0xC000, "the handler failed"), ((ushort)3, 0xC000, "the handler failed"), ((ushort)4, 0xB001, ""),
        })
        {
            await peer.SendAsync(1, Queries.Request(id), Queries.StudyKeys.Bytes());
            if (id != 3)
                Assert.Equal(DimseStatus.Pending, (await peer.ReadMessageAsync()).Command.Status);
            CommandSet final = (await peer.ReadMessageAsync()).Command;
            Assert.Equal((id, status, comment), (final.MessageIdBeingRespondedTo, final.Status.Code, final.ErrorComment ?? ""));
            Assert.Equal(id == 1 ? [DicomTags.PatientID] : [], final.OffendingElements);
        }

        static async IAsyncEnumerable<FindMatch> Throwing(Exception error)
        {
            await Task.Yield();
            yield return Queries.Match(1);
            throw error;
        }

        static async IAsyncEnumerable<FindMatch> Ending()
        {
            await Task.Yield();
            yield return Queries.Match(1);
            yield return FindMatch.Final(new DimseStatus(0xB001));
            throw new InvalidOperationException("nothing is asked for after the final status");
        }
    }

    [Fact]
    public async Task A_response_is_encoded_in_the_transfer_syntax_of_its_context()
    {
        ApplicationEntity entity = Queries.Scp(Queries.Find);
        entity.OnFind((_, _) => One());
        await using DicomServer server = await entity.StartServerAsync(0);
        foreach (TransferSyntax syntax in PresentationContexts.DefaultTransferSyntaxes)
        {
            using RawPeer peer = await RawPeer.ConnectAsync(server.Port);
            await peer.SendAsync(RawPeer.Request(contexts: (Queries.Find, syntax.Uid)));
            await peer.ExpectAsync(PduType.AAssociateAC);
            await peer.SendAsync(1, Queries.Request(7), Queries.StudyKeys.ToArray(syntax));
            (CommandSet command, byte[]? dataSet) = await peer.ReadMessageAsync();
            Assert.Equal(DimseStatus.Pending, command.Status);
            Assert.Equal(Queries.Match(5).GetString(DicomTags.PatientID), DicomDataSet.Read(dataSet, syntax).GetString(DicomTags.PatientID));
            Assert.Equal(DimseStatus.Success, (await peer.ReadMessageAsync()).Command.Status);
        }

        static async IAsyncEnumerable<FindMatch> One()
        {
            await Task.Yield();
            yield return Queries.Match(5);
        }
    }

    [Fact]
    public async Task A_large_match_is_sent_in_pieces_and_arrives_whole()
    {
        byte[] large = new byte[3_000_000];
        new Random(1).NextBytes(large);
        ApplicationEntity entity = Queries.Scp(Queries.Find);
        entity.OnFind((_, _) => Large());
        await using DicomServer server = await entity.StartServerAsync(0);
        await using Association association = await Queries.Scu(Queries.Find).AssociateAsync("127.0.0.1", server.Port);
        DicomDataSet match = Assert.Single(await association.FindAsync(Queries.Find, Queries.StudyKeys).ToListAsync().WaitAsync(RawPeer.Patience));
        Assert.Equal(large, (await match[DicomTags.PixelData].GetBytesAsync()).ToArray());

        async IAsyncEnumerable<FindMatch> Large()
        {
            await Task.Yield();
            yield return new DicomDataSet().Set(DicomTags.PixelData, large);
        }
    }

    [Fact]
    public async Task A_match_over_the_limit_is_an_exception_and_the_association_lives()
    {
        ApplicationEntity scu = Queries.Scu(Queries.Find);
        scu.ServiceOptions = new ServiceOptions { MaxDataSetLength = 1000 };
        (Association association, RawPeer peer) = await RawPeer.AnswerAsync(scu);
        using (peer)
        {
            Task<List<DicomDataSet>> finding = association.FindAsync(Queries.Find, Queries.StudyKeys).ToListAsync();
            CommandSet request = (await peer.ReadMessageAsync()).Command;
            await peer.SendAsync(1, Queries.Response(request, DimseStatus.Pending, true), new DicomDataSet().Set(DicomTags.PixelData, new byte[990]).Bytes());
            CommandSet cancel = (await peer.ReadMessageAsync()).Command;
            Assert.Equal((CommandField.CCancelRequest, request.MessageId), (cancel.Command, cancel.MessageIdBeingRespondedTo));
            await peer.SendAsync(1, Queries.Response(request, DimseStatus.Cancel));
            await Assert.ThrowsAsync<DicomDataException>(() => finding.WaitAsync(RawPeer.Patience));
            Assert.True(association.IsOpen);
            await association.AbortAsync();
        }
    }

    [Theory]
    [InlineData(1000, 0x0000)]
    [InlineData(1002, 0xA700)]
    public async Task An_identifier_over_the_limit_is_refused_and_the_association_lives(int length, int status)
    {
        ApplicationEntity entity = Queries.Scp(Queries.Find);
        entity.ServiceOptions = new ServiceOptions { MaxDataSetLength = 1000 };
        entity.OnFind((_, _) => None());
        await using DicomServer server = await entity.StartServerAsync(0);
        using RawPeer peer = await Queries.ConnectAsync(server, Queries.Find);
        byte[] identifier = new DicomDataSet().Set(DicomTags.PixelData, new byte[length - 12]).Bytes();
        Assert.Equal(length, identifier.Length);
        await peer.SendAsync(1, Queries.Request(1), identifier);
        Assert.Equal(status, (await peer.ReadMessageAsync()).Command.Status.Code);
        await peer.SendAsync(1, Queries.Request(2), Queries.StudyKeys.Bytes());
        Assert.Equal(DimseStatus.Success, (await peer.ReadMessageAsync()).Command.Status);
    }

    [Fact]
    public async Task A_request_that_comes_to_no_handler_is_answered_with_the_right_status()
    {
        ApplicationEntity entity = Queries.Scp(Queries.Find, Queries.Get, Queries.Move, SopClasses.ModalityWorklistInformationModelFind);
        entity.OnFind(Queries.Find, (_, _) => None());
        await using DicomServer server = await entity.StartServerAsync(0);
        using RawPeer peer = await RawPeer.ConnectAsync(server.Port);
        await peer.SendAsync(RawPeer.Request(contexts:
        [
            (Queries.Find, Queries.Explicit.Uid), (Queries.Get, Queries.Explicit.Uid), (SopClasses.ModalityWorklistInformationModelFind, Queries.Explicit.Uid),
            (Queries.Find, TransferSyntax.DeflatedExplicitVRLittleEndian.Uid),
        ]));
        await peer.ExpectAsync(PduType.AAssociateAC);
        byte[] keys = Queries.StudyKeys.Bytes();
        await ExpectAsync(1, Queries.Request(1), keys, 0x0000);
        // No handler for C-GET at all: unrecognized operation.
        await ExpectAsync(3, new CGetRequest { MessageId = 2, AffectedSopClassUid = Queries.Get }, keys, 0x0211);
        // A handler for C-FIND of another class: SOP class not supported.
        await ExpectAsync(5, new CFindRequest { MessageId = 3, AffectedSopClassUid = SopClasses.ModalityWorklistInformationModelFind }, keys, 0x0122);
        // A class that is not that of the context.
        await ExpectAsync(1, new CFindRequest { MessageId = 4, AffectedSopClassUid = SopClasses.ModalityWorklistInformationModelFind }, keys, 0x0122);
        // An identifier that cannot be read: its deflate stream is none.
        await ExpectAsync(7, Queries.Request(5), [0xFF, 0xFF, 0xFF, 0xFF], 0xC000);
        await ExpectAsync(1, Queries.Request(6), keys, 0x0000);

        async Task ExpectAsync(byte context, DimseRequest request, byte[] identifier, int status)
        {
            await peer.SendAsync(context, request, identifier);
            CommandSet response = (await peer.ReadMessageAsync()).Command;
            Assert.Equal((request.MessageId, status), (response.MessageIdBeingRespondedTo, response.Status.Code));
        }
    }

    [Fact]
    public async Task The_handler_of_a_class_goes_before_the_general_one()
    {
        DicomUid worklist = SopClasses.ModalityWorklistInformationModelFind;
        ApplicationEntity entity = Queries.Scp(Queries.Find, worklist);
        entity.OnFind((_, _) => Only(1));
        entity.OnFind(worklist, (_, _) => Only(2));
        await using DicomServer server = await entity.StartServerAsync(0);
        await using Association association = await Queries.Scu(Queries.Find, worklist).AssociateAsync("127.0.0.1", server.Port);
        Assert.Equal("P1", (await association.FindAsync(Queries.Find, Queries.StudyKeys).ToListAsync())[0].GetString(DicomTags.PatientID));
        Assert.Equal("P2", (await association.FindAsync(worklist, Queries.StudyKeys).ToListAsync())[0].GetString(DicomTags.PatientID));

        static async IAsyncEnumerable<FindMatch> Only(int number)
        {
            await Task.Yield();
            yield return Queries.Match(number);
        }
    }

    [Theory]
    [InlineData("class")]
    [InlineData("id")]
    [InlineData("command")]
    [InlineData("context")]
    public async Task A_response_that_does_not_fit_its_request_is_a_violation(string what)
    {
        (Association association, RawPeer peer) = await RawPeer.AnswerAsync(Queries.Scu(Queries.Find, Queries.Move));
        using (peer)
        {
            Task<List<DicomDataSet>> finding = association.FindAsync(Queries.Find, Queries.StudyKeys).ToListAsync();
            CommandSet request = (await peer.ReadMessageAsync()).Command;
            DimseResponse response = what switch
            {
                "class" => new CFindResponse { MessageIdBeingRespondedTo = request.MessageId, AffectedSopClassUid = Queries.Move },
                "id" => new CFindResponse { MessageIdBeingRespondedTo = (ushort)(request.MessageId + 1), AffectedSopClassUid = Queries.Find },
                "command" => new CMoveResponse { MessageIdBeingRespondedTo = request.MessageId, AffectedSopClassUid = Queries.Find },
                _ => Queries.Response(request, DimseStatus.Success),
            };
            await peer.SendAsync(what == "context" ? (byte)3 : (byte)1, response);
            Assert.Equal(AbortSource.ServiceProvider, (await peer.ExpectAbortAsync()).Source);
            AssociationEndedException error = await Assert.ThrowsAsync<AssociationEndedException>(() => finding.WaitAsync(RawPeer.Patience));
            Assert.Equal(AssociationEndKind.ProtocolViolation, error.End.Kind);
            Assert.IsType<PduViolationException>(error.End.Exception);
        }
    }

    [Fact]
    public async Task An_operation_is_carried_out_once_and_nothing_is_sent_before()
    {
        (Association association, RawPeer peer) = await RawPeer.AnswerAsync(Queries.Scu(Queries.Find));
        using (peer)
        {
            FindOperation find = association.FindAsync(Queries.Find, Queries.StudyKeys);
            await find.CancelAsync();
            Assert.Empty(await find.ToListAsync());
            Assert.False(peer.HasMore);
            await Assert.ThrowsAsync<InvalidOperationException>(() => find.ToListAsync());
            await association.AbortAsync();
        }
    }

    [Fact]
    public async Task A_role_that_was_not_negotiated_is_an_exception_that_says_so()
    {
        var entered = new TaskCompletionSource<Exception>();
        ApplicationEntity entity = Queries.Scp(Queries.Find);
        entity.OnFind((request, _) =>
        {
            entered.SetResult(Record.Exception(() => request.Association.FindAsync(Queries.Find, Queries.StudyKeys))!);
            return None();
        });
        await using DicomServer server = await entity.StartServerAsync(0);
        await using Association association = await Queries.Scu(Queries.Find).AssociateAsync("127.0.0.1", server.Port);
        Assert.Empty(await association.FindAsync(Queries.Find, Queries.StudyKeys).ToListAsync());
        Assert.Contains("the SCU role was not negotiated", Assert.IsType<NoPresentationContextException>(await entered.Task).Message, StringComparison.Ordinal);
        Assert.NotNull(association.TryFindContext(Queries.Find));
        Assert.Null(association.TryFindContext(Queries.Find, asScp: true));
        Assert.Contains("it was not proposed", Assert.Throws<NoPresentationContextException>(() => association.FindAsync(Queries.Move, Queries.StudyKeys)).Message, StringComparison.Ordinal);
    }

    private static async IAsyncEnumerable<FindMatch> None()
    {
        await Task.Yield();
        yield break;
    }
}
