using NetDicom.Tests.Support;

namespace NetDicom.Tests.Part10;

public class FileMetaInformationTests
{
    private static readonly DicomUid _instance = new("1.2.3.4");

    [Fact]
    public void What_is_written_is_read()
    {
        var written = new FileMetaInformation
        {
            MediaStorageSopClassUid = SopClasses.CTImageStorage,
            MediaStorageSopInstanceUid = _instance,
            TransferSyntax = TransferSyntax.JPEGLSLossless,
            ImplementationClassUid = new DicomUid("1.2.3"),
            ImplementationVersionName = "ODD",
            SourceApplicationEntityTitle = "SOURCE",
            SendingApplicationEntityTitle = "SENDER",
            ReceivingApplicationEntityTitle = "RECEIVER",
        };
        byte[] file = [.. written.GetBytes(), .. Encoded.ExplicitLittle.Element(0x00080005, "CS", "").Bytes];
        for (int i = 0; i < file.Length - 8; i++)
            Assert.Equal(FileMetaStatus.NeedMoreBytes, FileMetaInformation.TryRead(file.AsSpan(0, i), out _, out _));
        Assert.Equal(FileMetaStatus.Found, FileMetaInformation.TryRead(file, out FileMetaInformation? read, out int offset));
        Assert.Equal(file.Length - 8, offset);
        Assert.Equal((written.MediaStorageSopClassUid, written.MediaStorageSopInstanceUid), (read!.MediaStorageSopClassUid, read.MediaStorageSopInstanceUid));
        Assert.Equal((written.TransferSyntax, written.ImplementationClassUid, written.ImplementationVersionName), (read.TransferSyntax, read.ImplementationClassUid, read.ImplementationVersionName));
        Assert.Equal((written.SourceApplicationEntityTitle, written.SendingApplicationEntityTitle, written.ReceivingApplicationEntityTitle), (read.SourceApplicationEntityTitle, read.SendingApplicationEntityTitle, read.ReceivingApplicationEntityTitle));
    }

    [Fact]
    public void The_group_is_written_as_the_standard_says()
    {
        byte[] expected = new Encoded().Raw(new byte[128]).Raw("DICM"u8.ToArray())
            .Element(0x00020000, "UL", 138, 0, 0, 0)
            .Element(0x00020001, "OB", 0, 1)
            .Element(0x00020002, "UI", "1.2.840.10008.5.1.4.1.1.2\0")
            .Element(0x00020003, "UI", "1.2.3.4\0")
            .Element(0x00020010, "UI", "1.2.840.10008.1.2\0")
            .Element(0x00020012, "UI", Implementation.ClassUid.ToString())
            .Element(0x00020013, "SH", "NETDICOM_0_1").Bytes;
        expected[140] = (byte)(expected.Length - 144);
        Assert.Equal(expected, FileMetaInformation.Create(SopClasses.CTImageStorage, _instance, TransferSyntax.ImplicitVRLittleEndian).GetBytes());
    }

    [Fact]
    public void Without_a_transfer_syntax_nothing_is_written() =>
        Assert.Throws<InvalidOperationException>(() => new FileMetaInformation().GetBytes());

    [Theory]
    [InlineData("as it should be")]
    [InlineData("no preamble")]
    [InlineData("no preamble and no DICM")]
    [InlineData("no DICM")]
    [InlineData("wrong group length")]
    [InlineData("no group length")]
    [InlineData("implicit VR")]
    [InlineData("a TIFF header as preamble")]
    [InlineData("a data element as preamble")]
    public void A_head_written_wrong_is_read_like_a_right_one(string deviation)
    {
        byte[] group = (deviation == "implicit VR" ? Encoded.Implicit : Encoded.ExplicitLittle)
            .Raw(deviation == "no group length" ? [] : Encoded.ExplicitLittle.Element(0x00020000, "UL", deviation == "wrong group length" ? (byte)7 : (byte)90, 0, 0, 0).Bytes)
            .Element(0x00020001, "OB", 0, 1)
            .Element(0x00020002, "UI", "1.2.840.10008.5.1.4.1.1.2\0").Element(0x00020003, "UI", "1.2.3.4 ").Element(0x00020010, "UI", "1.2.840.10008.1.2.1\0").Bytes;
        byte[] preamble = new byte[128];
        if (deviation == "a TIFF header as preamble")
            "II*\0"u8.CopyTo(preamble);
        if (deviation == "a data element as preamble")
            Encoded.ExplicitLittle.Element(0x00080005, "CS", "ISO_IR 100").Bytes.CopyTo(preamble, 0);
        byte[] front = deviation switch
        {
            "no preamble" => "DICM"u8.ToArray(),
            "no preamble and no DICM" => [],
            "no DICM" => preamble,
            _ => [.. preamble, .. "DICM"u8],
        };
        byte[] data = Encoded.ExplicitLittle.Element(0x00080016, "UI", "1.2.3\0").Bytes;
        byte[] file = [.. front, .. group, .. data];
        Assert.Equal(FileMetaStatus.Found, FileMetaInformation.TryRead(file, out FileMetaInformation? meta, out int offset, isComplete: true));
        Assert.Equal(front.Length + group.Length, offset);
        Assert.Equal((SopClasses.CTImageStorage, _instance, TransferSyntax.ExplicitVRLittleEndian), (meta!.MediaStorageSopClassUid, meta.MediaStorageSopInstanceUid, meta.TransferSyntax));
    }

    [Theory]
    [InlineData("implicit"), InlineData("explicit"), InlineData("big")]
    public void Without_meta_the_data_set_tells_its_syntax_and_UIDs(string form)
    {
        (Encoded encoded, TransferSyntax syntax) = form switch
        {
            "implicit" => (Encoded.Implicit, TransferSyntax.ImplicitVRLittleEndian),
            "explicit" => (Encoded.ExplicitLittle, TransferSyntax.ExplicitVRLittleEndian),
            _ => (Encoded.ExplicitBig, TransferSyntax.ExplicitVRBigEndian),
        };
        encoded.Element(0x00080005, "CS", "ISO_IR 100");
        byte[] file = encoded.Element(0x00080016, "UI", "1.2.840.10008.5.1.4.1.1.2\0").Element(0x00080018, "UI", "1.2.3.4\0")
            .Element(0x00100010, "PN", new string('x', 200)).Bytes;
        Assert.Equal(FileMetaStatus.Missing, FileMetaInformation.TryRead(file, out FileMetaInformation? meta, out int offset));
        Assert.Equal((0, syntax, SopClasses.CTImageStorage, _instance), (offset, meta!.TransferSyntax, meta.MediaStorageSopClassUid, meta.MediaStorageSopInstanceUid));
    }

    [Fact]
    public void Without_meta_the_head_must_reach_the_SOP_Instance_UID()
    {
        byte[] file = Encoded.ExplicitLittle.Element(0x00080005, "CS", new string('x', 200)).Element(0x00080016, "UI", "1.2\0").Element(0x00080018, "UI", "1.2.3.4\0").Bytes;
        Assert.Equal(FileMetaStatus.NeedMoreBytes, FileMetaInformation.TryRead(file.AsSpan(0, 214), out _, out _));
        Assert.Equal(FileMetaStatus.Missing, FileMetaInformation.TryRead(file, out _, out _));
    }

    [Fact]
    public void A_head_that_says_another_syntax_than_the_data_show_is_told_apart()
    {
        byte[] file = [.. FileMetaInformation.Create(SopClasses.CTImageStorage, _instance, TransferSyntax.ExplicitVRLittleEndian).GetBytes(), .. Encoded.Implicit.Element(0x00080016, "", "1.2\0").Bytes];
        Assert.Equal(FileMetaStatus.Found, FileMetaInformation.TryRead(file, out FileMetaInformation? meta, out _, isComplete: true));
        Assert.Equal((TransferSyntax.ExplicitVRLittleEndian, TransferSyntax.ImplicitVRLittleEndian), (meta!.TransferSyntax, meta.DataSetSyntax));
    }

    [Theory]
    [InlineData("GIF89a"), InlineData(""), InlineData("<?xml version=\"1.0\"?>")]
    public void Other_files_are_not_taken_for_DICOM(string text)
    {
        byte[] bytes = System.Text.Encoding.ASCII.GetBytes(text);
        Assert.Equal(FileMetaStatus.NotDicom, FileMetaInformation.TryRead(bytes, out _, out _, isComplete: true));
        byte[] longer = [.. bytes, .. Enumerable.Repeat((byte)'x', 500)];
        Assert.Equal(FileMetaStatus.NotDicom, FileMetaInformation.TryRead(longer, out _, out _));
    }

    [Fact]
    public void Of_the_real_files_all_but_the_known_others_are_DICOM()
    {
        RealFiles.Require();
        IEnumerable<string> refused = RealFiles.All.Where(name => FileMetaInformation.TryRead(RealFiles.Bytes(name), out _, out _, isComplete: true) == FileMetaStatus.NotDicom);
        Assert.Equal(RealFiles.Others, refused);
    }

    [Fact]
    public void A_meta_element_that_claims_more_than_the_limit_is_refused_at_once()
    {
        byte[] file = [.. new byte[128], .. "DICM"u8, .. Encoded.ExplicitLittle.Header(0x00020102, "OB", FileMetaInformation.MaxLength + 1).Bytes, 0, 0];
        Assert.Equal(FileMetaStatus.NotDicom, FileMetaInformation.TryRead(file, out _, out _));
        file = [.. new byte[128], .. "DICM"u8, .. Encoded.ExplicitLittle.Header(0x00020102, "OB", FileMetaInformation.MaxLength).Bytes, 0, 0];
        Assert.Equal(FileMetaStatus.NeedMoreBytes, FileMetaInformation.TryRead(file, out _, out _));
    }

    [Fact]
    public void The_head_of_a_typical_file_costs_one_UID_and_the_object()
    {
        byte[] file = [.. FileMetaInformation.Create(SopClasses.CTImageStorage, _instance, TransferSyntax.ExplicitVRLittleEndian).GetBytes(), .. Encoded.ExplicitLittle.Element(0x00080005, "CS", "ISO_IR 100").Bytes];
        _ = FileMetaInformation.TryRead(file, out _, out _);
        // Unoptimised code allocates for the look-ups too; 2,000 bytes leave room for that.
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
            _ = FileMetaInformation.TryRead(file, out _, out _);
        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before) / 100, 1, 4_000);
    }
}
