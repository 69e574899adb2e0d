using System.Text;

namespace NetDicom;

/// <summary>Reads the text of the generated tables: UTF-8, fields ended by a bar.</summary>
internal static class TableText
{
    /// <summary>The field numbered <paramref name="number"/>, from 0, of the row that starts at <paramref name="offset"/>.</summary>
    internal static ReadOnlySpan<byte> Field(ReadOnlySpan<byte> text, int offset, int number)
    {
        text = text[offset..];
        while (number-- > 0)
            text = text[(text.IndexOf((byte)'|') + 1)..];
        return text[..text.IndexOf((byte)'|')];
    }

    /// <summary>The field as a string that is made once and kept in <paramref name="cache"/>, which itself is made at first need.</summary>
    internal static string Cached(ref string?[]? cache, int rows, int row, ReadOnlySpan<byte> field)
    {
        string?[] made = Volatile.Read(ref cache) ?? Interlocked.CompareExchange(ref cache, new string?[rows], null) ?? cache!;
        return made[row] ??= Encoding.UTF8.GetString(field);
    }

    /// <summary>Ordinal comparison of ASCII or Latin-1 characters with bytes of ASCII.</summary>
    internal static int Compare(ReadOnlySpan<char> text, ReadOnlySpan<byte> ascii)
    {
        int common = Math.Min(text.Length, ascii.Length);
        for (int i = 0; i < common; i++)
        {
            int difference = text[i] - ascii[i];
            if (difference != 0)
                return difference;
        }

        return text.Length - ascii.Length;
    }
}
