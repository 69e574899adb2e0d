using System.IO.Compression;

namespace NetDicom.Fuzz.Corpus;

/// <summary>Raw RFC 1951 streams.</summary>
internal static class Deflated
{
    private const int MaxInflated = 1 << 20;

    /// <summary>Small data sets that become 64 MiB and more: one long value, and a sequence of empty items.</summary>
    public static IReadOnlyList<byte[]> Bombs { get; } = [Bomb([0xE0, 0x7F, 0x10, 0, (byte)'O', (byte)'B', 0, 0, 0, 0, 0, 0x40], [0]), Bomb([8, 0, 0x40, 0x11, (byte)'S', (byte)'Q', 0, 0, 0xFF, 0xFF, 0xFF, 0xFF], [0xFE, 0xFF, 0, 0xE0, 0, 0, 0, 0])];

    public static byte[] Deflate(ReadOnlySpan<byte> bytes)
    {
        using var output = new MemoryStream();
        using (var deflate = new DeflateStream(output, CompressionLevel.Fastest))
            deflate.Write(bytes);
        return output.ToArray();
    }

    /// <summary>What it inflates to, as far as it does, up to a bound of the fuzzer's own.</summary>
    public static byte[] Inflate(byte[] bytes)
    {
        byte[] inflated = new byte[MaxInflated];
        int length = 0;
        try
        {
            using var inflate = new DeflateStream(new MemoryStream(bytes), CompressionMode.Decompress);
            length = inflate.ReadAtLeast(inflated, inflated.Length, throwOnEndOfStream: false);
        }
        catch (InvalidDataException)
        {
        }

        return inflated[..length];
    }

    private static byte[] Bomb(byte[] head, byte[] pattern)
    {
        byte[] block = new byte[1 << 20];
        for (int i = 0; i < block.Length; i++)
            block[i] = pattern[i % pattern.Length];
        using var output = new MemoryStream();
        using (var deflate = new DeflateStream(output, CompressionLevel.Optimal))
        {
            deflate.Write(head);
            for (int i = 0; i < 64; i++)
                deflate.Write(block);
        }

        return output.ToArray();
    }
}
