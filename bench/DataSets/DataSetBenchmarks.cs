using BenchmarkDotNet.Attributes;

namespace NetDicom.Bench;

/// <summary>
/// Times and allocations of the data set layer: dotnet run -c Release --project bench/DataSets -- --filter '*' --job short. Allocations are held below bounds by AllocationTests.
/// </summary>
[MemoryDiagnoser]
public class DataSetBenchmarks
{
    private byte[] _file = [];
    private byte[] _dataSet = [];
    private byte[] _report = [];
    private byte[] _json = [];
    private DicomDataSet _reportSet = [];
    private string _huge = "";

    [GlobalSetup]
    public async Task SetUpAsync()
    {
        DicomFile slice = DataSetOperations.CtSlice();
        _file = await slice.ToArrayAsync();
        _dataSet = slice.DataSet.ToArray(TransferSyntax.ExplicitVRLittleEndian);
        _report = DataSetOperations.Report();
        _reportSet = DicomDataSet.Read(_report, TransferSyntax.ExplicitVRLittleEndian);
        _json = DataSetOperations.ToJson(_reportSet);
        _huge = Path.GetTempFileName();
        await DataSetOperations.WriteHugeFileAsync(_huge);
    }

    [GlobalCleanup]
    public void CleanUp() => File.Delete(_huge);

    [Benchmark]
    public long AttributesBeforePixels() => DataSetOperations.AttributesBeforePixels(_file);

    [Benchmark]
    public long TokensBeforePixels() => DataSetOperations.TokensBeforePixels(_dataSet);

    [Benchmark]
    public long ReportTokens() => DataSetOperations.ReportTokens(_report);

    [Benchmark]
    public long ReportElements() => DataSetOperations.ReportElements(_report);

    [Benchmark]
    public byte[] ReportToJson() => DataSetOperations.ToJson(_reportSet);

    [Benchmark]
    public DicomDataSet ReportFromJson() => DataSetOperations.FromJson(_json);

    [Benchmark]
    public Task<long> OpenOf3GiBAsync() => DataSetOperations.OpenAsync(_huge);
}
