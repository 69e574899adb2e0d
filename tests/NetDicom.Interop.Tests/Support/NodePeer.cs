using System.Globalization;
using System.Text.Json;

namespace NetDicom.Interop.Tests.Support;

/// <summary>dcmjs-dimse, run by Node.js with the script in Support/node. test.sh installs it, where npm is there, into the folder that <c>NETDICOM_NODE_PEERS</c> names.</summary>
internal sealed class NodePeer : IAsyncDisposable
{
    private readonly ChildProcess _process;

    private NodePeer(ChildProcess process, string port) => (_process, Port) = (process, port);

    public string Port { get; }

    /// <summary>Starts it as a server.</summary>
    public static async Task<NodePeer> StartServerAsync(string script = "peer.cjs")
    {
        (string node, script, Dictionary<string, string> environment) = Require(script);
        string port = Ports.Free().ToString(CultureInfo.InvariantCulture);
        ChildProcess process = ChildProcess.Start(node, [script, "server", port], environment);
        try
        {
            await process.WaitForLineAsync("\"listening\"");
            await Ports.WaitUntilListeningAsync(int.Parse(port, CultureInfo.InvariantCulture), process);
            return new NodePeer(process, port);
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs it as a client: C-ECHO, then C-STORE of the files.</summary>
    /// <returns>What it says, a line an object.</returns>
    public static async Task<IReadOnlyList<JsonElement>> CallAsync(int port, string options, params string[] files)
    {
        (string node, string script, Dictionary<string, string> environment) = Require("peer.cjs");
        Ended ended = await ChildProcess.RunAsync(node, [script, "client", port.ToString(CultureInfo.InvariantCulture), options, .. files], environment);
        Assert.True(ended.ExitCode == 0, ended.ToString());
        // The library writes lines of its own between.
        return [.. ended.Output.Split('\n').Where(line => line.StartsWith("{\"event\"", StringComparison.Ordinal)).Select(line => JsonDocument.Parse(line).RootElement)];
    }

    /// <summary>Runs it as the user of the other services: sends these requests, one after the other.</summary>
    /// <param name="port">Where to.</param>
    /// <param name="requests">Objects as the script describes them.</param>
    /// <param name="name">The script.</param>
    /// <returns>What it says, a line an object.</returns>
    public static async Task<IReadOnlyList<JsonElement>> RequestAsync(int port, object requests, string name = "services.cjs")
    {
        (string node, string script, Dictionary<string, string> environment) = Require(name);
        Ended ended = await ChildProcess.RunAsync(node, [script, "client", port.ToString(CultureInfo.InvariantCulture), JsonSerializer.Serialize(requests)], environment);
        Assert.True(ended.ExitCode == 0, ended.ToString());
        return [.. ended.Output.Split('\n').Where(line => line.StartsWith("{\"event\"", StringComparison.Ordinal)).Select(line => JsonDocument.Parse(line).RootElement)];
    }

    /// <summary>Runs it as the user of an archive: queries and retrievals, as archive.cjs describes them.</summary>
    public static async Task<IReadOnlyList<JsonElement>> RetrieveAsync(string port, object requests)
    {
        (string node, string script, Dictionary<string, string> environment) = Require("archive.cjs");
        Ended ended = await ChildProcess.RunAsync(node, [script, port, JsonSerializer.Serialize(requests)], environment);
        Assert.True(ended.ExitCode == 0, ended.ToString());
        return [.. ended.Output.Split('\n').Where(line => line.StartsWith("{\"event\"", StringComparison.Ordinal)).Select(line => JsonDocument.Parse(line).RootElement)];
    }

    /// <summary>What it says of the next event of this kind.</summary>
    public async Task<JsonElement> EventAsync(string name) => JsonDocument.Parse(await _process.WaitForLineAsync($"{{\"event\":\"{name}\"")).RootElement;

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private static (string Node, string Script, Dictionary<string, string> Environment) Require(string name)
    {
        string node = Peers.Require("node", "nodejs");
        string modules = Path.Combine(Environment.GetEnvironmentVariable("NETDICOM_NODE_PEERS") ?? Path.Combine(Path.GetTempPath(), "netdicom-node-peers"), "node_modules");
        if (!Directory.Exists(Path.Combine(modules, "dcmjs-dimse")))
            Assert.Skip("dcmjs-dimse is not installed (test.sh does it with npm)");
        string script = Path.Combine(AppContext.BaseDirectory, "..", "..", "..", "Support", "node", name);
        return (node, script, new Dictionary<string, string> { ["NODE_PATH"] = modules });
    }
}
