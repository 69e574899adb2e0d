using NetDicom.Archive.Tests.Index;

namespace NetDicom.Archive.Tests.Storing;

public class AttributeCollectorTests
{
    private static DicomDataSet Rich()
    {
        DicomDataSet set = Made.DataSet(1, 1, 1, (DicomTags.PatientName, "Müller^Jörg"), (DicomTags.StudyDescription, "Head"));
        set.Set(DicomTags.ProcedureCodeSequence, new DicomDataSet().Set(DicomTags.CodeValue, "A").Set(DicomTags.CodeMeaning, "Äther"), new DicomDataSet());
        set.Set(DicomTags.RequestAttributesSequence, new DicomDataSet().Set(DicomTags.ScheduledProcedureStepID, "S"));
        // Not kept: a sequence, a long value among the kept ones, and pixels.
        set.Set(DicomTags.DeidentificationMethodCodeSequence, new DicomDataSet().Set(DicomTags.CodeValue, "X"));
        set.Set(DicomTags.RedPaletteColorLookupTableData, new byte[5000]);
        set.Set(DicomTags.PatientComments, new string('c', 9000));
        set.Set(DicomTags.PixelData, new byte[20_000]);
        return set;
    }

    public static TheoryData<string> Syntaxes() => new(new[] { "1.2.840.10008.1.2", "1.2.840.10008.1.2.1", "1.2.840.10008.1.2.2", "1.2.840.10008.1.2.1.99" });

    [Theory, MemberData(nameof(Syntaxes))]
    public void The_wanted_elements_are_collected_however_the_bytes_are_cut(string uid)
    {
        var syntax = new TransferSyntax(new DicomUid(uid));
        DicomDataSet set = Rich();
        foreach (SequenceLengths lengths in Enum.GetValues<SequenceLengths>())
        {
            byte[] bytes = set.ToArray(syntax, new DicomWriteOptions { SequenceLengths = lengths });
            DicomDataSet whole = Collect(bytes, syntax, bytes.Length);
            foreach (DicomElement element in set)
                Assert.Equal(ArchiveAttributes.Default.IsKept(element.Tag), whole.Contains(element.Tag));
            Assert.Equal("Müller^Jörg", whole.GetString(DicomTags.PatientName));
            Assert.Equal("Äther", whole.GetString("ProcedureCodeSequence[0].CodeMeaning"));
            foreach (int piece in (int[])[1, 2, 3, 7, 8, 64, 1000])
                Assert.True(whole.ContentEquals(Collect(bytes, syntax, piece)), $"{uid}, {lengths}, pieces of {piece}");
        }
    }

    [Fact]
    public void Elements_longer_than_any_key_are_left_out()
    {
        DicomDataSet set = Made.DataSet(1, 1, 1);
        set.Set(DicomTags.PatientComments, new string('c', AttributeCollector.MaxElement + 1));
        set.Set(DicomTags.RequestAttributesSequence, [.. Enumerable.Range(0, 4000).Select(_ => new DicomDataSet().Set(DicomTags.ScheduledProcedureStepID, "0123456789"))]);
        foreach (SequenceLengths lengths in Enum.GetValues<SequenceLengths>())
        {
            byte[] bytes = set.ToArray(TransferSyntax.ExplicitVRLittleEndian, new DicomWriteOptions { SequenceLengths = lengths });
            DicomDataSet collected = Collect(bytes, TransferSyntax.ExplicitVRLittleEndian, 4096);
            Assert.False(collected.Contains(DicomTags.PatientComments));
            Assert.False(collected.Contains(DicomTags.RequestAttributesSequence));
            Assert.Equal("1", collected.GetString(DicomTags.InstanceNumber));
        }
    }

    [Fact]
    public void It_stops_before_the_pixels()
    {
        byte[] bytes = Rich().ToArray(TransferSyntax.ExplicitVRLittleEndian);
        var collector = new AttributeCollector(TransferSyntax.ExplicitVRLittleEndian, ArchiveAttributes.Default);
        collector.Add(bytes.AsMemory(0, bytes.Length - 19_000));
        Assert.True(collector.IsDone);
    }

    private static DicomDataSet Collect(byte[] bytes, TransferSyntax syntax, int piece)
    {
        var collector = new AttributeCollector(syntax, ArchiveAttributes.Default);
        for (int at = 0; at < bytes.Length; at += piece)
            collector.Add(bytes.AsMemory(at, Math.Min(piece, bytes.Length - at)));
        return collector.Finish();
    }
}
