namespace NetDicom;

/// <summary>The SOP classes and Meta SOP classes of the standard by keyword (PS3.4, PS3.6 annex A).</summary>
public static partial class SopClasses
{
    private static IReadOnlyList<DicomUid>? _storage;

    /// <summary>
    /// Every class whose instances travel by C-STORE, retired ones included, in the order of PS3.6: what a storage server offers.
    /// The list is made at first use.
    /// </summary>
    public static IReadOnlyList<DicomUid> Storage
    {
        get
        {
            return _storage ??= Make();

            static DicomUid[] Make()
            {
                var list = new List<DicomUid>(SopClassTable.Count);
                for (int row = 0; row < SopClassTable.Count; row++)
                {
                    if (SopClassTable.IsStored(row))
                        list.Add(UidTable.Uid(SopClassTable.UidRow(row)));
                }

                return [.. list];
            }
        }
    }

    /// <summary>Every SOP class and Meta SOP class, retired ones included, in the order of PS3.6.</summary>
    public static IEnumerable<SopClassInfo> All
    {
        get
        {
            for (int row = 0; row < SopClassTable.Count; row++)
                yield return new SopClassInfo(row);
        }
    }

    /// <summary>What PS3.4 says of a SOP class: one binary search, nothing allocated.</summary>
    public static bool TryGet(DicomUid uid, out SopClassInfo info)
    {
        int row = UidTable.Find(uid.Chars);
        bool found = row >= 0 && UidTable.Type(row) is UidType.SopClass or UidType.MetaSopClass;
        info = found ? new SopClassInfo(UidTable.Detail(row)) : default;
        return found;
    }

    /// <summary>Whether instances of the class travel by C-STORE. False for private classes: the standard does not know them.</summary>
    public static bool IsStorage(DicomUid uid) => TryGet(uid, out SopClassInfo info) && info.IsStorage;
}
