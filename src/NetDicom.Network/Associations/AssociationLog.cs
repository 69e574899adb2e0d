using System.Net;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using NetDicom.Protocol;

namespace NetDicom.Network;

/// <summary>The log of one association (or server): its logger and its number, so that lines of several associations can be told apart.</summary>
internal sealed class AssociationLog(ILoggerFactory? factory)
{
    private static long s_number;

    private readonly ILogger _logger = factory?.CreateLogger("NetDicom.Network") ?? NullLogger.Instance;

    public string AssociationId { get; } = Interlocked.Increment(ref s_number).ToString(System.Globalization.CultureInfo.InvariantCulture);

    public void Listening(AETitle title, EndPoint endPoint) => NetworkLog.Listening(_logger, title, endPoint);

    public void Stopping(AETitle title, int associations) => NetworkLog.Stopping(_logger, title, associations);

    public void AcceptFailed(Exception error) => NetworkLog.AcceptFailed(_logger, error);

    public void HandshakeFailed(Exception error, EndPoint? endPoint) => NetworkLog.HandshakeFailed(_logger, error, endPoint);

    public void NotEstablished(EndPoint? endPoint, AssociationEnd end) => NetworkLog.NotEstablished(_logger, endPoint, end.Describe());

    public void CertificateReloaded(string file) => NetworkLog.CertificateReloaded(_logger, file);

    public void CertificateNotReloaded(string file, Exception error) => NetworkLog.CertificateNotReloaded(_logger, error, file);

    public void Requesting(AAssociateRQ request, EndPoint? endPoint)
    {
        NetworkLog.Requesting(_logger, AssociationId, request.CalledAETitle, endPoint);
        if (_logger.IsEnabled(LogLevel.Debug))
            NetworkLog.RequestDump(_logger, AssociationId, AssociationText.Of(request));
    }

    public void Accepted(Association association, AAssociateAC answer)
    {
        NetworkLog.Accepted(_logger, AssociationId, association.PeerMaxPduLength);
        if (_logger.IsEnabled(LogLevel.Debug))
            NetworkLog.AnswerDump(_logger, AssociationId, AssociationText.Of(answer));
        Parameters(association);
    }

    public void Requested(AAssociateRQ request, EndPoint? endPoint)
    {
        NetworkLog.Received(_logger, AssociationId, request.CallingAETitle, endPoint, request.CalledAETitle);
        if (_logger.IsEnabled(LogLevel.Debug))
            NetworkLog.RequestDump(_logger, AssociationId, AssociationText.Of(request));
    }

    public void Accepting(Association association, AAssociateAC answer)
    {
        NetworkLog.Accepting(_logger, AssociationId, association.PeerMaxPduLength);
        if (_logger.IsEnabled(LogLevel.Debug))
            NetworkLog.AnswerDump(_logger, AssociationId, AssociationText.Of(answer));
        Parameters(association);
    }

    public void Rejected(AAssociateRJ rejection) => NetworkLog.Rejected(_logger, AssociationId, rejection);

    public void Rejecting(AAssociateRJ rejection) => NetworkLog.Rejecting(_logger, AssociationId, rejection);

    public void Releasing() => NetworkLog.Releasing(_logger, AssociationId);

    public void ReleaseRequested() => NetworkLog.ReleaseRequested(_logger, AssociationId);

    public void Ended(AssociationEnd end)
    {
        if (end.Kind == AssociationEndKind.Released)
            NetworkLog.Released(_logger, AssociationId);
        else
            NetworkLog.Aborted(_logger, AssociationId, end.Describe());
    }

    public void QuirksTaken(PeerQuirks quirks) => NetworkLog.QuirksTaken(_logger, AssociationId, quirks);

    public void HookFailed(Exception error) => NetworkLog.HookFailed(_logger, error, AssociationId);

    public void LoopFailed(Exception error) => NetworkLog.LoopFailed(_logger, error, AssociationId);

    public void PduReceived(Pdu pdu) => NetworkLog.PduReceived(_logger, AssociationId, pdu.Type);

    public void PduSent(Pdu pdu) => NetworkLog.PduSent(_logger, AssociationId, pdu.Type);

    public void CommandReceived(CommandSet command, NegotiatedContext context)
    {
        if (!_logger.IsEnabled(LogLevel.Debug))
            return;
        NetworkLog.CommandReceived(_logger, AssociationId, command.Command, context.Id);
        NetworkLog.CommandDump(_logger, AssociationId, AssociationText.Of(command));
    }

    public void ObserverFailed(Exception error) => NetworkLog.ObserverFailed(_logger, error, AssociationId);

    public void SendingRequest(string service, ushort messageId) => NetworkLog.SendingRequest(_logger, AssociationId, service, messageId);

    public void ReceivedResponse(string service, DimseStatus status) => NetworkLog.ReceivedResponse(_logger, AssociationId, service, status);

    public void ReceivedRequest(string service, ushort messageId) => NetworkLog.ReceivedRequest(_logger, AssociationId, service, messageId);

    public void Responding(CommandField command, ushort messageId, DimseStatus status) => NetworkLog.Responding(_logger, AssociationId, command, messageId, status);

    public void DataSetUnreadable(CommandField command, ushort messageId, string reason) => NetworkLog.DataSetUnreadable(_logger, AssociationId, command, messageId, reason);

    public void HandlerFailed(CommandField command, ushort messageId, Exception error) => NetworkLog.HandlerFailed(_logger, error, AssociationId, command, messageId);

    public void RequestRefused(CommandField command, ushort messageId, string violation) =>
        NetworkLog.RequestRefused(_logger, AssociationId, command, messageId, violation);

    public void MoveDestinationFailed(ushort messageId, AETitle destination, Exception error) =>
        NetworkLog.MoveDestinationFailed(_logger, error, AssociationId, messageId, destination);

    public void ObjectUnreadable(CommandField command, ushort messageId, Exception error) => NetworkLog.ObjectUnreadable(_logger, error, AssociationId, command, messageId);

    public void CommitmentNotJudged(DicomUid transaction, Exception error) => NetworkLog.CommitmentNotJudged(_logger, error, AssociationId, transaction);

    public void CommitmentNotKept(DicomUid transaction, Exception error) => NetworkLog.CommitmentNotKept(_logger, error, AssociationId, transaction);

    public void CommitmentNotForgotten(DicomUid transaction, Exception error) => NetworkLog.CommitmentNotForgotten(_logger, error, transaction);

    public void InventoryNotMade(DicomUid transaction, Exception error) => NetworkLog.InventoryNotMade(_logger, error, AssociationId, transaction);

    public void MachineNotVerified(Exception error) => NetworkLog.MachineNotVerified(_logger, error, AssociationId);

    public void ReceiverNotFound(AETitle receiver, Exception error) => NetworkLog.ReceiverNotFound(_logger, error, receiver);

    public void ReportingFailed(Exception error) => NetworkLog.ReportingFailed(_logger, error);

    private void Parameters(Association association)
    {
        if (!_logger.IsEnabled(LogLevel.Debug))
            return;
        foreach (NegotiatedContext context in association.Contexts)
            NetworkLog.AcceptParameters(_logger, AssociationId, context.Id, Uids.NameOf(context.AbstractSyntax), context.Result, Uids.NameOf(context.TransferSyntax));
    }
}
