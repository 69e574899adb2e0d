namespace NetDicom.Network;

/// <summary>A C-ECHO request as a handler sees it (PS3.7 section 9.1.5).</summary>
public sealed class EchoRequest
{
    internal EchoRequest(Association association, ushort messageId)
    {
        Association = association;
        MessageId = messageId;
    }

    /// <summary>The association it came on.</summary>
    public Association Association { get; }

    /// <summary>Message ID.</summary>
    public ushort MessageId { get; }
}
