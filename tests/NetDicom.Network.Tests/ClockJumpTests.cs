using NetDicom.Network.Tests.Support;
using NetDicom.Protocol;
using NetDicom.TestSupport;

namespace NetDicom.Network.Tests;

/// <summary>The wall clock may jump (NTP, a suspended machine, somebody's hand): limits are spans of a monotonic clock and do not see it.</summary>
public class ClockJumpTests
{
    [Theory]
    [InlineData(3650)]
    [InlineData(-3650)]
    public async Task A_wall_clock_that_jumps_ten_years_ends_nothing_and_lengthens_nothing(int days)
    {
        var clock = new JumpingClock();
        ApplicationEntity entity = new ApplicationEntity("TEST").WithVerification();
        await using DicomServer server = await entity.StartServerAsync(0, new DicomServerOptions { NetworkTimeout = TimeSpan.FromSeconds(3), TimeProvider = clock });
        using RawPeer peer = await RawPeer.AssociateAsync(server.Port);
        clock.Jump = TimeSpan.FromDays(days);
        clock.Inner.Advance(TimeSpan.FromSeconds(1));
        await peer.SendAsync(1, new CEchoRequest { MessageId = 1, AffectedSopClassUid = SopClasses.Verification });
        Assert.Equal(1, (await peer.ReadCommandAsync()).MessageIdBeingRespondedTo);
        await clock.Inner.AdvanceUntilAsync(TimeSpan.FromSeconds(4), peer.ExpectAsync(PduType.AAbort));
    }

    private sealed class JumpingClock : TimeProvider
    {
        public FakeTimeProvider Inner { get; } = new();

        public TimeSpan Jump { get; set; }

        public override long TimestampFrequency => Inner.TimestampFrequency;

        public override long GetTimestamp() => Inner.GetTimestamp();

        public override DateTimeOffset GetUtcNow() => Inner.GetUtcNow().AddDays(20_000) + Jump;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => Inner.CreateTimer(callback, state, dueTime, period);
    }
}
