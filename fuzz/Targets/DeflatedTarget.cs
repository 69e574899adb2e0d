using System.Buffers;
using NetDicom.Fuzz.Corpus;

namespace NetDicom.Fuzz.Targets;

/// <summary>Deflated data sets (PS3.5 annex A.5) damaged as bytes, and small ones that inflate to more than the limit: it is the limit that ends them.</summary>
internal sealed class DeflatedTarget : FuzzTarget
{
    private const int Limit = 1 << 20;

    private static readonly DicomReadOptions s_options = new() { MaxBytesInMemory = Limit };

    public override string Name => "deflated";

    public override IReadOnlyList<byte[]> Seeds { get; } = [.. DataSets.All.Select(set => set.ToArray(TransferSyntax.DeflatedExplicitVRLittleEndian)), .. Deflated.Bombs];

    public override void Run(byte[] input)
    {
        Bounded(input.Length, 512 * 1024, 1, () => Stream(input));
        try
        {
            // The inflated bytes, the buffer they grow in, and the elements.
            Bounded(Limit, 2 << 20, 60, () => DicomDataSet.Read(input, TransferSyntax.DeflatedExplicitVRLittleEndian, s_options));
        }
        catch (DicomDataException)
        {
        }
    }

    private static void Stream(byte[] input)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(64 * 1024);
        try
        {
            using var inflating = new InflatingStream(new MemoryStream(input), Limit);
            long all = 0;
            int read;
            while ((read = inflating.Read(buffer)) > 0)
                all += read;
            FuzzFailure.Unless(all <= Limit, $"{all} bytes came out, {Limit} are the limit");
        }
        catch (DicomDataException)
        {
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
