using System.Text;
using NetDicom.Fuzz.Corpus;
using NetDicom.Fuzz.Mutation;

namespace NetDicom.Fuzz.Targets;

/// <summary>DICOM JSON (PS3.18 annex F): what is read is written and read again as the same, and goes through an encoding.</summary>
internal sealed class JsonTarget : FuzzTarget
{
    public override string Name => "json";

    public override IReadOnlyList<byte[]> Seeds { get; } = [.. DataSets.All.Select(set => DicomJson.ToUtf8(set)), "[]"u8.ToArray(), "[{},{}]"u8.ToArray()];

    public override byte[] Mutate(byte[] seed, byte[] donor, Random random) => random.Next(5) == 0 ? base.Mutate(seed, donor, random) : JsonMutator.Mutate(seed, donor, random);

    public override void Run(byte[] input)
    {
        IReadOnlyList<DicomDataSet> sets = [];
        try
        {
            Bounded(input.Length, 1 << 20, 200, () => sets = DicomJson.Read(input));
        }
        catch (DicomDataException)
        {
            return;
        }

        foreach (DicomDataSet set in sets)
        {
            byte[] json = DicomJson.ToUtf8(set);
            DicomDataSet again;
            try
            {
                again = DicomJson.Read(json)[0];
            }
            catch (DicomDataException wrong)
            {
                throw new FuzzFailure($"our own JSON is refused: {wrong.Message}: {Encoding.UTF8.GetString(json)}");
            }

            // The first reading takes padding off and names the character set; from there on nothing changes.
            byte[] once = DicomJson.ToUtf8(again);
            FuzzFailure.Unless(DicomJson.ToUtf8(DicomJson.Read(once)[0]).AsSpan().SequenceEqual(once), "JSON written, read and written is not the same");
            set.Validate();
            DicomDump.ToText(set);
            try
            {
                DicomDataSet.Read(set.ToArray(TransferSyntax.ExplicitVRLittleEndian), TransferSyntax.ExplicitVRLittleEndian);
            }
            catch (DicomDataException)
            {
                // A value that no encoding can hold.
            }
        }
    }
}
