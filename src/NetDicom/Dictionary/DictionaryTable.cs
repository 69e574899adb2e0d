namespace NetDicom;

/// <summary>Look-ups in the generated dictionary: binary searches over data of the assembly, without allocation.</summary>
internal static partial class DictionaryTable
{
    private static string?[]? _keywords;
    private static string?[]? _names;
    private static string?[]? _vms;

    /// <summary>Number of entries, repeating groups included.</summary>
    internal static int Count => Values.Length;

    /// <summary>The row of a tag, or -1.</summary>
    internal static int Find(DicomTag tag)
    {
        int row = Values[..ExactCount].BinarySearch(tag.Value);
        if (row >= 0)
            return row;
        // Only even groups repeat (PS3.5 section 7.6); an odd one is private whatever it looks like.
        return tag.IsPrivate ? -1 : FindRepeating(tag.Value);
    }

    /// <summary>The row of a keyword, or -1. Keywords are compared as they are written.</summary>
    internal static int Find(ReadOnlySpan<char> keyword)
    {
        ReadOnlySpan<ushort> order = ByKeyword;
        ReadOnlySpan<uint> offsets = NameOffsets;
        int low = 0, high = order.Length - 1;
        while (low <= high)
        {
            int middle = (low + high) >>> 1;
            int difference = TableText.Compare(keyword, TableText.Field(NameText, (int)offsets[order[middle]], 0));
            if (difference == 0)
                return order[middle];
            if (difference < 0)
                high = middle - 1;
            else
                low = middle + 1;
        }

        return -1;
    }

    internal static uint Value(int row) => Values[row];

    internal static uint Mask(int row) => row < ExactCount ? uint.MaxValue : Masks[row - ExactCount];

    internal static ulong VRs(int row) => VRChoices[VRIndexes[row]];

    internal static bool IsRetired(int row) => (VMIndexes[row] & 0x80) != 0;

    internal static string VM(int row) =>
        TableText.Cached(ref _vms, VMOffsets.Length, VMIndexes[row] & 0x7F, TableText.Field(VMText, VMOffsets[VMIndexes[row] & 0x7F], 0));

    internal static string Keyword(int row) => TableText.Cached(ref _keywords, Count, row, TableText.Field(NameText, (int)NameOffsets[row], 0));

    /// <summary>The keyword as ASCII.</summary>
    internal static ReadOnlySpan<byte> KeywordBytes(int row) => TableText.Field(NameText, (int)NameOffsets[row], 0);

    internal static string Name(int row) => TableText.Cached(ref _names, Count, row, TableText.Field(NameText, (int)NameOffsets[row], 1));

    private static int FindRepeating(uint tag)
    {
        ReadOnlySpan<uint> masks = Masks;
        ReadOnlySpan<uint> values = Values[ExactCount..];
        for (int i = 0; i < masks.Length; i++)
        {
            if ((tag & masks[i]) == values[i])
                return ExactCount + i;
        }

        return -1;
    }
}
