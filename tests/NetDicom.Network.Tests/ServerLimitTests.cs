using NetDicom.Network.Tests.Support;
using NetDicom.Protocol;
using NetDicom.TestSupport;

namespace NetDicom.Network.Tests;

/// <summary>Limits at their ends, and a server's own end.</summary>
public class ServerLimitTests
{
    private static readonly ApplicationEntity s_scu = new ApplicationEntity("SCU").WithRequested(SopClasses.Verification);

    public static TheoryData<TimeSpan> Limits => [TimeSpan.Zero, Timeout.InfiniteTimeSpan, TimeSpan.FromDays(100), TimeSpan.MaxValue];

    [Theory]
    [MemberData(nameof(Limits))]
    public async Task No_limit_and_a_very_long_one_are_limits_that_do_not_pass(TimeSpan limit)
    {
        await using DicomServer server = await new ApplicationEntity("TEST").WithVerification().StartServerAsync(0, new DicomServerOptions
        {
            ArtimTimeout = limit, NetworkTimeout = limit, DrainTimeout = limit, TlsHandshakeTimeout = limit,
        });
        await using Association association = await s_scu.AssociateAsync("127.0.0.1", server.Port, new AssociationOptions
        {
            AcseTimeout = limit, ArtimTimeout = limit, ConnectTimeout = limit, DimseTimeout = limit, NetworkTimeout = limit, ReleaseTimeout = limit,
        });
        Assert.Equal(DimseStatus.Success, await association.EchoAsync());
        await association.ReleaseAsync().WaitAsync(RawPeer.Patience);
        await server.StopAsync().WaitAsync(RawPeer.Patience);
    }
}
