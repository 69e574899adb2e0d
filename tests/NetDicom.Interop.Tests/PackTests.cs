using NetDicom.Interop.Tests.Support;

namespace NetDicom.Interop.Tests;

/// <summary>The package of the program as a .NET tool: made, installed and run.</summary>
public class PackTests
{
    [Fact]
    public async Task The_tool_package_installs_and_runs()
    {
        string dotnet = Peers.Require("dotnet", "the .NET SDK");
        string root = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "..", "..", ".."));
        using var folder = new TemporaryFolder();
        // Of what is built already: a build beside the tests would write to the folders they run from.
        Ended packed = await ChildProcess.RunAsync(Path.Combine(root, "eng", "pack.sh"), [folder.Folder("packages"), "--no-build"], s_quiet);
        if (packed.ExitCode != 0 && packed.Said("NETSDK1004") + packed.Said("NU1301") > 0)
            Assert.Skip("the SDK cannot pack here: no restored project, or no package source");
        Assert.True(packed.ExitCode == 0, packed.ToString());
        Ended installed = await ChildProcess.RunAsync(dotnet,
            ["tool", "install", "NetDicom.Cli", "--tool-path", folder.Folder("tools"), "--source", folder.File("packages"), "--version", "0.1.0", "--no-http-cache"],
            new Dictionary<string, string>(s_quiet) { ["NUGET_PACKAGES"] = folder.Folder("cache") }, folder.Path);
        Assert.True(installed.ExitCode == 0, installed.ToString());
        Ended version = await ChildProcess.RunAsync(folder.File("tools/netdicom"), ["--version"]);
        Assert.True(version.ExitCode == 0 && version.Output == "netdicom 0.1.0\n", version.ToString());
        Assert.Equal(2, (await ChildProcess.RunAsync(folder.File("tools/netdicom"), ["echoscu"])).ExitCode);
    }

    private static readonly Dictionary<string, string> s_quiet = new()
    {
        ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1",
        ["DOTNET_NOLOGO"] = "1",
        ["DOTNET_SKIP_FIRST_TIME_EXPERIENCE"] = "1",
        ["MSBUILDDISABLENODEREUSE"] = "1",
    };
}
