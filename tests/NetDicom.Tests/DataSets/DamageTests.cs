using System.Diagnostics;
using NetDicom.TestSupport;
using NetDicom.Tests.Support;

namespace NetDicom.Tests.DataSets;

public class DamageTests
{
    // The full run has 100,000; the usual one as many as go by in some 20 seconds of two processors, Debug builds included.
    private static readonly int _turns = int.TryParse(Environment.GetEnvironmentVariable("NETDICOM_DAMAGE_TURNS"), out int turns) ? turns : 100_000;

    private static readonly int _seed = Seed.Value;

    [Fact]
    public void No_38_damaged_real_files_neither_crash_nor_hang_nor_take_memory_beyond_measure()
    {
        RealFiles.Require();
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {_seed}, {_turns} turns");
        byte[][] files = [.. RealFiles.All.Except(RealFiles.Others).Select(RealFiles.Bytes).Where(bytes => bytes.Length < 100_000)];
        // Each turn has a seed of its own, so that turns may run side by side and one can be run again.
        Parallel.For(0, _turns, new ParallelOptions { MaxDegreeOfParallelism = 2 }, turn => Damage(files, turn));
    }

    private static void Damage(byte[][] files, int turn)
    {
        var random = new Random(unchecked(_seed * 31 + turn));
        byte[] damaged = [.. files[random.Next(files.Length)]];
        for (int i = random.Next(1, 20); i > 0; i--)
            damaged[random.Next(Math.Min(damaged.Length, 4000))] = (byte)random.Next(256);
        if (random.Next(4) == 0)
            damaged = damaged[..random.Next(damaged.Length)];
        long before = GC.GetAllocatedBytesForCurrentThread();
        var clock = Stopwatch.StartNew();
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
        catch (Exception other)
        {
            throw new InvalidOperationException($"seed {_seed}, turn {turn}", other);
        }

        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.True(allocated < (64 << 20) + 100L * damaged.Length, $"seed {_seed}, turn {turn}: {allocated} bytes for {damaged.Length}");
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(20), $"seed {_seed}, turn {turn}: {clock.Elapsed}");
    }

    [Fact]
    public void Random_data_sets_go_through_every_uncompressed_syntax_unchanged()
    {
        int seed = Seed.Value;
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
