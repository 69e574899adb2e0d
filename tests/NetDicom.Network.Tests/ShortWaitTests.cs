using System.Net.Sockets;
using NetDicom.Network.Tests.Support;

namespace NetDicom.Network.Tests;

public class ShortWaitTests
{
    [Fact]
    public async Task Bytes_that_are_there_are_seen_and_so_is_the_end_of_the_stream()
    {
        (Socket listener, int port) = RawPeer.Listen();
        using (listener)
        {
            Task<RawPeer> connecting = RawPeer.ConnectAsync(port);
            using Socket socket = await listener.AcceptAsync();
            using RawPeer peer = await connecting;
            var wait = new ShortWait(socket);
            await peer.SendAsync(1);
            Assert.True(socket.Poll(RawPeer.Patience, SelectMode.SelectRead));
            Assert.True(wait.ForBytes());
            Assert.Equal(1, await socket.ReceiveAsync(new byte[10]));
            peer.CloseSending();
            Assert.True(socket.Poll(RawPeer.Patience, SelectMode.SelectRead));
            Assert.True(wait.ForBytes());
            Assert.Equal(0, await socket.ReceiveAsync(new byte[10]));
        }
    }
}
