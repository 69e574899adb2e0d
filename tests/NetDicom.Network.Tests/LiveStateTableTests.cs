using System.Net.Sockets;
using NetDicom.Network.Tests.Support;
using NetDicom.Protocol;

namespace NetDicom.Network.Tests;

/// <summary>
/// PS3.8 Table 9-10, cell by cell, on live connections: what the table of eng/standard says must be on the wire, for every state that a peer can
/// bring us to and every PDU it can send there.
/// </summary>
/// <remarks>
/// Not reachable from outside: Sta1 and Sta4 (no connection); Sta9 and Sta12 (the answer leaves at once: the next PDU meets Sta11 or Sta13).
/// </remarks>
public sealed class LiveStateTableTests : IAsyncDisposable
{
    private static readonly string[] s_situations =
    [
        "acceptor Sta2", "acceptor Sta3", "acceptor Sta6", "acceptor Sta7", "acceptor Sta8", "acceptor Sta10",
        "acceptor Sta13 after RP", "acceptor Sta13 after RJ", "acceptor Sta13 after ABORT",
        "requestor Sta5", "requestor Sta6", "requestor Sta7", "requestor Sta11", "requestor Sta13 after RP", "requestor Sta13 after ABORT",
    ];

    private readonly TaskCompletionSource<Association> _served = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _negotiating = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _work = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ApplicationEntity _scu = new ApplicationEntity("SCU").WithRequested(SopClasses.Verification);
    private DicomServer? _server;
    private Task<Association>? _asking;
    private Association? _association;
    private Task _release = Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        _work.TrySetResult();
        if (_server is not null)
            await _server.DisposeAsync();
    }

    /// <summary>Each row of the table for a PDU or the close of the peer, in each situation with its state.</summary>
    public static TheoryData<string, string, string> Cells()
    {
        var cells = new TheoryData<string, string, string>();
        using var reader = new StreamReader(typeof(LiveStateTableTests).Assembly.GetManifestResourceStream("state-machine.tsv")!);
        reader.ReadLine();
        while (reader.ReadLine() is { } line)
        {
            string[] row = line.Split('\t');
            foreach (string pdu in PdusOf(row[0]))
            {
                foreach (string situation in s_situations.Where(situation => situation.Split(' ')[1] == row[2]))
                    cells.Add(situation, pdu, row[3]);
            }
        }

        return cells;
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public async Task The_cell_of_Table_9_10_is_what_happens_on_the_wire(string situation, string sent, string action)
    {
        ApplicationEntity entity = new ApplicationEntity("TEST").WithVerification();
        entity.OnEcho(async (request, _) =>
        {
            if (request.Association.CallingAETitle.ToString() != "RAW")
                return DimseStatus.Success;
            _served.TrySetResult(request.Association);
            if (situation == "acceptor Sta8")
                await _work.Task;
            return DimseStatus.Success;
        });
        _server = await entity.StartServerAsync(0, new DicomServerOptions
        {
            OnNegotiate = async (negotiation, _) =>
            {
                if (situation != "acceptor Sta3" || negotiation.CallingAETitle.ToString() != "RAW")
                    return;
                _negotiating.SetResult();
                await _work.Task;
            },
        });
        RawPeer peer = await ReachAsync(situation, _server.Port);
        if (sent == "close")
            peer.CloseSending();
        else
            await peer.SendAsync(BytesOf(sent));
        await ExpectAsync(peer, action, sent, isRequestor: _asking is not null);
        peer.Dispose();
        await ExpectEndAsync(situation, action);

        await using Association honest = await _scu.AssociateAsync("127.0.0.1", _server.Port);
        Assert.Equal(DimseStatus.Success, await honest.EchoAsync());
    }

    [Fact]
    public void The_cells_that_are_tried_are_all_that_the_table_has_for_these_states() => Assert.Equal(150, Cells().Count);

    private static string[] PdusOf(string eventNumber) => eventNumber switch
    {
        "3" => ["AC"],
        "4" => ["RJ"],
        "6" => ["RQ"],
        "10" => ["P-DATA"],
        "12" => ["RELEASE-RQ"],
        "13" => ["RELEASE-RP"],
        "16" => ["ABORT"],
        "17" => ["close"],
        "19" => ["unknown type", "wrong length"],
        _ => [],
    };

    private static byte[] BytesOf(string pdu) => pdu switch
    {
        "AC" => RawItems.Associate(2, RawItems.ApplicationContext, RawItems.Result(1, 0, RawItems.ImplicitVR), RawItems.UserInformation),
        "RJ" => RawMessages.Of(AAssociateRJ.LocalLimitExceeded),
        "RQ" => RawItems.Request(RawItems.Proposal(1)),
        "P-DATA" => Echo,
        "RELEASE-RQ" => RawMessages.Of(AReleaseRQ.Instance),
        "RELEASE-RP" => RawMessages.Of(AReleaseRP.Instance),
        "ABORT" => RawMessages.Of(new AAbort(AbortSource.ServiceUser, AbortReason.NotSpecified)),
        "unknown type" => [0x0B, 0, 0, 0, 0, 4, 0, 0, 0, 0],
        _ => [5, 0, 0, 0, 0, 3, 0, 0, 0],
    };

    private static byte[] Echo => RawMessages.Of(1, new CEchoRequest { MessageId = 1, AffectedSopClassUid = SopClasses.Verification });

    private async Task<RawPeer> ReachAsync(string situation, int port)
    {
        if (situation.StartsWith("requestor", StringComparison.Ordinal))
            return await ReachRequestorAsync(situation);
        RawPeer peer = situation is "acceptor Sta2" or "acceptor Sta3" or "acceptor Sta13 after RJ" ? await RawPeer.ConnectAsync(port) : await RawPeer.AssociateAsync(port);
        switch (situation)
        {
            case "acceptor Sta3":
                await peer.SendAsync(RawPeer.Request());
                await _negotiating.Task.WaitAsync(RawPeer.Patience);
                break;
            case "acceptor Sta7" or "acceptor Sta10":
                await peer.SendAsync(Echo);
                await peer.ReadCommandAsync();
                _release = (await _served.Task).ReleaseAsync();
                await peer.ExpectAsync(PduType.AReleaseRQ);
                if (situation == "acceptor Sta10")
                    await peer.SendAsync(AReleaseRQ.Instance);
                break;
            case "acceptor Sta8":
                await peer.SendAsync(Echo);
                await peer.SendAsync(AReleaseRQ.Instance);
                await _served.Task.WaitAsync(RawPeer.Patience);
                break;
            case "acceptor Sta13 after RP":
                await peer.SendAsync(AReleaseRQ.Instance);
                await peer.ExpectAsync(PduType.AReleaseRP);
                break;
            case "acceptor Sta13 after RJ":
                await peer.SendAsync(RawItems.Associate(1, 2, "TEST", "RAW", RawItems.ApplicationContext, RawItems.Proposal(1), RawItems.UserInformation));
                await peer.ExpectAsync(PduType.AAssociateRJ);
                break;
            case "acceptor Sta13 after ABORT":
                await peer.SendAsync(AReleaseRP.Instance);
                await peer.ExpectAbortAsync();
                break;
        }

        return peer;
    }

    private async Task<RawPeer> ReachRequestorAsync(string situation)
    {
        (Socket listener, int port) = RawPeer.Listen();
        using (listener)
        {
            _asking = _scu.AssociateAsync("127.0.0.1", port);
            RawPeer peer = await RawPeer.AcceptAsync(listener);
            if (situation == "requestor Sta5")
            {
                await peer.ExpectAsync(PduType.AAssociateRQ);
                return peer;
            }

            await peer.AcceptAssociationAsync();
            _association = await _asking;
            switch (situation)
            {
                case "requestor Sta7" or "requestor Sta11":
                    _release = _association.ReleaseAsync();
                    await peer.ExpectAsync(PduType.AReleaseRQ);
                    if (situation == "requestor Sta7")
                        break;
                    await peer.SendAsync(AReleaseRQ.Instance);
                    await peer.ExpectAsync(PduType.AReleaseRP);
                    break;
                case "requestor Sta13 after RP":
                    await peer.SendAsync(AReleaseRQ.Instance);
                    await peer.ExpectAsync(PduType.AReleaseRP);
                    break;
                case "requestor Sta13 after ABORT":
                    await peer.SendAsync(AReleaseRP.Instance);
                    await peer.ExpectAbortAsync();
                    break;
            }

            return peer;
        }
    }

    private async Task ExpectAsync(RawPeer peer, string action, string sent, bool isRequestor)
    {
        switch (action)
        {
            case "AA-1":
                Assert.Equal((AbortSource.ServiceUser, AbortReason.NotSpecified), await peer.ExpectAbortAsync());
                break;
            case "AA-8":
                AbortReason reason = sent switch
                {
                    "unknown type" => AbortReason.UnrecognizedPdu,
                    "wrong length" => AbortReason.InvalidPduParameterValue,
                    _ => AbortReason.UnexpectedPdu,
                };
                Assert.Equal((AbortSource.ServiceProvider, reason), await peer.ExpectAbortAsync());
                break;
            case "AA-2" or "AA-3" or "AA-4" or "AA-5" or "AR-3" or "AR-5" or "AE-4":
                Assert.Empty(await peer.ReadToEndAsync());
                break;
            case "AA-6" or "AA-7":
                // Passed over, in a connection that is still read: a closed one would be reset by this. The other A-ABORT of AA-7 does not leave, since
                // our sending end was shut after the last PDU, so that the peer sees that nothing more comes; the peer has an A-ABORT, RP or RJ already.
                for (int i = 0; i < 100; i++)
                    await peer.SendAsync(RawMessages.Data(1, new byte[16_000]));
                peer.CloseSending();
                Assert.Empty(await peer.ReadToEndAsync());
                break;
            case "DT-2":
                Assert.Equal(1, (await peer.ReadCommandAsync()).MessageIdBeingRespondedTo);
                break;
            case "AR-6":
                await peer.SendAsync(AReleaseRP.Instance);
                Assert.Empty(await peer.ReadToEndAsync());
                break;
            case "AR-2" or "AR-10":
                await peer.ExpectAsync(PduType.AReleaseRP);
                break;
            case "AR-8" when isRequestor:
                await peer.ExpectAsync(PduType.AReleaseRP);
                await peer.SendAsync(AReleaseRP.Instance);
                Assert.Empty(await peer.ReadToEndAsync());
                break;
            case "AR-8":
                await peer.SendAsync(AReleaseRP.Instance);
                await peer.ExpectAsync(PduType.AReleaseRP);
                break;
            case "AE-3":
                _association = await _asking!.WaitAsync(RawPeer.Patience);
                break;
            case "AE-6":
                await peer.ExpectAsync(PduType.AAssociateAC);
                break;
            default:
                Assert.Fail($"no peer can cause {action}");
                break;
        }
    }

    /// <summary>What the user of the association is told, where there is one.</summary>
    private async Task ExpectEndAsync(string situation, string action)
    {
        bool endedBefore = situation.Contains("Sta13", StringComparison.Ordinal);
        AssociationEndKind expected = action switch
        {
            "AA-8" => AssociationEndKind.ProtocolViolation,
            "AA-3" => AssociationEndKind.AbortedByPeer,
            "AR-2" or "AR-3" or "AR-6" or "AR-8" or "AR-10" => AssociationEndKind.Released,
            _ when endedBefore => situation.EndsWith("RP", StringComparison.Ordinal) ? AssociationEndKind.Released : AssociationEndKind.ProtocolViolation,
            _ => AssociationEndKind.ConnectionLost,
        };
        if (_association is not null)
        {
            await _association.Completion.WaitAsync(RawPeer.Patience);
            Assert.Equal(expected, _association.End!.Kind);
        }
        else if (_asking is not null)
        {
            DicomNetworkException error = await Assert.ThrowsAnyAsync<DicomNetworkException>(() => _asking.WaitAsync(RawPeer.Patience));
            if (action == "AE-4")
                Assert.IsType<AssociationRejectedException>(error);
            else
                Assert.Equal(expected, Assert.IsType<AssociationEndedException>(error).End.Kind);
        }

        if (expected == AssociationEndKind.Released)
            await _release.WaitAsync(RawPeer.Patience);
        else if (!_release.IsCompletedSuccessfully)
            Assert.Equal(expected, (await Assert.ThrowsAsync<AssociationEndedException>(() => _release.WaitAsync(RawPeer.Patience))).End.Kind);
    }
}
