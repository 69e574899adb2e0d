using NetDicom.Network.Tests.Support;
using NetDicom.Protocol;
using NetDicom.TestSupport;

namespace NetDicom.Network.Tests;

/// <summary>The last PDU, the first cause, and what waits while an association ends.</summary>
public class AssociationEndTests
{
    private static readonly TransferSyntax s_explicit = TransferSyntax.ExplicitVRLittleEndian;
    private static readonly ApplicationEntity s_scu = new ApplicationEntity("SCU").WithRequested(SopClasses.Verification).WithRequested(SopClasses.CTImageStorage, s_explicit);

    [Fact]
    public async Task After_the_A_ABORT_for_an_unexpected_PDU_the_peer_is_read_on_until_it_closes()
    {
        await using DicomServer server = await new ApplicationEntity("TEST").WithVerification().StartServerAsync(0);
        using RawPeer peer = await RawPeer.AssociateAsync(server.Port);
        await peer.SendAsync(AReleaseRP.Instance);
        Assert.Equal((AbortSource.ServiceProvider, AbortReason.UnexpectedPdu), await peer.ExpectAbortAsync());
        // Sta13, AA-6: P-DATA is ignored. A connection that was closed instead would be reset by this, and the A-ABORT with it.
        for (int i = 0; i < 1000; i++)
            await peer.SendAsync(RawMessages.Data(1, new byte[16_000]));
    }

    [Fact]
    public async Task A_release_collision_ends_in_order_for_the_acceptor()
    {
        Association? association = null;
        ApplicationEntity entity = new ApplicationEntity("TEST").WithVerification();
        entity.OnEcho((request, _) =>
        {
            association = request.Association;
            return ValueTask.FromResult(DimseStatus.Success);
        });
        await using DicomServer server = await entity.StartServerAsync(0);
        using RawPeer peer = await RawPeer.AssociateAsync(server.Port);
        await peer.SendAsync(1, new CEchoRequest { MessageId = 1, AffectedSopClassUid = SopClasses.Verification });
        await peer.ReadCommandAsync();
        Task release = association!.ReleaseAsync();
        await peer.ExpectAsync(PduType.AReleaseRQ);
        await peer.SendAsync(AReleaseRQ.Instance);
        await peer.SendAsync(AReleaseRP.Instance);
        await peer.ExpectAsync(PduType.AReleaseRP);
        peer.Dispose();
        await release.WaitAsync(RawPeer.Patience);
        Assert.Equal(AssociationEndKind.Released, association.End!.Kind);
    }

    [Fact]
    public async Task What_is_asked_while_the_release_is_under_way_is_told_that_the_association_is_over()
    {
        (Association association, RawPeer peer) = await RawPeer.AnswerAsync(s_scu);
        using (peer)
        {
            Task release = association.ReleaseAsync();
            await peer.ExpectAsync(PduType.AReleaseRQ);
            AssociationEndedException error = await Assert.ThrowsAsync<AssociationEndedException>(() => association.EchoAsync());
            Assert.Equal(AssociationEndKind.Released, error.End.Kind);
            StoreOutcome outcome = await association.StoreAsync(StorageObject.FromStream("object", new MemoryStream([1, 2]), SopClasses.CTImageStorage, new DicomUid("1.2"), s_explicit));
            Assert.IsType<AssociationEndedException>(outcome.Error);
            await peer.SendAsync(AReleaseRP.Instance);
            await release.WaitAsync(RawPeer.Patience);
        }
    }

    [Fact]
    public async Task Context_ids_that_are_proposed_twice_are_an_invalid_parameter()
    {
        await using DicomServer server = await new ApplicationEntity("TEST").WithVerification().StartServerAsync(0);
        using RawPeer peer = await RawPeer.ConnectAsync(server.Port);
        PresentationContextProposal proposal = RawPeer.Request().PresentationContexts[0];
        await peer.SendAsync(new AAssociateRQ
        {
            CalledAETitle = AETitle.Parse("TEST"),
            CallingAETitle = AETitle.Parse("RAW"),
            PresentationContexts = [proposal, proposal],
            UserInformation = RawPeer.Request().UserInformation,
        });
        Assert.Equal((AbortSource.ServiceProvider, AbortReason.InvalidPduParameterValue), await peer.ExpectAbortAsync());
    }

    [Fact]
    public async Task P_DATA_after_a_rejection_is_ignored()
    {
        await using DicomServer server = await new ApplicationEntity("TEST").WithVerification().StartServerAsync(0);
        using RawPeer peer = await RawPeer.ConnectAsync(server.Port);
        byte[] request = RawMessages.Of(RawPeer.Request());
        request[7] = 2;
        await peer.SendAsync(request);
        await peer.ExpectAsync(PduType.AAssociateRJ);
        for (int i = 0; i < 1000; i++)
            await peer.SendAsync(RawMessages.Data(1, new byte[16_000]));
    }

    [Fact]
    public async Task A_maximum_length_without_room_for_anything_ends_the_association_before_an_object_is_sent()
    {
        (Association association, RawPeer peer) = await RawPeer.AnswerAsync(s_scu, null, maximumLength: 7);
        using (peer)
        {
            StoreOutcome outcome = await association.StoreAsync(StorageObject.FromStream("object", new MemoryStream([1, 2]), SopClasses.CTImageStorage, new DicomUid("1.2"), s_explicit));
            Assert.Equal(StoreFailure.NotSent, outcome.Failure);
            Assert.Equal(AssociationEndKind.ProtocolViolation, Assert.IsType<AssociationEndedException>(outcome.Error).End.Kind);
            Assert.Equal((AbortSource.ServiceProvider, AbortReason.InvalidPduParameterValue), await peer.ExpectAbortAsync());
        }
    }

    [Fact]
    public async Task A_source_that_fails_is_told_after_the_outcomes_of_the_objects_before()
    {
        await using DicomServer server = await StorageServerAsync();
        await using Association association = await s_scu.AssociateAsync("127.0.0.1", server.Port);
        int outcomes = 0;
        await Assert.ThrowsAsync<UnauthorizedAccessException>(async () =>
        {
            await foreach (StoreOutcome outcome in association.StoreAsync(Source()))
            {
                Assert.True(outcome.IsStored);
                outcomes++;
            }
        });
        Assert.Equal(1, outcomes);
        Assert.True(association.IsOpen);

        static IEnumerable<StorageObject> Source()
        {
            yield return StorageObject.FromStream("object", new MemoryStream([1, 2]), SopClasses.CTImageStorage, new DicomUid("1.2"), s_explicit);
            throw new UnauthorizedAccessException("the next folder is not ours");
        }
    }

    [Fact]
    public async Task A_source_stream_that_cancels_by_itself_cannot_be_read()
    {
        await using DicomServer server = await StorageServerAsync();
        await using Association association = await s_scu.AssociateAsync("127.0.0.1", server.Port);
        await using var broken = new Cancelling(new byte[600_000]);
        StoreOutcome outcome = await association.StoreAsync(StorageObject.FromStream("object", broken, SopClasses.CTImageStorage, new DicomUid("1.2"), s_explicit));
        Assert.Equal(StoreFailure.CannotRead, outcome.Failure);
    }

    private static Task<DicomServer> StorageServerAsync()
    {
        ApplicationEntity entity = new ApplicationEntity("TEST").WithStorage();
        entity.OnStore(async (request, cancellationToken) =>
        {
            while (!(await request.ReadAsync(cancellationToken)).IsEmpty)
            {
            }

            return DimseStatus.Success;
        });
        return entity.StartServerAsync(0);
    }

    /// <summary>A stream whose own limit passes in the middle, as an HTTP client's does.</summary>
    private sealed class Cancelling(byte[] bytes) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            Position > 400_000 ? throw new TaskCanceledException("too slow") : base.ReadAsync(buffer[..Math.Min(buffer.Length, 8_000)], cancellationToken);
    }
}
