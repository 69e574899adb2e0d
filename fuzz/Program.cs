using NetDicom.Fuzz;

if (FuzzOptions.Parse(args) is not { } options)
{
    Console.Error.WriteLine(FuzzOptions.Usage);
    return 2;
}

if (options.Minimize is { } file)
{
    Finding finding = Finding.Read(file);
    using FuzzTarget target = FuzzTargets.Create(finding.Target);
    byte[] small = Minimizer.Minimize(finding.Input, input => Fuzzer.SignatureOf(target, input), TimeSpan.FromMinutes(1));
    string? message = Fuzzer.SignatureOf(target, small);
    Console.WriteLine(message is null ? "nothing goes wrong with it" : $"{finding.Input.Length} -> {small.Length} bytes: {message}");
    if (message is not null)
        (finding with { Input = small, Message = message }).Write(file, "minimized");
    return message is null ? 0 : 1;
}

if (options.Replay.Count > 0)
{
    int failed = 0;
    foreach (string path in options.Replay)
    {
        Finding finding = Finding.Read(path);
        using FuzzTarget target = FuzzTargets.Create(finding.Target);
        string? message = null;
        try
        {
            target.Run(finding.Input);
        }
        catch (Exception exception)
        {
            message = exception.ToString();
            failed++;
        }

        Console.WriteLine($"{path}: {message ?? "passes"}");
    }

    return failed == 0 ? 0 : 1;
}

CrashNotes.Open(Path.Combine(options.Output, "running.txt"));
var fuzzer = new Fuzzer(options, Console.Out);
fuzzer.Run();
return fuzzer.Findings == 0 ? 0 : 1;
