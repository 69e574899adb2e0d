using NetDicom.Fuzz.Mutation;

namespace NetDicom.Fuzz;

/// <summary>Something that takes bytes from strangers, with what must hold whatever they are.</summary>
internal abstract class FuzzTarget : IDisposable
{
    public abstract string Name { get; }

    /// <summary>What the mutations start from.</summary>
    public abstract IReadOnlyList<byte[]> Seeds { get; }

    /// <summary>
    /// Runs one input. Whatever is thrown is a finding: targets catch what is documented. The same input always does the same: choices that an input leaves open are made by its own hash.
    /// </summary>
    public abstract void Run(byte[] input);

    /// <summary>Makes an input of a seed and another one.</summary>
    public virtual byte[] Mutate(byte[] seed, byte[] donor, Random random) =>
        random.Next(10) == 0 ? ByteMutator.Splice(seed, donor, random) : ByteMutator.Mutate(seed, random);

    /// <summary>What must hold at the end of a run.</summary>
    public virtual void Finish()
    {
    }

    public virtual void Dispose()
    {
    }

    /// <summary>Fails if <paramref name="operation"/> allocates more than so many bytes, and so many for each byte of input.</summary>
    protected static void Bounded(int inputLength, long most, int perByte, Action operation)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        operation();
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        FuzzFailure.Unless(allocated <= most + (long)perByte * inputLength, $"{allocated} bytes allocated for {inputLength} bytes of input; {most} and {perByte} for each byte are allowed");
    }

    /// <summary>Random choices that belong to an input.</summary>
    protected static Random Choices(ReadOnlySpan<byte> input)
    {
        // FNV-1a: the same in every process.
        uint hash = 2166136261;
        foreach (byte b in input)
            hash = (hash ^ b) * 16777619;
        return new Random((int)hash);
    }
}
