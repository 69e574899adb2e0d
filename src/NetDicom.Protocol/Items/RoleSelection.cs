namespace NetDicom.Protocol;

/// <summary>SCP/SCU role selection, sub-item 54H (PS3.7 annex D.3.3.4). In request and reply the roles are those of the requestor.</summary>
/// <param name="SopClassUid">The abstract syntax it speaks of; it holds for all contexts with it.</param>
/// <param name="Scu">The requestor can be (reply: may be) the SCU.</param>
/// <param name="Scp">The requestor can be (reply: may be) the SCP.</param>
public readonly record struct RoleSelection(DicomUid SopClassUid, bool Scu, bool Scp)
{
    internal void Write(ItemWriter items)
    {
        int at = items.Begin(ItemType.RoleSelection);
        items.WriteUidField(SopClassUid);
        items.WriteByte(Scu ? (byte)1 : (byte)0);
        items.WriteByte(Scp ? (byte)1 : (byte)0);
        items.End(at);
    }

    internal static RoleSelection Read(ref ItemReader item)
    {
        DicomUid uid = item.TakeUid();
        bool scu = item.TakeByte() == 1;
        bool scp = item.TakeByte() == 1;
        item.RequireEnd();
        return new RoleSelection(uid, scu, scp);
    }
}
