using NetDicom.Network.Tests.Support;
using NetDicom.Protocol;

namespace NetDicom.Network.Tests;

public class UnreadableDataSetTests
{
    [Fact]
    public async Task A_data_set_of_a_peer_that_cannot_be_read_is_a_warning_and_no_failed_handler()
    {
        using var log = new ListLog();
        ApplicationEntity entity = Queries.Scp(Queries.Find);
        bool called = false;
        entity.OnFind((_, _) =>
        {
            called = true;
            return AsyncEnumerable.Empty<FindMatch>();
        });
        await using DicomServer server = await entity.StartServerAsync(0, new DicomServerOptions { LoggerFactory = log });
        using RawPeer peer = await Queries.ConnectAsync(server, Queries.Find);
        // An item where an element has to be (PS3.5 section 7.5).
        await peer.SendAsync(1, Queries.Request(1), [0xFE, 0xFF, 0x00, 0xE0, 0, 0, 0, 0]);
        Assert.Equal(DimseStatus.CannotUnderstand, (await peer.ReadMessageAsync()).Command.Status);
        Assert.Contains("an item outside a sequence", await log.WhenLoggedAsync(1309), StringComparison.Ordinal);
        Assert.False(called);
        Assert.DoesNotContain(log.Lines, line => line.Contains("the handler of", StringComparison.Ordinal));
    }
}
