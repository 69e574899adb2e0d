using NetDicom.Tests.Support;

namespace NetDicom.Tests.DataSets;

/// <summary>A file that is larger than memory should be. What is allocated is counted in the whole process: nothing else may run meanwhile.</summary>
[Collection(Alone.Name)]
public class LargeFileTests
{
    [Fact]
    public async Task A_3_GiB_file_is_opened_without_being_read()
    {
        string path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.dcm");
        try
        {
            byte[] head = [.. FileMetaInformation.Create(SopClasses.CTImageStorage, new DicomUid("1.2.3"), TransferSyntax.ExplicitVRLittleEndian).GetBytes(),
                .. Encoded.ExplicitLittle.Element(0x00100020, "LO", "P1").Header(0x7FE00010, "OB", 3u << 30).Bytes];
            await using (FileStream file = File.Create(path))
            {
                await file.WriteAsync(head);
                file.SetLength(head.Length + (3L << 30));
            }

            long before = GC.GetTotalAllocatedBytes();
            await using DicomFile opened = await DicomFile.OpenAsync(path);
            Assert.Equal("P1", opened.DataSet.GetString(DicomTags.PatientID));
            Assert.Equal(3L << 30, opened.DataSet[DicomTags.PixelData].Length);
            Assert.False(opened.DataSet[DicomTags.PixelData].IsHeld);
            await using Stream pixels = opened.DataSet[DicomTags.PixelData].OpenRead();
            pixels.Seek(-1, SeekOrigin.End);
            Assert.Equal(0, pixels.ReadByte());
            Assert.InRange(GC.GetTotalAllocatedBytes() - before, 0, 64 << 20);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
