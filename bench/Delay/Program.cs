using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using NetDicom.Network;
using NetDicom.Protocol;

// proxy TARGET_PORT MILLISECONDS: a line with that delay each way and no limit of bandwidth, to a port of this machine.
// receive OPERATIONS: a storage SCP that keeps nothing and lets one association have so many operations under way.
// packets DEVICE OWN_SOCKET OTHER_SOCKET LOSS REORDER REPEAT SEED: one end of a line that does that to so many packets of a hundred (bad-machine.sh); prints the device's name.
// Each of the others prints the port it listens at, and ends with its standard input.
switch (args)
{
    case ["proxy", string target, string delay]:
        _ = Line.ListenAsync(int.Parse(target, CultureInfo.InvariantCulture), TimeSpan.FromMilliseconds(double.Parse(delay, CultureInfo.InvariantCulture)));
        break;
    case ["receive", string operations]:
        var entity = new ApplicationEntity("SINK");
        entity.AddSupportedContexts(PresentationContexts.Storage);
        entity.OnStore(async (request, cancellationToken) =>
        {
            while (!(await request.ReadAsync(cancellationToken)).IsEmpty)
            {
            }

            return DimseStatus.Success;
        });
        DicomServer server = await entity.StartServerAsync(0, new DicomServerOptions { MaxOperationsPerformed = ushort.Parse(operations, CultureInfo.InvariantCulture) });
        Console.WriteLine(server.Port);
        break;
    case ["packets", string device, string own, string other, string loss, string reorder, string repeat, string seed]:
        BadLine.Run(device, own, other, Number(loss), Number(reorder), Number(repeat), (int)Number(seed));
        break;
    default:
        Console.Error.WriteLine("usage: proxy TARGET_PORT MILLISECONDS | receive OPERATIONS | packets DEVICE OWN_SOCKET OTHER_SOCKET LOSS REORDER REPEAT SEED");
        return 2;
}

while (await Console.In.ReadLineAsync() is not null)
{
}

return 0;

static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

/// <summary>A line with a delay: each piece of bytes goes on when its time has come, however many are on the way.</summary>
internal static class Line
{
    public static async Task ListenAsync(int target, TimeSpan delay)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start(512);
        Console.WriteLine(((IPEndPoint)listener.LocalEndpoint).Port);
        while (true)
            _ = CarryAsync(await listener.AcceptSocketAsync(), target, delay);
    }

    private static async Task CarryAsync(Socket near, int target, TimeSpan delay)
    {
        using (near)
        using (var far = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp))
        {
            near.NoDelay = far.NoDelay = true;
            await far.ConnectAsync(IPAddress.Loopback, target);
            await Task.WhenAll(OneWayAsync(near, far, delay), OneWayAsync(far, near, delay));
        }
    }

    private static async Task OneWayAsync(Socket from, Socket to, TimeSpan delay)
    {
        var onTheWay = Channel.CreateUnbounded<(long Due, byte[] Bytes)>(new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });
        Task delivering = DeliverAsync(onTheWay.Reader, to);
        byte[] buffer = new byte[256 * 1024];
        long ticks = (long)(delay.TotalSeconds * Stopwatch.Frequency);
        try
        {
            while (await from.ReceiveAsync(buffer) is > 0 and int read)
                onTheWay.Writer.TryWrite((Stopwatch.GetTimestamp() + ticks, buffer.AsSpan(0, read).ToArray()));
        }
        catch (SocketException)
        {
            // A reset is an end too.
        }

        // The end of the stream travels as long as the bytes.
        onTheWay.Writer.TryWrite((Stopwatch.GetTimestamp() + ticks, []));
        await delivering;
    }

    private static async Task DeliverAsync(ChannelReader<(long Due, byte[] Bytes)> onTheWay, Socket to)
    {
        try
        {
            await foreach ((long due, byte[] bytes) in onTheWay.ReadAllAsync())
            {
                // Rounded up by the system's timer to a millisecond or so: the delay is never shorter than asked for.
                while (Stopwatch.GetTimestamp() is var now && now < due)
                    await Task.Delay(TimeSpan.FromSeconds(Math.Max(0.001, (double)(due - now) / Stopwatch.Frequency)));
                if (bytes.Length == 0)
                {
                    to.Shutdown(SocketShutdown.Send);
                    return;
                }

                for (int sent = 0; sent < bytes.Length;)
                    sent += await to.SendAsync(bytes.AsMemory(sent));
            }
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // Whoever is left learns it from the other direction.
        }
    }
}
