using System.Globalization;
using NetDicom;
using NetDicom.Bench;

// Writes CT slices into a folder, 100 a series: FOLDER [COUNT] [SIDE]. Slices of 512 pixels a side (the default) have 512 KB, of 64 have 16 KB. The same call writes the same files.
int side = 512;
if (args is not ([_] or [_, _] or [_, _, _]) || !int.TryParse(args.Length > 1 ? args[1] : "2000", NumberStyles.None, CultureInfo.InvariantCulture, out int count)
    || (args.Length > 2 && (!int.TryParse(args[2], NumberStyles.None, CultureInfo.InvariantCulture, out side) || side is < 1 or > 512)))
{
    Console.Error.WriteLine("usage: dotnet run -c Release --project bench/Corpus -- FOLDER [COUNT] [SIDE]");
    return 2;
}

for (int i = 0; i < count; i++)
{
    int series = i / 100 + 1, instance = i % 100 + 1;
    string folder = Directory.CreateDirectory(Path.Combine(args[0], $"{series:00}")).FullName;
    DicomFile slice = DataSetOperations.CtSlice(series, instance);
    if (side < 512)
    {
        slice.DataSet.Set(DicomElement.Create(DicomTags.Rows, DicomVR.US, new long[] { side }));
        slice.DataSet.Set(DicomElement.Create(DicomTags.Columns, DicomVR.US, new long[] { side }));
        slice.DataSet.Set(DicomElement.Create(DicomTags.PixelData, DicomVR.OW, new byte[side * side * 2]));
    }

    await slice.SaveAsync(Path.Combine(folder, $"{instance:000}.dcm"));
}

return 0;
