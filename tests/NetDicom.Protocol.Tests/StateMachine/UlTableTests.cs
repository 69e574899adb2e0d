namespace NetDicom.Protocol.Tests;

public class UlTableTests
{
    /// <summary>13 states x 19 events; a cell that the file does not list is empty.</summary>
    public static TheoryData<UlState, UlEvent, string> Table9_10()
    {
        Dictionary<(UlState, UlEvent), string> printed = Facts.Read("state-machine.tsv").ToDictionary(
            row => (Enum.Parse<UlState>(row[2]), (UlEvent)int.Parse(row[0], null)), row => row[3]);
        var rows = new TheoryData<UlState, UlEvent, string>();
        for (var evt = UlEvent.Evt1; evt <= UlEvent.Evt19; evt++)
        {
            for (var state = UlState.Sta1; state <= UlState.Sta13; state++)
                rows.Add(state, evt, printed.GetValueOrDefault((state, evt), "None"));
        }

        return rows;
    }

    [Theory]
    [MemberData(nameof(Table9_10))]
    public void Cell_holds_the_action_the_standard_prints(UlState state, UlEvent evt, string expected) =>
        Assert.Equal(expected.Replace("-", "", StringComparison.Ordinal), UpperLayerMachine.ActionFor(state, evt).ToString());

    [Fact]
    public void All_123_cells_of_the_page_are_compared() => Assert.Equal(123, Table9_10().Count(row => row.Data.Item3 != "None"));

    [Theory]
    [InlineData(0, 1), InlineData(14, 1), InlineData(1, 0), InlineData(1, 20)]
    public void There_are_no_other_states_and_events(int state, int evt) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => UpperLayerMachine.ActionFor((UlState)state, (UlEvent)evt));
}
