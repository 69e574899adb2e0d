namespace NetDicom.Protocol;

/// <summary>What a peer may ask us to hold, compared before a byte is buffered for it.</summary>
public sealed record PduLimits
{
    /// <summary>The defaults.</summary>
    public static PduLimits Default { get; } = new();

    /// <summary>
    /// Longest body of an A-ASSOCIATE-RQ or A-ASSOCIATE-AC, in bytes. Default 1,048,576: 128 contexts with a few dozen transfer syntaxes each stay far below,
    /// and there is room for identity tokens of 64 KiB.
    /// </summary>
    public uint MaxAssociationPduLength { get; init; } = 1024 * 1024;

    /// <summary>Most presentation contexts in one PDU. Default 128: there are no more odd ids (PS3.8 section 9.3.2.2).</summary>
    public int MaxPresentationContexts { get; init; } = 128;

    /// <summary>Most sub-items in the user information. Default 1,024: one role, one extended and one common extended negotiation for each of 128 contexts come to 384.</summary>
    public int MaxUserItems { get; init; } = 1024;

    internal void CheckPresentationContexts(int count, long offset)
    {
        if (count > MaxPresentationContexts)
            throw new PduViolationException(AbortReason.InvalidPduParameterValue, $"more than {MaxPresentationContexts} presentation contexts (PS3.8 9.3.2.2)", offset);
    }
}
