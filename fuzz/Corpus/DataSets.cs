namespace NetDicom.Fuzz.Corpus;

/// <summary>Data sets with every VR, nesting, private elements, character sets and pixels; and, where Debian's python3-pydicom is installed, its real files.</summary>
internal static class DataSets
{
    private const string RealFiles = "/usr/lib/python3/dist-packages/pydicom/data";
    private const int LongestRealFile = 20_000;

    public static IReadOnlyList<DicomDataSet> All { get; } = [EveryVR(), Image(), Report(), Names("ISO_IR 192", "Буков^Ян=山田^太郎"), Names("ISO 2022 IR 6\\ISO 2022 IR 87", "Yamada^Tarou=山田^太郎"), []];

    /// <summary>Part 10 files: ours in every uncompressed syntax, and the small ones of pydicom.</summary>
    public static IReadOnlyList<byte[]> Files { get; } = [.. Ours(), .. Real()];

    private static DicomDataSet EveryVR()
    {
        var set = new DicomDataSet
        {
            { DicomTags.SpecificCharacterSet, "ISO_IR 100" },
            { DicomTags.SOPClassUID, "1.2.840.10008.5.1.4.1.1.2" },
            { DicomTags.SOPInstanceUID, "1.2.826.0.1.3680043.10.999.8.1" },
            { DicomTags.PatientName, "Fuzz^Ä" },
        };
        foreach (DicomVR vr in Enumerable.Range(0, DicomDictionary.Count).Select(i => DicomDictionary.GetAt(i)).Where(e => e.TagMask == uint.MaxValue && e.VRCount == 1 && e.Tag.Group >= 0x0008 && e.Tag.Group != 0xFFFE)
            .GroupBy(e => e.VR).SelectMany(group => group.Take(2)).Select(Add))
            _ = vr;
        set.Set(DicomElement.Create(set.ReservePrivate("FUZZ", 0x0029, 1), DicomVR.UN, new byte[] { 1, 2, 3, 4 }.AsMemory()));
        return set;

        DicomVR Add(DictionaryEntry entry)
        {
            if (!set.Contains(entry.Tag) && entry.VR != DicomVR.SQ)
                set.Set(entry.VR.IsText ? DicomElement.Create(entry.Tag, entry.VR, Text(entry.VR)) : DicomElement.Create(entry.Tag, entry.VR, new byte[Math.Max(entry.VR.ValueSize, 2) * 3].AsMemory()));
            return entry.VR;
        }
    }

    private static string[] Text(DicomVR vr) =>
        vr == DicomVR.DA ? ["20260102", "19700101"] : vr == DicomVR.TM ? ["101112.5", "0000"] : vr == DicomVR.DT ? ["20260102101112.000000+0100"] : vr == DicomVR.AS ? ["012Y"]
        : vr == DicomVR.IS ? ["-12", "7"] : vr == DicomVR.DS ? ["1.5", "-2E3"] : vr == DicomVR.UI ? ["1.2.3", "1.2.840.10008.1.2"] : vr == DicomVR.UR ? ["https://example.org/a"] : ["A", "B"];

    private static DicomDataSet Image()
    {
        var set = new DicomDataSet
        {
            { DicomTags.SOPClassUID, "1.2.840.10008.5.1.4.1.1.2" },
            { DicomTags.SOPInstanceUID, "1.2.826.0.1.3680043.10.999.8.2" },
            { DicomTags.Rows, 4 },
            { DicomTags.Columns, 4 },
            { DicomTags.BitsAllocated, 16 },
        };
        set.Set(DicomElement.Create(DicomTags.PixelData, DicomVR.OW, new byte[32].AsMemory()));
        return set;
    }

    private static DicomDataSet Report()
    {
        DicomDataSet content = new() { { DicomTags.ValueType, "TEXT" }, { DicomTags.TextValue, "leaf" } };
        for (int depth = 0; depth < 6; depth++)
            content = new DicomDataSet { { DicomTags.ValueType, "CONTAINER" }, { DicomTags.ContentSequence, content, content.Clone() } };
        content.Set(DicomTags.SOPClassUID, "1.2.840.10008.5.1.4.1.1.88.33").Set(DicomTags.SOPInstanceUID, "1.2.826.0.1.3680043.10.999.8.3");
        return content;
    }

    private static DicomDataSet Names(string characterSet, string name) => new()
    {
        { DicomTags.SpecificCharacterSet, characterSet.Split('\\') },
        { DicomTags.SOPInstanceUID, "1.2.826.0.1.3680043.10.999.8.4" },
        { DicomTags.PatientName, name },
        { DicomTags.PatientComments, name },
    };

    private static IEnumerable<byte[]> Ours()
    {
        foreach (DicomDataSet set in All)
        {
            foreach (TransferSyntax syntax in (TransferSyntax[])[TransferSyntax.ImplicitVRLittleEndian, TransferSyntax.ExplicitVRLittleEndian, TransferSyntax.ExplicitVRBigEndian, TransferSyntax.DeflatedExplicitVRLittleEndian])
            {
                DicomUid sopClass = set.GetUidOrDefault(DicomTags.SOPClassUID) ?? SopClasses.CTImageStorage;
                DicomUid instance = set.GetUidOrDefault(DicomTags.SOPInstanceUID) ?? new DicomUid("1.2.826.0.1.3680043.10.999.8.9");
                yield return [.. FileMetaInformation.Create(sopClass, instance, syntax).GetBytes(), .. set.ToArray(syntax)];
            }
        }
    }

    private static IEnumerable<byte[]> Real() => !Directory.Exists(RealFiles)
        ? []
        : new[] { "test_files", "charset_files" }.Select(folder => Path.Combine(RealFiles, folder)).Where(Directory.Exists)
            .SelectMany(folder => Directory.EnumerateFiles(folder, "*.dcm", SearchOption.AllDirectories)).Order(StringComparer.Ordinal)
            .Where(path => new FileInfo(path).Length <= LongestRealFile).Select(File.ReadAllBytes);
}
