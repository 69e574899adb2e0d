namespace NetDicom.Protocol;

/// <summary>SOP class extended negotiation, sub-item 56H (PS3.7 annex D.3.3.5).</summary>
/// <param name="sopClassUid">The SOP class it speaks of.</param>
/// <param name="serviceClassApplicationInformation">Bytes whose meaning the service class defines (PS3.4).</param>
public sealed class SopClassExtendedNegotiation(DicomUid sopClassUid, ReadOnlyMemory<byte> serviceClassApplicationInformation)
{
    /// <summary>The SOP class it speaks of.</summary>
    public DicomUid SopClassUid { get; } = sopClassUid;

    /// <summary>Bytes whose meaning the service class defines (PS3.4).</summary>
    public ReadOnlyMemory<byte> ServiceClassApplicationInformation { get; } = serviceClassApplicationInformation;

    internal void Write(ItemWriter items)
    {
        int at = items.Begin(ItemType.SopClassExtendedNegotiation);
        items.WriteUidField(SopClassUid);
        items.WriteBytes(ServiceClassApplicationInformation.Span);
        items.End(at);
    }

    internal static SopClassExtendedNegotiation Read(ref ItemReader item)
    {
        DicomUid uid = item.TakeUid();
        return new SopClassExtendedNegotiation(uid, item.Value.ToArray());
    }
}
