using NetDicom.Protocol;

namespace NetDicom.Network;

/// <summary>A request of the peer as a handler sees it: what all services but C-ECHO and C-STORE have in common.</summary>
public abstract class ServiceRequest
{
    private readonly ServiceInvocation _invocation;

    private protected ServiceRequest(ServiceInvocation invocation)
    {
        _invocation = invocation;
        Association = invocation.Association;
        Context = invocation.Context;
        MessageId = invocation.Command.MessageId;
    }

    /// <summary>The association it came on.</summary>
    public Association Association { get; }

    /// <summary>The presentation context it came on. Its abstract syntax may be a Meta SOP class, or another UPS class than the message names.</summary>
    public NegotiatedContext Context { get; }

    /// <summary>Message ID.</summary>
    public ushort MessageId { get; }

    /// <summary>Why the handler's token has fired; none as long as it has not.</summary>
    public CancellationCause CancellationCause => CancellationCauses.Of(Association) is var end && end != CancellationCause.None ? end
        : _invocation.IsCancelRequested ? CancellationCause.CancelRequested : CancellationCause.None;

    /// <summary>Completes when the response is sent, or cannot be any more. To be asked for by the handler itself.</summary>
    internal Task WhenAnswered => _invocation.WhenAnswered;

    /// <summary>The data set, read; null without one.</summary>
    private protected DicomDataSet? DataSet => _invocation.DataSet;
}
