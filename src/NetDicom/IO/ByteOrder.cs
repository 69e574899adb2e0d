using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace NetDicom;

/// <summary>Changes the byte order of values (PS3.5 section 7.3).</summary>
internal static class ByteOrder
{
    /// <summary>Reverses each unit of 2, 4 or 8 bytes in place; 1 does nothing. Bytes after the last whole unit stay.</summary>
    internal static void Swap(Span<byte> bytes, int unit)
    {
        switch (unit)
        {
            case 2:
                Span<ushort> words = MemoryMarshal.Cast<byte, ushort>(bytes);
                BinaryPrimitives.ReverseEndianness(words, words);
                break;
            case 4:
                Span<uint> longs = MemoryMarshal.Cast<byte, uint>(bytes);
                BinaryPrimitives.ReverseEndianness(longs, longs);
                break;
            case 8:
                Span<ulong> veryLongs = MemoryMarshal.Cast<byte, ulong>(bytes);
                BinaryPrimitives.ReverseEndianness(veryLongs, veryLongs);
                break;
            default:
                break;
        }
    }
}
