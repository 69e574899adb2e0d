using NetDicom.Bench;

namespace NetDicom.Protocol.Tests;

/// <summary>The gates of bench/Protocol: allocations are the same on every machine, so they are tested; times are only written down. Debug code allocates otherwise.</summary>
public class ProtocolAllocationTests
{
#if DEBUG
    private const bool IsDebug = true;
#else
    private const bool IsDebug = false;
#endif

    private const int Turns = 10;

    private readonly ProtocolOperations _operations = new();

    [Fact]
    public void A_PDU_is_read_and_written_without_allocation()
    {
        Assert.Equal(ProtocolOperations.PdusPerTurn * 16L * 1024, _operations.PdusIn());
        AssertAllocates(0, () => _operations.PdusIn());
        AssertAllocates(0, () => _operations.PdusOut());
    }

    [Fact]
    public void A_data_set_in_many_PDVs_is_put_together_without_allocation()
    {
        Assert.Equal(ProtocolOperations.PdusPerTurn * 16L * 1024, _operations.PdvAssembly());
        AssertAllocates(0, () => _operations.PdvAssembly());
    }

    [Fact]
    public void A_command_set_is_read_checked_and_written_without_allocation()
    {
        Assert.Equal(7, _operations.CommandIn());
        AssertAllocates(0, () => _operations.CommandIn());
        AssertAllocates(0, () => _operations.CommandOut());
    }

    [Fact]
    public void A_request_for_an_association_with_four_contexts_costs_less_than_2_KB()
    {
        Assert.Equal(4, _operations.AssociateIn());
        AssertAllocates(2_000, () => _operations.AssociateIn());
    }

    private static void AssertAllocates(long most, Action operation)
    {
        Assert.SkipWhen(IsDebug, "allocations count in Release builds only (dotnet test -c Release)");
        operation();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < Turns; i++)
            operation();
        long allocated = (GC.GetAllocatedBytesForCurrentThread() - before) / Turns;
        TestContext.Current.TestOutputHelper?.WriteLine($"{allocated} bytes of {most}");
        Assert.True(allocated <= most, $"{allocated} bytes allocated, {most} allowed");
    }
}
