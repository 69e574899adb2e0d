using NetDicom.Cli.Sending;

namespace NetDicom.Cli.Tests;

public class StoreTallyTests
{
    [Theory]
    [InlineData("Stored", 0)]
    [InlineData("Stored StoredWithWarning Skipped", 0)]
    [InlineData("Stored Unreadable", 3)]
    [InlineData("Unreadable", 3)]
    [InlineData("Stored Refused", 4)]
    [InlineData("Stored Unreadable Refused", 4)]
    [InlineData("Stored NoContext", 4)]
    [InlineData("Refused NoContext", 4)]
    [InlineData("NoContext", 1)]
    [InlineData("NoContext Unreadable", 1)]
    [InlineData("Stored Refused Lost NotSent", 5)]
    [InlineData("Lost", 5)]
    public void The_most_severe_outcome_decides(string outcomes, int exitCode)
    {
        var tally = new StoreTally { Established = true };
        foreach (string outcome in outcomes.Split(' '))
            tally.Add(Enum.Parse<FileOutcome>(outcome));
        Assert.Equal(exitCode, tally.ExitCode);
    }

    [Fact]
    public void No_association_at_all_is_1_and_a_lost_one_that_cannot_be_had_again_is_5()
    {
        var never = new StoreTally { NotEstablished = true };
        never.Add(FileOutcome.NotSent);
        Assert.Equal(1, never.ExitCode);

        var notAgain = new StoreTally { Established = true, NotEstablished = true };
        notAgain.Add(FileOutcome.Stored, 10);
        notAgain.Add(FileOutcome.NotSent);
        Assert.Equal(5, notAgain.ExitCode);
        Assert.Equal(10, notAgain.Bytes);
    }
}
