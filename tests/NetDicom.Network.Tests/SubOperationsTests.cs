namespace NetDicom.Network.Tests;

/// <summary>What is counted of the sub-operations of a C-GET or C-MOVE.</summary>
public class SubOperationsTests
{
    [Fact]
    public void Failures_beyond_what_the_list_can_carry_are_counted_and_not_kept()
    {
        var counts = new SubOperations(null);
        // 64 characters: 1,008 of them with their separators are 65,519 bytes, one more is over 65,534.
        for (int i = 0; i < 5000; i++)
            counts.Fail(new DicomUid($"1.2.{new string('9', 55)}{10000 + i}"));
        Assert.Equal(5000, counts.Counts.Failed);
        IReadOnlyList<string> listed = counts.FailedList()!.GetStrings(DicomTags.FailedSOPInstanceUIDList);
        Assert.Equal(1008, listed.Count);
        Assert.EndsWith("11007", listed[^1], StringComparison.Ordinal);
        Assert.True(counts.FailedList()!.ToArray(TransferSyntax.ExplicitVRLittleEndian).Length <= 65_535 + 8);
    }

    [Fact]
    public void An_object_without_a_name_is_counted_but_not_listed()
    {
        var counts = new SubOperations(null);
        counts.Fail(default);
        Assert.Equal(1, counts.Counts.Failed);
        Assert.Null(counts.FailedList());
    }
}
