using System.Buffers;
using System.Text;
using NetDicom.Fuzz.Corpus;
using NetDicom.Fuzz.Mutation;

namespace NetDicom.Fuzz.Targets;

/// <summary>
/// Data sets in every transfer syntax; the first byte of an input says which (index in <see cref="TransferSyntax.All"/>, so a stored input keeps its meaning only as long as that list does).
/// </summary>
internal sealed class DataSetTarget : FuzzTarget
{
    private static readonly TransferSyntax[] s_syntaxes =
    [
        TransferSyntax.ImplicitVRLittleEndian, TransferSyntax.ExplicitVRLittleEndian, TransferSyntax.ExplicitVRBigEndian, TransferSyntax.DeflatedExplicitVRLittleEndian, TransferSyntax.JPEGLossless,
    ];

    private static readonly DicomReadOptions s_options = new() { MaxBytesInMemory = 4 << 20 };

    public override string Name => "dataset";

    public override IReadOnlyList<byte[]> Seeds { get; } = [.. DataSets.All.SelectMany(set => s_syntaxes.Select((syntax, index) => Seed(set, syntax, index)))];

    public override byte[] Mutate(byte[] seed, byte[] donor, Random random)
    {
        TransferSyntax syntax = Syntax(seed);
        byte[] body = seed[1..];
        if (random.Next(4) == 0)
            return [seed[0], .. base.Mutate(body, donor, random)];
        if (syntax.IsDeflated)
            body = Deflated.Inflate(body);
        TransferSyntax other = Syntax(donor);
        Node from = ElementTree.Parse(other.IsDeflated ? Deflated.Inflate(donor[1..]) : donor.AsSpan(1), other.IsExplicitVR, other.IsBigEndian);
        byte[] changed = TreeMutator.Mutate(ElementTree.Parse(body, syntax.IsExplicitVR, syntax.IsBigEndian), from, random);
        return [seed[0], .. syntax.IsDeflated ? Deflated.Deflate(changed) : changed];
    }

    public override void Run(byte[] input)
    {
        if (input.Length == 0)
            return;
        TransferSyntax syntax = Syntax(input);
        byte[] bytes = input[1..];
        int length = syntax.IsDeflated ? 4 << 20 : bytes.Length;
        if (!syntax.IsDeflated)
            Pieces(bytes, syntax, Choices(input));
        try
        {
            DicomDataSet? set = null;
            // An empty item of eight bytes becomes a data set with a list.
            Bounded(length, 1 << 20, 120, () => set = DicomDataSet.Read(bytes, syntax, s_options));
            Whole(set!, syntax);
        }
        catch (DicomDataException)
        {
        }
    }

    private static TransferSyntax Syntax(byte[] input) => s_syntaxes[input[0] % s_syntaxes.Length];

    private static byte[] Seed(DicomDataSet set, TransferSyntax syntax, int index) => [(byte)index, .. set.ToArray(syntax)];

    /// <summary>What was read can be looked at, written, and read again as the same.</summary>
    public static void Whole(DicomDataSet set, TransferSyntax syntax)
    {
        set.Validate();
        DicomDump.ToText(set);
        DicomDataSet clone = set.Clone();
        FuzzFailure.Unless(clone.ContentEquals(set), "a clone is not the same");
        byte[] written = set.ToArray(syntax);
        DicomDataSet again = DicomDataSet.Read(written, syntax, s_options);
        string? difference = set.Diff(again).Where(one => !IsExpected(one)).Select(one => one.ToString()).FirstOrDefault();
        FuzzFailure.Unless(difference is null || (set.Deviations & DataSetDeviations.OutOfOrder) != 0, $"{syntax}: written and read it differs in {difference}");
        byte[] json = DicomJson.ToUtf8(set);
        DicomDataSet fromJson;
        try
        {
            fromJson = DicomJson.Read(json)[0];
        }
        catch (DicomDataException wrong)
        {
            throw new FuzzFailure($"our own JSON is refused: {wrong.Message}");
        }

        // The first reading names the character set that the text needs (PS3.18 section F.2.1.2 wants UTF-8); from there on nothing changes.
        byte[] named = DicomJson.ToUtf8(fromJson), namedAgain = DicomJson.ToUtf8(DicomJson.Read(named)[0]);
        FuzzFailure.Unless(named.AsSpan().SequenceEqual(namedAgain), $"JSON read and written is not the same: {FirstDifference(named, namedAgain)}");
        DicomXml.Write(Stream.Null, set);
    }

    // Padding that evenness brings with it: half a number gets its missing bytes, and a space in a text of odd length may stand where two bytes are one character. Text before (0008,0005) has
    // no character set once it is in order; of two elements with one tag another may be the last.
    private static bool IsExpected(DicomDifference difference) => difference.Left is not { } left || left.Items is null && (left.Length % Math.Max(2, left.VR.ValueSize) != 0);

    private static string FirstDifference(byte[] one, byte[] other)
    {
        int at = Math.Max(0, one.AsSpan().CommonPrefixLength(other) - 40);
        return $"{Encoding.UTF8.GetString(one.AsSpan(at, Math.Min(100, one.Length - at)))} | {Encoding.UTF8.GetString(other.AsSpan(at, Math.Min(100, other.Length - at)))}";
    }

    private static void Pieces(byte[] bytes, TransferSyntax syntax, Random choices)
    {
        string whole = Read(bytes, syntax, bytes.Length);
        int piece = choices.Next(1, 80);
        string pieces = Read(bytes, syntax, piece);
        FuzzFailure.Unless(whole == pieces, $"in pieces of {piece} it is read otherwise: {Text(whole, pieces)}");
        if (syntax.IsUncompressed)
        {
            TransferSyntax target = s_syntaxes[choices.Next(3)];
            string one = Transcode(bytes, syntax, target, bytes.Length), other = Transcode(bytes, syntax, target, piece);
            FuzzFailure.Unless(one == other, $"in pieces of {piece} it becomes something else in {target}: {Text(one, other)}");
        }
    }

    private static string Text(string one, string other)
    {
        int at = Math.Max(0, one.AsSpan().CommonPrefixLength(other) - 30);
        return $"{one.AsSpan(at, Math.Min(120, one.Length - at))} | {other.AsSpan(at, Math.Min(120, other.Length - at))}";
    }

    private static string Read(byte[] bytes, TransferSyntax syntax, int piece)
    {
        var transcript = new StringBuilder();
        var state = new DataSetReaderState(syntax);
        int there = Math.Min(piece, bytes.Length), used = 0;
        long value = -1, hash = 0;
        try
        {
            while (true)
            {
                bool isFinal = there == bytes.Length;
                var reader = new DataSetReader(bytes.AsSpan(used, there - used), isFinal, state);
                while (reader.Read())
                {
                    if (reader.Token == DataSetToken.ValueChunk)
                    {
                        value = Math.Max(value, 0) + reader.Chunk.Length;
                        foreach (byte b in reader.Chunk)
                            hash = (hash * 31) + b;
                        continue;
                    }

                    EndValue();
                    transcript.Append(System.Globalization.CultureInfo.InvariantCulture, $"{reader.Token} {reader.Tag} {reader.VR} {reader.Length} @{reader.TokenOffset} {reader.Depth}\n");
                }

                bool ended = reader.Token == DataSetToken.End;
                state = reader.CurrentState;
                used += (int)reader.BytesConsumed;
                FuzzFailure.Unless(used <= there, "the reader consumed more than it got");
                if (ended || isFinal)
                {
                    EndValue();
                    FuzzFailure.Unless(ended, "the reader stopped before the end of the last block");
                    transcript.Append(System.Globalization.CultureInfo.InvariantCulture, $"end {state.BrokenRules}");
                    return transcript.ToString();
                }

                there = Math.Min(there + piece, bytes.Length);
            }
        }
        catch (DicomDataException wrong)
        {
            EndValue();
            return transcript.Append(wrong.Message).ToString();
        }

        void EndValue()
        {
            if (value >= 0)
                transcript.Append(System.Globalization.CultureInfo.InvariantCulture, $"value {value} {hash:X}\n");
            (value, hash) = (-1, 0);
        }
    }

    private static string Transcode(byte[] bytes, TransferSyntax source, TransferSyntax target, int piece)
    {
        var output = new ArrayBufferWriter<byte>();
        var transcoder = new DataSetTranscoder(source, target);
        int there = Math.Min(piece, bytes.Length), used = 0;
        try
        {
            while (true)
            {
                bool isFinal = there == bytes.Length;
                used += (int)transcoder.Transcode(new ReadOnlySequence<byte>(bytes, used, there - used), isFinal, output);
                if (transcoder.IsComplete)
                    break;
                FuzzFailure.Unless(!isFinal, "the transcoder stopped before the end of the last block");
                there = Math.Min(there + piece, bytes.Length);
            }
        }
        catch (DicomDataException wrong)
        {
            return wrong.Message;
        }

        return Convert.ToHexString(output.WrittenSpan);
    }
}
