namespace NetDicom.Bench.Rows;

/// <summary>What is sent: made once, kept for the next call.</summary>
internal sealed class Corpus(string work)
{
    public Task<string> SlicesAsync(int count = 2000) => MakeAsync("slices", count, 512);

    public Task<string> SmallAsync(int count = 5000) => MakeAsync("small", count, 78);

    /// <summary>One multi-frame object of 512 MB.</summary>
    public async Task<string> LargeAsync()
    {
        string folder = Path.Combine(work, "large");
        string file = Path.Combine(folder, "1.dcm");
        if (File.Exists(file))
            return folder;
        Directory.CreateDirectory(folder);
        DicomFile slice = DataSetOperations.CtSlice(1, 1);
        slice.DataSet.Set(DicomElement.Create(DicomTags.NumberOfFrames, DicomVR.IS, "1024"));
        slice.DataSet.Set(DicomElement.Create(DicomTags.PixelData, DicomVR.OW, new byte[512 << 20]));
        await slice.SaveAsync(file);
        return folder;
    }

    public static double BytesOf(string folder) => Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Sum(file => (double)new FileInfo(file).Length);

    private async Task<string> MakeAsync(string name, int count, int side)
    {
        string folder = Path.Combine(work, $"{name}-{count}");
        string done = folder + ".whole";
        if (File.Exists(done))
            return folder;
        await SliceCorpus.WriteAsync(folder, count, side);
        await File.WriteAllTextAsync(done, "");
        return folder;
    }
}
