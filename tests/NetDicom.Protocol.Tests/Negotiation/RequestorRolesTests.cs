namespace NetDicom.Protocol.Tests;

public class RequestorRolesTests
{
    /// <summary>The truth table of PS3.7 annex D.3.3.4, a row a line: proposed SCU,SCP; reply SCU,SCP; the requestor is SCU, SCP.</summary>
    [Theory]
    [InlineData("none", "none", true, false)]
    [InlineData("none", "00", true, false), InlineData("none", "01", true, false), InlineData("none", "10", true, false), InlineData("none", "11", true, false)]
    [InlineData("10", "none", true, false)]
    [InlineData("10", "00", false, false)]
    [InlineData("10", "10", true, false)]
    [InlineData("10", "01", false, false)]
    [InlineData("10", "11", true, false)]
    [InlineData("01", "none", true, false)]
    [InlineData("01", "00", false, false)]
    [InlineData("01", "10", false, false)]
    [InlineData("01", "01", false, true)]
    [InlineData("01", "11", false, true)]
    [InlineData("11", "none", true, false)]
    [InlineData("11", "00", false, false)]
    [InlineData("11", "10", true, false)]
    [InlineData("11", "01", false, true)]
    [InlineData("11", "11", true, true)]
    [InlineData("00", "none", true, false), InlineData("00", "00", true, false), InlineData("00", "01", true, false), InlineData("00", "10", true, false), InlineData("00", "11", true, false)]
    public void Proposal_and_reply_give_the_roles_of_the_truth_table(string proposed, string reply, bool scu, bool scp) =>
        Assert.Equal(new RequestorRoles(scu, scp), RequestorRoles.Of(Roles(proposed), Roles(reply)));

    [Theory]
    [InlineData("11", "00", true, false)]
    [InlineData("10", "00", false, false)]
    [InlineData("01", "00", false, false)]
    [InlineData("11", "01", false, true)]
    public void A_refusal_of_both_roles_can_be_read_as_the_default(string proposed, string reply, bool scu, bool scp) =>
        Assert.Equal(new RequestorRoles(scu, scp), RequestorRoles.Of(Roles(proposed), Roles(reply), refusalMeansDefault: true));

    private static RoleSelection? Roles(string text) => text == "none" ? null : new RoleSelection(new DicomUid("1.2"), text[0] == '1', text[1] == '1');
}
