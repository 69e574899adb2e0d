using NetDicom.Protocol;

namespace NetDicom.Network;

/// <summary>What a handler that threw is answered with.</summary>
internal readonly record struct ServiceFailure(DimseStatus Status, string? Comment, IReadOnlyList<DicomTag> OffendingElements)
{
    /// <summary>Whether the exception is the handler's own, and not the end of the association: then there is nobody to answer.</summary>
    public static bool IsOfHandler(ServiceInvocation invocation, Exception error) => invocation.Association.End is null;

    public static ServiceFailure From(ServiceInvocation invocation, Exception error)
    {
        CommandSet command = invocation.Command;
        switch (error)
        {
            case OperationCanceledException when invocation.IsCancelRequested:
                return new(DimseStatus.Cancel, null, []);
            case DimseStatusException { Status.IsPending: false } status:
                return new(status.Status, status.ErrorComment, status.OffendingElements);
            default:
                // The peer learns that it failed, not how: an exception's text is for our log.
                invocation.Engine.Log.HandlerFailed(command.Command, command.MessageId, error);
                return new(IsComposite(command.Command) ? DimseStatus.CannotUnderstand : DimseStatus.ProcessingFailure, "the handler failed", []);
        }
    }

    /// <summary>Whether it is one of the DIMSE-C services, whose statuses differ from those of DIMSE-N.</summary>
    public static bool IsComposite(CommandField command) => (ushort)command < (ushort)CommandField.NEventReportRequest;
}
