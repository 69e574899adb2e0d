namespace NetDicom.Protocol;

/// <summary>SOP class extended negotiation of the Query/Retrieve C-MOVE and C-GET classes (PS3.4 annexes C.5.2.1 and C.5.3.1).</summary>
/// <remarks>Bytes: 1 relational retrieval, 2 enhanced conversion; each 1 for yes. The second is written only if it is set; one that is left off reads as no.</remarks>
/// <param name="RelationalRetrieval">Keys of any level in one retrieval; 0 for the Composite Instance Root classes.</param>
/// <param name="EnhancedImageConversion">Query/Retrieve View (0008,0053) is honoured: converted enhanced multi-frame images.</param>
public readonly record struct RetrieveExtendedNegotiation(bool RelationalRetrieval = false, bool EnhancedImageConversion = false)
{
    /// <summary>Reads the application information of an item, of whatever length.</summary>
    public static RetrieveExtendedNegotiation From(SopClassExtendedNegotiation item)
    {
        ArgumentNullException.ThrowIfNull(item);
        ReadOnlySpan<byte> bytes = item.ServiceClassApplicationInformation.Span;
        return new RetrieveExtendedNegotiation(ApplicationInformation.IsSet(bytes, 1), ApplicationInformation.IsSet(bytes, 2));
    }

    /// <summary>What both sides want: the answer of an acceptor that can do <paramref name="supported"/> to this offer.</summary>
    public RetrieveExtendedNegotiation Within(RetrieveExtendedNegotiation supported) =>
        new(RelationalRetrieval && supported.RelationalRetrieval, EnhancedImageConversion && supported.EnhancedImageConversion);

    /// <summary>The item for <paramref name="sopClassUid"/>.</summary>
    public SopClassExtendedNegotiation ToItem(DicomUid sopClassUid) => ApplicationInformation.ToItem(sopClassUid, 1, RelationalRetrieval, EnhancedImageConversion);
}
