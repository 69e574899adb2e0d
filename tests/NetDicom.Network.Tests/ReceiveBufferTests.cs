namespace NetDicom.Network.Tests;

/// <summary>How the buffer of a connection grows, and how many may have the largest.</summary>
public class ReceiveBufferTests
{
    [Fact]
    public void A_buffer_grows_with_what_fills_it_and_is_small_again_after_its_release()
    {
        var buffer = new ReceiveBuffer(new ReceiveBuffer.Places(1));
        Assert.Equal([16, 256, 256, 256, 256, 256, 256, 256, 256, 1024, 1024], Fill(buffer, 11));
        buffer.Release();
        Assert.Equal(0, buffer.Length);
        Assert.Equal([16, 256], Fill(buffer, 2));
    }

    [Fact]
    public void A_receive_that_does_not_fill_the_large_buffer_begins_the_count_anew()
    {
        var buffer = new ReceiveBuffer(new ReceiveBuffer.Places(1));
        Fill(buffer, ReceiveBuffer.FullBeforeLargest);
        Receive(buffer, 100);
        Assert.All(Fill(buffer, ReceiveBuffer.FullBeforeLargest), length => Assert.Equal(256, length));
        Assert.Equal([1024], Fill(buffer, 1));
    }

    [Fact]
    public void Few_connections_have_the_largest_buffer_and_the_next_gets_it_when_one_lets_go()
    {
        var places = new ReceiveBuffer.Places(2);
        ReceiveBuffer[] buffers = [new(places), new(places), new(places)];
        Assert.Equal([1024, 1024, 256], buffers.Select(buffer => Fill(buffer, 20)[^1]));
        buffers[0].Release();
        buffers[0].Release();
        Assert.Equal([256, 1024], Fill(buffers[2], 2));
        Assert.Equal(256, Fill(buffers[0], 20)[^1]);
    }

    // Lengths in KiB, each after a receive that filled the buffer.
    private static int[] Fill(ReceiveBuffer buffer, int times) => [.. Enumerable.Range(0, times).Select(_ => Receive(buffer, int.MaxValue))];

    private static int Receive(ReceiveBuffer buffer, int most)
    {
        int room = buffer.MakeRoom().Length;
        buffer.Received(Math.Min(room, most));
        buffer.Clear();
        return buffer.Length / 1024;
    }
}
