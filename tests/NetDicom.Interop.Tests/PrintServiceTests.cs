using System.Globalization;
using System.Threading.Channels;
using NetDicom.Interop.Tests.Support;
using NetDicom.Network;
using NetDicom.Protocol;

namespace NetDicom.Interop.Tests;

/// <summary>Print Management with DCMTK's dcmprscp, and with its dcmpsprt and dcmprscu.</summary>
public class PrintServiceTests
{
    private static string Configuration(TemporaryFolder folder, string type, int port)
    {
        string file = folder.File("print.cfg");
        File.WriteAllText(file, $"""
            [[GENERAL]]
            [PRINT]
            Directory = {folder.Folder("spool")}
            [DATABASE]
            Directory = {folder.Folder("database")}
            [NETWORK]
            aetitle = DCMTK
            [[COMMUNICATION]]
            [PRINTER]
            type = {type}
            hostname = localhost
            port = {port.ToString(CultureInfo.InvariantCulture)}
            description = printer
            aetitle = PRINTER
            DisplayFormat=1,1\1,2\2,2
            FilmSizeID = 8INX10IN\14INX17IN
            MediumType = PAPER\CLEAR FILM
            FilmDestination = MAGAZINE\PROCESSOR
            MagnificationType = REPLICATE\NONE
            SupportsPresentationLUT = true
            Supports12Bit = true
            MaxPDU = 32768

            """);
        return file;
    }

    [Fact]
    [Interop("Print Management", "SCU", "DCMTK")]
    public async Task Our_requests_make_dcmprscp_keep_a_print()
    {
        string program = Peers.Dcmtk("dcmprscp");
        using var folder = new TemporaryFolder();
        int port = Ports.Free();
        await using ChildProcess printer = ChildProcess.Start(program, ["-v", "-c", Configuration(folder, "LOCALPRINTER", port), "-p", "PRINTER"], Peers.NoDelay, folder.Path);
        await Ports.WaitUntilListeningAsync(port, printer);
        var user = new ApplicationEntity("NETDICOM");
        user.AddRequestedContext(SopClasses.BasicGrayscalePrintManagementMeta);
        await using Association association = await user.AssociateAsync("127.0.0.1", port, new AssociationOptions { CalledAETitle = "PRINTER" });
        Assert.Equal("NORMAL", (await association.NGetAsync(SopClasses.Printer, Uids.PrinterInstance)).EnsureSuccess().DataSet!.GetString(DicomTags.PrinterStatus));
        DicomUid session = (await association.NCreateAsync(SopClasses.BasicFilmSession, DicomUid.Generate(), new DicomDataSet().Set(DicomTags.NumberOfCopies, 1L))).EnsureSuccess().AffectedSopInstanceUid;
        NResponse film = (await association.NCreateAsync(SopClasses.BasicFilmBox, DicomUid.Generate(), new DicomDataSet()
            .Set(DicomElement.Create(DicomTags.ImageDisplayFormat, DicomVR.ST, "STANDARD\\1,2"))
            .Set(DicomTags.ReferencedFilmSessionSequence, new SopReference(SopClasses.BasicFilmSession, session).ToItem()))).EnsureSuccess();
        DicomSequence boxes = film.DataSet!.GetSequence(DicomTags.ReferencedImageBoxSequence)!;
        Assert.Equal(2, boxes.Count);
        DicomDataSet image = new DicomDataSet().Set(DicomTags.SamplesPerPixel, 1L).Set(DicomTags.PhotometricInterpretation, "MONOCHROME2").Set(DicomTags.Rows, 16L).Set(DicomTags.Columns, 16L)
            .Set(DicomTags.PixelAspectRatio, "1", "1").Set(DicomTags.BitsAllocated, 8L).Set(DicomTags.BitsStored, 8L).Set(DicomTags.HighBit, 7L).Set(DicomTags.PixelRepresentation, 0L)
            .Set(DicomTags.PixelData, new byte[256]);
        NResponse set = await association.NSetAsync(SopClasses.BasicGrayscaleImageBox, boxes[0].GetUid(DicomTags.ReferencedSOPInstanceUID),
            new DicomDataSet().Set(DicomTags.ImageBoxPosition, 1L).Set(DicomTags.BasicGrayscaleImageSequence, image));
        Assert.True(set.Status.IsSuccess, $"{set.Status} {printer.Said}");
        NResponse printed = await association.NActionAsync(SopClasses.BasicFilmBox, film.AffectedSopInstanceUid, 1);
        Assert.True(!printed.Status.IsFailure, $"{printed.Status} {printer.Said}");
        Assert.Equal(DimseStatus.Success, (await association.NDeleteAsync(SopClasses.BasicFilmSession, session)).Status);
        await association.ReleaseAsync();
        // It keeps the image and the print as files of its own.
        string[] kept = Directory.GetFiles(folder.File("database"), "*.dcm");
        Assert.Contains(kept, file => Part10.MetaUid(File.ReadAllBytes(file), 0x0002) == SopClasses.StoredPrintStorage.ToString());
    }

    [Fact]
    [Interop("Print Management", "SCP", "DCMTK")]
    public async Task Dcmprscu_prints_with_us_what_dcmpsprt_has_rendered()
    {
        string render = Peers.Dcmtk("dcmpsprt"), print = Peers.Dcmtk("dcmprscu");
        Instances instances = await Instances.LoadAsync();
        var jobs = Channel.CreateUnbounded<PrintJob>();
        var queue = new PrintQueue(jobs.Writer.TryWrite, "LASER1");
        var entity = new ApplicationEntity("PRINTER");
        entity.AddPrintProvider(queue);
        await using DicomServer server = await entity.StartServerAsync(0);
        using var folder = new TemporaryFolder();
        string configuration = Configuration(folder, "PRINTER", server.Port);
        Ended rendered = await ChildProcess.RunAsync(
            render, ["-v", "-c", configuration, "-p", "PRINTER", "--nospool", "-l", "1", "2", instances.Files[0].Name, instances.Files[1].Name], folder: folder.Path);
        Assert.True(rendered.ExitCode == 0, rendered.ToString());
        string stored = Directory.GetFiles(folder.File("database"), "*.dcm").Single(file => Part10.MetaUid(File.ReadAllBytes(file), 0x0002) == SopClasses.StoredPrintStorage.ToString());
        Ended printed = await ChildProcess.RunAsync(print, ["-v", "-c", configuration, "-p", "PRINTER", stored], Peers.NoDelay, folder.Path);
        Assert.True(printed.ExitCode == 0, printed.ToString());
        Assert.True(jobs.Reader.TryRead(out PrintJob? job), printed.ToString());
        PrintFilm film = Assert.Single(job.Films);
        Assert.Equal("STANDARD\\1,2", film.FilmBox.GetString(DicomTags.ImageDisplayFormat));
        Assert.Equal([1, 2], film.Images.Select(image => image.GetInt32OrDefault(DicomTags.ImageBoxPosition) ?? 0));
        Assert.All(film.Images, image =>
        {
            DicomDataSet pixels = image.GetSequence(DicomTags.BasicGrayscaleImageSequence)![0];
            Assert.InRange(pixels.GetInt32OrDefault(DicomTags.Rows) ?? 0, 1, 8192);
            Assert.Equal(pixels.GetInt32OrDefault(DicomTags.Rows) * pixels.GetInt32OrDefault(DicomTags.Columns) * pixels.GetInt32OrDefault(DicomTags.BitsAllocated) / 8, (int)pixels[DicomTags.PixelData].Length);
        });
    }
}
