using System.Buffers;
using NetDicom.Protocol;

namespace NetDicom.Fuzz.Corpus;

/// <summary>What an honest peer says on a connection, from A-ASSOCIATE-RQ to A-RELEASE-RQ, and the command sets in it.</summary>
internal static class Conversations
{
    private static readonly DicomUid s_find = SopClasses.StudyRootQueryRetrieveInformationModelFind, s_get = SopClasses.StudyRootQueryRetrieveInformationModelGet, s_move = SopClasses.StudyRootQueryRetrieveInformationModelMove;
    private static readonly DicomUid s_mpps = SopClasses.ModalityPerformedProcedureStep, s_instance = new("1.2.826.0.1.3680043.10.999.8.7");
    private static readonly byte[] s_object = new DicomDataSet { { DicomTags.SOPClassUID, "1.2.840.10008.5.1.4.1.1.2" }, { DicomTags.SOPInstanceUID, s_instance }, { DicomTags.PatientID, "F" } }.ToArray(TransferSyntax.ExplicitVRLittleEndian);
    private static readonly byte[] s_query = new DicomDataSet { { DicomTags.QueryRetrieveLevel, "STUDY" }, { DicomTags.PatientID, "" }, { DicomTags.StudyInstanceUID, "" } }.ToArray(TransferSyntax.ExplicitVRLittleEndian);

    /// <summary>The abstract syntaxes of the conversations, with contexts 1, 3, 5 and so on.</summary>
    public static IReadOnlyList<DicomUid> AbstractSyntaxes { get; } = [SopClasses.Verification, SopClasses.CTImageStorage, s_find, s_get, s_move, s_mpps];

    private static readonly (byte Context, DimseMessage Message, byte[]? DataSet)[] s_messages =
    [
        (1, new CEchoRequest { MessageId = 1, AffectedSopClassUid = SopClasses.Verification }, null),
        (3, new CStoreRequest { MessageId = 2, AffectedSopClassUid = SopClasses.CTImageStorage, AffectedSopInstanceUid = s_instance, MoveOriginatorAETitle = AETitle.Parse("MOVER"), MoveOriginatorMessageId = 9 }, s_object),
        (5, new CFindRequest { MessageId = 3, AffectedSopClassUid = s_find }, s_query),
        (5, new CCancelRequest { MessageIdBeingRespondedTo = 3 }, null),
        (7, new CGetRequest { MessageId = 4, AffectedSopClassUid = s_get }, s_query),
        (9, new CMoveRequest { MessageId = 5, AffectedSopClassUid = s_move, MoveDestination = AETitle.Parse("NOWHERE") }, s_query),
        (11, new NCreateRequest { MessageId = 6, AffectedSopClassUid = s_mpps, AffectedSopInstanceUid = s_instance, HasDataSet = true }, s_object),
        (11, new NSetRequest { MessageId = 7, RequestedSopClassUid = s_mpps, RequestedSopInstanceUid = s_instance }, s_object),
        (11, new NGetRequest { MessageId = 8, RequestedSopClassUid = s_mpps, RequestedSopInstanceUid = s_instance, AttributeIdentifierList = [DicomTags.PatientID, DicomTags.PatientName] }, null),
        (11, new NActionRequest { MessageId = 9, RequestedSopClassUid = s_mpps, RequestedSopInstanceUid = s_instance, ActionTypeId = 1 }, null),
        (11, new NDeleteRequest { MessageId = 10, RequestedSopClassUid = s_mpps, RequestedSopInstanceUid = s_instance }, null),
        (11, new NEventReportRequest { MessageId = 11, AffectedSopClassUid = s_mpps, AffectedSopInstanceUid = s_instance, EventTypeId = 1 }, null),
        (1, new CEchoResponse { MessageIdBeingRespondedTo = 1, AffectedSopClassUid = SopClasses.Verification }, null),
        (3, new CStoreResponse { MessageIdBeingRespondedTo = 2, AffectedSopClassUid = SopClasses.CTImageStorage, AffectedSopInstanceUid = s_instance, Status = new DimseStatus(0xA700), ErrorComment = "full", OffendingElements = [DicomTags.PatientID] }, null),
        (9, new CMoveResponse { MessageIdBeingRespondedTo = 5, Status = new DimseStatus(0xFF00), NumberOfRemainingSuboperations = 1, NumberOfCompletedSuboperations = 2, NumberOfFailedSuboperations = 0, NumberOfWarningSuboperations = 0 }, null),
    ];

    /// <summary>The command sets of every kind of message above.</summary>
    public static IReadOnlyList<byte[]> CommandSets { get; } = [.. s_messages.Select(one => Bytes(one.Message.Write))];

    /// <summary>Requests of several kinds, one message each, all of them together, an A-ASSOCIATE-AC, -RJ and A-ABORT.</summary>
    public static IReadOnlyList<byte[]> All { get; } =
    [
        .. s_messages.Select(one => Of(one)),
        Of(s_messages[..3]),
        Of(s_messages[..12]),
        Pdu(Request(rich: true)),
        Pdu(AAssociateAC.To(Request(rich: false), [.. AbstractSyntaxes.Select((_, i) => new PresentationContextResultItem((byte)(2 * i + 1), PresentationContextResult.Acceptance, TransferSyntax.ExplicitVRLittleEndian.Uid))], User())),
        [.. Pdu(Request(rich: false)), .. Pdu(new AAbort(AbortSource.ServiceUser, AbortReason.NotSpecified))],
        Pdu(AAssociateRJ.CalledAETitleNotRecognized),
        // Written by hand: protocol version 1, no items at all.
        Convert.FromHexString("0100000000440001000046555A5A20202020202020202020202046555A5A45522020202020202020202000000000000000000000000000000000000000000000000000000000000000000000"),
    ];

    private static byte[] Of(params (byte Context, DimseMessage Message, byte[]? DataSet)[] messages) =>
        [.. Pdu(Request(rich: false)), .. messages.SelectMany(one => (byte[])[.. PData(one.Context, Bytes(one.Message.Write), true), .. one.DataSet is null ? [] : PData(one.Context, one.DataSet, false)]), .. Pdu(AReleaseRQ.Instance)];

    private static UserInformation User() => new() { MaximumLength = 16_384, ImplementationClassUid = new DicomUid("1.2.3"), ImplementationVersionName = "FUZZ" };

    private static AAssociateRQ Request(bool rich) => Negotiation.BuildRequest(
        AETitle.Parse("FUZZ"),
        AETitle.Parse("FUZZER"),
        [.. AbstractSyntaxes.Select(syntax => new PresentationContext(syntax, [TransferSyntax.ExplicitVRLittleEndian.Uid]))],
        !rich ? User() : new UserInformation
        {
            MaximumLength = 65_536,
            ImplementationClassUid = new DicomUid("1.2.3"),
            AsynchronousOperationsWindow = new AsynchronousOperationsWindow(8, 8),
            RoleSelections = [new RoleSelection(SopClasses.CTImageStorage, true, true)],
            SopClassExtendedNegotiations = [new SopClassExtendedNegotiation(s_find, new byte[] { 1, 1, 1, 0, 0 })],
            SopClassCommonExtendedNegotiations = [new SopClassCommonExtendedNegotiation(SopClasses.CTImageStorage, new DicomUid("1.2.840.10008.4.2"), [SopClasses.MRImageStorage])],
            UserIdentity = new UserIdentity(UserIdentityType.UserNameAndPasscode, true, "user"u8.ToArray(), "secret"u8.ToArray()),
        });

    private static byte[] PData(byte context, byte[] fragment, bool isCommand)
    {
        byte[] pdu = new byte[PDataWriter.PDataHeaderLength + fragment.Length];
        PDataWriter.WritePDataHeader(pdu, (uint)fragment.Length, context, isCommand, isLast: true);
        fragment.CopyTo(pdu, PDataWriter.PDataHeaderLength);
        return pdu;
    }

    private static byte[] Pdu(Pdu pdu) => Bytes(output =>
    {
        pdu.Write(output);
        return 0;
    });

    private static byte[] Bytes(Func<IBufferWriter<byte>, int> write)
    {
        var output = new ArrayBufferWriter<byte>();
        write(output);
        return output.WrittenSpan.ToArray();
    }
}
