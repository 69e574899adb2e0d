namespace NetDicom.Bench;

/// <summary>CT slices as files, 100 a series. The same call writes the same bytes.</summary>
internal static class SliceCorpus
{
    /// <param name="folder">Made when missing; a folder a series.</param>
    /// <param name="count">Slices.</param>
    /// <param name="side">Rows and columns: 512 makes files of 528 KB, 78 of 16 KB.</param>
    public static async Task WriteAsync(string folder, int count, int side = 512)
    {
        for (int i = 0; i < count; i++)
        {
            int series = i / 100 + 1, instance = i % 100 + 1;
            DicomFile slice = DataSetOperations.CtSlice(series, instance);
            if (side < 512)
            {
                slice.DataSet.Set(DicomElement.Create(DicomTags.Rows, DicomVR.US, new long[] { side }));
                slice.DataSet.Set(DicomElement.Create(DicomTags.Columns, DicomVR.US, new long[] { side }));
                slice.DataSet.Set(DicomElement.Create(DicomTags.PixelData, DicomVR.OW, new byte[side * side * 2]));
            }

            string path = Path.Combine(Directory.CreateDirectory(Path.Combine(folder, $"{series:00}")).FullName, $"{instance:000}.dcm");
            await slice.SaveAsync(path);
        }
    }
}
