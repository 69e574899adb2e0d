using System.Diagnostics;
using NetDicom.Bench;

namespace NetDicom.Tests;

/// <summary>Tests that count what the whole process allocates run alone.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public class Alone
{
    public const string Name = "alone";
}

/// <summary>
/// The gates of bench/DataSets: allocations are the same on every machine, so they are tested; times are not and are only written down. Debug code allocates otherwise.
/// </summary>
[Collection(Alone.Name)]
public class AllocationTests
{
#if DEBUG
    private const bool IsDebug = true;
#else
    private const bool IsDebug = false;
#endif

    [Fact]
    public async Task The_attributes_before_the_pixels_of_a_CT_slice_cost_less_than_40_KB()
    {
        byte[] file = await DataSetOperations.CtSlice().ToArrayAsync();
        Assert.True(file.Length > 512 * 1024);
        AssertAllocates(40_000, () => DataSetOperations.AttributesBeforePixels(file));
    }

    [Fact]
    public void The_reader_alone_allocates_nothing_for_flat_data_sets_and_little_for_nested_ones()
    {
        DicomDataSet set = DataSetOperations.CtSlice().DataSet;
        byte[] slice = set.ToArray(TransferSyntax.ExplicitVRLittleEndian);
        byte[] report = DataSetOperations.Report();
        // The levels of sequences stand in one array.
        AssertAllocates(1_000, () => DataSetOperations.TokensBeforePixels(slice));
        AssertAllocates(1_000, () => DataSetOperations.ReportTokens(report));
    }

    [Fact]
    public void A_report_of_10000_elements_costs_less_than_300_bytes_an_element()
    {
        byte[] report = DataSetOperations.Report();
        Assert.InRange(DataSetOperations.ReportElements(report), 10_000, 11_000);
        AssertAllocates(3_000_000, () => DataSetOperations.ReportElements(report));
    }

    [Fact]
    public void JSON_of_a_report_costs_less_than_5_MB_to_write_and_6_MB_to_read()
    {
        DicomDataSet report = DicomDataSet.Read(DataSetOperations.Report(), TransferSyntax.ExplicitVRLittleEndian);
        byte[] json = DataSetOperations.ToJson(report);
        Assert.Empty(report.Diff(DataSetOperations.FromJson(json)));
        AssertAllocates(5_000_000, () => DataSetOperations.ToJson(report));
        AssertAllocates(6_000_000, () => DataSetOperations.FromJson(json));
    }

    [Fact]
    public async Task A_file_of_3_GiB_opens_in_constant_memory()
    {
        string path = Path.Combine(Path.GetTempPath(), $"netdicom-{Guid.NewGuid():N}.dcm");
        try
        {
            await DataSetOperations.WriteHugeFileAsync(path);
            Assert.True(new FileInfo(path).Length > 3L << 30);
            await DataSetOperations.OpenAsync(path);
            long least = long.MaxValue;
            var clock = Stopwatch.StartNew();
            // Of the whole process, since opening goes from thread to thread: what the runner allocates beside it for its report adds to some of these, never takes away.
            for (int i = 0; i < 5; i++)
            {
                long before = GC.GetTotalAllocatedBytes(precise: true);
                Assert.InRange(await DataSetOperations.OpenAsync(path), 3L << 30, (3L << 30) + 1000);
                least = Math.Min(least, GC.GetTotalAllocatedBytes(precise: true) - before);
            }

            TestContext.Current.TestOutputHelper?.WriteLine($"{clock.Elapsed.TotalMilliseconds / 5:0.0} ms, {least} bytes");
            Assert.True(least < 500_000, $"{least} bytes allocated");
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static void AssertAllocates(long most, Action operation)
    {
        Assert.SkipWhen(IsDebug, "allocations count in Release builds only (dotnet test -c Release)");
        operation();
        long before = GC.GetAllocatedBytesForCurrentThread();
        operation();
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        TestContext.Current.TestOutputHelper?.WriteLine($"{allocated} bytes of {most}");
        Assert.True(allocated < most, $"{allocated} bytes allocated, {most} allowed");
    }
}
