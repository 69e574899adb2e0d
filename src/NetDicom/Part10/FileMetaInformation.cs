using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace NetDicom;

/// <summary>What came of reading the head of a file.</summary>
public enum FileMetaStatus
{
    /// <summary>The file has file meta information.</summary>
    Found,

    /// <summary>The file has none: it starts with the data set, whose transfer syntax was told from its bytes.</summary>
    Missing,

    /// <summary>The head ends before the file meta information (or, where there is none, before SOP Instance UID) does.</summary>
    NeedMoreBytes,

    /// <summary>The bytes are no DICOM file.</summary>
    NotDicom,
}

/// <summary>The file meta information in front of the data set of a file (PS3.10 section 7.1).</summary>
public sealed partial class FileMetaInformation
{
    /// <summary>Bytes in front of group 0002: preamble and <c>DICM</c>.</summary>
    internal const int PrefixLength = 132;

    /// <summary>(0002,0002) Media Storage SOP Class UID; none where the file does not say.</summary>
    public DicomUid MediaStorageSopClassUid { get; init; }

    /// <summary>(0002,0003) Media Storage SOP Instance UID; none where the file does not say.</summary>
    public DicomUid MediaStorageSopInstanceUid { get; init; }

    /// <summary>(0002,0010) Transfer Syntax UID as the file says, or as told from the bytes of the data set where it does not.</summary>
    public TransferSyntax TransferSyntax { get; init; }

    /// <summary>
    /// How the first bytes of the data set are really written: <see cref="TransferSyntax"/>, or the uncompressed syntax they show where the file says another.
    /// </summary>
    public TransferSyntax DataSetSyntax { get => field.IsNone ? TransferSyntax : field; init; }

    /// <summary>(0002,0012) Implementation Class UID of the writer of the file.</summary>
    public DicomUid ImplementationClassUid { get; init; }

    /// <summary>(0002,0013) Implementation Version Name of the writer of the file.</summary>
    public string? ImplementationVersionName { get; init; }

    /// <summary>(0002,0016) Source Application Entity Title.</summary>
    public string? SourceApplicationEntityTitle { get; init; }

    /// <summary>(0002,0017) Sending Application Entity Title: the calling AE of the C-STORE that brought the instance.</summary>
    public string? SendingApplicationEntityTitle { get; init; }

    /// <summary>(0002,0018) Receiving Application Entity Title: the called AE of that C-STORE.</summary>
    public string? ReceivingApplicationEntityTitle { get; init; }

    /// <summary>File meta information of a file that NetDicom writes.</summary>
    /// <param name="sopClassUid">SOP Class UID of the data set.</param>
    /// <param name="sopInstanceUid">SOP Instance UID of the data set.</param>
    /// <param name="syntax">Transfer syntax in which the data set is written.</param>
    public static FileMetaInformation Create(DicomUid sopClassUid, DicomUid sopInstanceUid, TransferSyntax syntax) => new()
    {
        MediaStorageSopClassUid = sopClassUid,
        MediaStorageSopInstanceUid = sopInstanceUid,
        TransferSyntax = syntax,
        ImplementationClassUid = Implementation.ClassUid,
        ImplementationVersionName = Implementation.VersionName,
    };

    /// <summary>Preamble (zeros), <c>DICM</c> and group 0002 with its length: everything in front of the data set.</summary>
    public byte[] GetBytes()
    {
        var writer = new ArrayBufferWriter<byte>(512);
        Write(writer);
        return writer.WrittenSpan.ToArray();
    }

    /// <summary>Writes what <see cref="GetBytes"/> makes.</summary>
    /// <exception cref="InvalidOperationException">There is no <see cref="TransferSyntax"/>.</exception>
    public void Write(IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(output);
        if (TransferSyntax.IsNone)
            throw new InvalidOperationException("File meta information needs a transfer syntax (PS3.10 table 7.1-1)");
        // Group length (12 bytes), version (14) and seven texts of 64 bytes at most with their headers of 8.
        Span<byte> bytes = output.GetSpan(PrefixLength + 26 + 8 * 72);
        bytes[..128].Clear();
        "DICM"u8.CopyTo(bytes[128..]);
        int at = PrefixLength + 12;
        "\x02\0\x01\0OB\0\0\x02\0\0\0\0\x01"u8.CopyTo(bytes[at..]);
        at += 14;
        at += Text(bytes[at..], 0x0002, "UI"u8, MediaStorageSopClassUid.Chars, 0);
        at += Text(bytes[at..], 0x0003, "UI"u8, MediaStorageSopInstanceUid.Chars, 0);
        at += Text(bytes[at..], 0x0010, "UI"u8, TransferSyntax.Uid.Chars, 0);
        at += Text(bytes[at..], 0x0012, "UI"u8, (ImplementationClassUid.IsNone ? Implementation.ClassUid : ImplementationClassUid).Chars, 0);
        at += Optional(bytes[at..], 0x0013, "SH"u8, ImplementationVersionName);
        at += Optional(bytes[at..], 0x0016, "AE"u8, SourceApplicationEntityTitle);
        at += Optional(bytes[at..], 0x0017, "AE"u8, SendingApplicationEntityTitle);
        at += Optional(bytes[at..], 0x0018, "AE"u8, ReceivingApplicationEntityTitle);
        "\x02\0\0\0UL\x04\0"u8.CopyTo(bytes[PrefixLength..]);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[(PrefixLength + 8)..], at - PrefixLength - 12);
        output.Advance(at);
    }

    /// <summary>The same, for a data set that is read in another syntax than the file says.</summary>
    internal FileMetaInformation WithDataSetSyntax(TransferSyntax syntax) => new()
    {
        MediaStorageSopClassUid = MediaStorageSopClassUid,
        MediaStorageSopInstanceUid = MediaStorageSopInstanceUid,
        TransferSyntax = TransferSyntax,
        DataSetSyntax = syntax,
        ImplementationClassUid = ImplementationClassUid,
        ImplementationVersionName = ImplementationVersionName,
        SourceApplicationEntityTitle = SourceApplicationEntityTitle,
        SendingApplicationEntityTitle = SendingApplicationEntityTitle,
        ReceivingApplicationEntityTitle = ReceivingApplicationEntityTitle,
    };

    private static int Optional(Span<byte> bytes, ushort element, ReadOnlySpan<byte> vr, string? text) =>
        string.IsNullOrEmpty(text) ? 0 : Text(bytes, element, vr, text, (byte)' ');

    private static int Text(Span<byte> bytes, ushort element, ReadOnlySpan<byte> vr, ReadOnlySpan<char> text, byte padding)
    {
        // None of these VRs holds more than 64 bytes (PS3.5 table 6.2-1); what is longer is cut.
        if (text.Length > DicomUid.MaxLength)
            text = text[..DicomUid.MaxLength];
        bytes[0] = 0x02;
        bytes[1] = 0x00;
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[2..], element);
        vr.CopyTo(bytes[4..]);
        int length = Encoding.ASCII.GetBytes(text, bytes[8..]);
        if ((length & 1) != 0)
            bytes[8 + length++] = padding;
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[6..], (ushort)length);
        return 8 + length;
    }
}
