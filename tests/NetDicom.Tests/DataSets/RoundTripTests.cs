using NetDicom.Tests.Support;

namespace NetDicom.Tests.DataSets;

public class RoundTripTests
{
    private static readonly TransferSyntax[] _uncompressed =
        [TransferSyntax.ImplicitVRLittleEndian, TransferSyntax.ExplicitVRLittleEndian, TransferSyntax.ExplicitVRBigEndian, TransferSyntax.DeflatedExplicitVRLittleEndian];

    [Theory, MemberData(nameof(RealFiles.Rows), MemberType = typeof(RealFiles))]
    public async Task A_file_that_nobody_changed_is_written_byte_for_byte(string name)
    {
        byte[] bytes = RealFiles.Bytes(name);
        await using DicomFile fromPath = await DicomFile.OpenAsync(RealFiles.PathOf(name));
        Assert.Equal(bytes, await fromPath.ToArrayAsync());
        Assert.Equal(bytes, await DicomFile.Read(bytes).ToArrayAsync());
        await using DicomFile fromStream = await DicomFile.OpenAsync(new Unseekable(bytes));
        Assert.Equal(bytes, await fromStream.ToArrayAsync());
        Assert.Empty(fromPath.DataSet.Diff(fromStream.DataSet).Select(difference => difference.ToString()));
        Assert.Equal(fromPath.DataSet.Deviations, fromStream.DataSet.Deviations);
    }

    [Theory, MemberData(nameof(RealFiles.Rows), MemberType = typeof(RealFiles))]
    public async Task In_a_changed_file_everything_else_stays_as_it_was(string name)
    {
        byte[] bytes = RealFiles.Bytes(name);
        await using DicomFile file = await DicomFile.OpenAsync(RealFiles.PathOf(name));
        file.DataSet.Set(DicomElement.Create(new DicomTag(0x7FE11010), DicomVR.OB, new byte[] { 1, 2 }));
        byte[] changed = await file.ToArrayAsync();
        DicomDataSet read = DicomFile.Read(changed).DataSet;
        Assert.Equal(["(7FE1,1010)"], DicomFile.Read(bytes).DataSet.Diff(read).Select(difference => difference.Path.ToString()));
        file.DataSet.Remove(new DicomTag(0x7FE11010));
        read = DicomFile.Read(await file.ToArrayAsync()).DataSet;
        Assert.Empty(DicomFile.Read(bytes).DataSet.Diff(read).Select(difference => difference.ToString()));
    }

    [Theory, MemberData(nameof(RealFiles.Rows), MemberType = typeof(RealFiles))]
    public async Task Converted_between_the_uncompressed_syntaxes_and_back_a_file_is_what_it_was(string name)
    {
        DicomFile file = DicomFile.Read(RealFiles.Bytes(name));
        Assert.SkipWhen(file.DataSet.TryGet(DicomTags.PixelData, out DicomElement? pixels) && (pixels.Fragments is not null || !file.TransferSyntax.IsUncompressed), "compressed");
        foreach (TransferSyntax syntax in _uncompressed)
        {
            foreach (SequenceLengths lengths in new[] { SequenceLengths.Defined, SequenceLengths.Undefined })
            {
                DicomFile there = DicomFile.Read(await file.ToArrayAsync(new DicomWriteOptions { TransferSyntax = syntax, SequenceLengths = lengths }));
                Assert.Equal(syntax, there.TransferSyntax);
                Assert.Empty(file.DataSet.Diff(there.DataSet).Select(difference => difference.ToString()));
                DicomFile back = DicomFile.Read(await there.ToArrayAsync(new DicomWriteOptions { TransferSyntax = TransferSyntax.ExplicitVRLittleEndian }));
                Assert.Empty(file.DataSet.Diff(back.DataSet).Select(difference => $"{syntax}: {difference}"));
            }
        }
    }

    private sealed class Unseekable(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;
    }
}
