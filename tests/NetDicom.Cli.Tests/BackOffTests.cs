using NetDicom.Cli.Sending;

namespace NetDicom.Cli.Tests;

public class BackOffTests
{
    [Theory]
    [InlineData(1, 0.5, 0.5)]
    [InlineData(2, 0.5, 1)]
    [InlineData(3, 0.5, 2)]
    [InlineData(7, 0.5, 30)]
    [InlineData(1000, 0.5, 30)]
    [InlineData(1, 0, 0.375)]
    [InlineData(1000, 1, 37.5)]
    public void The_wait_doubles_up_to_half_a_minute(int attempt, double random, double seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), BackOff.Delay(attempt, random));
}
