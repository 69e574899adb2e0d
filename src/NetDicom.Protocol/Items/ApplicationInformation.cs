namespace NetDicom.Protocol;

/// <summary>The service class application information of a 56H item as a row of bytes that say yes by 1 (PS3.4, by service class).</summary>
internal static class ApplicationInformation
{
    /// <summary>Whether byte <paramref name="number"/>, counted from 1 as in the tables of PS3.4, is 1. A byte that is left off is 0.</summary>
    public static bool IsSet(ReadOnlySpan<byte> information, int number) => information.Length >= number && information[number - 1] == 1;

    /// <summary>An item whose bytes are 1 where set; bytes behind the last that is set are left off, but <paramref name="least"/> are written.</summary>
    public static SopClassExtendedNegotiation ToItem(DicomUid sopClassUid, int least, params ReadOnlySpan<bool> set)
    {
        int length = set.Length;
        while (length > least && !set[length - 1])
            length--;
        byte[] information = new byte[length];
        for (int i = 0; i < length; i++)
            information[i] = set[i] ? (byte)1 : (byte)0;
        return new SopClassExtendedNegotiation(sopClassUid, information);
    }
}
