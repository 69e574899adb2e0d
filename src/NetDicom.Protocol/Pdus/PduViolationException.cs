namespace NetDicom.Protocol;

/// <summary>The peer broke a rule of PS3.8: event 19 of the state machine, answered by an A-ABORT with <see cref="Reason"/>.</summary>
public sealed class PduViolationException : DicomException
{
    /// <summary>A violation found in what the peer sent.</summary>
    /// <param name="reason">The reason to put into the A-ABORT.</param>
    /// <param name="message">What was found, with the rule that it breaks.</param>
    /// <param name="offset">Bytes from the start of the PDU, where known.</param>
    public PduViolationException(AbortReason reason, string message, long? offset = null)
        : base(offset is { } at ? $"{message}, at byte {at} of the PDU" : message)
    {
        Reason = reason;
        Offset = offset;
    }

    /// <summary>The reason to put into the A-ABORT (PS3.8 section 9.3.8).</summary>
    public AbortReason Reason { get; }

    /// <summary>Bytes from the start of the PDU to what is wrong, where known.</summary>
    public long? Offset { get; }
}
