using System.Globalization;

namespace NetDicom.Interop.Tests.Support;

/// <summary>DCMTK's archive with a database of its own, and real files in it.</summary>
internal sealed class DcmQrScp : IAsyncDisposable
{
    public const string Title = "QRSCP";

    /// <summary>The move destination that it knows, at <see cref="DestinationPort"/>.</summary>
    public const string Destination = "NDSTORE";

    private readonly TemporaryFolder _folder = new();
    private readonly int _port = Ports.Free();
    private readonly int _destination = Ports.Free();
    private ChildProcess? _process;

    private DcmQrScp()
    {
    }

    public string Port => _port.ToString(CultureInfo.InvariantCulture);

    public string DestinationPort => _destination.ToString(CultureInfo.InvariantCulture);

    /// <summary>Starts it and sends it files.</summary>
    public static Task<DcmQrScp> StartAsync(params string[] files) => StartAsAsync(Title, files);

    /// <summary>Starts it under another title: it rejects who calls it by one that it does not know.</summary>
    public static async Task<DcmQrScp> StartAsAsync(string title, params string[] files)
    {
        string program = Peers.Dcmtk("dcmqrscp"), sender = Peers.Dcmtk("storescu");
        var peer = new DcmQrScp();
        string configuration = peer._folder.File("dcmqrscp.cfg");
        File.WriteAllText(configuration, $"""
            NetworkTCPPort  = {peer.Port}
            MaxPDUSize      = 131072
            MaxAssociations = 16
            HostTable BEGIN
            store = ({Destination}, localhost, {peer.DestinationPort})
            HostTable END
            VendorTable BEGIN
            VendorTable END
            AETable BEGIN
            {title} {peer._folder.Folder("database")} RW (100, 1024mb) ANY
            AETable END

            """);
        try
        {
            peer._process = ChildProcess.Start(program, ["-c", configuration, "-v"], Peers.NoDelay);
            await Ports.WaitUntilListeningAsync(peer._port, peer._process);
            if (files.Length > 0)
            {
                Ended sent = await ChildProcess.RunAsync(sender, ["-aec", title, "+sd", "+r", "127.0.0.1", peer.Port, .. files], Peers.NoDelay);
                Assert.True(sent.ExitCode == 0, sent.ToString());
            }

            return peer;
        }
        catch
        {
            await peer.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
            await _process.DisposeAsync();
        _folder.Dispose();
    }
}
