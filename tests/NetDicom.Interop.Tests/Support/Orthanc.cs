using System.Globalization;
using System.Text.Json;

namespace NetDicom.Interop.Tests.Support;

/// <summary>An Orthanc with a configuration and a folder of its own, on free ports.</summary>
internal sealed class Orthanc : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ChildProcess _process;
    private readonly HttpClient _http;

    private Orthanc(string program, IReadOnlyDictionary<string, int> modalities, IReadOnlyDictionary<string, object>? more)
    {
        int http = Ports.Free();
        int dicom = Ports.Free();
        Port = dicom.ToString(CultureInfo.InvariantCulture);
        // OverwriteInstances and the rest stay as they come: this is the peer as people run it, but for places and ports.
        var configuration = new Dictionary<string, object>
        {
            ["Name"] = "NetDicom test",
            ["StorageDirectory"] = _folder.Folder("storage"),
            ["IndexDirectory"] = _folder.Folder("index"),
            ["HttpPort"] = http,
            ["DicomPort"] = dicom,
            ["DicomAet"] = "ORTHANC",
            ["RemoteAccessAllowed"] = false,
            ["AuthenticationEnabled"] = false,
            ["UnknownSopClassAccepted"] = true,
            ["DicomAlwaysAllowFind"] = true,
            ["DicomAlwaysAllowGet"] = true,
            // Titles that it calls back: destinations of moves, receivers of reports.
            ["DicomModalities"] = modalities.ToDictionary(m => m.Key, m => new object[] { m.Key, "127.0.0.1", m.Value }),
            ["Plugins"] = Array.Empty<string>(),
        };
        foreach ((string name, object value) in more ?? new Dictionary<string, object>())
            configuration[name] = value;
        string file = _folder.File("orthanc.json");
        File.WriteAllText(file, JsonSerializer.Serialize(configuration));
        _process = ChildProcess.Start(program, ["--verbose", file], Peers.NoDelay, _folder.Path);
        _http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{http}/") };
    }

    public string Port { get; }

    public static Task<Orthanc> StartAsync(IReadOnlyDictionary<string, object>? more = null) => StartAsync(new Dictionary<string, int>(), more);

    /// <summary>Starts one that knows these titles at these ports of this machine.</summary>
    public static async Task<Orthanc> StartAsync(IReadOnlyDictionary<string, int> modalities, IReadOnlyDictionary<string, object>? more = null)
    {
        var orthanc = new Orthanc(Peers.Require("Orthanc", "orthanc"), modalities, more);
        try
        {
            await orthanc._process.WaitForLineAsync("Orthanc has started");
            return orthanc;
        }
        catch
        {
            await orthanc.DisposeAsync();
            throw;
        }
    }

    /// <summary>Identifiers of all instances it has.</summary>
    public async Task<IReadOnlyList<string>> InstancesAsync() => JsonSerializer.Deserialize<string[]>(await _http.GetStringAsync("instances"))!;

    /// <summary>An instance as the file that Orthanc keeps.</summary>
    public Task<byte[]> FileAsync(string instance) => _http.GetByteArrayAsync($"instances/{instance}/file");

    /// <summary>Asks for something with a JSON body and returns the answer.</summary>
    public async Task<JsonElement> PostAsync(string path, object body)
    {
        using HttpResponseMessage answer = await _http.PostAsync(path, new StringContent(JsonSerializer.Serialize(body)));
        string text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, $"{path}: {answer.StatusCode} {text}\n{_process.Said}");
        return JsonDocument.Parse(text).RootElement;
    }

    /// <summary>A resource as JSON.</summary>
    public async Task<JsonElement> GetAsync(string path) => JsonDocument.Parse(await _http.GetStringAsync(path)).RootElement;

    /// <summary>The first line of its log, said already or yet to come, that holds <paramref name="text"/>.</summary>
    public Task<string> WaitForLineAsync(string text) => _process.WaitForLineAsync(text);

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _process.DisposeAsync();
        _folder.Dispose();
    }
}
