using System.Buffers.Binary;
using System.Text;

namespace NetDicom;

public sealed partial class FileMetaInformation
{
    /// <summary>Longest file meta information taken, in bytes: 1 MiB. Real ones have 200; private information (0002,0102) may add some kilobytes.</summary>
    public const int MaxLength = 1024 * 1024;

    /// <summary>
    /// Reads the file meta information from the first bytes of a file (PS3.10 section 7.1). What real files do is tolerated: no preamble, no <c>DICM</c>,
    /// a wrong or missing group length, group 0002 in implicit VR, no group 0002 at all.
    /// </summary>
    /// <param name="head">The first bytes of the file; 64 KiB serve nearly always.</param>
    /// <param name="meta">What was read; <see langword="null"/> unless <see cref="FileMetaStatus.Found"/> or <see cref="FileMetaStatus.Missing"/>.</param>
    /// <param name="dataSetOffset">Bytes from the start of the file to the data set.</param>
    /// <param name="isComplete">Whether <paramref name="head"/> is the whole file, so that there are no more bytes to ask for.</param>
    public static FileMetaStatus TryRead(ReadOnlySpan<byte> head, out FileMetaInformation? meta, out int dataSetOffset, bool isComplete = false)
    {
        meta = null;
        dataSetOffset = 0;
        if (head.Length < PrefixLength && !isComplete)
            return FileMetaStatus.NeedMoreBytes;
        if (!FindStart(head, out int start))
            return FileMetaStatus.NotDicom;
        var found = new Fields();
        FileMetaStatus status = ReadGroup2(head, start, isComplete, ref found, out dataSetOffset);
        if (status is FileMetaStatus.NeedMoreBytes && head.Length - start > MaxLength)
            return FileMetaStatus.NotDicom;
        if (status is FileMetaStatus.NeedMoreBytes or FileMetaStatus.NotDicom)
            return status;

        ReadOnlySpan<byte> dataSet = head[dataSetOffset..];
        if (dataSet.Length < 8 && !isComplete)
            return FileMetaStatus.NeedMoreBytes;
        TransferSyntax shown = found.Syntax.IsNone ? DataSetHead.Guess(dataSet) : DataSetHead.Guess(dataSet, found.Syntax);
        TransferSyntax said = found.Syntax.IsNone ? shown : found.Syntax;
        if (said.IsNone && status == FileMetaStatus.Missing)
            return FileMetaStatus.NotDicom;
        // Only plain syntaxes can be told apart by the first element; a compressed one is explicit VR little endian too.
        bool differs = said.IsUncompressed && said.IsKnown && !said.IsDeflated && !shown.IsNone
            && (shown.IsExplicitVR != said.IsExplicitVR || shown.IsBigEndian != said.IsBigEndian);
        if (found.SopClass.IsNone || found.SopInstance.IsNone)
        {
            if (!FindUids(dataSet, isComplete, differs ? shown : said, ref found) && status == FileMetaStatus.Missing)
                return FileMetaStatus.NeedMoreBytes;
        }

        meta = new FileMetaInformation
        {
            MediaStorageSopClassUid = found.SopClass,
            MediaStorageSopInstanceUid = found.SopInstance,
            TransferSyntax = said,
            DataSetSyntax = differs ? shown : default,
            ImplementationClassUid = found.ImplementationClass,
            ImplementationVersionName = found.ImplementationVersion,
            SourceApplicationEntityTitle = found.Source,
            SendingApplicationEntityTitle = found.Sending,
            ReceivingApplicationEntityTitle = found.Receiving,
        };
        return status;
    }

    // Where group 0002 or the data set starts. The preamble itself decides nothing: it may hold anything (PS3.10 section 7.1).
    private static bool FindStart(ReadOnlySpan<byte> head, out int start)
    {
        start = 0;
        if (head.Length >= PrefixLength && head[128..].StartsWith("DICM"u8))
            start = PrefixLength;
        else if (head.StartsWith("DICM"u8))
            start = 4;
        else if (!LooksLikeFirstElement(head))
        {
            // A preamble without DICM.
            if (head.Length < 136 || !LooksLikeFirstElement(head[128..]))
                return false;
            start = 128;
        }

        return true;
    }

    // Group 0002, 0004 or 0008 in either byte order with a small element number, and a VR or a length that is not out of all reason.
    private static bool LooksLikeFirstElement(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 8)
            return false;
        bool little = bytes[0] is 0x02 or 0x04 or 0x08 && bytes[1] == 0;
        bool big = bytes[0] == 0 && bytes[1] is 0x04 or 0x08;
        if (!little && !big)
            return false;
        if (DicomVR.FromBytes(bytes[4..]).IsKnown)
            return true;
        // PS3.6: the first element of these groups in implicit VR is short.
        return little && BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]) < 0x10000;
    }

    private static FileMetaStatus ReadGroup2(ReadOnlySpan<byte> head, int start, bool isComplete, ref Fields found, out int end)
    {
        end = start;
        bool any = false;
        while (true)
        {
            ReadOnlySpan<byte> rest = head[end..];
            if (rest.Length < 8)
                return !isComplete ? FileMetaStatus.NeedMoreBytes : any ? FileMetaStatus.Found : FileMetaStatus.NotDicom;
            if (BinaryPrimitives.ReadUInt16LittleEndian(rest) != 0x0002)
                return any ? FileMetaStatus.Found : FileMetaStatus.Missing;
            ushort element = BinaryPrimitives.ReadUInt16LittleEndian(rest[2..]);
            DicomVR vr = DicomVR.FromBytes(rest[4..]);
            uint length;
            int header = 8;
            if (!vr.IsKnown)
            {
                // Deviation met in the field: group 0002 in implicit VR.
                length = BinaryPrimitives.ReadUInt32LittleEndian(rest[4..]);
            }
            else if (!vr.IsLongForm)
            {
                length = BinaryPrimitives.ReadUInt16LittleEndian(rest[6..]);
            }
            else
            {
                header = 12;
                if (rest.Length < header)
                    return isComplete ? FileMetaStatus.NotDicom : FileMetaStatus.NeedMoreBytes;
                length = BinaryPrimitives.ReadUInt32LittleEndian(rest[8..]);
            }

            if (length > MaxLength)
                return FileMetaStatus.NotDicom;
            if (rest.Length - header < length)
                return isComplete ? FileMetaStatus.NotDicom : FileMetaStatus.NeedMoreBytes;
            found.Take(element, rest.Slice(header, (int)length));
            any = true;
            end += header + (int)length;
        }
    }

    // SOP Class UID and SOP Instance UID from the data set. False if the head ends before them.
    private static bool FindUids(ReadOnlySpan<byte> dataSet, bool isComplete, TransferSyntax syntax, ref Fields found)
    {
        Span<Range> values = stackalloc Range[2];
        DataSetHeadStatus status = DataSetHead.TryFind(dataSet, isComplete, syntax, [DicomTags.SOPClassUID, DicomTags.SOPInstanceUID], values);
        if (found.SopClass.IsNone && DicomUid.TryParse(dataSet[values[0]], out DicomUid sopClass))
            found.SopClass = sopClass;
        if (found.SopInstance.IsNone && DicomUid.TryParse(dataSet[values[1]], out DicomUid instance))
            found.SopInstance = instance;
        return status != DataSetHeadStatus.NeedMoreBytes;
    }

    private struct Fields
    {
        internal DicomUid SopClass, SopInstance, Syntax, ImplementationClass;
        internal string? ImplementationVersion, Source, Sending, Receiving;

        internal void Take(ushort element, ReadOnlySpan<byte> value)
        {
            switch (element)
            {
                case 0x0002: _ = DicomUid.TryParse(value, out SopClass); break;
                case 0x0003: _ = DicomUid.TryParse(value, out SopInstance); break;
                case 0x0010: _ = DicomUid.TryParse(value, out Syntax); break;
                case 0x0012: _ = DicomUid.TryParse(value, out ImplementationClass); break;
                case 0x0013: ImplementationVersion = Text(value); break;
                case 0x0016: Source = Text(value); break;
                case 0x0017: Sending = Text(value); break;
                case 0x0018: Receiving = Text(value); break;
                default: break;
            }
        }

        private static string? Text(ReadOnlySpan<byte> value)
        {
            value = value.Trim("\0 "u8);
            if (value.IsEmpty)
                return null;
            // Our own name is the one met most in our own files.
            return Ascii.Equals(value, Implementation.VersionName) ? Implementation.VersionName : Encoding.ASCII.GetString(value);
        }
    }
}
