using System.Globalization;

namespace NetDicom.Tables;

/// <summary>The value representations (PS3.5 table 6.2-1).</summary>
internal static class VRFile
{
    public static string Make(string root)
    {
        IReadOnlyList<TsvRow> rows = Tsv.Read(root, "vrs.tsv").Rows;
        var text = new SourceText("vrs.tsv", "NetDicom");
        text.Line("public readonly partial record struct DicomVR").Line("{");
        foreach (TsvRow row in rows)
        {
            string vr = row["vr"];
            text.Line($"    /// <summary>{vr}, {SourceText.Xml(row["name"])} (PS3.5 table 6.2-1).</summary>");
            text.Line($"    public static DicomVR {vr} => new((ushort)0x{vr[0] << 8 | vr[1]:X4});");
        }

        text.Line();
        text.Line("    // By letter pair, (first - 'A') * 26 + second - 'A': row number, or 255 where the standard has no such VR.");
        var index = new int[26 * 26];
        Array.Fill(index, 255);
        for (int i = 0; i < rows.Count; i++)
            index[(rows[i]["vr"][0] - 'A') * 26 + rows[i]["vr"][1] - 'A'] = i;
        text.Numbers("byte", "RowOfLetters", index);
        text.Line("    // Traits; the bits are named in DicomVR.cs.");
        text.Numbers("ushort", "Traits", rows.Select(Traits));
        text.Line("    // Bytes of one value, for those VRs whose values all have the same size; else 0.");
        text.Numbers("byte", "ValueSizes", rows.Select(ValueSize));
        text.Line("    // Longest value: bytes, or characters where the VR uses Specific Character Set.");
        text.Numbers("uint", "MaxLengths", rows, row => MaxLength(row).ToString(CultureInfo.InvariantCulture));
        int[] offsets = text.Text("NameText", rows.Select(row => new[] { row["name"] }));
        text.Numbers("ushort", "NameOffsets", offsets);
        return text.Line("}").ToString();
    }

    private static int Traits(TsvRow row)
    {
        int swap = row["swap_unit"] switch { "" => 0, "2" or "2+2" => 1, "4" => 2, "8" => 3, var other => throw new InvalidDataException(other) };
        bool text = row["multi_value"] == "backslash" || row["charset"] != "";
        return swap
            | (row["length_field"] == "32" ? 0x04 : 0)
            | (text ? 0x08 : 0)
            | (row["charset"] == "specific" ? 0x10 : 0)
            | (row["multi_value"] is "backslash" or "concatenated" ? 0x20 : 0)
            | (row["pad"] == "space" ? 0x40 : 0)
            | (row["leading_spaces"] == "ignored" ? 0x80 : 0);
    }

    private static int ValueSize(TsvRow row) => row["value_type"] switch
    {
        "tag" or "single" or "int32" or "uint32" or "single array" or "uint32 array" => 4,
        "double" or "int64" or "uint64" or "double array" or "uint64 array" => 8,
        "int16" or "uint16" or "uint16 array" => 2,
        _ => 0,
    };

    private static uint MaxLength(TsvRow row) => row["max_length"] switch
    {
        "2^32-2" => uint.MaxValue - 1,
        "2^32-4" => uint.MaxValue - 3,
        "2^32-8" => uint.MaxValue - 7,
        var number => uint.Parse(number, CultureInfo.InvariantCulture),
    };
}
