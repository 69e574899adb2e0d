using System.Net;
using NetDicom.Network.Tests.Support;
using NetDicom.Protocol;
using NetDicom.TestSupport;

namespace NetDicom.Network.Tests;

/// <summary>A peer that does not take what is sent, with all buffers in between full.</summary>
public class StuckPeerTests
{
    private static readonly TimeSpan s_soon = TimeSpan.FromSeconds(3);
    private readonly FakeTimeProvider _clock = new();

    [Fact]
    public async Task It_does_not_hold_up_its_own_abort()
    {
        using UpperLayer upperLayer = await OpenAsync();
        Task sending = upperLayer.SendPDataAsync(RawMessages.Data(1, [1, 2])).AsTask();
        Assert.False(sending.IsCompleted);
        Task abort = upperLayer.AbortAsync(new AssociationEnd { Kind = AssociationEndKind.AbortedLocally }).AsTask();
        Assert.False(abort.IsCompleted);
        _clock.Advance(s_soon);
        await abort.WaitAsync(RawPeer.Patience);
        Assert.Equal(AssociationEndKind.AbortedLocally, (await Assert.ThrowsAsync<AssociationEndedException>(() => sending)).End.Kind);
    }

    [Fact]
    public async Task It_does_not_hold_up_a_cancellation_in_mid_message()
    {
        using UpperLayer upperLayer = await OpenAsync();
        using var cancel = new CancellationTokenSource();
        using OpenedStorageObject opened = StorageObject
            .FromStream("object", new MemoryStream(new byte[1_000_000]), SopClasses.CTImageStorage, new DicomUid("1.2"), TransferSyntax.ImplicitVRLittleEndian).Open();
        var request = new CStoreRequest { MessageId = 1, AffectedSopClassUid = SopClasses.CTImageStorage, AffectedSopInstanceUid = new DicomUid("1.2") };
        using OutgoingMessage message = await OutgoingMessage.PrepareAsync(new MessageWriter(upperLayer, 16_384), 1, request, opened, cancel.Token);
        Task sending = message.SendAsync(cancel.Token).AsTask();
        Assert.False(sending.IsCompleted);
        await cancel.CancelAsync();
        _clock.Advance(s_soon);
        await Assert.ThrowsAsync<AssociationEndedException>(() => sending.WaitAsync(RawPeer.Patience));
    }

    [Fact]
    public async Task It_is_given_up_after_the_network_limit()
    {
        using UpperLayer upperLayer = await OpenAsync();
        Task sending = upperLayer.SendPDataAsync(RawMessages.Data(1, [1, 2])).AsTask();
        _clock.Advance(TimeSpan.FromSeconds(29));
        Assert.False(sending.IsCompleted);
        _clock.Advance(TimeSpan.FromSeconds(2));
        AssociationEndedException error = await Assert.ThrowsAsync<AssociationEndedException>(() => sending.WaitAsync(RawPeer.Patience));
        Assert.Equal((AssociationEndKind.TimedOut, TimeoutKind.NetworkSend), (error.End.Kind, error.End.Timeout));
    }

    private async Task<UpperLayer> OpenAsync()
    {
        var upperLayer = new UpperLayer(new StuckTransport(), AssociationRole.Requestor, new UpperLayerOptions
        {
            ArtimTimeout = TimeSpan.FromSeconds(30),
            NetworkTimeout = TimeSpan.FromSeconds(30),
            MaxPduLength = 16_384,
            TimeProvider = _clock,
            Log = new AssociationLog(null),
        });
        upperLayer.Start(UlEvent.Evt1, RawPeer.Request());
        await upperLayer.RequestAsync(UlEvent.Evt2, RawPeer.Request());
        Assert.Equal(UlToken.Accepted, await upperLayer.ReadAsync());
        return upperLayer;
    }

    /// <summary>Takes the request and accepts it; then takes nothing more until it is closed.</summary>
    private sealed class StuckTransport : Transport
    {
        private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private bool _requested;

        public override EndPoint? LocalEndPoint => null;

        public override EndPoint? RemoteEndPoint => null;

        public override ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken)
        {
            if (buffer.IsEmpty)
                return ValueTask.FromResult(0);
            byte[] accept = RawItems.Associate(2, RawItems.ApplicationContext, RawItems.Result(1, 0, RawItems.ImplicitVR), RawItems.UserInformation);
            accept.CopyTo(buffer);
            return ValueTask.FromResult(accept.Length);
        }

        public override async ValueTask SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
        {
            if (!_requested)
            {
                _requested = true;
                return;
            }

            await _closed.Task;
            throw new ObjectDisposedException(nameof(StuckTransport));
        }

        public override void ShutdownSend()
        {
        }

        public override void AcknowledgeNow()
        {
        }

        public override void Dispose() => _closed.TrySetResult();
    }
}
