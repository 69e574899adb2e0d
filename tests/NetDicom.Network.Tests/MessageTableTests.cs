using NetDicom.Network.Tests.Support;
using NetDicom.Protocol;

namespace NetDicom.Network.Tests;

/// <summary>Each of the 23 messages with bytes put together from the rows of PS3.7's tables: the requests to our handlers, the responses to our operations.</summary>
public class MessageTableTests
{
    private const string Class = "1.2.840.10008.3.1.2.3.3";
    private const string Instance = "1.2.3.4";

    private static readonly DicomUid s_class = new(Class);
    private static readonly DicomUid s_instance = new(Instance);

    public static TheoryData<string> Requests => [.. RawCommand.Messages.Where(message => message.EndsWith("-RQ", StringComparison.Ordinal) && message != "C-CANCEL-RQ")];

    public static TheoryData<string> Responses => [.. RawCommand.Messages.Where(message => message.EndsWith("-RSP", StringComparison.Ordinal))];

    [Fact]
    public void The_table_has_all_23() => Assert.Equal((11, 11, 23), (Requests.Count, Responses.Count, RawCommand.Messages.Count()));

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task A_request_comes_to_its_handler_and_gets_the_response_of_the_table(string message)
    {
        var entity = new ApplicationEntity("TEST");
        string sopClass = message switch
        {
            "C-ECHO-RQ" => SopClasses.Verification.ToString(),
            "C-FIND-RQ" => Queries.Find.ToString(),
            "C-GET-RQ" => Queries.Get.ToString(),
            "C-MOVE-RQ" => Queries.Move.ToString(),
            "C-STORE-RQ" => SopClasses.CTImageStorage.ToString(),
            _ => Class,
        };
        // The peer proposes to be SCP too, so that it may report events.
        var context = new PresentationContext(new DicomUid(sopClass), [Queries.Explicit.Uid]) { ScuRole = true, ScpRole = true };
        entity.AddSupportedContexts([context]);
        var said = new List<string>();
        entity.OnEcho((request, _) => Say<DimseStatus>($"C-ECHO-RQ {request.MessageId}", DimseStatus.Success));
        entity.OnStore((request, _) => Say<DimseStatus>($"C-STORE-RQ {request.MessageId} {request.Priority} {request.AffectedSopInstanceUid} {request.MoveOriginatorAETitle} {request.MoveOriginatorMessageId}", DimseStatus.Success));
        entity.OnFind((request, _) => FindAsync(request));
        entity.OnGet((request, _) => Say<RetrieveObjects>($"C-GET-RQ {request.MessageId} {request.Priority} {request.Identifier.GetString(DicomTags.PatientID)}", Array.Empty<StorageObject>()));
        entity.OnMove(
            (request, _) => Say<RetrieveObjects>($"C-MOVE-RQ {request.MessageId} {request.Priority} {request.MoveDestination} {request.Identifier.GetString(DicomTags.PatientID)}", Array.Empty<StorageObject>()),
            (_, _) => ValueTask.FromResult<MoveDestination?>(new MoveDestination("127.0.0.1", 1)));
        entity.OnNEventReport((request, _) => Say<NResponse>($"N-EVENT-REPORT-RQ {request.MessageId} {request.EventTypeId} {request.AffectedSopInstanceUid} {Id(request.EventInformation)}", DimseStatus.Success));
        entity.OnNGet((request, _) => Say<NResponse>($"N-GET-RQ {request.MessageId} {request.RequestedSopInstanceUid} {string.Join(' ', request.AttributeIdentifierList)}", DimseStatus.Success));
        entity.OnNSet((request, _) => Say<NResponse>($"N-SET-RQ {request.MessageId} {request.RequestedSopInstanceUid} {Id(request.ModificationList)}", DimseStatus.Success));
        entity.OnNAction((request, _) => Say<NResponse>($"N-ACTION-RQ {request.MessageId} {request.ActionTypeId} {request.RequestedSopInstanceUid} {Id(request.ActionInformation)}", DimseStatus.Success));
        entity.OnNCreate((request, _) => Say<NResponse>($"N-CREATE-RQ {request.MessageId} {request.AffectedSopInstanceUid} {Id(request.AttributeList)}", DimseStatus.Success));
        entity.OnNDelete((request, _) => Say<NResponse>($"N-DELETE-RQ {request.MessageId} {request.RequestedSopInstanceUid}", DimseStatus.Success));
        await using DicomServer server = await entity.StartServerAsync(0);
        using RawPeer peer = await RawPeer.ConnectAsync(server.Port);
        await peer.SendAsync(Negotiation.BuildRequest(
            AETitle.Parse("TEST"), AETitle.Parse("RAW"), [context], new UserInformation { MaximumLength = 16_384, ImplementationClassUid = new DicomUid("1.2.3") }));
        await peer.ExpectAsync(PduType.AAssociateAC);
        bool hasDataSet = RawCommand.Rows.First(row => row.Message == message).DataSet != "never";
        byte[] pdu = RawCommand.Pdu(1, message, new Dictionary<string, object>
        {
            ["AffectedSOPClassUID"] = sopClass, ["RequestedSOPClassUID"] = sopClass, ["MessageID"] = (ushort)0x1234, ["Priority"] = (ushort)1, ["MoveDestination"] = "ELSEWHERE",
            ["AffectedSOPInstanceUID"] = Instance, ["RequestedSOPInstanceUID"] = Instance, ["MoveOriginatorApplicationEntityTitle"] = "MOVER", ["MoveOriginatorMessageID"] = (ushort)77,
            ["EventTypeID"] = (ushort)2, ["ActionTypeID"] = (ushort)3, ["AttributeIdentifierList"] = new[] { DicomTags.PatientID },
        }, hasDataSet);
        await peer.SendAsync(hasDataSet ? [.. pdu, .. RawMessages.Data(1, Queries.Match(5).Bytes())] : pdu);
        CommandSet response = (await peer.ReadMessageAsync()).Command;
        RawCommand.AssertInOrder(message.Replace("-RQ", "-RSP", StringComparison.Ordinal), response);
        Assert.Equal((0x1234, DimseStatus.Success), (response.MessageIdBeingRespondedTo, response.Status));
        Assert.Equal([message + message switch
        {
            "C-ECHO-RQ" => " 4660",
            "C-STORE-RQ" => " 4660 High 1.2.3.4 MOVER 77",
            "C-MOVE-RQ" => " 4660 High ELSEWHERE P5",
            "C-FIND-RQ" or "C-GET-RQ" => " 4660 High P5",
            "N-EVENT-REPORT-RQ" => " 4660 2 1.2.3.4 P5",
            "N-GET-RQ" => " 4660 1.2.3.4 (0010,0020)",
            "N-ACTION-RQ" => " 4660 3 1.2.3.4 P5",
            "N-DELETE-RQ" => " 4660 1.2.3.4",
            _ => " 4660 1.2.3.4 P5",
        }], said);

        ValueTask<T> Say<T>(string what, T answer)
        {
            said.Add(what);
            return ValueTask.FromResult(answer);
        }

        async IAsyncEnumerable<FindMatch> FindAsync(FindRequest request)
        {
            await Say($"C-FIND-RQ {request.MessageId} {request.Priority} {Id(request.Identifier)}", 0);
            yield break;
        }

        static string? Id(DicomDataSet? dataSet) => dataSet?.GetString(DicomTags.PatientID);
    }

    [Theory]
    [MemberData(nameof(Responses))]
    public async Task A_response_with_every_element_of_the_table_comes_to_its_operation(string message)
    {
        DicomUid sopClass = message switch
        {
            "C-ECHO-RSP" => SopClasses.Verification,
            "C-STORE-RSP" => SopClasses.CTImageStorage,
            "C-FIND-RSP" => Queries.Find,
            "C-GET-RSP" => Queries.Get,
            "C-MOVE-RSP" => Queries.Move,
            _ => s_class,
        };
        var entity = new ApplicationEntity("SCU");
        entity.AddRequestedContext(sopClass, Queries.Explicit);
        entity.AddRequestedContexts([new PresentationContext(SopClasses.MRImageStorage, [Queries.Explicit.Uid]) { ScuRole = false, ScpRole = true }]);
        bool isEvent = message == "N-EVENT-REPORT-RSP";
        Association association;
        RawPeer peer;
        DicomServer? server = null;
        if (isEvent)
        {
            // It is the acceptor that reports events.
            var come = new TaskCompletionSource<Association>();
            ApplicationEntity scp = Queries.Scp(sopClass);
            scp.OnNDelete((request, _) =>
            {
                come.SetResult(request.Association);
                return ValueTask.FromResult<NResponse>(DimseStatus.Success);
            });
            server = await scp.StartServerAsync(0);
            peer = await Queries.ConnectAsync(server, sopClass);
            await peer.SendAsync(1, new NDeleteRequest { MessageId = 1, RequestedSopClassUid = sopClass, RequestedSopInstanceUid = s_instance });
            await peer.ReadMessageAsync();
            association = await come.Task;
        }
        else
        {
            (association, peer) = await AnswerWithRolesAsync(entity);
        }

        using (peer)
        await using (server)
        {
            Task<string> operation = OperateAsync(association, message, sopClass);
            (CommandSet request, byte[]? _) = await peer.ReadMessageAsync();
            RawCommand.AssertInOrder(message.Replace("-RSP", "-RQ", StringComparison.Ordinal), request);
            bool hasDataSet = RawCommand.Rows.First(row => row.Message == message).DataSet != "never" && message != "C-FIND-RSP";
            byte[] pdu = RawCommand.Pdu(1, message, new Dictionary<string, object>
            {
                ["AffectedSOPClassUID"] = sopClass.ToString(), ["MessageIDBeingRespondedTo"] = request.MessageId, ["Status"] = (ushort)0xB000, ["OffendingElement"] = new[] { DicomTags.PatientID },
                ["ErrorComment"] = "a comment", ["ErrorID"] = (ushort)9, ["AffectedSOPInstanceUID"] = Instance, ["EventTypeID"] = (ushort)2, ["ActionTypeID"] = (ushort)3,
                ["AttributeIdentifierList"] = new[] { DicomTags.PatientID }, ["NumberOfCompletedSuboperations"] = (ushort)5, ["NumberOfFailedSuboperations"] = (ushort)6, ["NumberOfWarningSuboperations"] = (ushort)7,
                ["NumberOfRemainingSuboperations"] = (ushort)8,
            }, hasDataSet);
            byte[] dataSet = new DicomDataSet { { DicomTags.FailedSOPInstanceUIDList, "1.2", "1.3" }, { DicomTags.PatientID, "P5" } }.Bytes();
            await peer.SendAsync(hasDataSet ? [.. pdu, .. RawMessages.Data(1, dataSet)] : pdu);
            string expected = message switch
            {
                "C-ECHO-RSP" => "B000",
                "C-STORE-RSP" => "B000 a comment (0010,0020)",
                "C-FIND-RSP" => "B000 a comment (0010,0020)",
                "C-GET-RSP" or "C-MOVE-RSP" => "B000 a comment (0010,0020) 8 5 6 7 1.2 1.3",
                "N-EVENT-REPORT-RSP" => "B000 a comment 9 1.2.3.4 2   P5",
                "N-ACTION-RSP" => "B000 a comment 9 1.2.3.4  3  P5",
                "N-DELETE-RSP" => "B000 a comment 9 1.2.3.4   ",
                _ => "B000 a comment 9 1.2.3.4   (0010,0020) P5",
            };
            Assert.Equal(expected.TrimEnd(), (await operation.WaitAsync(RawPeer.Patience)).TrimEnd());
            await association.AbortAsync();
        }
    }

    private static async Task<string> OperateAsync(Association association, string message, DicomUid sopClass)
    {
        switch (message)
        {
            case "C-ECHO-RSP":
                return $"{(await association.EchoAsync()).Code:X4}";
            case "C-STORE-RSP":
                StoreOutcome outcome = await association.StoreAsync(StorageObject.FromStream("x", new MemoryStream([1, 2, 3, 4]), sopClass, s_instance, Queries.Explicit));
                return $"{outcome.Status!.Value.Code:X4} {outcome.ErrorComment} {string.Join(' ', outcome.OffendingElements)}";
            case "C-FIND-RSP":
                FindResponse found = (await association.FindAsync(sopClass, Queries.StudyKeys).ReadResponsesAsync().ToListAsync())[^1];
                return $"{found.Status.Code:X4} {found.ErrorComment} {string.Join(' ', found.OffendingElements)}";
            case "C-GET-RSP":
                return Text(await association.GetAsync(sopClass, Queries.StudyKeys, (_, _) => ValueTask.FromResult(DimseStatus.Success)).CompleteAsync());
            case "C-MOVE-RSP":
                return Text(await association.MoveAsync(sopClass, Queries.StudyKeys, AETitle.Parse("ELSEWHERE")).CompleteAsync());
        }

        NResponse response = message switch
        {
            "N-EVENT-REPORT-RSP" => await association.NEventReportAsync(sopClass, s_instance, 2, Queries.Match(1)),
            "N-GET-RSP" => await association.NGetAsync(sopClass, s_instance),
            "N-SET-RSP" => await association.NSetAsync(sopClass, s_instance, Queries.Match(1)),
            "N-ACTION-RSP" => await association.NActionAsync(sopClass, s_instance, 3),
            "N-CREATE-RSP" => await association.NCreateAsync(sopClass),
            _ => await association.NDeleteAsync(sopClass, s_instance),
        };
        return $"{response.Status.Code:X4} {response.ErrorComment} {response.ErrorId} {response.AffectedSopInstanceUid} {response.EventTypeId} {response.ActionTypeId} "
            + $"{string.Join(' ', response.AttributeIdentifierList)} {response.DataSet?.GetString(DicomTags.PatientID)}";
    }

    private static string Text(RetrieveResult result) =>
        $"{result.Status.Code:X4} {result.ErrorComment} {string.Join(' ', result.OffendingElements)} {result.Progress.Remaining} {result.Progress.Completed} {result.Progress.Failed} "
        + $"{result.Progress.Warning} {string.Join(' ', result.FailedSopInstanceUids)}";

    /// <summary>As <see cref="RawPeer.AnswerAsync"/>, with the roles that were proposed agreed to.</summary>
    private static async Task<(Association Association, RawPeer Peer)> AnswerWithRolesAsync(ApplicationEntity entity)
    {
        (System.Net.Sockets.Socket listener, int port) = RawPeer.Listen();
        using (listener)
        {
            Task<Association> asking = entity.AssociateAsync("127.0.0.1", port);
            RawPeer peer = await RawPeer.AcceptAsync(listener);
            await peer.AcceptAssociationAsync(roles: [new RoleSelection(SopClasses.MRImageStorage, false, true)]);
            return (await asking.WaitAsync(RawPeer.Patience), peer);
        }
    }
}
