using NetDicom.Fuzz.Corpus;
using NetDicom.Fuzz.Mutation;

namespace NetDicom.Fuzz.Targets;

/// <summary>Part 10 files (PS3.10 chapter 7): read from memory and from a stream alike, and written unchanged as they were.</summary>
internal sealed class FileTarget : FuzzTarget
{
    private const int HeadLength = 132;

    private static readonly DicomReadOptions s_options = new() { MaxBytesInMemory = 4 << 20 };

    public override string Name => "file";

    public override IReadOnlyList<byte[]> Seeds { get; } = DataSets.Files;

    public override byte[] Mutate(byte[] seed, byte[] donor, Random random)
    {
        if (random.Next(3) == 0 || seed.Length <= HeadLength || donor.Length <= HeadLength)
            return base.Mutate(seed, donor, random);
        // Group 0002 is explicit VR little endian, and so are most of the files; in the others the parser takes what it can.
        byte[] changed = TreeMutator.Mutate(ElementTree.Parse(seed.AsSpan(HeadLength), true, false), ElementTree.Parse(donor.AsSpan(HeadLength), true, false), random);
        return [.. seed[..HeadLength], .. changed];
    }

    public override void Run(byte[] input)
    {
        DicomFile? file = null;
        try
        {
            Bounded(Math.Max(input.Length, 4 << 20), 2 << 20, 120, () => file = DicomFile.Read(input, s_options));
        }
        catch (DicomDataException)
        {
        }

        string opened = Opened(input);
        FuzzFailure.Unless(opened == (file is null ? "refused" : DicomDump.ToText(file.DataSet)), "from a stream the file is another one than from memory");
        if (file is null)
            return;
        using (file)
        {
            try
            {
                file.DataSet.Validate();
                using var saved = new MemoryStream();
                // In memory everything is there at once: the task is done.
                file.SaveAsync(saved).GetAwaiter().GetResult();
                DicomFile again = DicomFile.Read(saved.ToArray(), s_options);
                string? difference = file.DataSet.Diff(again.DataSet).Select(one => one.ToString()).FirstOrDefault();
                FuzzFailure.Unless(difference is null, $"saved and read it differs in {difference}");
            }
            catch (DicomDataException)
            {
            }
        }
    }

    private static string Opened(byte[] input)
    {
        try
        {
            using DicomFile file = DicomFile.OpenAsync(new MemoryStream(input), s_options).GetAwaiter().GetResult();
            return DicomDump.ToText(file.DataSet);
        }
        catch (DicomDataException)
        {
            return "refused";
        }
    }
}
