namespace NetDicom;

/// <summary>The UID registry of the standard (PS3.6 annex A), with the well-known SOP instances by keyword.</summary>
public static partial class Uids
{
    /// <summary>What the registry says of a UID: one binary search.</summary>
    public static bool TryGet(DicomUid uid, out UidInfo info) => Found(UidTable.Find(uid.Chars), out info);

    /// <summary>The UID with a keyword, such as CTImageStorage: a walk over the registry, meant for command lines and configuration.</summary>
    public static bool TryGet(ReadOnlySpan<char> keyword, out UidInfo info) => Found(UidTable.FindKeyword(keyword), out info);

    /// <summary>The name of a UID, or its text where the registry has no name.</summary>
    public static string NameOf(DicomUid uid) =>
        UidTable.Find(uid.Chars) is >= 0 and var row && UidTable.Name(row) is { Length: > 0 } name ? name : uid.ToString();

    private static bool Found(int row, out UidInfo info)
    {
        info = row < 0 ? default : UidTable.Info(row);
        return row >= 0;
    }
}
