using System.Net;

namespace NetDicom.Network.Tests;

public class AssociationPlacesTests
{
    [Fact]
    public async Task A_peer_that_is_refused_for_its_address_takes_no_place_from_others()
    {
        var places = new AssociationPlaces(2, 1);
        IPAddress greedy = IPAddress.Parse("192.0.2.1");
        IPAddress other = IPAddress.Parse("192.0.2.2");
        Assert.True(places.TryTake(greedy));
        using var done = new CancellationTokenSource();
        Task asking = Task.Run(() =>
        {
            while (!done.IsCancellationRequested)
                Assert.False(places.TryTake(greedy));
        });
        int refused = 0;
        for (int i = 0; i < 200_000; i++)
        {
            if (places.TryTake(other))
                places.GiveBack(other);
            else
                refused++;
        }

        await done.CancelAsync();
        await asking;
        Assert.Equal(0, refused);
        places.GiveBack(greedy);
        Assert.Equal(0, places.Taken);
    }
}
