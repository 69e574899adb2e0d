using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using NetDicom.Network;
using NetDicom.Protocol;

// proxy TARGET_PORT MILLISECONDS [LOSS_PERCENT]: a line with that delay each way and no limit of bandwidth, to a port of this machine; it loses so many of its packets.
// receive OPERATIONS: a storage SCP that keeps nothing and lets one association have so many operations under way.
// Each prints the port it listens at, and ends with its standard input.
switch (args)
{
    case ["proxy", string target, string delay, .. var loss] when loss.Length < 2:
        double percent = loss.Length == 0 ? 0 : double.Parse(loss[0], CultureInfo.InvariantCulture);
        _ = new Line(TimeSpan.FromMilliseconds(double.Parse(delay, CultureInfo.InvariantCulture)), percent / 100).ListenAsync(int.Parse(target, CultureInfo.InvariantCulture));
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
    default:
        Console.Error.WriteLine("usage: proxy TARGET_PORT MILLISECONDS [LOSS_PERCENT] | receive OPERATIONS");
        return 2;
}

while (await Console.In.ReadLineAsync() is not null)
{
}

return 0;

/// <summary>
/// A line with a delay: each piece of bytes goes on when its time has come, however many are on the way. A packet that is lost is, to who speaks over TCP, one that comes when it was sent again, with
/// everything behind it waiting: after 200 ms, Linux's shortest retransmission time-out, doubled each time that it is lost again. That is the worst case: three packets behind it would bring it sooner.
/// </summary>
/// <param name="delay">Each way.</param>
/// <param name="loss">Share of the packets that are lost, 0 up to 1.</param>
internal sealed class Line(TimeSpan delay, double loss)
{
    private const int Packet = 1448;
    private static readonly long s_retransmission = Stopwatch.Frequency / 5;

    private readonly long _delay = (long)(delay.TotalSeconds * Stopwatch.Frequency);
    private int _directions;

    public async Task ListenAsync(int target)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start(512);
        Console.WriteLine(((IPEndPoint)listener.LocalEndpoint).Port);
        while (true)
            _ = CarryAsync(await listener.AcceptSocketAsync(), target);
    }

    private async Task CarryAsync(Socket near, int target)
    {
        using (near)
        using (var far = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp))
        {
            near.NoDelay = far.NoDelay = true;
            await far.ConnectAsync(IPAddress.Loopback, target);
            await Task.WhenAll(OneWayAsync(near, far), OneWayAsync(far, near));
        }
    }

    private async Task OneWayAsync(Socket from, Socket to)
    {
        var onTheWay = Channel.CreateUnbounded<(long Due, byte[] Bytes)>(new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });
        Task delivering = DeliverAsync(onTheWay.Reader, to);
        byte[] buffer = new byte[256 * 1024];
        // The same losses in every run, as far as the pieces are the same.
        var chance = new Random(Interlocked.Increment(ref _directions));
        long due = 0;
        try
        {
            while (await from.ReceiveAsync(buffer) is > 0 and int read)
            {
                long sent = Stopwatch.GetTimestamp() + _delay;
                due = Math.Max(due, sent);
                int at = 0;
                for (int packet = 0; packet < read && loss > 0; packet += Packet)
                {
                    long late = 0;
                    for (int again = 0; again < 6 && chance.NextDouble() < loss; again++)
                        late += s_retransmission << again;
                    if (late == 0)
                        continue;
                    // What is before it goes on in time.
                    if (packet > at)
                        onTheWay.Writer.TryWrite((due, buffer.AsSpan(at, packet - at).ToArray()));
                    at = packet;
                    due = Math.Max(due, sent + late);
                }

                onTheWay.Writer.TryWrite((due, buffer.AsSpan(at, read - at).ToArray()));
            }
        }
        catch (SocketException)
        {
            // A reset is an end too.
        }

        // The end of the stream travels as long as the bytes.
        onTheWay.Writer.TryWrite((Math.Max(due, Stopwatch.GetTimestamp() + _delay), []));
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
