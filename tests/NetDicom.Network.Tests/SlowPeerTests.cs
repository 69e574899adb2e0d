using NetDicom.Network.Tests.Support;
using NetDicom.Protocol;
using NetDicom.TestSupport;

namespace NetDicom.Network.Tests;

/// <summary>A peer that is slow without being silent, and one that is silent without owing anything: the clock and the transport are moved by hand.</summary>
public sealed class SlowPeerTests : IDisposable
{
    private readonly FakeTimeProvider _clock = new();
    private readonly ScriptedTransport _transport = new();

    public void Dispose() => _transport.Dispose();

    [Fact]
    public async Task Drops_of_a_PDU_are_no_progress_and_end_after_the_network_limit()
    {
        using UpperLayer upperLayer = await OpenAsync();
        Task<UlToken> reading = upperLayer.ReadAsync().AsTask();
        // P-DATA-TF of 100 bytes, one byte every 25 s: never silent for 60 s.
        foreach (byte next in (byte[])[4, 0, 0])
        {
            Advance(25);
            Assert.Null(upperLayer.Ended);
            _transport.Give(next);
        }

        // The first byte was not owed; 50 s were waited for the others.
        Advance(8);
        Assert.Null(upperLayer.Ended);
        Advance(3);
        Assert.Equal((AssociationEndKind.TimedOut, TimeoutKind.ReceiveRate), (upperLayer.Ended!.Kind, upperLayer.Ended.Timeout));
        Assert.Contains("least rate", upperLayer.Ended.Describe(), StringComparison.Ordinal);
        Assert.Equal((byte)PduType.AAbort, _transport.Sent[^10]);
        upperLayer.CloseTransport();
        await Assert.ThrowsAsync<AssociationEndedException>(() => reading.WaitAsync(RawPeer.Patience));
    }

    [Fact]
    public async Task Who_reads_ahead_does_not_fail_on_a_connection_that_is_closed_at_that_moment()
    {
        // A socket that is disposed of throws in the call, not from its task.
        using var upperLayer = new UpperLayer(new ClosedTransport(), AssociationRole.Acceptor, new UpperLayerOptions
        {
            ArtimTimeout = TimeSpan.FromSeconds(30), NetworkTimeout = TimeSpan.FromSeconds(60), MaxPduLength = 65_536, TimeProvider = _clock, Log = new AssociationLog(null),
        });
        upperLayer.Start(UlEvent.Evt5);
        await upperLayer.ReadAheadAsync(new TaskCompletionSource().Task).AsTask().WaitAsync(RawPeer.Patience);
        // The next reader is told.
        AssociationEndedException end = await Assert.ThrowsAsync<AssociationEndedException>(() => upperLayer.ReadAsync().AsTask());
        Assert.Equal(AssociationEndKind.ConnectionLost, end.End.Kind);
    }

    [Fact]
    public async Task A_cancellation_just_before_a_write_gives_it_no_more_time_than_one_in_it()
    {
        using UpperLayer upperLayer = await OpenAsync();
        using var cancel = new CancellationTokenSource();
        // The peer takes nothing from the moment on in which the caller cancels: the file is being read then, and the next write is to come.
        await using var file = new CancellingStream(() =>
        {
            _transport.Hold = new TaskCompletionSource();
            cancel.Cancel();
        });
        using OpenedStorageObject opened = StorageObject.FromStream("test", file, SopClasses.CTImageStorage, new DicomUid("1.2.3"), TransferSyntax.ExplicitVRLittleEndian).Open();
        var writer = new MessageWriter(upperLayer, 16_384);
        var request = new CStoreRequest { MessageId = 1, AffectedSopClassUid = SopClasses.CTImageStorage, AffectedSopInstanceUid = new DicomUid("1.2.3") };
        using OutgoingMessage message = await OutgoingMessage.PrepareAsync(writer, 1, request, opened, cancel.Token);
        Task sending = message.SendAsync(cancel.Token).AsTask();
        Assert.False(sending.IsCompleted);
        Advance(3);
        Assert.True(_transport.IsClosed);
        await Assert.ThrowsAnyAsync<Exception>(() => sending.WaitAsync(RawPeer.Patience));
    }

    /// <summary>A megabyte whose reader cannot be stopped; behind the first half of it something happens.</summary>
    private sealed class CancellingStream(Action atHalf) : Stream
    {
        private int _position;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            int count = Math.Min(buffer.Length, (1 << 20) - _position);
            if (_position < 1 << 19 && _position + count >= 1 << 19)
                atHalf();
            _position += count;
            return ValueTask.FromResult(count);
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }

    private sealed class ClosedTransport : Transport
    {
        public override System.Net.EndPoint? LocalEndPoint => null;

        public override System.Net.EndPoint? RemoteEndPoint => null;

        public override ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken) => throw new ObjectDisposedException(nameof(ClosedTransport));

        public override ValueTask SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) => throw new ObjectDisposedException(nameof(ClosedTransport));

        public override void AcknowledgeNow()
        {
        }

        public override void ShutdownSend()
        {
        }

        public override void Dispose()
        {
        }
    }

    [Fact]
    public async Task A_slow_line_at_the_least_rate_may_take_as_long_as_it_needs()
    {
        using UpperLayer upperLayer = await OpenAsync();
        Task<UlToken> reading = upperLayer.ReadAsync().AsTask();
        const int length = 240 * 50 * 20;
        _transport.Give(RawMessages.Data(1, new byte[length])[..6]);
        byte[] rest = RawMessages.Data(1, new byte[length])[6..];
        // 50 s of silence at a time, a thousand seconds in all, each paid for with bytes.
        for (int i = 0; i < 20; i++)
        {
            Advance(50);
            _transport.Give(rest[(i * 240 * 50)..((i + 1) * 240 * 50)]);
            while (reading.IsCompleted)
            {
                Assert.Equal(UlToken.Fragment, await reading);
                reading = upperLayer.ReadAsync().AsTask();
            }
        }

        Assert.Null(upperLayer.Ended);
        upperLayer.CloseTransport();
        await Assert.ThrowsAsync<AssociationEndedException>(() => reading.WaitAsync(RawPeer.Patience));
    }

    [Fact]
    public async Task The_time_a_handler_takes_in_the_middle_of_a_PDU_is_not_the_peers()
    {
        using UpperLayer upperLayer = await OpenAsync();
        byte[] pdu = RawMessages.Data(1, new byte[1000]);
        _transport.Give(pdu[..500]);
        Assert.Equal(UlToken.Fragment, await upperLayer.ReadAsync());
        Advance(36_000);
        Task<UlToken> reading = upperLayer.ReadAsync().AsTask();
        Advance(50);
        _transport.Give(pdu[500..]);
        Assert.Equal(UlToken.Fragment, await reading.WaitAsync(RawPeer.Patience));
        Assert.Null(upperLayer.Ended);
    }

    [Fact]
    public async Task A_quiet_connection_gives_its_buffer_back_and_hears_what_comes_next()
    {
        using UpperLayer upperLayer = await OpenAsync();
        // 300 KB at once: the buffer has grown by their end.
        _transport.Give([.. Enumerable.Repeat(RawMessages.Data(1, new byte[16_000]), 20).SelectMany(pdu => pdu)]);
        Task<UlToken> reading = upperLayer.ReadAsync().AsTask();
        while (reading.IsCompleted)
        {
            Assert.Equal(UlToken.Fragment, await reading);
            reading = upperLayer.ReadAsync().AsTask();
        }

        Assert.Equal(ReceiveBuffer.Large, upperLayer.BufferLength);
        _clock.Advance(ReceiveBuffer.QuietTime + TimeSpan.FromSeconds(1));
        Assert.Equal(0, upperLayer.BufferLength);
        Assert.Null(upperLayer.Ended);
        byte[] next = RawMessages.Data(1, [1, 2, 3, 4]);
        _transport.Give(next[..3]);
        Assert.Equal(ReceiveBuffer.Small - 3, _transport.Offered);
        _transport.Give(next[3..]);
        Assert.Equal(UlToken.Fragment, await reading.WaitAsync(RawPeer.Patience));
        Assert.Equal([1, 2, 3, 4], upperLayer.Fragment.First.ToArray());
    }

    [Fact]
    public async Task Resting_does_not_lengthen_the_idle_limit()
    {
        using UpperLayer upperLayer = await OpenAsync();
        upperLayer.IsWaitingForPeer = () => true;
        Task<UlToken> reading = upperLayer.ReadAsync().AsTask();
        _clock.Advance(ReceiveBuffer.QuietTime + TimeSpan.FromSeconds(1));
        Assert.Equal(0, upperLayer.BufferLength);
        Advance(53);
        Assert.Null(upperLayer.Ended);
        Advance(2);
        Assert.Equal(TimeoutKind.NetworkIdle, upperLayer.Ended!.Timeout);
        upperLayer.CloseTransport();
        await Assert.ThrowsAsync<AssociationEndedException>(() => reading.WaitAsync(RawPeer.Patience));
    }

    [Fact]
    public async Task A_receiver_that_stalls_for_less_than_the_limit_is_waited_for()
    {
        using UpperLayer upperLayer = await OpenAsync();
        _transport.Hold = new TaskCompletionSource();
        Task sending = upperLayer.SendPDataAsync(RawMessages.Data(1, new byte[1000])).AsTask();
        Advance(59);
        Assert.False(sending.IsCompleted);
        _transport.Hold.SetResult();
        await sending.WaitAsync(RawPeer.Patience);
        Assert.Null(upperLayer.Ended);
    }

    [Fact]
    public async Task A_receiver_that_takes_a_large_write_slowly_is_making_progress_until_it_stops()
    {
        using UpperLayer upperLayer = await OpenAsync();
        _transport.Hold = new TaskCompletionSource();
        Task sending = upperLayer.SendPDataAsync(RawMessages.Data(1, new byte[200_000])).AsTask();
        for (int i = 0; i < 20; i++)
        {
            _transport.Take(1000);
            Advance(61);
            Assert.Null(upperLayer.Ended);
        }

        Advance(61);
        AssociationEndedException error = await Assert.ThrowsAsync<AssociationEndedException>(() => sending.WaitAsync(RawPeer.Patience));
        Assert.Equal(TimeoutKind.NetworkSend, error.End.Timeout);
    }

    [Fact]
    public async Task A_slow_receiver_does_not_hold_up_an_abort()
    {
        using UpperLayer upperLayer = await OpenAsync();
        _transport.Hold = new TaskCompletionSource();
        Task sending = upperLayer.SendPDataAsync(RawMessages.Data(1, new byte[1000])).AsTask();
        Task abort = upperLayer.AbortAsync(new AssociationEnd { Kind = AssociationEndKind.AbortedLocally }).AsTask();
        _transport.Take(1);
        Advance(3);
        await abort.WaitAsync(RawPeer.Patience);
        await Assert.ThrowsAsync<AssociationEndedException>(() => sending.WaitAsync(RawPeer.Patience));
    }

    [Fact]
    public async Task What_the_system_tells_of_bytes_taken_grows_as_the_peer_takes_them()
    {
        (System.Net.Sockets.Socket listener, int port) = RawPeer.Listen();
        using (listener)
        {
            using var socket = new System.Net.Sockets.Socket(System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Tcp);
            await socket.ConnectAsync(System.Net.IPAddress.Loopback, port);
            using System.Net.Sockets.Socket peer = await listener.AcceptAsync();
            using var transport = new SocketTransport(socket);
            if (transport.BytesTaken is not { } before)
            {
                Assert.False(OperatingSystem.IsLinux());
                return;
            }

            await transport.SendAsync(new byte[1000], CancellationToken.None);
            byte[] received = new byte[1000];
            for (int got = 0; got < received.Length;)
                got += await peer.ReceiveAsync(received.AsMemory(got)).AsTask().WaitAsync(RawPeer.Patience);
            // The answer carries the acknowledgement, if nothing did before.
            await peer.SendAsync(new byte[1]);
            await transport.ReceiveAsync(received, CancellationToken.None);
            Assert.Equal(before + 1000, transport.BytesTaken);
        }
    }

    private void Advance(double seconds) => _clock.Advance(TimeSpan.FromSeconds(seconds));

    private async Task<UpperLayer> OpenAsync()
    {
        var upperLayer = new UpperLayer(_transport, AssociationRole.Requestor, new UpperLayerOptions
        {
            ArtimTimeout = TimeSpan.FromSeconds(30),
            NetworkTimeout = TimeSpan.FromSeconds(60),
            MaxPduLength = 0,
            TimeProvider = _clock,
            Log = new AssociationLog(null),
        });
        upperLayer.Start(UlEvent.Evt1, RawPeer.Request());
        await upperLayer.RequestAsync(UlEvent.Evt2, RawPeer.Request());
        _transport.Give(RawItems.Associate(2, RawItems.ApplicationContext, RawItems.Result(1, 0, RawItems.ImplicitVR), RawItems.UserInformation));
        Assert.Equal(UlToken.Accepted, await upperLayer.ReadAsync());
        return upperLayer;
    }
}
