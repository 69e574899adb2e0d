using System.Buffers.Binary;
using System.Text;

namespace NetDicom.Interop.Tests.Support;

/// <summary>
/// The least that is needed to compare files: where the file meta information (PS3.10 section 7.1) ends and the data set begins. Written
/// for the tests alone, so that a mistake in the library's reader cannot hide itself.
/// </summary>
internal static class Part10
{
    /// <summary>The bytes after the file meta information.</summary>
    public static ReadOnlyMemory<byte> DataSet(byte[] file) => file.AsMemory(DataSetOffset(file));

    /// <summary>Value of a UID element of the file meta information; empty when it is absent.</summary>
    public static string MetaUid(byte[] file, ushort element)
    {
        string found = "";
        Walk(file, (number, value) =>
        {
            if (number == element)
                found = Encoding.ASCII.GetString(value).TrimEnd('\0', ' ');
        });
        return found;
    }

    /// <summary>Where the data set begins.</summary>
    public static int DataSetOffset(byte[] file) => Walk(file, null);

    private delegate void Visit(ushort element, ReadOnlySpan<byte> value);

    // Group 0002 is always Explicit VR Little Endian.
    private static int Walk(ReadOnlySpan<byte> file, Visit? visit)
    {
        int at = file.Length >= 132 && file[128..132].SequenceEqual("DICM"u8) ? 132 : 0;
        while (at + 8 <= file.Length && BinaryPrimitives.ReadUInt16LittleEndian(file[at..]) == 0x0002)
        {
            ushort element = BinaryPrimitives.ReadUInt16LittleEndian(file[(at + 2)..]);
            bool isLong = Encoding.ASCII.GetString(file.Slice(at + 4, 2)) is "OB" or "OW" or "UN" or "UT" or "SQ";
            int head = isLong ? 12 : 8;
            int length = isLong ? BinaryPrimitives.ReadInt32LittleEndian(file[(at + 8)..]) : BinaryPrimitives.ReadUInt16LittleEndian(file[(at + 6)..]);
            visit?.Invoke(element, file.Slice(at + head, length));
            at += head + length;
        }

        return at;
    }
}
