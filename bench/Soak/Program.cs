using System.Diagnostics;
using System.Globalization;
using NetDicom.Bench.Soak;

// bench/soak.sh builds everything and calls this: PROGRAM SECONDS FOLDER.
if (args is not [{ } program, { } wanted, { } folder] || !double.TryParse(wanted, NumberStyles.Float, CultureInfo.InvariantCulture, out double seconds))
{
    Console.Error.WriteLine("usage: bench/soak.sh DURATION");
    return 2;
}

const int workers = 8, objects = 3000, mostAssociationsPerSecond = 220;
const double memorySlack = 24, countSlack = 12;
// More associations a second would use up the local ports: each rests for a minute after its end (TIME_WAIT).
string archive = Path.Combine(folder, "archive"), instances = Path.Combine(archive, "instances"), files = Path.Combine(folder, "files");
Directory.CreateDirectory(archive);
Directory.CreateDirectory(files);
await using WatchedServer qrscp = await WatchedServer.StartAsync(program, "qrscp", "--open", "--durability", "none", "--database-location", Path.Combine(archive, "index.sqlite"), "--instance-location", instances);
await using WatchedServer storescp = await WatchedServer.StartAsync(program, "storescp", "--output-directory", files, "--durability", "none");
WatchedServer[] servers = [qrscp, storescp];
var tally = new Tally(objects);
var peers = new Peers(qrscp.Port, storescp.Port, files, objects, tally);
using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, e) =>
{
    e.Cancel = true;
    stop.Cancel();
};
var clock = Stopwatch.StartNew();
Console.WriteLine($"{seconds:0} s, {workers} peers, {objects} objects in the archive, DCMTK {(DcmtkPeers.IsInstalled ? "too" : "not installed")}, {Environment.ProcessorCount} processors");
Console.WriteLine("seconds associations operations failures | server: resident MiB, GC heap MiB, handles, threads");
Task[] running =
[
    .. Enumerable.Range(0, workers).Select(worker => Task.Run(() => WorkAsync(worker))),
    DcmtkPeers.IsInstalled ? new DcmtkPeers(qrscp.Port, folder, objects, tally).RunAsync(stop.Token) : Task.CompletedTask,
];
while (clock.Elapsed.TotalSeconds < seconds && !stop.IsCancellationRequested && !Array.Exists(servers, server => server.HasEnded))
{
    await Task.Delay(TimeSpan.FromSeconds(Math.Min(10, Math.Max(0.1, seconds - clock.Elapsed.TotalSeconds))), stop.Token).ContinueWith(_ => { }, TaskScheduler.Default);
    Sample();
}

await stop.CancelAsync();
await Task.WhenAll(running);
double took = clock.Elapsed.TotalSeconds;
foreach (WatchedServer server in servers)
{
    if (server.HasEnded)
        tally.Fail($"{server.Name} has ended by itself: {server.Errors}");
    else if (await server.StopAsync() is not (0 or 130) and var code)
        tally.Fail($"{server.Name} ended with {code} on SIGINT: {server.Errors}");
}

int missing = CompareArchive(), leftovers = CompareFiles();
bool grows = false;
Console.WriteLine();
foreach (WatchedServer server in servers)
{
    Report(server, "resident MiB", usage => usage.Resident, memorySlack);
    Report(server, "GC heap MiB", usage => usage.Heap, memorySlack);
    Report(server, "handles", usage => usage.Handles, countSlack);
    Report(server, "threads", usage => usage.Threads, countSlack);
}

Console.WriteLine($"{tally.Associations} associations, {tally.Operations} operations in {took:0} s ({tally.Associations / took:0} and {tally.Operations / took:0} a second)");
Console.WriteLine($"{tally.Verified} objects read back meanwhile; at the end {Enumerable.Range(0, objects).Count(tally.IsAcknowledged)} acknowledged in the archive, {missing} missing or changed; {leftovers} other files, whole");
foreach (string failure in tally.FirstFailures)
    Console.WriteLine($"failure: {failure}");
bool good = tally.Failures == 0 && missing == 0 && !grows && tally.Operations > 0;
Console.WriteLine(good ? "VERDICT: good" : $"VERDICT: bad: {tally.Failures} failures, {missing} missing or changed{(grows ? ", growth" : "")}");
return good ? 0 : 1;

async Task WorkAsync(int worker)
{
    var random = new Random(4711 + worker);
    while (!stop.IsCancellationRequested)
    {
        if (tally.Associations > clock.Elapsed.TotalSeconds * mostAssociationsPerSecond)
            await Task.Delay(20);
        else
            await peers.OneAsync(random);
    }
}

void Sample()
{
    var line = new System.Text.StringBuilder();
    line.Append(CultureInfo.InvariantCulture, $"{clock.Elapsed.TotalSeconds,6:0} {tally.Associations,8} {tally.Operations,9} {tally.Failures,4}");
    foreach (WatchedServer server in servers)
    {
        server.Sample(clock.Elapsed.TotalSeconds);
        if (server.Samples.Count > 0 && server.Samples[^1] is var usage)
            line.Append(CultureInfo.InvariantCulture, $" | {server.Name}: {usage.Resident:0.0}, {usage.Heap:0.0}, {usage.Handles}, {usage.Threads}");
    }

    Console.WriteLine(line);
}

void Report(WatchedServer server, string what, Func<Usage, double> value, double slack)
{
    (double perHour, double growth, double mean) = Trend.Of(server.Samples, value);
    bool grown = Trend.Grows(server.Samples, value, slack);
    grows |= grown;
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{server.Name} {what}: mean {mean:0.0}, slope {perHour:+0.0;-0.0;0} an hour, {growth:+0.0;-0.0;0} over the run behind its first fifth{(grown ? ": GROWS" : "")}"));
}

// Whatever is in the archive is whole; what was acknowledged is in it.
int CompareArchive()
{
    var there = new HashSet<int>();
    int wrong = 0;
    foreach (string path in Directory.EnumerateFiles(instances, "*.dcm", SearchOption.AllDirectories))
    {
        if (SoakObject.IsIntact(path, out int number))
            there.Add(number);
        else
            wrong += Tell($"{path} is not what was sent");
    }

    for (int number = 0; number < objects; number++)
    {
        if (tally.IsAcknowledged(number) && !there.Contains(number))
            wrong += Tell($"object {number} was acknowledged and is not there");
    }

    return wrong;
}

// Of those that aborted: whole or not there, and nothing temporary.
int CompareFiles()
{
    int whole = 0;
    foreach (string path in Directory.EnumerateFiles(files, "*", SearchOption.AllDirectories))
    {
        if (SoakObject.IsIntact(path, out _) && !Path.GetFileName(path).StartsWith('.'))
            whole++;
        else
            tally.Fail($"{path} is left behind and is no whole object");
    }

    return whole;
}

int Tell(string what)
{
    Console.WriteLine(what);
    return 1;
}
