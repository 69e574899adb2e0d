using NetDicom.Network.Tests.Support;
using NetDicom.Protocol;

namespace NetDicom.Network.Tests;

/// <summary>
/// Many associations at once, each doing things in an order drawn by lot: nothing hangs, no place is lost, nothing is logged as a fault of ours, and no
/// exception comes out that is not in the contract.
/// </summary>
public class DisorderTests
{
    private static readonly TransferSyntax s_explicit = TransferSyntax.ExplicitVRLittleEndian;

    private static readonly byte[][] s_pieces =
    [
        RawMessages.Of(1, new CEchoRequest { MessageId = 1, AffectedSopClassUid = SopClasses.Verification }),
        RawMessages.Of(1, new CEchoRequest { MessageId = 1, AffectedSopClassUid = SopClasses.Verification }),
        RawMessages.Of(3, new CStoreRequest { MessageId = 2, AffectedSopClassUid = SopClasses.CTImageStorage, AffectedSopInstanceUid = new DicomUid("1.2") }),
        RawMessages.Data(3, new byte[10_000], isLast: false),
        RawMessages.Data(3, new byte[100]),
        [
            .. RawMessages.Of(3, new CStoreRequest { MessageId = 3, AffectedSopClassUid = SopClasses.CTImageStorage, AffectedSopInstanceUid = new DicomUid("1.2") }),
            .. RawMessages.Data(3, new byte[10_000], isLast: false),
            .. RawMessages.Data(3, new byte[100]),
        ],
        RawMessages.Of(1, new CEchoResponse { MessageIdBeingRespondedTo = 1, AffectedSopClassUid = SopClasses.Verification }),
        RawMessages.Of(AReleaseRQ.Instance),
        RawMessages.Of(AReleaseRP.Instance),
        RawMessages.Of(new AAbort(AbortSource.ServiceUser, AbortReason.NotSpecified)),
        RawItems.Request(RawItems.Proposal(1)),
        [4, 0, 0, 0],
        [0x47],
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Peers_that_send_anything_in_any_order_leave_a_server_in_order(int seed)
    {
        using var log = new FaultLog();
        ApplicationEntity entity = Receiver();
        await using DicomServer server = await entity.StartServerAsync(0, new DicomServerOptions { MaxAssociations = 1000, LoggerFactory = log });
        await Task.WhenAll(Enumerable.Range(0, 8).Select(worker => Task.Run(async () =>
        {
            var lot = new Random((seed * 100) + worker);
            for (int i = 0; i < 50; i++)
                await TalkAsync(server.Port, lot);
        }))).WaitAsync(RawPeer.Patience);
        // What is left has its last PDU and our close to see; the server waits for its tasks as long as it says.
        await server.StopAsync().WaitAsync(RawPeer.Patience);
        Assert.Equal(0, server.AssociationCount);
        Assert.Empty(log.Faults);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Users_that_do_everything_at_once_get_an_answer_or_the_end_to_each_call(int seed)
    {
        using var log = new FaultLog();
        await using DicomServer server = await Receiver().StartServerAsync(0, new DicomServerOptions { MaxAssociations = 1000, LoggerFactory = log, MaxOperationsPerformed = 4 });
        ApplicationEntity scu = new ApplicationEntity("SCU").WithRequested(SopClasses.Verification).WithRequested(SopClasses.CTImageStorage, s_explicit);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(worker => Task.Run(async () =>
        {
            var lot = new Random((seed * 100) + worker);
            for (int i = 0; i < 30; i++)
            {
                Association association = await scu.AssociateAsync("127.0.0.1", server.Port, new AssociationOptions
                {
                    LoggerFactory = log, AsynchronousOperationsWindow = lot.Next(2) == 0 ? null : new((ushort)lot.Next(5), 1),
                });
                int[] calls = [.. Enumerable.Range(0, 6).Select(_ => lot.Next(10))];
                await Task.WhenAll(calls.Select(call => Task.Run(() => CallAsync(association, call))));
                await association.DisposeAsync();
                await association.Completion;
            }
        }))).WaitAsync(RawPeer.Patience);
        await server.StopAsync().WaitAsync(RawPeer.Patience);
        Assert.Equal(0, server.AssociationCount);
        Assert.Empty(log.Faults);
    }

    private static async Task TalkAsync(int port, Random lot)
    {
        using RawPeer peer = lot.Next(10) == 0 ? await RawPeer.ConnectAsync(port) : await RawPeer.AssociateAsync(port);
        try
        {
            for (int pieces = lot.Next(8); pieces > 0; pieces--)
                await peer.SendAsync(s_pieces[lot.Next(s_pieces.Length)]);
            if (lot.Next(2) == 0)
                return;
            peer.CloseSending();
            await peer.ReadToEndAsync();
        }
        catch (System.Net.Sockets.SocketException)
        {
            // The server has closed meanwhile.
        }
    }

    private static async Task CallAsync(Association association, int call)
    {
        try
        {
            switch (call)
            {
                case 0:
                    await association.ReleaseAsync();
                    break;
                case 1:
                    await association.AbortAsync();
                    break;
                case 2:
                    using (var cancel = new CancellationTokenSource())
                    {
                        Task<DimseStatus> echo = association.EchoAsync(cancel.Token);
                        await cancel.CancelAsync();
                        await echo;
                    }

                    break;
                case 3 or 4 or 5:
                    List<StoreFailure> failures = [];
                    await foreach (StoreOutcome outcome in association.StoreAsync(Enumerable.Range(0, 10).Select(Object)))
                        failures.Add(outcome.Failure);
                    Assert.Equal(10, failures.Count);
                    Assert.All(failures, failure => Assert.True(failure is StoreFailure.None or StoreFailure.AssociationLost or StoreFailure.NotSent, failure.ToString()));
                    break;
                case 6:
                    await foreach (StoreOutcome outcome in association.StoreAsync(Enumerable.Range(0, 10).Select(Object)))
                        break;
                    break;
                default:
                    Assert.Equal(DimseStatus.Success, await association.EchoAsync());
                    break;
            }
        }
        catch (AssociationEndedException)
        {
        }
        catch (OperationCanceledException) when (call == 2)
        {
        }
    }

    private static StorageObject Object(int number) =>
        StorageObject.FromStream($"object {number}", new MemoryStream(new byte[number * 40_000 + 2]), SopClasses.CTImageStorage, new DicomUid($"1.2.{number}"), s_explicit);

    private static ApplicationEntity Receiver()
    {
        ApplicationEntity entity = new ApplicationEntity("TEST").WithVerification().WithStorage();
        entity.OnEcho(async (_, _) =>
        {
            await Task.Yield();
            return DimseStatus.Success;
        });
        entity.OnStore(async (request, cancellationToken) =>
        {
            await Task.Yield();
            while (!(await request.ReadAsync(cancellationToken)).IsEmpty)
            {
            }

            return DimseStatus.Success;
        });
        return entity;
    }
}
