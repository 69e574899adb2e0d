namespace NetDicom.Protocol.Tests;

/// <summary>Role selection from the acceptor's side: every proposal against every policy, and the requestor reads the same out of the answer (PS3.7 annex D.3.3.4).</summary>
public class AcceptorRolesTests
{
    private static readonly DicomUid s_ct = new("1.2.840.10008.5.1.4.1.1.2");
    private static readonly DicomUid s_implicit = new("1.2.840.10008.1.2");

    // Proposal and policy as SCU,SCP of the requestor; reply; what the requestor is then: S SCU, P SCP, - nothing.
    [Theory]
    [InlineData("none", "none", "none", "S"), InlineData("none", "00", "none", "S"), InlineData("none", "01", "none", "S"), InlineData("none", "10", "none", "S"), InlineData("none", "11", "none", "S")]
    [InlineData("00", "none", "none", "S"), InlineData("00", "00", "none", "S"), InlineData("00", "01", "none", "S"), InlineData("00", "10", "none", "S"), InlineData("00", "11", "none", "S")]
    [InlineData("01", "none", "none", "S"), InlineData("01", "00", "00", "-"), InlineData("01", "01", "01", "P"), InlineData("01", "10", "00", "-"), InlineData("01", "11", "01", "P")]
    [InlineData("10", "none", "none", "S"), InlineData("10", "00", "00", "-"), InlineData("10", "01", "00", "-"), InlineData("10", "10", "10", "S"), InlineData("10", "11", "10", "S")]
    [InlineData("11", "none", "none", "S"), InlineData("11", "00", "00", "-"), InlineData("11", "01", "01", "P"), InlineData("11", "10", "10", "S"), InlineData("11", "11", "11", "SP")]
    public void Each_proposal_is_answered_within_each_policy_and_both_sides_agree(string proposed, string allowed, string reply, string requestorIs)
    {
        (NegotiationResult result, IReadOnlyList<NegotiatedContext> requestor) = Negotiate(proposed, allowed, assumeRoles: false);
        Assert.Equal(reply, result.RoleReplies.Count == 0 ? "none" : string.Concat(result.RoleReplies.Select(r => $"{(r.Scu ? 1 : 0)}{(r.Scp ? 1 : 0)}")));
        Assert.Equal(requestorIs, Roles(requestor[0].ScuRole, requestor[0].ScpRole));
        // The acceptor has the other end of each.
        Assert.Equal(requestorIs, Roles(result.Contexts[0].ScpRole, result.Contexts[0].ScuRole));
    }

    [Theory]
    [InlineData("none", "none", "none", "S", "S")]
    [InlineData("none", "01", "none", "SP", "S")]
    [InlineData("none", "11", "none", "SP", "S")]
    [InlineData("none", "10", "none", "S", "S")]
    [InlineData("01", "01", "01", "P", "P")]
    [InlineData("10", "01", "00", "-", "-")]
    public void Roles_are_assumed_only_where_none_are_proposed_and_nothing_is_answered_for_it(string proposed, string allowed, string reply, string acceptorGrants, string requestorReads)
    {
        (NegotiationResult result, IReadOnlyList<NegotiatedContext> requestor) = Negotiate(proposed, allowed == "01" && proposed == "none" ? "x1" : allowed, assumeRoles: true);
        Assert.Equal(reply, result.RoleReplies.Count == 0 ? "none" : string.Concat(result.RoleReplies.Select(r => $"{(r.Scu ? 1 : 0)}{(r.Scp ? 1 : 0)}")));
        Assert.Equal(acceptorGrants, Roles(result.Contexts[0].ScpRole, result.Contexts[0].ScuRole));
        Assert.Equal(requestorReads, Roles(requestor[0].ScuRole, requestor[0].ScpRole));
    }

    [Theory]
    [InlineData("none", "none", true, false)]
    [InlineData("01", "none", false, true)]
    [InlineData("10", "none", true, false)]
    [InlineData("11", "none", true, true)]
    [InlineData("00", "none", true, false)]
    [InlineData("01", "00", false, false)]
    [InlineData("11", "10", true, false)]
    public void Silence_can_be_read_as_consent_and_an_answer_still_counts(string proposed, string reply, bool scu, bool scp) =>
        Assert.Equal(new RequestorRoles(scu, scp), RequestorRoles.Of(Item(proposed), Item(reply), silenceMeansAgreed: true));

    [Theory]
    [InlineData(2, true, 0)]
    [InlineData(2, false, 2)]
    [InlineData(254, true, 0)]
    [InlineData(0, true, 2)]
    public void An_even_id_is_taken_only_where_the_policy_says_so_and_0_never(byte id, bool acceptEvenIds, int result)
    {
        var policy = new AcceptorPolicy([new PresentationContext(s_ct, [s_implicit])]) { AcceptEvenIds = acceptEvenIds };
        var request = new AAssociateRQ { PresentationContexts = [new PresentationContextProposal(id, s_ct, [s_implicit])] };
        Assert.Equal(result, (int)Negotiation.NegotiateContexts(request, policy).Results[0].Result);
    }

    [Fact]
    public void A_context_is_told_in_one_line()
    {
        string Text(PresentationContextResult result, bool scu = false, bool scp = false, string? problem = null, bool known = true) =>
            new NegotiatedContext(5, known ? s_ct : default, result == 0 ? s_implicit : default, result, scu, scp, problem).ToString();
        Assert.Equal("context 5, CT Image Storage: accepted, Implicit VR Little Endian, this side is SCU", Text(0, scu: true));
        Assert.EndsWith("this side is SCP", Text(0, scp: true), StringComparison.Ordinal);
        Assert.EndsWith("this side is SCU and SCP", Text(0, scu: true, scp: true), StringComparison.Ordinal);
        Assert.EndsWith("this side is neither SCU nor SCP", Text(0), StringComparison.Ordinal);
        Assert.Equal("context 5, CT Image Storage: abstract syntax not supported", Text(PresentationContextResult.AbstractSyntaxNotSupported));
        Assert.Equal("context 5, CT Image Storage: refused (result 77)", Text((PresentationContextResult)77));
        Assert.Equal("context 5, no abstract syntax: not usable, answered, but not proposed", Text(0, problem: "answered, but not proposed", known: false));
    }

    private static (NegotiationResult Result, IReadOnlyList<NegotiatedContext> Requestor) Negotiate(string proposed, string allowed, bool assumeRoles)
    {
        var policy = new AcceptorPolicy(
        [
            new PresentationContext(s_ct, [s_implicit]) { ScuRole = Allowed(allowed, 0), ScpRole = Allowed(allowed, 1) },
        ]) { AssumeRoles = assumeRoles };
        var request = new AAssociateRQ
        {
            PresentationContexts = [new PresentationContextProposal(1, s_ct, [s_implicit])],
            UserInformation = new UserInformation { RoleSelections = Item(proposed) is { } item ? [item] : [] },
        };
        NegotiationResult result = Negotiation.NegotiateContexts(request, policy);
        var answer = AAssociateAC.To(request, result.Results, new UserInformation { RoleSelections = result.RoleReplies });
        return (result, Negotiation.ReadAnswer(request, answer));
    }

    // "x" names no role at that place.
    private static bool? Allowed(string text, int at) => text == "none" || text[at] == 'x' ? null : text[at] == '1';

    private static RoleSelection? Item(string text) => text == "none" ? null : new RoleSelection(s_ct, text[0] == '1', text[1] == '1');

    private static string Roles(bool scu, bool scp) => (scu ? "S" : "") + (scp ? "P" : "") is { Length: > 0 } roles ? roles : "-";
}
