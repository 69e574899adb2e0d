using System.Buffers.Binary;

namespace NetDicom.Protocol;

/// <summary>Headers of P-DATA-TF PDUs that hold one PDV each (PS3.8 section 9.3.5), and how much fits behind them.</summary>
/// <remarks>
/// <code>
/// byte  1    04H                      7-10   PDV length: fragment + 2
///       2    reserved                 11     presentation context id
///       3-6  PDU length: fragment + 6 12     message control header: bit 0 command, bit 1 last
/// </code>
/// </remarks>
public static class PDataWriter
{
    /// <summary>Type, reserved byte and length of the PDU.</summary>
    public const int PduHeaderLength = Pdu.HeaderLength;

    /// <summary>Length, context id and message control header of the PDV: what of the peer's maximum length is no payload.</summary>
    public const int PdvHeaderLength = 6;

    /// <summary>Both headers: the room to leave before a fragment.</summary>
    public const int PDataHeaderLength = PduHeaderLength + PdvHeaderLength;

    /// <summary>The smallest maximum length under which anything can be sent: a PDV header and one byte pair.</summary>
    public const uint SmallestMaximumLength = PdvHeaderLength + 2;

    /// <summary>Whether a peer that announced <paramref name="peerMaxPduLength"/> can be sent anything: 0 (no limit), or 8 and more.</summary>
    public static bool IsUsableMaximumLength(uint peerMaxPduLength) => peerMaxPduLength is 0 or >= SmallestMaximumLength;

    /// <summary>The longest fragment that may go into one PDU: even, 2 at least, <paramref name="cap"/> at most.</summary>
    /// <param name="peerMaxPduLength">The peer's maximum length (51H), which limits the PDU length field; 0 for no limit.</param>
    /// <param name="cap">Our own limit for a fragment, in bytes, 2 at least: the size of the buffers.</param>
    /// <exception cref="PduViolationException">The peer's limit is 1 to 7, so that not one byte pair fits: nothing can be sent within it and the association is to be aborted.</exception>
    public static int MaxFragmentLength(uint peerMaxPduLength, int cap)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(cap, 2);
        if (!IsUsableMaximumLength(peerMaxPduLength))
        {
            throw new PduViolationException(
                AbortReason.InvalidPduParameterValue,
                $"the peer's maximum length of {peerMaxPduLength} has no room for a PDV header and two bytes; {SmallestMaximumLength} is the least (PS3.8 9.3.5.1)");
        }

        uint room = peerMaxPduLength == 0 ? uint.MaxValue : peerMaxPduLength - PdvHeaderLength;
        return (int)Math.Min(room, (uint)cap) & ~1;
    }

    /// <summary>Writes the headers of a P-DATA-TF with one PDV into the first 12 bytes of <paramref name="destination"/>.</summary>
    public static void WritePDataHeader(Span<byte> destination, uint fragmentLength, byte contextId, bool isCommand, bool isLast)
    {
        destination[11] = (byte)((isCommand ? 1 : 0) | (isLast ? 2 : 0));
        destination[0] = (byte)PduType.PDataTF;
        destination[1] = 0;
        BinaryPrimitives.WriteUInt32BigEndian(destination[2..], checked(fragmentLength + PdvHeaderLength));
        BinaryPrimitives.WriteUInt32BigEndian(destination[6..], fragmentLength + 2);
        destination[10] = contextId;
    }

    /// <summary>Adds the header of one more PDV to a P-DATA-TF whose bytes so far are the first <paramref name="length"/> of <paramref name="pdu"/>; the fragment belongs behind it.</summary>
    /// <param name="pdu">The PDU, with <see cref="PdvHeaderLength"/> bytes of room behind it.</param>
    /// <param name="length">Bytes of the PDU so far, its header included.</param>
    /// <param name="fragmentLength">Bytes of the fragment.</param>
    /// <param name="contextId">The presentation context.</param>
    /// <param name="isCommand">Command set or data set.</param>
    /// <param name="isLast">Whether the fragment is the last of it.</param>
    public static void AppendPdvHeader(Span<byte> pdu, int length, uint fragmentLength, byte contextId, bool isCommand, bool isLast)
    {
        Span<byte> header = pdu.Slice(length, PdvHeaderLength);
        BinaryPrimitives.WriteUInt32BigEndian(header, checked(fragmentLength + 2));
        header[4] = contextId;
        header[5] = (byte)((isCommand ? 1 : 0) | (isLast ? 2 : 0));
        BinaryPrimitives.WriteUInt32BigEndian(pdu[2..], checked((uint)(length - PduHeaderLength) + PdvHeaderLength + fragmentLength));
    }
}
