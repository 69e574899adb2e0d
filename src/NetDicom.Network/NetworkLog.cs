using System.Net;
using Microsoft.Extensions.Logging;
using NetDicom.Protocol;

namespace NetDicom.Network;

/// <summary>
/// Every message this library logs, each with an id that never changes. Patient data is in none of them: instances are named by
/// Message ID, not by UID, below debug level.
/// </summary>
internal static partial class NetworkLog
{
    [LoggerMessage(1001, LogLevel.Information, "{Title} listens at {EndPoint}")]
    public static partial void Listening(ILogger logger, AETitle title, EndPoint endPoint);

    [LoggerMessage(1002, LogLevel.Information, "{Title} stops, {Associations} associations are open")]
    public static partial void Stopping(ILogger logger, AETitle title, int associations);

    [LoggerMessage(1003, LogLevel.Warning, "A connection could not be accepted")]
    public static partial void AcceptFailed(ILogger logger, Exception error);

    [LoggerMessage(1004, LogLevel.Warning, "The TLS handshake with {EndPoint} failed")]
    public static partial void HandshakeFailed(ILogger logger, Exception error, EndPoint? endPoint);

    [LoggerMessage(1005, LogLevel.Warning, "The connection from {EndPoint} came to no association: {End}")]
    public static partial void NotEstablished(ILogger logger, EndPoint? endPoint, string end);

    [LoggerMessage(1006, LogLevel.Information, "The certificate in {File} has changed: new handshakes use it")]
    public static partial void CertificateReloaded(ILogger logger, string file);

    [LoggerMessage(1007, LogLevel.Warning, "The certificate in {File} has changed and cannot be used; the one before stays in use")]
    public static partial void CertificateNotReloaded(ILogger logger, Exception error, string file);

    [LoggerMessage(1101, LogLevel.Information, "Requesting Association [{Association}] with {Called} at {EndPoint}")]
    public static partial void Requesting(ILogger logger, string association, AETitle called, EndPoint? endPoint);

    [LoggerMessage(1102, LogLevel.Information, "Association Accepted [{Association}] (Max Send PDV: {MaxPdu})")]
    public static partial void Accepted(ILogger logger, string association, uint maxPdu);

    [LoggerMessage(1103, LogLevel.Information, "Association Received [{Association}] from {Calling} at {EndPoint} for {Called}")]
    public static partial void Received(ILogger logger, string association, AETitle calling, EndPoint? endPoint, AETitle called);

    [LoggerMessage(1104, LogLevel.Information, "Accepting Association [{Association}] (Max Send PDV: {MaxPdu})")]
    public static partial void Accepting(ILogger logger, string association, uint maxPdu);

    [LoggerMessage(1105, LogLevel.Warning, "Association Rejected [{Association}]: {Rejection}")]
    public static partial void Rejected(ILogger logger, string association, AAssociateRJ rejection);

    [LoggerMessage(1106, LogLevel.Warning, "Rejecting Association [{Association}]: {Rejection}")]
    public static partial void Rejecting(ILogger logger, string association, AAssociateRJ rejection);

    [LoggerMessage(1107, LogLevel.Information, "Releasing Association [{Association}]")]
    public static partial void Releasing(ILogger logger, string association);

    [LoggerMessage(1108, LogLevel.Information, "Association Release requested [{Association}]")]
    public static partial void ReleaseRequested(ILogger logger, string association);

    [LoggerMessage(1109, LogLevel.Information, "Association Released [{Association}]")]
    public static partial void Released(ILogger logger, string association);

    [LoggerMessage(1110, LogLevel.Warning, "Association Aborted [{Association}]: {End}")]
    public static partial void Aborted(ILogger logger, string association, string end);

    [LoggerMessage(1111, LogLevel.Error, "Association [{Association}] failed inside NetDicom; it is aborted, others go on")]
    public static partial void LoopFailed(ILogger logger, Exception error, string association);

    [LoggerMessage(1112, LogLevel.Debug, "Accept Parameters [{Association}]: context {Id}, {AbstractSyntax}, {Result}, {TransferSyntax}")]
    public static partial void AcceptParameters(ILogger logger, string association, byte id, string abstractSyntax, PresentationContextResult result, string transferSyntax);

    [LoggerMessage(1113, LogLevel.Error, "Association [{Association}]: a hook of the negotiation failed; the request is rejected")]
    public static partial void HookFailed(ILogger logger, Exception error, string association);

    [LoggerMessage(1120, LogLevel.Information, "Association [{Association}]: for this peer: {Quirks}")]
    public static partial void QuirksTaken(ILogger logger, string association, PeerQuirks quirks);

    [LoggerMessage(1201, LogLevel.Trace, "[{Association}] received {Type}")]
    public static partial void PduReceived(ILogger logger, string association, PduType type);

    [LoggerMessage(1202, LogLevel.Trace, "[{Association}] sent {Type}")]
    public static partial void PduSent(ILogger logger, string association, PduType type);

    [LoggerMessage(1203, LogLevel.Debug, "[{Association}] received {Command} on context {ContextId}")]
    public static partial void CommandReceived(ILogger logger, string association, CommandField command, byte contextId);

    [LoggerMessage(1114, LogLevel.Debug, "[{Association}] {Dump}")]
    public static partial void RequestDump(ILogger logger, string association, string dump);

    [LoggerMessage(1115, LogLevel.Debug, "[{Association}] {Dump}")]
    public static partial void AnswerDump(ILogger logger, string association, string dump);

    [LoggerMessage(1204, LogLevel.Debug, "[{Association}] received {Dump}")]
    public static partial void CommandDump(ILogger logger, string association, string dump);

    [LoggerMessage(1205, LogLevel.Error, "[{Association}] an observer failed; the association goes on")]
    public static partial void ObserverFailed(ILogger logger, Exception error, string association);

    [LoggerMessage(1301, LogLevel.Information, "Sending {Service} Request [{Association}] (MsgID {MessageId})")]
    public static partial void SendingRequest(ILogger logger, string association, string service, ushort messageId);

    [LoggerMessage(1302, LogLevel.Information, "Received {Service} Response [{Association}] (Status: {Status})")]
    public static partial void ReceivedResponse(ILogger logger, string association, string service, DimseStatus status);

    [LoggerMessage(1303, LogLevel.Information, "Received {Service} Request [{Association}] (MsgID {MessageId})")]
    public static partial void ReceivedRequest(ILogger logger, string association, string service, ushort messageId);

    [LoggerMessage(1304, LogLevel.Debug, "[{Association}] answers {Command} (MsgID {MessageId}) with {Status}")]
    public static partial void Responding(ILogger logger, string association, CommandField command, ushort messageId, DimseStatus status);

    [LoggerMessage(1305, LogLevel.Error, "[{Association}] the handler of {Command} (MsgID {MessageId}) failed")]
    public static partial void HandlerFailed(ILogger logger, Exception error, string association, CommandField command, ushort messageId);

    [LoggerMessage(1306, LogLevel.Warning, "[{Association}] {Command} (MsgID {MessageId}) is refused: {Violation}")]
    public static partial void RequestRefused(ILogger logger, string association, CommandField command, ushort messageId, string violation);

    [LoggerMessage(1307, LogLevel.Warning, "[{Association}] C-MOVE (MsgID {MessageId}): no association with {Destination}")]
    public static partial void MoveDestinationFailed(ILogger logger, Exception error, string association, ushort messageId, AETitle destination);

    [LoggerMessage(1308, LogLevel.Warning, "[{Association}] {Command} (MsgID {MessageId}): an object cannot be read")]
    public static partial void ObjectUnreadable(ILogger logger, Exception error, string association, CommandField command, ushort messageId);

    [LoggerMessage(1309, LogLevel.Warning, "[{Association}] {Command} (MsgID {MessageId}): its data set cannot be read: {Reason}")]
    public static partial void DataSetUnreadable(ILogger logger, string association, CommandField command, ushort messageId, string reason);

    [LoggerMessage(1401, LogLevel.Error, "[{Association}] storage commitment {Transaction} could not be judged; all of it is reported as failed")]
    public static partial void CommitmentNotJudged(ILogger logger, Exception error, string association, DicomUid transaction);

    [LoggerMessage(1402, LogLevel.Error, "[{Association}] storage commitment {Transaction} could not be kept; it is refused")]
    public static partial void CommitmentNotKept(ILogger logger, Exception error, string association, DicomUid transaction);

    [LoggerMessage(1403, LogLevel.Error, "Storage commitment {Transaction} could not be removed from what is kept; it may be reported again after the next start")]
    public static partial void CommitmentNotForgotten(ILogger logger, Exception error, DicomUid transaction);

    [LoggerMessage(1404, LogLevel.Error, "[{Association}] the inventory of transaction {Transaction} could not be made; it is reported as failed")]
    public static partial void InventoryNotMade(ILogger logger, Exception error, string association, DicomUid transaction);

    [LoggerMessage(1405, LogLevel.Error, "[{Association}] a machine verification failed; it is reported as not verified")]
    public static partial void MachineNotVerified(ILogger logger, Exception error, string association);

    [LoggerMessage(1406, LogLevel.Error, "{Receiver} is not told of an event: where it is could not be found out")]
    public static partial void ReceiverNotFound(ILogger logger, Exception error, AETitle receiver);

    [LoggerMessage(1407, LogLevel.Error, "What was to be reported, or who was to learn that it was not, failed; what waits goes on")]
    public static partial void ReportingFailed(ILogger logger, Exception error);
}
