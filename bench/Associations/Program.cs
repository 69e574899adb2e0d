using System.Diagnostics;
using System.Globalization;
using NetDicom;
using NetDicom.Network;
using NetDicom.Protocol;

// A thousand associations side by side: [COUNT] [IDLE SECONDS]. The server runs in a process of its own (this program with the word "serve").
switch (args)
{
    case ["serve"]:
        return await ServeAsync();
    case [] or [_] or [_, _]:
        int count = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 1000;
        int idle = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 10;
        return await MeasureAsync(count, TimeSpan.FromSeconds(idle));
    default:
        Console.Error.WriteLine("usage: dotnet run -c Release --project bench/Associations -- [COUNT] [IDLE SECONDS]");
        return 2;
}

static async Task<int> ServeAsync()
{
    var entity = new ApplicationEntity("BENCH");
    entity.AddSupportedContexts(PresentationContexts.Verification);
    await using DicomServer server = await entity.StartServerAsync(0, new DicomServerOptions { MaxAssociations = 100_000, MaxPendingConnections = 100_000, NetworkTimeout = TimeSpan.FromMinutes(10) });
    Console.WriteLine(server.Port);
    // Each line asks for this process's heap; the end of the input ends it.
    while (await Console.In.ReadLineAsync() is not null)
        Console.WriteLine($"{GC.GetTotalMemory(forceFullCollection: true)} {server.AssociationCount}");
    return 0;
}

static async Task<int> MeasureAsync(int count, TimeSpan idle)
{
    using Process server = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, "serve") { RedirectStandardInput = true, RedirectStandardOutput = true })!;
    int port = int.Parse((await server.StandardOutput.ReadLineAsync())!, CultureInfo.InvariantCulture);
    var entity = new ApplicationEntity("BENCH_SCU");
    entity.AddRequestedContext(SopClasses.Verification);
    var options = new AssociationOptions { NetworkTimeout = TimeSpan.FromMinutes(10) };
    // The first few bring the code in.
    for (int i = 0; i < 20; i++)
    {
        await using Association first = await entity.AssociateAsync("127.0.0.1", port, options);
        await first.EchoAsync();
    }

    Sample before = await Sample.TakeAsync(server);
    var watch = Stopwatch.StartNew();
    var associations = new Association[count];
    await Parallel.ForEachAsync(Enumerable.Range(0, count), new ParallelOptions { MaxDegreeOfParallelism = 32 }, async (i, cancellationToken) =>
        associations[i] = await entity.AssociateAsync("127.0.0.1", port, options, cancellationToken));
    TimeSpan opening = watch.Elapsed;
    Sample opened = await Sample.TakeAsync(server);
    // Until they rest: a connection that was quiet for 5 s waits without a buffer.
    await Task.Delay(TimeSpan.FromSeconds(7));
    Sample resting = await Sample.TakeAsync(server);
    await Task.Delay(idle);
    Sample idled = await Sample.TakeAsync(server);
    watch.Restart();
    DimseStatus[] answers = await Task.WhenAll(associations.Select(association => association.EchoAsync()));
    TimeSpan echoing = watch.Elapsed;
    Sample echoed = await Sample.TakeAsync(server);
    bool allThere = idled.Open == count && answers.All(status => status == DimseStatus.Success);

    Console.WriteLine($"{count} associations, {Environment.ProcessorCount} processors, {System.Runtime.InteropServices.RuntimeInformation.FrameworkDescription}");
    Console.WriteLine($"opened in {opening.TotalSeconds:0.00} s; a C-ECHO on each, all at once: {echoing.TotalMilliseconds:0} ms; all answered: {allThere}");
    Console.WriteLine();
    Console.WriteLine("| | server | client |");
    Console.WriteLine("|---|---|---|");
    Row("threads, with all open", opened, usage => $"{usage.Threads}");
    Row("threads, after the round of C-ECHO", echoed, usage => $"{usage.Threads}");
    Console.WriteLine($"| GC heap an association, just opened | {PerOne(opened.Server.Heap - before.Server.Heap)} | {PerOne(opened.Client.Heap - before.Client.Heap)} |");
    Console.WriteLine($"| GC heap an association, at rest | {PerOne(resting.Server.Heap - before.Server.Heap)} | {PerOne(resting.Client.Heap - before.Client.Heap)} |");
    Console.WriteLine($"| resident memory an association, just opened | {PerOne(opened.Server.Resident - before.Server.Resident)} | {PerOne(opened.Client.Resident - before.Client.Resident)} |");
    Row("resident memory in all, at rest", resting, usage => $"{usage.Resident / 1_048_576.0:0} MiB");
    Console.WriteLine($"| processor time in {idle.TotalSeconds:0} s at rest | {(idled.Server.Processor - resting.Server.Processor).TotalMilliseconds:0} ms | {(idled.Client.Processor - resting.Client.Processor).TotalMilliseconds:0} ms |");
    Console.WriteLine($"| processor time for the round | {(echoed.Server.Processor - idled.Server.Processor).TotalMilliseconds:0} ms | {(echoed.Client.Processor - idled.Client.Processor).TotalMilliseconds:0} ms |");
    await Task.WhenAll(associations.Select(association => association.ReleaseAsync()));
    server.StandardInput.Close();
    await server.WaitForExitAsync();
    return allThere ? 0 : 1;

    string PerOne(long bytes) => $"{bytes / 1024.0 / count:0.0} KiB";

    static void Row(string what, Sample sample, Func<Usage, string> value) => Console.WriteLine($"| {what} | {value(sample.Server)} | {value(sample.Client)} |");
}

/// <summary>What a process uses at one moment; heap in bytes, after a collection.</summary>
internal sealed record Usage(int Threads, long Resident, long Heap, TimeSpan Processor)
{
    public static Usage Of(Process process, long heap)
    {
        process.Refresh();
        return new Usage(process.Threads.Count, process.WorkingSet64, heap, process.TotalProcessorTime);
    }
}

/// <summary>Both processes at one moment. The collections that the heap's size needs are over before the processor's time is read.</summary>
internal sealed record Sample(Usage Server, Usage Client, int Open)
{
    public static async Task<Sample> TakeAsync(Process server)
    {
        await server.StandardInput.WriteLineAsync();
        await server.StandardInput.FlushAsync();
        string[] answer = (await server.StandardOutput.ReadLineAsync())!.Split(' ');
        using Process self = Process.GetCurrentProcess();
        long heap = GC.GetTotalMemory(forceFullCollection: true);
        return new Sample(Usage.Of(server, long.Parse(answer[0], CultureInfo.InvariantCulture)), Usage.Of(self, heap), int.Parse(answer[1], CultureInfo.InvariantCulture));
    }
}
