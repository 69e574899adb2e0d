using System.Buffers;
using System.Buffers.Binary;

namespace NetDicom.Protocol;

/// <summary>
/// Takes PDUs off a stream of bytes that comes in pieces (PS3.8 section 9.3). A P-DATA-TF is handed on as it arrives, without buffering and without allocation;
/// any other PDU is read once it is there whole. Every length is compared with its limit before its body is waited for.
/// </summary>
/// <param name="limits">What the peer may ask us to hold.</param>
public sealed class PduReader(PduLimits limits)
{
    /// <summary>
    /// Longest body taken of a PDU whose body is 4 bytes (A-ASSOCIATE-RJ, A-RELEASE-RQ, A-RELEASE-RP, A-ABORT). Some receivers take longer ones and ignore the rest,
    /// so some senders may get away with them; beyond this it is noise.
    /// </summary>
    public const int MaxFixedPduLength = 64;

    // PDV item length 4, context id 1, message control header 1 (PS3.8 9.3.5.1). The length counts the last two.
    private const int PdvHeaderLength = 6;
    private const int PdvLengthField = 4;
    private const int PdvLengthMinimum = 2;

    private readonly PduLimits _limits = limits ?? throw new ArgumentNullException(nameof(limits));
    private uint _pduRemaining;
    private uint _pdvRemaining;
    private bool _inPdv;
    private Pdu? _pdu;

    /// <summary>A reader with the default limits.</summary>
    public PduReader() : this(PduLimits.Default)
    {
    }

    /// <summary>Longest P-DATA-TF body taken, in bytes: what we announced as maximum length. 0 means no limit but the 32 bits of the field. Default 0.</summary>
    public uint MaxPDataLength { get; set; }

    /// <summary>After <see cref="PduToken.Pdu"/>: the PDU.</summary>
    /// <exception cref="InvalidOperationException">No PDU was read yet.</exception>
    public Pdu Pdu => _pdu ?? throw new InvalidOperationException("no PDU was read yet");

    /// <summary>After <see cref="PduToken.PDataTF"/>: the length of its body in bytes.</summary>
    public uint PduLength { get; private set; }

    /// <summary>After <see cref="PduToken.PdvFragment"/>: the presentation context id of the PDV.</summary>
    public byte ContextId { get; private set; }

    /// <summary>After <see cref="PduToken.PdvFragment"/>: bit 0 of the message control header, command (true) or data set.</summary>
    public bool IsCommand { get; private set; }

    /// <summary>After <see cref="PduToken.PdvFragment"/>: bit 1 of the message control header: this PDV is the last one of its command or data set.</summary>
    public bool IsLast { get; private set; }

    /// <summary>After <see cref="PduToken.PdvFragment"/>: the bytes at hand; a slice of the input, gone when the caller gives the input back.</summary>
    public ReadOnlySequence<byte> Fragment { get; private set; }

    /// <summary>After <see cref="PduToken.PdvFragment"/>: this piece completes the PDV.</summary>
    public bool IsEndOfPdv { get; private set; }

    /// <summary>No PDU is begun: the next byte is a type. The bytes of a header which came only in part are still with the caller.</summary>
    public bool AtPduBoundary => _pduRemaining == 0 && !_inPdv;

    /// <summary>A P-DATA-TF is begun and not at its end.</summary>
    public bool MidPdu => !AtPduBoundary;

    /// <summary>Takes the next token off the front of <paramref name="input"/>.</summary>
    /// <param name="input">
    /// The bytes at hand; on return, those that were not used. After <see cref="PduToken.NeedMoreData"/> the caller gives these again with more behind them.
    /// </param>
    /// <returns>What was found; the properties of this reader hold it until the next call.</returns>
    /// <exception cref="PduViolationException">The peer broke a rule; the reader is of no use any more.</exception>
    public PduToken Read(ref ReadOnlySequence<byte> input)
    {
        if (_inPdv)
            return ReadFragment(ref input);
        return _pduRemaining > 0 ? ReadPdvHeader(ref input) : ReadPduHeader(ref input);
    }

    private PduToken ReadPduHeader(ref ReadOnlySequence<byte> input)
    {
        if (input.IsEmpty)
        {
            // Else a connection at rest would hold the caller's buffer through it.
            Fragment = default;
            return PduToken.NeedMoreData;
        }

        Span<byte> scratch = stackalloc byte[Pdu.HeaderLength];
        ReadOnlySpan<byte> header = Peek(input, scratch);

        // An HTTP request or a TLS hello is known by its first byte; waiting for the length it seems to claim would hold the line open for nothing.
        var type = (PduType)header[0];
        if (type is < PduType.AAssociateRQ or > PduType.AAbort)
            throw new PduViolationException(AbortReason.UnrecognizedPdu, $"no PDU has the type {header[0]:X2}H (PS3.8 9.3.1)", 0);
        if (header.Length < Pdu.HeaderLength)
            return PduToken.NeedMoreData;
        uint length = BinaryPrimitives.ReadUInt32BigEndian(header[2..]);
        CheckLength(type, length);
        if (type == PduType.PDataTF)
        {
            input = input.Slice(Pdu.HeaderLength);
            PduLength = length;
            _pduRemaining = length;
            return PduToken.PDataTF;
        }

        if (input.Length - Pdu.HeaderLength < length)
            return PduToken.NeedMoreData;
        ReadOnlySequence<byte> body = input.Slice(Pdu.HeaderLength, length);
        input = input.Slice(body.End);
        _pdu = Decode(type, body.IsSingleSegment ? body.FirstSpan : body.ToArray());
        return PduToken.Pdu;
    }

    private void CheckLength(PduType type, uint length)
    {
        (uint least, uint most) = type switch
        {
            PduType.AAssociateRQ or PduType.AAssociateAC => ((uint)AAssociatePdu.FixedLength, _limits.MaxAssociationPduLength),

            // One PDV at least (PS3.8 9.3.5).
            PduType.PDataTF => ((uint)PdvHeaderLength, MaxPDataLength == 0 ? uint.MaxValue : MaxPDataLength),
            _ => ((uint)Pdu.FixedBodyLength, (uint)MaxFixedPduLength),
        };
        if (length < least || length > most)
            throw new PduViolationException(AbortReason.InvalidPduParameterValue, $"{type} with a body of {length} bytes; {least} to {most} are taken (PS3.8 9.3.1)", 2);
    }

    private Pdu Decode(PduType type, ReadOnlySpan<byte> body) => type switch
    {
        PduType.AAssociateRQ => AAssociateRQ.Read(body, _limits),
        PduType.AAssociateAC => AAssociateAC.Read(body, _limits),
        PduType.AAssociateRJ => new AAssociateRJ((RejectResult)body[1], (RejectSource)body[2], body[3]),
        PduType.AReleaseRQ => AReleaseRQ.Instance,
        PduType.AReleaseRP => AReleaseRP.Instance,
        _ => new AAbort((AbortSource)body[2], (AbortReason)body[3]),
    };

    private PduToken ReadPdvHeader(ref ReadOnlySequence<byte> input)
    {
        if (_pduRemaining < PdvHeaderLength)
            throw WrongPdv($"{_pduRemaining} bytes are left over that are no PDV");
        Span<byte> scratch = stackalloc byte[PdvHeaderLength];
        ReadOnlySpan<byte> header = Peek(input, scratch);
        if (header.Length < PdvLengthField)
            return PduToken.NeedMoreData;
        uint length = BinaryPrimitives.ReadUInt32BigEndian(header);
        if (length < PdvLengthMinimum || length > _pduRemaining - PdvLengthField)
            throw WrongPdv($"a PDV of {length} bytes where {_pduRemaining} are left, its length field included");
        if (header.Length < PdvHeaderLength)
            return PduToken.NeedMoreData;
        ContextId = header[4];
        IsCommand = (header[5] & 1) != 0;
        IsLast = (header[5] & 2) != 0;
        input = input.Slice(PdvHeaderLength);
        _pduRemaining -= PdvHeaderLength;
        _pdvRemaining = length - PdvLengthMinimum;
        _inPdv = true;
        return ReadFragment(ref input);
    }

    private PduViolationException WrongPdv(string what) =>
        new(AbortReason.InvalidPduParameterValue, $"{what}, in a P-DATA-TF (PS3.8 9.3.5.1)", Pdu.HeaderLength + (long)(PduLength - _pduRemaining));

    private PduToken ReadFragment(ref ReadOnlySequence<byte> input)
    {
        if (_pdvRemaining > 0 && input.IsEmpty)
            return PduToken.NeedMoreData;
        uint taken = (uint)Math.Min(input.Length, _pdvRemaining);
        SequencePosition end = input.GetPosition(taken);
        Fragment = input.Slice(input.Start, end);
        input = input.Slice(end);
        _pduRemaining -= taken;
        _pdvRemaining -= taken;
        IsEndOfPdv = _pdvRemaining == 0;
        _inPdv = !IsEndOfPdv;
        return PduToken.PdvFragment;
    }

    /// <summary>The first bytes of <paramref name="input"/> in one piece, as many as <paramref name="scratch"/> holds if there are so many.</summary>
    private static ReadOnlySpan<byte> Peek(in ReadOnlySequence<byte> input, Span<byte> scratch)
    {
        ReadOnlySpan<byte> first = input.FirstSpan;
        if (first.Length >= scratch.Length)
            return first[..scratch.Length];
        int count = (int)Math.Min(input.Length, scratch.Length);
        input.Slice(0, count).CopyTo(scratch);
        return scratch[..count];
    }
}
