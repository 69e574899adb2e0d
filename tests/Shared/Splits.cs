using System.Buffers;

namespace NetDicom.TestSupport;

/// <summary>The same bytes cut into segments in many ways: most wire bugs live on a segment edge.</summary>
public static class Splits
{
    /// <summary>Whole, one byte at a time, and cut in two at every place.</summary>
    public static IEnumerable<ReadOnlySequence<byte>> EveryWay(byte[] bytes)
    {
        yield return new ReadOnlySequence<byte>(bytes);
        yield return Of(bytes, 1);
        for (int cut = 1; cut < bytes.Length; cut++)
            yield return Join(bytes.AsMemory(0, cut), bytes.AsMemory(cut));
    }

    /// <summary>Cut into pieces of <paramref name="size"/> bytes.</summary>
    public static ReadOnlySequence<byte> Of(byte[] bytes, int size)
    {
        var parts = new List<ReadOnlyMemory<byte>>();
        for (int at = 0; at < bytes.Length; at += size)
            parts.Add(bytes.AsMemory(at, Math.Min(size, bytes.Length - at)));
        return Join([.. parts]);
    }

    /// <summary>One sequence of the given segments.</summary>
    public static ReadOnlySequence<byte> Join(params ReadOnlyMemory<byte>[] parts)
    {
        if (parts.Length == 0)
            return ReadOnlySequence<byte>.Empty;
        var first = new Segment(parts[0], 0);
        Segment last = first;
        foreach (ReadOnlyMemory<byte> part in parts.AsSpan(1))
            last = last.Append(part);
        return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(ReadOnlyMemory<byte> memory, long runningIndex)
        {
            Memory = memory;
            RunningIndex = runningIndex;
        }

        public Segment Append(ReadOnlyMemory<byte> memory)
        {
            var next = new Segment(memory, RunningIndex + Memory.Length);
            Next = next;
            return next;
        }
    }
}
