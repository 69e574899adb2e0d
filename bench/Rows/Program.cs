using System.Globalization;
using NetDicom.Bench.Rows;

// Every row of the table in docs/performance.md, measured here: rows.sh [ROW...] with the published programs. See Rows.cs for what a row is.
string work = Environment.GetEnvironmentVariable("BENCH_WORK") ?? Path.Combine(Path.GetTempPath(), "netdicom-rows");
int repeats = int.Parse(Environment.GetEnvironmentVariable("BENCH_RUNS") ?? "5", CultureInfo.InvariantCulture);
if (args is not [var netdicom, var reference, .. var names] || names.Except(Rows.All.Keys).FirstOrDefault() is not null)
{
    Console.Error.WriteLine($"usage: bench/rows.sh [{string.Join('|', Rows.All.Keys)}]...");
    return 2;
}

Directory.CreateDirectory(work);
// Files received go to a memory file system where there is one: what is measured is the network and the program, not the disk.
string output = Environment.GetEnvironmentVariable("BENCH_OUT") ?? (Directory.Exists("/dev/shm") ? $"/dev/shm/netdicom-rows-{Environment.ProcessId}" : Path.Combine(work, "out"));
var rows = new Rows(new Programs(netdicom, reference), new Corpus(work), new Measure(output, repeats), output);
foreach (string name in names.Length == 0 ? Rows.All.Keys : names)
{
    Console.WriteLine($"\n### {name}\n");
    await Rows.All[name](rows);
}

if (Directory.Exists(output))
    Directory.Delete(output, recursive: true);
return 0;
