using NetDicom.Protocol;
using NetDicom.TestSupport;

namespace NetDicom.Network.Tests;

/// <summary>PS3.4 annex H: the objects of a print session, their order, values and statuses.</summary>
public class PrintTests
{
    private readonly List<PrintJob> _jobs = [];
    private readonly List<PrintEvent> _events = [];
    private readonly FakeTimeProvider _clock = new();
    private bool _full;

    private PrintQueue Queue(int maxJobs = 10)
    {
        var queue = new PrintQueue(job =>
        {
            if (!_full)
                _jobs.Add(job);
            return !_full;
        }, "LASER1", maxJobs, _clock);
        queue.Happened += _events.Add;
        return queue;
    }

    private PrintSession Session(PrintOptions? options = null) => new(Queue(), "VIEWER", options);

    private static DicomDataSet Film(DicomUid session, string format = "STANDARD\\2,3") => new DicomDataSet()
        .Set(DicomElement.Create(DicomTags.ImageDisplayFormat, DicomVR.ST, format))
        .Set(DicomTags.ReferencedFilmSessionSequence, new SopReference(SopClasses.BasicFilmSession, session).ToItem());

    private static DicomDataSet Gray(int bits = 8, int rows = 4, int columns = 5) => new DicomDataSet()
        .Set(DicomTags.SamplesPerPixel, 1L).Set(DicomTags.PhotometricInterpretation, "MONOCHROME2").Set(DicomTags.Rows, (long)rows).Set(DicomTags.Columns, (long)columns)
        .Set(DicomTags.BitsAllocated, bits == 8 ? 8L : 16L).Set(DicomTags.BitsStored, (long)bits).Set(DicomTags.HighBit, bits - 1L).Set(DicomTags.PixelRepresentation, 0L)
        .Set(DicomTags.PixelData, new byte[rows * columns * (bits == 8 ? 1 : 2)]);

    private static DicomDataSet Color() => Gray().Set(DicomTags.SamplesPerPixel, 3L).Set(DicomTags.PhotometricInterpretation, "RGB").Set(DicomTags.PlanarConfiguration, 1L).Set(DicomTags.PixelData, new byte[60]);

    private static DicomDataSet Box(int position, DicomDataSet? image) => new DicomDataSet().Set(DicomTags.ImageBoxPosition, (long)position)
        .Set(DicomElement.Create(DicomTags.BasicGrayscaleImageSequence, image is null ? new DicomSequence() : new DicomSequence(image)));

    private static (DicomUid Session, DicomUid Film, DicomUid[] Boxes) Open(PrintSession print, string format = "STANDARD\\1,2")
    {
        DicomUid session = print.Create(SopClasses.BasicFilmSession, default, []).InstanceUid;
        RuleResult film = print.Create(SopClasses.BasicFilmBox, default, Film(session, format));
        Assert.True(film.IsDone, $"{film.Status} {film.ErrorComment}");
        return (session, film.InstanceUid, [.. film.Attributes!.GetSequence(DicomTags.ReferencedImageBoxSequence)!.Select(item => item.GetUid(DicomTags.ReferencedSOPInstanceUID))]);
    }

    [Theory]
    [InlineData("STANDARD\\2,3", 6)]
    [InlineData("STANDARD\\1,1", 1)]
    [InlineData("ROW\\2,1,3", 6)]
    [InlineData("COL\\1,4", 5)]
    [InlineData("STANDARD\\2", -1)]
    [InlineData("STANDARD\\0,1", -1)]
    [InlineData("STANDARD\\101,1", -1)]
    [InlineData("STANDARD", -1)]
    [InlineData("GRID\\2,2", -1)]
    [InlineData("SLIDE", 0)]
    [InlineData("SUPERSLIDE", 0)]
    [InlineData("CUSTOM\\3", 0)]
    [InlineData("CUSTOM\\3,4", -1)]
    [InlineData("", -1)]
    public void A_display_format_gives_the_number_of_image_boxes(string text, int boxes) =>
        Assert.Equal(boxes, ImageDisplayFormat.TryParse(text, out ImageDisplayFormat? format) ? format!.ImageBoxCount : -1);

    [Fact]
    public void A_film_box_answers_its_image_boxes_in_the_order_of_their_positions()
    {
        PrintSession print = Session();
        (_, _, DicomUid[] boxes) = Open(print, "STANDARD\\2,3");
        Assert.Equal(6, boxes.Distinct().Count());
        Assert.True(print.Set(SopClasses.BasicGrayscaleImageBox, boxes[4], Box(5, Gray())).IsDone);
        Assert.Equal(DicomTags.ImageBoxPosition, Assert.Single(print.Set(SopClasses.BasicGrayscaleImageBox, boxes[4], Box(4, Gray())).Elements));
    }

    [Fact]
    public void There_is_one_film_session_at_a_time()
    {
        PrintSession print = Session();
        DicomUid uid = print.Create(SopClasses.BasicFilmSession, default, []).InstanceUid;
        Assert.Equal(DimseStatus.ProcessingFailure, print.Create(SopClasses.BasicFilmSession, default, []).Status);
        Assert.Equal(DimseStatus.DuplicateSopInstance, print.Create(SopClasses.BasicFilmSession, uid, []).Status);
        Assert.True(print.Delete(SopClasses.BasicFilmSession, uid).IsDone);
        Assert.True(print.Create(SopClasses.BasicFilmSession, default, []).IsDone);
    }

    [Fact]
    public void A_film_box_belongs_to_the_session_of_its_association()
    {
        PrintSession print = Session();
        Assert.Equal(DimseStatus.InvalidAttributeValue, print.Create(SopClasses.BasicFilmBox, default, Film(new DicomUid("1.2"))).Status);
        Open(print);
        Assert.Equal(DicomTags.ReferencedFilmSessionSequence, Assert.Single(print.Create(SopClasses.BasicFilmBox, default, Film(new DicomUid("1.2"))).Elements));
    }

    [Fact]
    public void Only_the_film_box_made_last_can_be_changed_printed_and_deleted()
    {
        PrintSession print = Session();
        (DicomUid session, DicomUid first, DicomUid[] boxes) = Open(print);
        DicomUid second = print.Create(SopClasses.BasicFilmBox, default, Film(session)).InstanceUid;
        Assert.Equal(DimseStatus.NoSuchSopInstance, print.Set(SopClasses.BasicFilmBox, first, new DicomDataSet().Set(DicomTags.Trim, "YES")).Status);
        Assert.Equal(DimseStatus.NoSuchSopInstance, print.Set(SopClasses.BasicGrayscaleImageBox, boxes[0], Box(1, Gray())).Status);
        Assert.Equal(DimseStatus.NoSuchSopInstance, print.Print(SopClasses.BasicFilmBox, first, 1).Status);
        Assert.Equal(DimseStatus.NoSuchSopInstance, print.Delete(SopClasses.BasicFilmBox, first).Status);
        Assert.True(print.Set(SopClasses.BasicFilmBox, second, new DicomDataSet().Set(DicomTags.Trim, "YES")).IsDone);
        Assert.True(print.Delete(SopClasses.BasicFilmBox, second).IsDone);
        Assert.True(print.Set(SopClasses.BasicGrayscaleImageBox, boxes[0], Box(1, Gray())).IsDone);
    }

    [Fact]
    public void Deleting_the_session_or_ending_the_association_deletes_what_is_below()
    {
        PrintSession print = Session();
        (DicomUid session, DicomUid film, _) = Open(print);
        print.Delete(SopClasses.BasicFilmSession, session);
        Assert.Equal(DimseStatus.NoSuchSopInstance, print.Print(SopClasses.BasicFilmBox, film, 1).Status);
        (_, film, _) = Open(print);
        print.End();
        Assert.Equal(DimseStatus.NoSuchSopInstance, print.Print(SopClasses.BasicFilmBox, film, 1).Status);
    }

    [Theory]
    [InlineData(0x20000010, "0", 0x0106)]
    [InlineData(0x20000010, "3", 0x0000)]
    [InlineData(0x20000020, "HIGH", 0x0000)]
    [InlineData(0x20000020, "SOON", 0x0106)]
    [InlineData(0x20000030, "BLUE FILM", 0x0000)]
    [InlineData(0x20000030, "PAPER", 0x0106)]
    [InlineData(0x20000060, "100", 0xB600)]
    public void The_values_of_a_film_session(uint tag, string value, int status)
    {
        PrintSession print = Session(new PrintOptions { MediumTypes = ["BLUE FILM", "CLEAR FILM"] });
        RuleResult result = print.Create(SopClasses.BasicFilmSession, default, new DicomDataSet().Set(new DicomTag(tag), value));
        Assert.Equal(status, result.Status.Code);
        if (status != 0)
            Assert.Equal(new DicomTag(tag), Assert.Single(result.Elements));
        if (status == 0)
            Assert.Equal(0, print.Set(SopClasses.BasicFilmSession, result.InstanceUid, new DicomDataSet().Set(new DicomTag(tag), value)).Status.Code);
    }

    [Theory]
    [InlineData(0x20100040, "PORTRAIT", 0x0000)]
    [InlineData(0x20100040, "UPSIDE", 0x0106)]
    [InlineData(0x20100050, "14INX17IN", 0x0000)]
    [InlineData(0x20100050, "A4", 0x0106)]
    [InlineData(0x20100140, "MAYBE", 0x0106)]
    [InlineData(0x20100100, "BLACK", 0x0000)]
    [InlineData(0x20100100, "150", 0x0000)]
    [InlineData(0x20100100, "GREY", 0x0106)]
    [InlineData(0x20100120, "25", 0x0000)]
    [InlineData(0x20100120, "5", 0xB605)]
    [InlineData(0x20100130, "400", 0xB605)]
    public void The_values_of_a_film_box(uint tag, string value, int status)
    {
        PrintSession print = Session(new PrintOptions { FilmSizes = ["14INX17IN"] });
        DicomUid session = print.Create(SopClasses.BasicFilmSession, default, []).InstanceUid;
        RuleResult result = print.Create(SopClasses.BasicFilmBox, default, Film(session).Set(new DicomTag(tag), value));
        Assert.Equal(status, result.Status.Code);
        if (status == 0xB605)
            Assert.Equal(tag == 0x20100120 ? 20 : 310, result.Attributes!.GetInt32(new DicomTag(tag)));
    }

    [Theory]
    [InlineData("STANDARD\\20,20")]
    [InlineData("SLIDE")]
    [InlineData("NONSENSE")]
    public void A_display_format_that_the_printer_does_not_have_is_refused(string format)
    {
        PrintSession print = Session();
        DicomUid session = print.Create(SopClasses.BasicFilmSession, default, []).InstanceUid;
        Assert.Equal((DimseStatus.InvalidAttributeValue, DicomTags.ImageDisplayFormat), (print.Create(SopClasses.BasicFilmBox, default, Film(session, format)).Status, print.Create(SopClasses.BasicFilmBox, default, Film(session, format)).Elements[0]));
        PrintSession slides = Session(new PrintOptions { CustomImageBoxes = one => one.Kind == "SLIDE" ? 12 : 0 });
        Assert.Equal(12, Open(slides, "SLIDE").Boxes.Length);
    }

    [Fact]
    public void What_a_film_box_was_made_with_cannot_be_set()
    {
        PrintSession print = Session();
        (_, DicomUid film, _) = Open(print);
        Assert.Equal((DimseStatus.NoSuchAttribute, DicomTags.FilmSizeID), (print.Set(SopClasses.BasicFilmBox, film, new DicomDataSet().Set(DicomTags.FilmSizeID, "8INX10IN")).Status,
            print.Set(SopClasses.BasicFilmBox, film, new DicomDataSet().Set(DicomTags.FilmSizeID, "8INX10IN")).Elements[0]));
    }

    public static TheoryData<uint, string> WrongPixels() => new()
    {
        { DicomTags.SamplesPerPixel.Value, "3" }, { DicomTags.PhotometricInterpretation.Value, "RGB" }, { DicomTags.BitsAllocated.Value, "16" }, { DicomTags.BitsStored.Value, "7" },
        { DicomTags.HighBit.Value, "6" }, { DicomTags.PixelRepresentation.Value, "1" }, { DicomTags.Rows.Value, "0" }, { DicomTags.Rows.Value, "65535" }, { DicomTags.Columns.Value, "6" },
    };

    [Theory, MemberData(nameof(WrongPixels))]
    public void Pixels_that_do_not_fit_their_description_are_refused(uint tag, string value)
    {
        PrintSession print = Session();
        (_, _, DicomUid[] boxes) = Open(print);
        Assert.Equal(DimseStatus.InvalidAttributeValue, print.Set(SopClasses.BasicGrayscaleImageBox, boxes[0], Box(1, Gray().Set(new DicomTag(tag), value))).Status);
    }

    [Fact]
    public void Pixels_of_8_and_12_bits_and_of_three_planes_are_taken()
    {
        Assert.Null(PrintRules.CheckPixels(Gray(8), false));
        Assert.Null(PrintRules.CheckPixels(Gray(12), false));
        Assert.Null(PrintRules.CheckPixels(Gray(8, 3, 5).Set(DicomTags.PixelData, new byte[16]), false));
        Assert.Null(PrintRules.CheckPixels(Color(), true));
        Assert.NotNull(PrintRules.CheckPixels(Color().Set(DicomTags.PlanarConfiguration, 0L), true));
        Assert.NotNull(PrintRules.CheckPixels(Gray(), true));
    }

    [Fact]
    public void The_colour_class_has_colour_image_boxes()
    {
        PrintSession print = Session(new PrintOptions { IsColor = true });
        (_, _, DicomUid[] boxes) = Open(print);
        DicomDataSet box = new DicomDataSet().Set(DicomTags.ImageBoxPosition, 1L).Set(DicomTags.BasicColorImageSequence, Color());
        Assert.True(print.Set(SopClasses.BasicColorImageBox, boxes[0], box).IsDone);
        Assert.Equal(DimseStatus.NoSuchSopClass, print.Set(SopClasses.BasicGrayscaleImageBox, boxes[0], Box(1, Gray())).Status);
    }

    [Fact]
    public void An_empty_image_sequence_erases_the_box()
    {
        PrintSession print = Session();
        (_, DicomUid film, DicomUid[] boxes) = Open(print);
        print.Set(SopClasses.BasicGrayscaleImageBox, boxes[0], Box(1, Gray()));
        Assert.Equal(DimseStatus.Success, print.Print(SopClasses.BasicFilmBox, film, 1).Status);
        Assert.True(print.Set(SopClasses.BasicGrayscaleImageBox, boxes[0], Box(1, null)).IsDone);
        Assert.Equal(0xB603, print.Print(SopClasses.BasicFilmBox, film, 1).Status.Code);
    }

    [Fact]
    public void Images_beyond_the_memory_are_refused_with_C605H()
    {
        PrintSession print = Session(new PrintOptions { MaxPixelBytes = 30 });
        (_, _, DicomUid[] boxes) = Open(print);
        Assert.True(print.Set(SopClasses.BasicGrayscaleImageBox, boxes[0], Box(1, Gray())).IsDone);
        Assert.Equal(0xC605, print.Set(SopClasses.BasicGrayscaleImageBox, boxes[1], Box(2, Gray())).Status.Code);
        Assert.True(print.Set(SopClasses.BasicGrayscaleImageBox, boxes[0], Box(1, null)).IsDone);
        Assert.True(print.Set(SopClasses.BasicGrayscaleImageBox, boxes[1], Box(2, Gray())).IsDone);
    }

    [Fact]
    public void Printing_makes_a_job_with_the_films_and_answers_its_UID()
    {
        PrintSession print = Session();
        DicomUid session = print.Create(SopClasses.BasicFilmSession, default, new DicomDataSet().Set(DicomTags.NumberOfCopies, 2L).Set(DicomTags.PrintPriority, "HIGH")).InstanceUid;
        RuleResult film = print.Create(SopClasses.BasicFilmBox, default, Film(session, "STANDARD\\1,1"));
        print.Set(SopClasses.BasicGrayscaleImageBox, film.Attributes!.GetUid("ReferencedImageBoxSequence[0].ReferencedSOPInstanceUID"), Box(1, Gray()));
        RuleResult printed = print.Print(SopClasses.BasicFilmSession, session, 1);
        PrintJob job = Assert.Single(_jobs);
        Assert.Equal(job.JobUid, printed.Attributes!.GetUid("ReferencedPrintJobSequence[0].ReferencedSOPInstanceUID"));
        Assert.Equal((2, 20), (job.FilmSession.GetInt32(DicomTags.NumberOfCopies), job.Films[0].Images[0].GetBytes("BasicGrayscaleImageSequence[0].PixelData").Length));
        RuleResult status = print.Get(SopClasses.PrintJob, job.JobUid, []);
        Assert.Equal(("PENDING", "HIGH", "VIEWER", "19700101"), (status.Attributes!.GetString(DicomTags.ExecutionStatus), status.Attributes.GetString(DicomTags.PrintPriority), status.Attributes.GetString(DicomTags.Originator), status.Attributes.GetString(DicomTags.CreationDate)));
    }

    [Fact]
    public void The_statuses_of_printing()
    {
        PrintSession print = Session(new PrintOptions { SupportsCollation = false });
        DicomUid session = print.Create(SopClasses.BasicFilmSession, default, []).InstanceUid;
        Assert.Equal(0xC600, print.Print(SopClasses.BasicFilmSession, session, 1).Status.Code);
        Assert.Equal(DimseStatus.NoSuchAction, print.Print(SopClasses.BasicFilmSession, session, 2).Status);
        DicomUid film = print.Create(SopClasses.BasicFilmBox, default, Film(session)).InstanceUid;
        Assert.Equal(0xB602, print.Print(SopClasses.BasicFilmSession, session, 1).Status.Code);
        Assert.Equal(0xB603, print.Print(SopClasses.BasicFilmBox, film, 1).Status.Code);
        RuleResult second = print.Create(SopClasses.BasicFilmBox, default, Film(session, "STANDARD\\1,1"));
        print.Set(SopClasses.BasicGrayscaleImageBox, second.Attributes!.GetUid("ReferencedImageBoxSequence[0].ReferencedSOPInstanceUID"), Box(1, Gray()));
        Assert.Equal(0xB601, print.Print(SopClasses.BasicFilmSession, session, 1).Status.Code);
        _full = true;
        Assert.Equal(0xC601, print.Print(SopClasses.BasicFilmSession, session, 1).Status.Code);
        Assert.Equal(0xC602, print.Print(SopClasses.BasicFilmBox, second.InstanceUid, 1).Status.Code);
    }

    [Fact]
    public void A_printer_that_prints_no_sessions_takes_a_film_box_at_a_time()
    {
        PrintSession print = Session(new PrintOptions { SupportsSessionPrint = false });
        (DicomUid session, DicomUid film, _) = Open(print);
        Assert.Equal(0xC616, print.Create(SopClasses.BasicFilmBox, default, Film(session)).Status.Code);
        Assert.Equal(DimseStatus.NoSuchAction, print.Print(SopClasses.BasicFilmSession, session, 1).Status);
        Assert.True(print.Print(SopClasses.BasicFilmBox, film, 1).IsDone);
        Assert.True(print.Create(SopClasses.BasicFilmBox, default, Film(session)).IsDone);
    }

    [Fact]
    public void A_presentation_LUT_is_a_shape_or_a_table_and_is_there_when_it_is_referred_to()
    {
        PrintSession print = Session();
        DicomDataSet Lut(int entries, int bits) => new DicomDataSet().Set(DicomTags.PresentationLUTSequence,
            new DicomDataSet().Set(DicomTags.LUTDescriptor, entries, 0L, bits).Set(DicomElement.Create(DicomTags.LUTData, DicomVR.OW, new byte[entries * 2])));
        DicomUid shape = print.Create(SopClasses.PresentationLUT, default, new DicomDataSet().Set(DicomTags.PresentationLUTShape, "IDENTITY")).InstanceUid;
        Assert.True(print.Create(SopClasses.PresentationLUT, default, Lut(256, 12)).IsDone);
        Assert.Equal(DimseStatus.InvalidAttributeValue, print.Create(SopClasses.PresentationLUT, default, Lut(256, 8)).Status);
        Assert.Equal(DimseStatus.InvalidAttributeValue, print.Create(SopClasses.PresentationLUT, default, Lut(100, 12)).Status);
        Assert.Equal(DimseStatus.InvalidAttributeValue, print.Create(SopClasses.PresentationLUT, default, Lut(256, 12).Set(DicomTags.PresentationLUTShape, "IDENTITY")).Status);
        Assert.Equal(DimseStatus.InvalidAttributeValue, print.Create(SopClasses.PresentationLUT, default, new DicomDataSet().Set(DicomTags.PresentationLUTShape, "CURVE")).Status);
        Assert.Equal(DimseStatus.MissingAttribute, print.Create(SopClasses.PresentationLUT, default, []).Status);
        (_, DicomUid film, _) = Open(print);
        DicomDataSet Refer(DicomUid uid) => new DicomDataSet().Set(DicomTags.ReferencedPresentationLUTSequence, new SopReference(SopClasses.PresentationLUT, uid).ToItem());
        Assert.True(print.Set(SopClasses.BasicFilmBox, film, Refer(shape)).IsDone);
        Assert.True(print.Delete(SopClasses.PresentationLUT, shape).IsDone);
        Assert.Equal(DimseStatus.InvalidAttributeValue, print.Set(SopClasses.BasicFilmBox, film, Refer(shape)).Status);
    }

    [Fact]
    public void Annotation_boxes_come_with_a_format_that_has_them()
    {
        PrintSession print = Session(new PrintOptions { AnnotationBoxes = format => format == "LABEL" ? 2 : 0 });
        DicomUid session = print.Create(SopClasses.BasicFilmSession, default, []).InstanceUid;
        RuleResult film = print.Create(SopClasses.BasicFilmBox, default, Film(session).Set(DicomTags.AnnotationDisplayFormatID, "LABEL"));
        DicomSequence boxes = film.Attributes!.GetSequence(DicomTags.ReferencedBasicAnnotationBoxSequence)!;
        Assert.Equal(2, boxes.Count);
        DicomUid second = boxes[1].GetUid(DicomTags.ReferencedSOPInstanceUID);
        Assert.True(print.Set(SopClasses.BasicAnnotationBox, second, new DicomDataSet().Set(DicomTags.AnnotationPosition, 2L).Set(DicomTags.TextString, "left")).IsDone);
        Assert.Equal(DimseStatus.InvalidAttributeValue, print.Set(SopClasses.BasicAnnotationBox, second, new DicomDataSet().Set(DicomTags.AnnotationPosition, 1L)).Status);
        Assert.Equal(DimseStatus.MissingAttribute, print.Set(SopClasses.BasicAnnotationBox, second, new DicomDataSet().Set(DicomTags.TextString, "left")).Status);
        print.Print(SopClasses.BasicFilmBox, film.InstanceUid, 1);
        Assert.Equal("left", _jobs[0].Films[0].Annotations[1].GetString(DicomTags.TextString));
    }

    [Fact]
    public void A_printer_and_its_jobs_report_what_happens()
    {
        PrintQueue queue = Queue();
        var print = new PrintSession(queue, "VIEWER");
        (_, DicomUid film, _) = Open(print);
        print.Print(SopClasses.BasicFilmBox, film, 1);
        DicomUid job = _jobs[0].JobUid;
        Assert.Equal("NORMAL", print.Get(SopClasses.Printer, PrintQueue.PrinterInstance, [DicomTags.PrinterStatus]).Attributes!.GetString(DicomTags.PrinterStatus));
        Assert.Equal(DimseStatus.NoSuchSopInstance, print.Get(SopClasses.Printer, job, []).Status);
        Assert.Equal(DimseStatus.NoSuchSopInstance, print.Get(SopClasses.PrintJob, film, []).Status);
        Assert.Equal(DimseStatus.NoSuchSopClass, print.Get(SopClasses.BasicFilmBox, film, []).Status);
        queue.ReportPrinter(PrinterStatus.Warning, "SUPPLY LOW");
        Assert.True(queue.ReportJob(job, PrintJobStatus.Printing, "NORMAL"));
        Assert.True(queue.ReportJob(job, PrintJobStatus.Done, "NORMAL"));
        Assert.False(queue.ReportJob(job, PrintJobStatus.Failure, "NORMAL"));
        queue.ReportPrinter(PrinterStatus.Normal, "NORMAL");
        Assert.Equal([(SopClasses.Printer, 2, "SUPPLY LOW"), (SopClasses.PrintJob, 2, null), (SopClasses.PrintJob, 3, null), (SopClasses.Printer, 1, null)],
            _events.Select(one => (one.SopClassUid, (int)one.EventTypeId, one.Information?.GetStringOrDefault(DicomTags.PrinterStatusInfo))));
        Assert.Null(_events[^1].Information);
        Assert.All(_events, one => Assert.True(ServiceRules.CheckEvent(one.SopClassUid, one.EventTypeId).IsDone));
    }

    [Fact]
    public void A_queue_forgets_ended_jobs_first_and_is_full_when_none_has_ended()
    {
        PrintQueue queue = Queue(1);
        var print = new PrintSession(queue, "VIEWER");
        (_, DicomUid film, _) = Open(print);
        Assert.True(print.Print(SopClasses.BasicFilmBox, film, 1).IsDone);
        Assert.Equal(0xC602, print.Print(SopClasses.BasicFilmBox, film, 1).Status.Code);
        queue.ReportJob(_jobs[0].JobUid, PrintJobStatus.Done, "NORMAL");
        Assert.True(print.Print(SopClasses.BasicFilmBox, film, 1).IsDone);
        Assert.Equal(DimseStatus.NoSuchSopInstance, queue.GetJob(_jobs[0].JobUid, []).Status);
    }

    [Fact]
    public void A_session_has_a_limit_of_film_boxes()
    {
        PrintSession print = Session(new PrintOptions { MaxFilmBoxes = 1 });
        (DicomUid session, _, _) = Open(print);
        Assert.Equal(DimseStatus.ResourceLimitation, print.Create(SopClasses.BasicFilmBox, default, Film(session)).Status);
    }

    [Fact]
    public void Classes_that_cannot_be_made_or_set_are_answered_0118H()
    {
        PrintSession print = Session();
        Assert.Equal(DimseStatus.NoSuchSopClass, print.Create(SopClasses.BasicGrayscaleImageBox, default, []).Status);
        Assert.Equal(DimseStatus.NoSuchSopClass, print.Set(SopClasses.Printer, PrintQueue.PrinterInstance, []).Status);
    }
}
