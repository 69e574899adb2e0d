namespace NetDicom;

/// <summary>The generated table of SOP classes by row.</summary>
internal static partial class SopClassTable
{
    private static string?[]? _texts;

    internal static int Count => UidRows.Length;

    internal static int UidRow(int row) => UidRows[row];

    internal static DimseServices ServicesOf(int row) => (DimseServices)Services[row];

    internal static RoleSelectionNeed RoleSelection(int row) => (RoleSelectionNeed)(Traits[row] & 0x0F);

    internal static bool IsMeta(int row) => (Traits[row] & 0x10) != 0;

    internal static bool IsStored(int row) => (Traits[row] & 0x20) != 0;

    internal static string Text(int row, int field)
    {
        int text = TextIndexes[row];
        return TableText.Cached(ref _texts, ServiceOffsets.Length * 3, text * 3 + field, TableText.Field(ServiceText, ServiceOffsets[text], field));
    }
}
