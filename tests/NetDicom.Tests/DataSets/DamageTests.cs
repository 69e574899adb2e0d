using NetDicom.Tests.Support;

namespace NetDicom.Tests.DataSets;

public class DamageTests
{
    // 100,000 in the full run; fewer, so that the usual one stays quick.
    private static readonly int _turns = int.TryParse(Environment.GetEnvironmentVariable("NETDICOM_DAMAGE_TURNS"), out int turns) ? turns : 3_000;

    [Fact]
    public void No_38_damaged_real_files_neither_crash_nor_hang_nor_take_memory_beyond_measure()
    {
        RealFiles.Require();
        int seed = Environment.TickCount;
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}, {_turns} turns");
        var random = new Random(seed);
        byte[][] files = [.. RealFiles.All.Except(RealFiles.Others).Select(RealFiles.Bytes).Where(bytes => bytes.Length < 100_000)];
        for (int turn = 0; turn < _turns; turn++)
        {
            byte[] damaged = [.. files[random.Next(files.Length)]];
            for (int i = random.Next(1, 20); i > 0; i--)
                damaged[random.Next(Math.Min(damaged.Length, 4000))] = (byte)random.Next(256);
            if (random.Next(4) == 0)
                damaged = damaged[..random.Next(damaged.Length)];
            long before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                DicomFile file = DicomFile.Read(damaged, new DicomReadOptions { MaxBytesInMemory = 16 << 20 });
                file.DataSet.Validate();
                DicomDump.ToText(file.DataSet);
            }
            catch (DicomDataException)
            {
                // The one way to fail.
            }

            long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.True(allocated < (64 << 20) + 100L * damaged.Length, $"seed {seed}, turn {turn}: {allocated} bytes for {damaged.Length}");
        }
    }

    [Fact]
    public void Random_data_sets_go_through_every_uncompressed_syntax_unchanged()
    {
        int seed = Environment.TickCount;
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        var random = new Random(seed);
        TransferSyntax[] syntaxes = [TransferSyntax.ImplicitVRLittleEndian, TransferSyntax.ExplicitVRLittleEndian, TransferSyntax.ExplicitVRBigEndian, TransferSyntax.DeflatedExplicitVRLittleEndian];
        for (int turn = 0; turn < 300; turn++)
        {
            DicomDataSet set = RandomSet(random, 3);
            foreach (TransferSyntax syntax in syntaxes)
                Assert.Empty(set.Diff(DicomDataSet.Read(set.ToArray(syntax), syntax)).Select(difference => $"seed {seed}, {syntax}: {difference}"));
        }
    }

    private static DicomDataSet RandomSet(Random random, int depth)
    {
        // The first element tells the transfer syntax apart, as in real data sets.
        var set = new DicomDataSet { { DicomTags.SOPInstanceUID, DicomUid.Generate() } };
        for (int i = random.Next(1, 12); i > 0; i--)
        {
            DictionaryEntry entry = DicomDictionary.GetAt(random.Next(DicomDictionary.Count));
            if (entry.Tag.Group is < 0x0008 or 0xFFFE || entry.TagMask != uint.MaxValue || entry.VRCount != 1 || entry.Tag == DicomTags.SpecificCharacterSet)
                continue;
            DicomVR vr = entry.VR;
            if (vr == DicomVR.SQ)
            {
                if (depth > 0)
                    set.Set(entry.Tag, Enumerable.Range(0, random.Next(3)).Select(_ => RandomSet(random, depth - 1)).ToArray());
            }
            else if (vr.IsText)
            {
                set.Set(DicomElement.Create(entry.Tag, vr, new string((char)random.Next('A', 'Z'), random.Next(20))));
            }
            else
            {
                byte[] bytes = new byte[Math.Max(vr.ValueSize, 2) * random.Next(6)];
                random.NextBytes(bytes);
                set.Set(DicomElement.Create(entry.Tag, vr, bytes.AsMemory()));
            }
        }

        return set;
    }
}
