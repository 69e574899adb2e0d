using NetDicom.Tests.Support;

namespace NetDicom.Tests.DataSets;

public class DicomFragmentsTests
{
    private static readonly byte[] _start = [0xFF, 0xD8, 0, 0], _more = [1, 2, 3, 4];

    [Fact]
    public void Frames_are_told_by_the_offset_table_if_its_offsets_hit_fragments()
    {
        // Fragments of 4 bytes lie 12 apart.
        DicomFragments fragments = Read([0, 24], _more, _more, _more);
        Assert.Equal([0..2, 2..3], fragments.GetFrames(2));
        Assert.Equal([0u, 24u], fragments.GetOffsetTable());
        Assert.Equal([0..1, 1..3], Read([], _more, _more, _more).GetFrames(2, [0, 12]));
    }

    [Fact]
    public void No_30_a_wrong_or_missing_offset_table_is_made_good_from_the_fragments()
    {
        Assert.Equal([0..1, 1..2], Read([0, 13], _more, _more).GetFrames(2));
        Assert.Equal([0..3], Read([], _more, _more, _more).GetFrames(1));
        Assert.Equal([0..2, 2..3], Read([0, 99], _start, _more, _start).GetFrames(2));
        Assert.Throws<DicomDataException>(() => Read([], _more, _more, _more).GetFrames(2));
        byte[] noTable = Encoded.ExplicitLittle.Header(0x7FE00010, "OB", 0xFFFFFFFF).Item(4).Raw(_start).EndSequence().Bytes;
        DicomFragments read = DicomDataSet.Read(noTable, TransferSyntax.JPEGBaseline8Bit)[DicomTags.PixelData].Fragments!;
        Assert.False(read.HasOffsetTable);
        Assert.Equal(_start, read[0].ToArray());
    }

    [Fact]
    public async Task New_fragments_are_written_with_an_empty_table_and_even_lengths()
    {
        var set = new DicomDataSet { { DicomTags.SOPInstanceUID, "1.2.3" } };
        set.Set(DicomElement.Create(DicomTags.PixelData, new DicomFragments(new byte[] { 1, 2, 3 })));
        DicomFile file = DicomFile.Read(await new DicomFile(set, TransferSyntax.RLELossless).ToArrayAsync());
        DicomFragments fragments = file.DataSet[DicomTags.PixelData].Fragments!;
        Assert.Equal((1, 4L, true), (fragments.Count, fragments.LengthOf(0), fragments.HasOffsetTable));
        Assert.Throws<DicomDataException>(() => set.ToArray(TransferSyntax.ExplicitVRLittleEndian));
        await Assert.ThrowsAsync<DicomDataException>(() => file.ToArrayAsync(new DicomWriteOptions { TransferSyntax = TransferSyntax.ImplicitVRLittleEndian }));
    }

    private static DicomFragments Read(uint[] table, params byte[][] fragments)
    {
        Encoded encoded = Encoded.ExplicitLittle.Header(0x7FE00010, "OB", 0xFFFFFFFF).Item((uint)table.Length * 4);
        foreach (uint offset in table)
            encoded.Number(offset);
        foreach (byte[] fragment in fragments)
            encoded.Item((uint)fragment.Length).Raw(fragment);
        return DicomDataSet.Read(encoded.EndSequence().Bytes, TransferSyntax.JPEGBaseline8Bit)[DicomTags.PixelData].Fragments!;
    }
}
