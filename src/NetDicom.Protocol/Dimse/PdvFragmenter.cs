using System.Buffers;

namespace NetDicom.Protocol;

/// <summary>Cuts a command set or a data set into P-DATA-TF PDUs of one PDV each (PS3.8 section 9.3.5, annex E).</summary>
public static class PdvFragmenter
{
    /// <summary>
    /// Writes the command set of <paramref name="message"/> as one P-DATA-TF, built in place, or as several where the peer's limit is below its length.
    /// </summary>
    /// <param name="output">Gets whole PDUs.</param>
    /// <param name="message">The message; its data set, if it has one, is the caller's to send.</param>
    /// <param name="contextId">The presentation context.</param>
    /// <param name="maxFragmentLength">What <see cref="PDataWriter.MaxFragmentLength"/> says: even, 2 at least.</param>
    /// <returns>The length of the command set in bytes, without PDU and PDV headers.</returns>
    public static int WriteCommand(IBufferWriter<byte> output, DimseMessage message, byte contextId, int maxFragmentLength)
    {
        ArgumentNullException.ThrowIfNull(message);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxFragmentLength, 2);
        var writer = new CommandSetWriter(output, PDataWriter.PDataHeaderLength);
        message.WriteElements(ref writer);
        Span<byte> commandSet = writer.PatchedCommandSet();
        int length = commandSet.Length;
        if (length <= maxFragmentLength)
        {
            PDataWriter.WritePDataHeader(writer.Header, (uint)length, contextId, isCommand: true, isLast: true);
            return writer.Complete();
        }

        // The memory it was built in belongs to the output, which is about to be written to.
        byte[] kept = ArrayPool<byte>.Shared.Rent(length);
        commandSet.CopyTo(kept);
        Write(output, kept.AsSpan(0, length), contextId, isCommand: true, maxFragmentLength);
        ArrayPool<byte>.Shared.Return(kept);
        return length;
    }

    /// <summary>Writes <paramref name="bytes"/> as P-DATA-TF PDUs, the last of them marked as last unless more is to come.</summary>
    /// <param name="output">Gets whole PDUs.</param>
    /// <param name="bytes">A command set or data set, or a piece of one; without bytes, one PDV without content is written if it is the last piece.</param>
    /// <param name="contextId">The presentation context.</param>
    /// <param name="isCommand">Command set or data set.</param>
    /// <param name="maxFragmentLength">What <see cref="PDataWriter.MaxFragmentLength"/> says: even, 2 at least.</param>
    /// <param name="isLast">Whether these bytes end the command set or data set.</param>
    public static void Write(IBufferWriter<byte> output, ReadOnlySpan<byte> bytes, byte contextId, bool isCommand, int maxFragmentLength, bool isLast = true)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxFragmentLength, 2);
        if (bytes.IsEmpty && !isLast)
            return;
        do
        {
            ReadOnlySpan<byte> fragment = bytes[..Math.Min(bytes.Length, maxFragmentLength)];
            bytes = bytes[fragment.Length..];
            Span<byte> pdu = output.GetSpan(PDataWriter.PDataHeaderLength + fragment.Length);
            PDataWriter.WritePDataHeader(pdu, (uint)fragment.Length, contextId, isCommand, isLast && bytes.IsEmpty);
            fragment.CopyTo(pdu[PDataWriter.PDataHeaderLength..]);
            output.Advance(PDataWriter.PDataHeaderLength + fragment.Length);
        }
        while (!bytes.IsEmpty);
    }
}
