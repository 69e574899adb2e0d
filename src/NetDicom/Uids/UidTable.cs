namespace NetDicom;

/// <summary>Look-ups in the generated UID registry: binary searches over data of the assembly, without allocation.</summary>
internal static partial class UidTable
{
    private static string?[]? _uids;
    private static string?[]? _keywords;
    private static string?[]? _names;

    /// <summary>The row of a UID, or -1.</summary>
    internal static int Find(ReadOnlySpan<char> uid)
    {
        ReadOnlySpan<uint> offsets = Offsets;
        int low = 0, high = Count - 1;
        while (low <= high)
        {
            int middle = (low + high) >>> 1;
            int difference = TableText.Compare(uid, TableText.Field(UidText, (int)offsets[middle], 0));
            if (difference == 0)
                return middle;
            if (difference < 0)
                high = middle - 1;
            else
                low = middle + 1;
        }

        return -1;
    }

    /// <summary>The row of a UID given as ASCII, or -1.</summary>
    internal static int Find(ReadOnlySpan<byte> ascii)
    {
        ReadOnlySpan<uint> offsets = Offsets;
        int low = 0, high = Count - 1;
        while (low <= high)
        {
            int middle = (low + high) >>> 1;
            int difference = ascii.SequenceCompareTo(TableText.Field(UidText, (int)offsets[middle], 0));
            if (difference == 0)
                return middle;
            if (difference < 0)
                high = middle - 1;
            else
                low = middle + 1;
        }

        return -1;
    }

    /// <summary>The row of a keyword, or -1: a walk over the table, for command lines and configuration.</summary>
    internal static int FindKeyword(ReadOnlySpan<char> keyword)
    {
        for (int row = 0; !keyword.IsEmpty && row < Count; row++)
        {
            if (TableText.Compare(keyword, TableText.Field(UidText, (int)Offsets[row], 1)) == 0)
                return row;
        }

        return -1;
    }

    internal static DicomUid Uid(int row) =>
        DicomUid.FromChecked(TableText.Cached(ref _uids, Count, row, TableText.Field(UidText, (int)Offsets[row], 0)));

    internal static string Keyword(int row) => TableText.Cached(ref _keywords, Count, row, TableText.Field(UidText, (int)Offsets[row], 1));

    /// <summary>The keyword as ASCII.</summary>
    internal static ReadOnlySpan<byte> KeywordBytes(int row) => TableText.Field(UidText, (int)Offsets[row], 1);

    internal static string Name(int row) => TableText.Cached(ref _names, Count, row, TableText.Field(UidText, (int)Offsets[row], 2));

    internal static UidType Type(int row) => (UidType)(Types[row] & 0x7F);

    internal static bool IsRetired(int row) => (Types[row] & 0x80) != 0;

    /// <summary>Row of the transfer syntaxes or the SOP classes, or 65535.</summary>
    internal static int Detail(int row) => Details[row];

    internal static UidInfo Info(int row) => new(Uid(row), Keyword(row), Name(row), Type(row), IsRetired(row));
}
