using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace NetDicom.Bench.Soak;

/// <summary>DCMTK's tools now and then, where they are installed: peers that are not ours.</summary>
internal sealed class DcmtkPeers(int archivePort, string folder, int objects, Tally tally)
{
    public static bool IsInstalled { get; } = File.Exists("/usr/bin/echoscu") && File.Exists("/usr/bin/storescu") && File.Exists("/usr/bin/findscu");

    public async Task RunAsync(CancellationToken stop)
    {
        string port = archivePort.ToString(CultureInfo.InvariantCulture), file = Path.Combine(folder, "dcmtk.dcm");
        var random = new Random(1);
        while (!stop.IsCancellationRequested)
        {
            int number = random.Next(objects);
            await File.WriteAllBytesAsync(file, SoakObject.File(number), CancellationToken.None);
            await ToolAsync("/usr/bin/echoscu", "127.0.0.1", port);
            if (await ToolAsync("/usr/bin/storescu", "127.0.0.1", port, file))
                tally.Acknowledge(number);
            await ToolAsync("/usr/bin/findscu", "-S", "-k", "QueryRetrieveLevel=STUDY", "-k", $"StudyInstanceUID={SoakObject.StudyUid(number)}", "127.0.0.1", port);
            await Task.Delay(TimeSpan.FromSeconds(2), stop).ContinueWith(_ => { }, TaskScheduler.Default);
        }
    }

    private async Task<bool> ToolAsync(string tool, params string[] arguments)
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo(tool, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            Task<string> said = process.StandardError.ReadToEndAsync();
            await process.StandardOutput.ReadToEndAsync();
            await process.WaitForExitAsync();
            tally.Association();
            tally.Operation();
            if (process.ExitCode != 0)
                tally.Fail($"{tool} ended with {process.ExitCode}: {await said}");
            return process.ExitCode == 0;
        }
        catch (Win32Exception missing)
        {
            tally.Fail($"{tool}: {missing.Message}");
            return false;
        }
    }
}
