using System.Buffers;
using System.Security.Cryptography;
using NetDicom.Fuzz.Corpus;
using NetDicom.Fuzz.Mutation;
using NetDicom.Protocol;

namespace NetDicom.Fuzz.Targets;

/// <summary>
/// A stream of PDUs through <see cref="PduReader"/>, <see cref="PdvAssembler"/> and the negotiation. In pieces it is what it is as a whole; a PDU that was read is written and read again as the same.
/// </summary>
internal sealed class PduTarget : FuzzTarget
{
    private static readonly AcceptorPolicy s_policy = new([new PresentationContext(SopClasses.Verification, [TransferSyntax.ImplicitVRLittleEndian.Uid])]) { AcceptUnknownStorage = (_, _) => true };

    public override string Name => "pdu";

    public override IReadOnlyList<byte[]> Seeds { get; } = Conversations.All;

    public override byte[] Mutate(byte[] seed, byte[] donor, Random random) =>
        random.Next(4) == 0 ? base.Mutate(seed, donor, random) : TreeMutator.Mutate(PduTree.Parse(seed), PduTree.Parse(donor), random);

    public override void Run(byte[] input)
    {
        Random choices = Choices(input);
        uint maxLength = choices.Next(2) == 0 ? 0u : 16_384u;
        // An item of five bytes may become an object with a list in it.
        Bounded(input.Length, 64 * 1024, 200, () => Decode(input, input.Length, maxLength, null));
        var whole = new List<string>();
        Decode(input, input.Length, maxLength, whole);
        foreach (int piece in (ReadOnlySpan<int>)[1, choices.Next(2, 64)])
        {
            // One byte at a time is quadratic in what a reader waits for.
            if (piece == 1 && input.Length > 4096)
                continue;
            var pieces = new List<string>();
            Decode(input, piece, maxLength, pieces);
            FuzzFailure.Unless(whole.SequenceEqual(pieces), $"in pieces of {piece} it is something else: {First(whole, pieces)}");
        }
    }

    private static string First(List<string> one, List<string> other)
    {
        int at = one.Zip(other).TakeWhile(pair => pair.First == pair.Second).Count();
        return $"{one.ElementAtOrDefault(at) ?? "nothing"} | {other.ElementAtOrDefault(at) ?? "nothing"}";
    }

    private static void Decode(byte[] input, int piece, uint maxLength, List<string>? transcript)
    {
        var reader = new PduReader { MaxPDataLength = maxLength };
        var assembler = new PdvAssembler();
        using IncrementalHash? hash = transcript is null ? null : IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        int there = Math.Min(piece, input.Length), used = 0;
        try
        {
            while (true)
            {
                var bytes = new ReadOnlySequence<byte>(input, used, there - used);
                PduToken token = reader.Read(ref bytes);
                int left = (int)bytes.Length;
                FuzzFailure.Unless(left <= there - used, "the reader gave back more than it got");
                used = there - left;
                if (token == PduToken.NeedMoreData)
                {
                    if (there == input.Length)
                        break;
                    there = Math.Min(there + piece, input.Length);
                    continue;
                }

                Take(reader, assembler, token, transcript, hash);
            }

            transcript?.Add($"end: mid PDU {reader.MidPdu}, mid message {assembler.MidMessage}, {input.Length - used} bytes left");
        }
        catch (PduViolationException violation)
        {
            transcript?.Add($"{violation.Reason}: {violation.Message}");
        }
    }

    private static void Take(PduReader reader, PdvAssembler assembler, PduToken token, List<string>? transcript, IncrementalHash? hash)
    {
        switch (token)
        {
            case PduToken.Pdu when transcript is not null:
                transcript.Add(Again(reader.Pdu));
                break;
            case PduToken.PDataTF:
                transcript?.Add($"P-DATA-TF {reader.PduLength}");
                break;
            case PduToken.PdvFragment:
                foreach (ReadOnlyMemory<byte> part in reader.Fragment)
                    hash?.AppendData(part.Span);
                MessageToken made = assembler.Accept(reader);
                if (transcript is null)
                    break;
                if (reader.IsEndOfPdv)
                    transcript.Add($"PDV {reader.ContextId} {reader.IsCommand} {reader.IsLast} {Convert.ToHexString(hash!.GetHashAndReset())}");
                if (made == MessageToken.Command)
                    transcript.Add($"command {assembler.Command} complete {assembler.IsMessageComplete}");
                break;
        }
    }

    /// <summary>The PDU as it is written; fails if that is read as another one.</summary>
    private static string Again(Pdu pdu)
    {
        if (pdu is AAssociateRQ request)
            Negotiation.NegotiateContexts(request, s_policy);
        var output = new ArrayBufferWriter<byte>();
        try
        {
            pdu.Write(output);
        }
        catch (InvalidOperationException missing)
        {
            // Documented: a title of blanks was read as none, and none cannot be written.
            return $"{pdu.Type}: {missing.Message}";
        }

        byte[] once = output.WrittenSpan.ToArray();
        var reader = new PduReader();
        var bytes = new ReadOnlySequence<byte>(once);
        FuzzFailure.Unless(reader.Read(ref bytes) == PduToken.Pdu && bytes.IsEmpty, "what was written is not one PDU");
        var again = new ArrayBufferWriter<byte>();
        reader.Pdu.Write(again);
        FuzzFailure.Unless(again.WrittenSpan.SequenceEqual(once), "a PDU written, read and written is another one");
        return Convert.ToHexString(once);
    }
}
