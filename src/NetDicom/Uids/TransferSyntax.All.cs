namespace NetDicom;

public readonly partial struct TransferSyntax
{
    private static IReadOnlyList<TransferSyntax>? s_all;

    /// <summary>Every transfer syntax of the registry (PS3.6 table A-1), retired ones included, in the order of their UIDs. The list is made at first use.</summary>
    public static IReadOnlyList<TransferSyntax> All
    {
        get
        {
            return s_all ??= Make();

            static TransferSyntax[] Make()
            {
                var list = new List<TransferSyntax>(64);
                for (int row = 0; row < UidTable.Count; row++)
                {
                    if (UidTable.Type(row) == UidType.TransferSyntax)
                        list.Add(new TransferSyntax(UidTable.Uid(row)));
                }

                return [.. list];
            }
        }
    }
}
