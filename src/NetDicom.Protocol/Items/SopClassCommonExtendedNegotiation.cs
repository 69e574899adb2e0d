namespace NetDicom.Protocol;

/// <summary>SOP class common extended negotiation, sub-item 57H of an A-ASSOCIATE-RQ (PS3.7 annex D.3.3.6).</summary>
/// <remarks>
/// After the header, whose second byte is the version 00H: SOP class UID, service class UID, and a list of UIDs, each with a 16-bit length before it.
/// Bytes behind the list are for later versions and are skipped.
/// </remarks>
/// <param name="sopClassUid">The SOP class it speaks of.</param>
/// <param name="serviceClassUid">The service class it belongs to (storage: 1.2.840.10008.4.2).</param>
/// <param name="relatedGeneralSopClassUids">SOP classes as which an instance may be treated where its own is not known.</param>
public sealed class SopClassCommonExtendedNegotiation(DicomUid sopClassUid, DicomUid serviceClassUid, IReadOnlyList<DicomUid> relatedGeneralSopClassUids)
{
    /// <summary>The SOP class it speaks of.</summary>
    public DicomUid SopClassUid { get; } = sopClassUid;

    /// <summary>The service class it belongs to (storage: 1.2.840.10008.4.2).</summary>
    public DicomUid ServiceClassUid { get; } = serviceClassUid;

    /// <summary>SOP classes as which an instance may be treated where its own is not known.</summary>
    public IReadOnlyList<DicomUid> RelatedGeneralSopClassUids { get; } = relatedGeneralSopClassUids;

    internal void Write(ItemWriter items)
    {
        int at = items.Begin(ItemType.SopClassCommonExtendedNegotiation);
        items.WriteUidField(SopClassUid);
        items.WriteUidField(ServiceClassUid);
        int length = 0;
        foreach (DicomUid uid in RelatedGeneralSopClassUids)
            length += items.UidFieldLength(uid);
        if (length > ushort.MaxValue)
            throw new InvalidOperationException($"a related general SOP class list of {length} bytes; its length field ends at {ushort.MaxValue} (PS3.7 D.3.3.6)");
        items.WriteUInt16((ushort)length);
        foreach (DicomUid uid in RelatedGeneralSopClassUids)
            items.WriteUidField(uid);
        items.End(at);
    }

    internal static SopClassCommonExtendedNegotiation Read(ref ItemReader item)
    {
        DicomUid sopClass = item.TakeUid();
        DicomUid serviceClass = item.TakeUid();
        int behindList = item.Value.Length - 2 - PeekUInt16(ref item);
        if (behindList < 0)
            throw new PduViolationException(AbortReason.InvalidPduParameterValue, "item 57H: the related general SOP class list runs past the item (PS3.7 D.3.3.6)", item.Offset);
        item.TakeUInt16();
        var related = new List<DicomUid>();
        while (item.Value.Length > behindList)
        {
            related.Add(item.TakeUid());
            if (item.Value.Length < behindList)
                throw new PduViolationException(AbortReason.InvalidPduParameterValue, "item 57H: a UID runs past the related general SOP class list (PS3.7 D.3.3.6)", item.Offset);
        }

        return new SopClassCommonExtendedNegotiation(sopClass, serviceClass, related);
    }

    private static ushort PeekUInt16(ref ItemReader item)
    {
        ItemReader copy = item;
        return copy.TakeUInt16();
    }
}
