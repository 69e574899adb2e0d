using BenchmarkDotNet.Attributes;

namespace NetDicom.Bench;

/// <summary>
/// Times and allocations of the protocol layer: dotnet run -c Release --project bench/Protocol -- --filter '*' --job short. Allocations are held below bounds by ProtocolAllocationTests.
/// </summary>
[MemoryDiagnoser]
public class ProtocolBenchmarks
{
    private readonly ProtocolOperations _operations = new();

    [Benchmark(OperationsPerInvoke = ProtocolOperations.PdusPerTurn)]
    public long PduIn() => _operations.PdusIn();

    [Benchmark(OperationsPerInvoke = ProtocolOperations.PdusPerTurn)]
    public int PduOut() => _operations.PdusOut();

    [Benchmark(OperationsPerInvoke = ProtocolOperations.PdusPerTurn)]
    public long PdvAssembly() => _operations.PdvAssembly();

    [Benchmark]
    public int CommandIn() => _operations.CommandIn();

    [Benchmark]
    public int CommandOut() => _operations.CommandOut();

    [Benchmark]
    public int AssociateIn() => _operations.AssociateIn();
}
