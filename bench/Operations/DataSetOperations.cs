using System.Buffers.Binary;

namespace NetDicom.Bench;

/// <summary>
/// What is measured, and with what: shared by the benchmarks, which take the time, and by the tests (AllocationTests), which hold the allocations below a bound.
/// </summary>
public static class DataSetOperations
{
    private static readonly DicomReadOptions _beforePixels = new() { Reader = new DataSetReaderOptions { StopBefore = DicomTags.PixelData } };
    private static readonly DataSetReaderOptions _stop = new() { StopBefore = DicomTags.PixelData };

    /// <summary>A file with a CT slice of 512 x 512 pixels of 16 bits, with some 100 attributes in front of them, in Explicit VR Little Endian.</summary>
    /// <param name="series">Number of the series, from 1.</param>
    /// <param name="instance">Number of the slice, from 1.</param>
    public static DicomFile CtSlice(int series = 1, int instance = 1)
    {
        const string root = "1.2.826.0.1.3680043.10.999.7";
        var set = new DicomDataSet
        {
            { DicomTags.SpecificCharacterSet, "ISO_IR 100" },
            { DicomTags.ImageType, "ORIGINAL", "PRIMARY", "AXIAL" },
            { DicomTags.SOPClassUID, "1.2.840.10008.5.1.4.1.1.2" },
            { DicomTags.SOPInstanceUID, $"{root}.{series}.{instance}" },
            { DicomTags.StudyDate, "20260101" },
            { DicomTags.StudyTime, "101500" },
            { DicomTags.AccessionNumber, $"A{series:0000000}" },
            { DicomTags.Modality, "CT" },
            { DicomTags.Manufacturer, "NetDicom" },
            { DicomTags.ReferringPhysicianName, "" },
            { DicomTags.StudyDescription, "Generated" },
            { DicomTags.ReferencedImageSequence, new DicomDataSet { { DicomTags.ReferencedSOPClassUID, "1.2.840.10008.5.1.4.1.1.2" }, { DicomTags.ReferencedSOPInstanceUID, $"{root}.{series}.1" } } },
            { DicomTags.PatientName, $"Slice^Anna^{series:0000}" },
            { DicomTags.PatientID, $"P{series:000000}" },
            { DicomTags.PatientBirthDate, "19700101" },
            { DicomTags.PatientSex, "O" },
            { DicomTags.SliceThickness, "5.000000" },
            { DicomTags.KVP, "120" },
            { DicomTags.StudyInstanceUID, $"{root}.{series}.0" },
            { DicomTags.SeriesInstanceUID, $"{root}.{series}.0.1" },
            { DicomTags.SeriesNumber, 1 },
            { DicomTags.InstanceNumber, instance },
            { DicomTags.ImagePositionPatient, "-158.135803", "-179.035797", $"{-5 * instance}.0" },
            { DicomTags.ImageOrientationPatient, "1.000000", "0.000000", "0.000000", "0.000000", "1.000000", "0.000000" },
            { DicomTags.SamplesPerPixel, 1 },
            { DicomTags.PhotometricInterpretation, "MONOCHROME2" },
            { DicomTags.Rows, 512 },
            { DicomTags.Columns, 512 },
            { DicomTags.PixelSpacing, "0.661468", "0.661468" },
            { DicomTags.BitsAllocated, 16 },
            { DicomTags.BitsStored, 16 },
            { DicomTags.HighBit, 15 },
            { DicomTags.PixelRepresentation, 1 },
            { DicomTags.RescaleIntercept, "-1024" },
            { DicomTags.RescaleSlope, "1" },
        };
        // As scanners do: most of the attributes are the maker's own.
        for (int element = 1; element <= 200; element++)
        {
            DicomTag tag = set.ReservePrivate("NETDICOM_BENCH", (ushort)(0x0019 + 2 * (element % 4)), (byte)element);
            set.Set((element % 3) switch
            {
                0 => DicomElement.Create(tag, DicomVR.SS, new long[] { element }),
                1 => DicomElement.Create(tag, DicomVR.DS, $"{element}.500000"),
                _ => DicomElement.Create(tag, DicomVR.SL, new long[] { element * 1000L, -element }),
            });
        }

        byte[] pixels = new byte[512 * 512 * 2];
        uint state = (uint)(series * 65537 + instance);
        for (int i = 0; i < pixels.Length; i += 2)
        {
            state = state * 1664525 + 1013904223;
            BinaryPrimitives.WriteInt16LittleEndian(pixels.AsSpan(i), (short)((i >> 10) - 512 + (state >> 26)));
        }

        set.Set(DicomElement.Create(DicomTags.PixelData, DicomVR.OW, pixels));
        return new DicomFile(set, TransferSyntax.ExplicitVRLittleEndian);
    }

    /// <summary>A structured report of 10,000 elements, in sequences four deep.</summary>
    public static byte[] Report() => ReportSet().ToArray(TransferSyntax.ExplicitVRLittleEndian);

    /// <summary>The attributes before Pixel Data as a data set, each of them looked at.</summary>
    public static long AttributesBeforePixels(byte[] file)
    {
        using DicomFile read = DicomFile.Read(file, _beforePixels);
        long seen = 0;
        foreach (DicomElement element in read.DataSet)
            seen += element.Tag.Value + element.Length;
        return seen;
    }

    /// <summary>The attributes before Pixel Data with the reader alone.</summary>
    /// <param name="dataSet">The data set, without preamble and meta information.</param>
    public static long TokensBeforePixels(ReadOnlySpan<byte> dataSet)
    {
        var reader = new DataSetReader(dataSet, true, new DataSetReaderState(TransferSyntax.ExplicitVRLittleEndian, _stop));
        return Walk(ref reader);
    }

    /// <summary>Every element of a report with the reader alone.</summary>
    public static long ReportTokens(ReadOnlySpan<byte> report)
    {
        var reader = new DataSetReader(report, true, new DataSetReaderState(TransferSyntax.ExplicitVRLittleEndian));
        return Walk(ref reader);
    }

    /// <summary>A report as a data set, every element of every level looked at.</summary>
    public static long ReportElements(byte[] report) => Walk(DicomDataSet.Read(report, TransferSyntax.ExplicitVRLittleEndian));

    /// <summary>The DICOM JSON of a report.</summary>
    public static byte[] ToJson(DicomDataSet report) => DicomJson.ToUtf8(report);

    /// <summary>A report from its DICOM JSON.</summary>
    public static DicomDataSet FromJson(byte[] json) => DicomJson.Read(json)[0];

    /// <summary>Opens a file, however large, and asks for what comes before the pixels and behind them.</summary>
    public static async Task<long> OpenAsync(string path)
    {
        await using DicomFile file = await DicomFile.OpenAsync(path);
        return file.DataSet[DicomTags.PixelData].Length + file.DataSet.Count;
    }

    /// <summary>Makes a file of 3 GiB with native pixel data that the file system keeps no blocks for.</summary>
    public static async Task WriteHugeFileAsync(string path)
    {
        const uint length = 3u << 30;
        DicomFile slice = CtSlice();
        slice.DataSet.Remove(DicomTags.PixelData);
        byte[] head = await slice.ToArrayAsync();
        byte[] header = [0xE0, 0x7F, 0x10, 0x00, (byte)'O', (byte)'W', 0, 0, 0, 0, 0, 0];
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(8), length);
        FileStream stream = File.Create(path);
        await using (stream)
        {
            await stream.WriteAsync(head);
            await stream.WriteAsync(header);
            stream.SetLength(head.Length + header.Length + (long)length);
        }
    }

    private static long Walk(ref DataSetReader reader)
    {
        long seen = 0;
        while (reader.Read())
        {
            seen += reader.Tag.Value;
            if (reader.Token == DataSetToken.Element)
                reader.SkipValue();
        }

        return seen;
    }

    private static long Walk(DicomDataSet set)
    {
        long seen = set.Count;
        foreach (DicomElement element in set)
        {
            if (element.Items is { } items)
            {
                foreach (DicomDataSet item in items)
                    seen += Walk(item);
            }
        }

        return seen;
    }

    private static DicomDataSet ReportSet()
    {
        // One content item below has 13 elements in all, sequences and code items counted: 770 of them make 10,000.
        var set = new DicomDataSet { { DicomTags.SOPClassUID, "1.2.840.10008.5.1.4.1.1.88.33" }, { DicomTags.SOPInstanceUID, "1.2.826.0.1.3680043.10.999.7.9" } };
        set.Set(DicomTags.ContentSequence, [.. Enumerable.Range(0, 10).Select(container => new DicomDataSet
        {
            { DicomTags.ValueType, "CONTAINER" },
            { DicomTags.ContentSequence, [.. Enumerable.Range(0, 77).Select(number => Measurement(100 * container + number))] },
        })]);
        return set;
    }

    private static DicomDataSet Measurement(int number) => new()
    {
        { DicomTags.RelationshipType, "CONTAINS" },
        { DicomTags.ValueType, "NUM" },
        { DicomTags.ConceptNameCodeSequence, Code("121206", "DCM", "Distance") },
        {
            DicomTags.MeasuredValueSequence, new DicomDataSet
            {
                { DicomTags.MeasurementUnitsCodeSequence, Code("mm", "UCUM", "millimeter") },
                { DicomTags.NumericValue, $"{number}.25" },
            }
        },
        { DicomTags.ObservationDateTime, "20260101101500" },
        { DicomTags.ObservationUID, $"1.2.826.0.1.3680043.10.999.7.9.{number}" },
    };

    private static DicomDataSet Code(string value, string scheme, string meaning) => new()
    {
        { DicomTags.CodeValue, value },
        { DicomTags.CodingSchemeDesignator, scheme },
        { DicomTags.CodeMeaning, meaning },
    };
}
