using System.Collections.Concurrent;
using System.Globalization;
using NetDicom.Interop.Tests.Support;
using NetDicom.Network;
using NetDicom.Protocol;

namespace NetDicom.Interop.Tests;

/// <summary>printscu against DCMTK's print server, which keeps each page as a Stored Print object and each image as a Hardcopy Grayscale image; colour, which it has not, against a printer of ours.</summary>
public class PrintTests
{
    private static ChildProcess StartPrinter(TemporaryFolder folder, int port)
    {
        string program = Peers.Dcmtk("dcmprscp");
        File.WriteAllText(folder.File("print.cfg"), $"""
            [[GENERAL]]
            [DATABASE]
            Directory = {folder.Folder("database")}
            [PRINT]
            Directory = {folder.Folder("spool")}
            [[COMMUNICATION]]
            [PRINTER]
            Aetitle = PRINTER
            Description = for tests
            Hostname = localhost
            Port = {port}
            Type = LOCALPRINTER
            DisplayFormat=1,1\2,1
            FilmSizeID = 8INX10IN
            ImplicitOnly = false
            MaxPDU = 32768
            MediumType = PAPER
            Supports12Bit = true
            SupportsPresentationLUT = false

            """);
        return ChildProcess.Start(program, ["-v", "-c", folder.File("print.cfg"), "-p", "PRINTER"], Peers.NoDelay);
    }

    [Fact]
    public async Task Three_images_are_printed_by_DCMTK_on_two_films_pixel_for_pixel()
    {
        using var folder = new TemporaryFolder();
        int port = Ports.Free();
        await using ChildProcess printer = StartPrinter(folder, port);
        await Ports.WaitUntilListeningAsync(port, printer);
        string[] address = ["127.0.0.1", port.ToString(CultureInfo.InvariantCulture), "-aec", "PRINTER"];

        Lines status = await Lines.RunAsync(0, "printscu", address);
        Assert.Equal("NORMAL", Lines.Value(Assert.Single(status.Of("response")), "21100010"));

        Lines printed = await Lines.RunAsync(0, "printscu",
            ["--format", "STANDARD\\2,1", "--film-size", "8INX10IN", "--medium", "PAPER", "--window", "0,2049", .. address, RealFiles.CtSmall, RealFiles.MrSmall, RealFiles.CtSmall]);
        Assert.Equal(2, printed.Summary.GetProperty("films").GetInt32());
        Assert.Equal(3, printed.Summary.GetProperty("images").GetInt32());

        // What the printer keeps, read by DCMTK: three hardcopy images of the size of ours, and two pages.
        string[] objects = [.. Directory.EnumerateFiles(folder.File("database")).Where(f => Path.GetFileName(f) != "index.dat")];
        Ended dump = await ChildProcess.RunAsync(Peers.Dcmtk("dcmdump"), ["+P", "SOPClassUID", "+P", "Rows", "+P", "BitsStored", .. objects]);
        Assert.Equal(3, dump.Said("HardcopyGrayscaleImageStorage"));
        Assert.Equal(2, dump.Said("StoredPrintStorage"));
        Assert.Equal(2, dump.Said("US 128 ")); // CT_small has 128 rows, twice
        Assert.Equal(1, dump.Said("US 64 "));  // MR_small has 64
        byte[] expected = await WindowedAsync(RealFiles.CtSmall);
        int same = 0;
        foreach (string file in objects)
        {
            await using DicomFile kept = await DicomFile.OpenAsync(file);
            if (kept.DataSet.TryGet(DicomTags.PixelData, out DicomElement? pixels) && pixels.GetBytes().Span.SequenceEqual(expected))
                same++;
        }

        Assert.Equal(2, same);
    }

    // PS3.3 section C.11.2.1.2 with centre 0 and width 2049: -1024.5 is the last black value but one step, 1023.5 the last that is not white.
    private static async Task<byte[]> WindowedAsync(string path)
    {
        await using DicomFile file = await DicomFile.OpenAsync(path);
        double slope = file.DataSet.GetDouble(DicomTags.RescaleSlope), intercept = file.DataSet.GetDouble(DicomTags.RescaleIntercept);
        byte[] stored = file.DataSet.GetBytes(DicomTags.PixelData).ToArray();
        return [.. Enumerable.Range(0, stored.Length / 2).Select(i => BitConverter.ToInt16(stored, 2 * i) * slope + intercept)
            .Select(v => v <= -1024.5 ? (byte)0 : v > 1023.5 ? (byte)255 : (byte)(((v + 0.5) / 2048 + 0.5) * 255))];
    }

    [Fact]
    public async Task What_the_printer_refuses_is_4_and_the_session_is_deleted()
    {
        using var folder = new TemporaryFolder();
        int port = Ports.Free();
        await using ChildProcess printer = StartPrinter(folder, port);
        await Ports.WaitUntilListeningAsync(port, printer);
        Lines lines = await Lines.RunAsync(4, "printscu", "--format", "STANDARD\\9,9", "127.0.0.1", port.ToString(CultureInfo.InvariantCulture), "-aec", "PRINTER", RealFiles.CtSmall);
        Assert.Contains(lines.Ended.ErrorLines, l => l.StartsWith("E: N-CREATE (film box): 0x", StringComparison.Ordinal));
        Assert.Equal("N-DELETE (film session)", lines.Of("response")[^1].GetProperty("operation").GetString());
        Assert.Equal(0, lines.Summary.GetProperty("films").GetInt32());
    }

    [Fact]
    public async Task Colour_goes_to_the_colour_classes_plane_by_plane()
    {
        var boxes = new ConcurrentQueue<DicomDataSet>();
        var entity = new ApplicationEntity("PRINTER");
        entity.AddSupportedContexts(PresentationContexts.PrintManagement);
        DicomUid box = DicomUid.Generate();
        entity.OnNGet((_, _) => ValueTask.FromResult(new NResponse { DataSet = new DicomDataSet { { DicomTags.PrinterStatus, "WARNING" }, { DicomTags.PrinterStatusInfo, "SUPPLY LOW" } } }));
        entity.OnNCreate((request, _) => ValueTask.FromResult(request.AffectedSopClassUid == SopClasses.BasicFilmBox
            ? new NResponse { DataSet = new DicomDataSet { { DicomTags.ReferencedImageBoxSequence, [new DicomDataSet { { DicomTags.ReferencedSOPClassUID, SopClasses.BasicColorImageBox }, { DicomTags.ReferencedSOPInstanceUID, box } }] } } }
            : DimseStatus.Success));
        entity.OnNSet(SopClasses.BasicColorImageBox, (request, _) =>
        {
            boxes.Enqueue(request.ModificationList);
            return ValueTask.FromResult<NResponse>(DimseStatus.Success);
        });
        entity.OnNAction((_, _) => ValueTask.FromResult<NResponse>(DimseStatus.Success));
        entity.OnNDelete((_, _) => ValueTask.FromResult<NResponse>(DimseStatus.Success));
        await using DicomServer server = await entity.StartServerAsync(0);

        string rgb = RealFiles.File("SC_rgb_small_odd.dcm"), compressed = RealFiles.File("SC_rgb_rle.dcm");
        Lines lines = await Lines.RunAsync(3, "printscu", "-ll", "warn", "--color", "127.0.0.1", $"{server.Port}", compressed, rgb);
        Assert.Contains("SUPPLY LOW", lines.Ended.Error, StringComparison.Ordinal);
        Assert.Contains(lines.Ended.ErrorLines, l => l.Contains(compressed, StringComparison.Ordinal) && l.Contains("compressed", StringComparison.Ordinal));
        DicomDataSet image = Assert.Single(Assert.Single(boxes).GetSequence(DicomTags.BasicColorImageSequence)!);
        DicomDataSet source = (await DicomFile.OpenAsync(rgb)).DataSet;
        int count = source.GetInt32(DicomTags.Rows) * source.GetInt32(DicomTags.Columns);
        byte[] pixels = image.GetBytes(DicomTags.PixelData).ToArray(), original = source.GetBytes(DicomTags.PixelData).ToArray();
        // Three by three pixels: 27 bytes, and one that makes the length even.
        Assert.Equal((9, 28), (count, pixels.Length));
        for (int i = 0; i < count; i++)
            Assert.Equal((original[3 * i], original[3 * i + 1], original[3 * i + 2]), (pixels[i], pixels[count + i], pixels[2 * count + i]));
    }
}
