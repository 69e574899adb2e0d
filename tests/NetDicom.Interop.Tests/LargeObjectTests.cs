using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using NetDicom.Interop.Tests.Support;

namespace NetDicom.Interop.Tests;

public class LargeObjectTests
{
    private const long PixelBytes = 3L << 30;

    /// <summary>The promise of the design, in KiB.</summary>
    private const long MostResident = 80 * 1024;

    [Fact]
    public async Task An_object_of_3_GiB_passes_through_both_of_our_ends_in_less_than_80_MB_each()
    {
        using var folder = new TemporaryFolder();
        string source = folder.File("large.dcm"), output = folder.Folder("out");
        Assert.SkipUnless(new DriveInfo(folder.Path).AvailableFreeSpace > 3 * PixelBytes / 2, "less than 4.5 GiB of free disk space");
        WriteObject(source);

        await using NetDicomProgram.Server server = await NetDicomProgram.StartServerAsync("storescp", "-od", output);
        // With its standard input open the sender waits for more paths, so that its memory can be read after the object has gone out.
        await using ChildProcess sender = ChildProcess.Start(NetDicomProgram.File, ["storescu", "-v", "-td", "100", "--stdin", "127.0.0.1", server.Port], input: source + "\n", keepInput: true);
        await sender.WaitForLineAsync("Received Store Response");
        long senderPeak = PeakOf(sender.Id), receiverPeak = PeakOf(server.Process.Id);
        sender.CloseInput();
        Ended ended = await sender.EndAsync();
        Assert.True(ended.ExitCode == 0, ended.ToString());

        string received = Assert.Single(Directory.GetFiles(output));
        Assert.True(await AreSameDataSetAsync(source, received), "another data set was received");
        Assert.InRange(senderPeak, 1, MostResident);
        Assert.InRange(receiverPeak, 1, MostResident);
    }

    // A secondary capture image whose Pixel Data is a hole in the file, but for a mark each 64 MiB: quick to make, and a swapped or lost piece shows.
    private static void WriteObject(string path)
    {
        byte[] dataSet =
        [
            .. Element(0x0008, 0x0016, "UI", "1.2.840.10008.5.1.4.1.1.7"),
            .. Element(0x0008, 0x0018, "UI", "2.25.1"),
            .. Element(0x0010, 0x0020, "LO", "LARGE"),
            .. Element(0x0020, 0x000D, "UI", "2.25.2"),
            .. Element(0x0020, 0x000E, "UI", "2.25.3"),
        ];
        byte[] meta =
        [
            .. Element(0x0002, 0x0002, "UI", "1.2.840.10008.5.1.4.1.1.7"),
            .. Element(0x0002, 0x0003, "UI", "2.25.1"),
            .. Element(0x0002, 0x0010, "UI", "1.2.840.10008.1.2.1"),
        ];
        using FileStream file = File.Create(path);
        file.Write(new byte[128]);
        file.Write("DICM"u8);
        file.Write([0x02, 0, 0, 0, (byte)'U', (byte)'L', 4, 0, (byte)meta.Length, (byte)(meta.Length >> 8), 0, 0]);
        file.Write(meta);
        file.Write(dataSet);
        byte[] pixelData = [0xE0, 0x7F, 0x10, 0x00, (byte)'O', (byte)'W', 0, 0, 0, 0, 0, 0];
        BinaryPrimitives.WriteUInt32LittleEndian(pixelData.AsSpan(8), (uint)PixelBytes);
        file.Write(pixelData);
        long start = file.Position;
        for (long at = 0; at < PixelBytes; at += 64 << 20)
        {
            file.Position = start + at;
            file.Write(BitConverter.GetBytes(at + 1));
        }

        file.SetLength(start + PixelBytes);
    }

    private static byte[] Element(ushort group, ushort element, string vr, string text)
    {
        byte[] value = Encoding.ASCII.GetBytes(text.Length % 2 == 0 ? text : text + (vr == "UI" ? "\0" : " "));
        return [(byte)group, (byte)(group >> 8), (byte)element, (byte)(element >> 8), (byte)vr[0], (byte)vr[1], (byte)value.Length, (byte)(value.Length >> 8), .. value];
    }

    private static async Task<bool> AreSameDataSetAsync(string sent, string received)
    {
        await using FileStream one = await OpenAtDataSetAsync(sent), other = await OpenAtDataSetAsync(received);
        if (one.Length - one.Position != other.Length - other.Position)
            return false;
        byte[] left = new byte[1 << 20], right = new byte[1 << 20];
        while (await one.ReadAtLeastAsync(left, left.Length, throwOnEndOfStream: false) is > 0 and int read)
        {
            await other.ReadExactlyAsync(right.AsMemory(0, read));
            if (!left.AsSpan(0, read).SequenceEqual(right.AsSpan(0, read)))
                return false;
        }

        return true;
    }

    private static async Task<FileStream> OpenAtDataSetAsync(string path)
    {
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        byte[] head = new byte[4096];
        await file.ReadExactlyAsync(head);
        file.Position = Part10.DataSetOffset(head);
        return file;
    }

    // VmHWM: the most memory that was resident at any time.
    private static long PeakOf(int process)
    {
        string line = File.ReadLines($"/proc/{process}/status").First(l => l.StartsWith("VmHWM:", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
    }
}
