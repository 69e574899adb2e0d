using System.IO.Compression;
using NetDicom.Tests.Support;

namespace NetDicom.Tests.Reading;

public class InflatingStreamTests
{
    private static readonly byte[] _plain = Encoded.ExplicitLittle.Element(0x00080005, "CS", "ISO_IR 100").Element(0x7FE00010, "OW", new byte[5000]).Bytes;

    [Theory]
    [InlineData("raw"), InlineData("zlib"), InlineData("plain")]
    public async Task A_deflated_data_set_is_inflated_also_with_a_zlib_header_or_if_it_is_plain(string form)
    {
        Assert.Equal(_plain, await ReadAsync(Compress(form)));
        using var result = new MemoryStream();
        using var stream = new InflatingStream(new MemoryStream(Compress(form)));
        stream.CopyTo(result);
        Assert.Equal(_plain, result.ToArray());
    }

    [Fact]
    public async Task One_byte_more_than_the_limit_is_refused()
    {
        Assert.Equal(_plain, await ReadAsync(Compress("raw"), _plain.Length));
        var error = await Assert.ThrowsAsync<DicomDataException>(() => ReadAsync(Compress("raw"), _plain.Length - 1));
        Assert.Contains("limit", error.Message);
    }

    [Fact]
    public async Task A_broken_stream_is_a_data_error_with_its_offset()
    {
        byte[] broken = Compress("raw");
        broken.AsSpan(3).Fill(0xFF);
        Assert.NotNull((await Assert.ThrowsAsync<DicomDataException>(() => ReadAsync(broken))).Offset);
    }

    private static byte[] Compress(string form)
    {
        if (form == "plain")
            return _plain;
        var result = new MemoryStream();
        using (Stream deflate = form == "raw" ? new DeflateStream(result, CompressionLevel.Optimal) : new ZLibStream(result, CompressionLevel.Optimal))
            deflate.Write(_plain);
        return result.ToArray();
    }

    private static async Task<byte[]> ReadAsync(byte[] compressed, long limit = InflatingStream.DefaultMaxLength)
    {
        using var result = new MemoryStream();
        await using var stream = new InflatingStream(new MemoryStream(compressed), limit);
        await stream.CopyToAsync(result);
        return result.ToArray();
    }
}
