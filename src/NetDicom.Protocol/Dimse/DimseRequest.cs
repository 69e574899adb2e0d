namespace NetDicom.Protocol;

/// <summary>A request: C-xxx-RQ or N-xxx-RQ, but not C-CANCEL-RQ, which has no Message ID of its own.</summary>
public abstract class DimseRequest : DimseMessage
{
    private protected DimseRequest()
    {
    }

    /// <summary>Message ID (0000,0110): unique among the outstanding requests of the sender.</summary>
    public ushort MessageId { get; init; }
}
