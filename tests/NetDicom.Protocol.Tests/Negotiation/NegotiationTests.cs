namespace NetDicom.Protocol.Tests;

public class NegotiationTests
{
    private static readonly DicomUid s_ct = new("1.2.840.10008.5.1.4.1.1.2");
    private static readonly DicomUid s_echo = new("1.2.840.10008.1.1");
    private static readonly DicomUid s_implicit = new("1.2.840.10008.1.2");
    private static readonly DicomUid s_explicit = new("1.2.840.10008.1.2.1");
    private static readonly DicomUid s_jpeg = new("1.2.840.10008.1.2.4.50");
    private static readonly AETitle s_title = AETitle.Parse("A");

    [Fact]
    public void Each_context_is_answered_once_and_in_order()
    {
        AAssociateRQ request = Request(
            new PresentationContextProposal(5, s_ct, [s_jpeg, s_explicit]),
            new PresentationContextProposal(1, new DicomUid("1.9"), [s_implicit]),
            new PresentationContextProposal(3, s_ct, [s_jpeg]),
            new PresentationContextProposal(7, default, [s_implicit]),
            new PresentationContextProposal(9, s_ct, []),
            new PresentationContextProposal(11, s_ct, [default]),
            new PresentationContextProposal(4, s_ct, [s_implicit]),
            new PresentationContextProposal(0, s_ct, [s_implicit]));
        NegotiationResult result = Negotiation.NegotiateContexts(request, new AcceptorPolicy([new PresentationContext(s_ct, [s_implicit, s_explicit])]));
        Assert.Equal(
            [(5, 0), (1, 3), (3, 4), (7, 3), (9, 4), (11, 4), (4, 2), (0, 2)],
            result.Results.Select(r => ((int)r.Id, (int)r.Result)));
        Assert.Equal(s_explicit, result.Results[0].TransferSyntax);
        Assert.Equal(s_jpeg, result.Results[2].TransferSyntax);
        Assert.Equal([true, false, false, false, false, false, false, false], result.Contexts.Select(c => c.IsAccepted));
        Assert.Equal((s_ct, s_explicit, false, true), (result.Contexts[0].AbstractSyntax, result.Contexts[0].TransferSyntax, result.Contexts[0].ScuRole, result.Contexts[0].ScpRole));
        Assert.False(result.Contexts[1].ScpRole);
        Assert.Empty(result.RoleReplies);
    }

    [Theory]
    [InlineData(TransferSyntaxPreference.Acceptor, "1.2.840.10008.1.2")]
    [InlineData(TransferSyntaxPreference.Requestor, "1.2.840.10008.1.2.1")]
    public void The_order_of_one_side_decides(TransferSyntaxPreference preference, string expected)
    {
        var policy = new AcceptorPolicy([new PresentationContext(s_ct, [s_implicit, s_explicit])]) { Preference = preference };
        NegotiationResult result = Negotiation.NegotiateContexts(Request(new PresentationContextProposal(1, s_ct, [s_jpeg, s_explicit, s_implicit])), policy);
        Assert.Equal(expected, result.Results[0].TransferSyntax.ToString());
    }

    [Fact]
    public void A_repeated_id_is_a_violation()
    {
        AAssociateRQ request = Request(new PresentationContextProposal(1, s_ct, [s_implicit]), new PresentationContextProposal(1, s_echo, [s_implicit]));
        var violation = Assert.Throws<PduViolationException>(() => Negotiation.NegotiateContexts(request, new AcceptorPolicy([])));
        Assert.Equal(AbortReason.InvalidPduParameterValue, violation.Reason);
    }

    [Fact]
    public void A_request_without_contexts_gets_an_answer_without_results() =>
        Assert.Empty(Negotiation.NegotiateContexts(Request(), new AcceptorPolicy([])).Results);

    [Fact]
    public void Unknown_storage_is_taken_where_the_policy_says_so()
    {
        DicomUid known = new("1.9.1"), unknown = new("1.9.2"), storage = new("1.2.840.10008.4.2");
        var request = new AAssociateRQ
        {
            PresentationContexts = [new PresentationContextProposal(1, known, [s_jpeg, s_implicit]), new PresentationContextProposal(3, unknown, [s_implicit])],
            UserInformation = new UserInformation { SopClassCommonExtendedNegotiations = [new SopClassCommonExtendedNegotiation(known, storage, [])] },
        };
        var any = new AcceptorPolicy([]) { AcceptUnknownStorage = (_, serviceClass) => serviceClass == storage };
        Assert.Equal([(0, s_jpeg), (3, s_implicit)], Negotiation.NegotiateContexts(request, any).Results.Select(r => ((int)r.Result, r.TransferSyntax)));
        var some = new AcceptorPolicy([]) { AcceptUnknownStorage = (uid, _) => uid == known, UnknownStorageTransferSyntaxes = [s_explicit, s_implicit] };
        Assert.Equal([(0, s_implicit), (3, s_implicit)], Negotiation.NegotiateContexts(request, some).Results.Select(r => ((int)r.Result, r.TransferSyntax)));
    }

    [Theory]
    [InlineData(null, null, true, true, "", true, false, "policy without roles: no reply, default")]
    [InlineData(true, true, true, true, "11", true, true, "both")]
    [InlineData(true, true, false, true, "01", false, true, "as proposed only")]
    [InlineData(false, true, true, true, "01", false, true, "as allowed only")]
    [InlineData(true, false, false, true, "00", false, false, "nothing left")]
    [InlineData(null, true, false, true, "01", false, true, "one role named by the policy")]
    [InlineData(true, true, false, false, "", true, false, "invalid proposal counts as none")]
    public void Roles_are_answered_within_the_proposal_and_the_policy(
        bool? allowScu, bool? allowScp, bool proposeScu, bool proposeScp, string reply, bool requestorScu, bool requestorScp, string why)
    {
        var policy = new AcceptorPolicy([new PresentationContext(s_ct, [s_implicit]) { ScuRole = allowScu, ScpRole = allowScp }]);
        var request = new AAssociateRQ
        {
            PresentationContexts = [new PresentationContextProposal(1, s_ct, [s_implicit]), new PresentationContextProposal(3, s_ct, [s_implicit])],
            UserInformation = new UserInformation { RoleSelections = [new RoleSelection(s_ct, proposeScu, proposeScp)] },
        };
        NegotiationResult result = Negotiation.NegotiateContexts(request, policy);
        Assert.True(reply == string.Concat(result.RoleReplies.Select(r => $"{(r.Scu ? 1 : 0)}{(r.Scp ? 1 : 0)}")), why);
        Assert.All(result.Contexts, c => Assert.Equal((requestorScp, requestorScu), (c.ScuRole, c.ScpRole)));

        // The requestor reads the same out of the answer, seen from its side.
        var answer = AAssociateAC.To(request, result.Results, new UserInformation { RoleSelections = result.RoleReplies });
        Assert.All(Negotiation.ReadAnswer(request, answer), c => Assert.Equal((true, requestorScu, requestorScp), (c.IsAccepted, c.ScuRole, c.ScpRole)));
    }

    [Fact]
    public void No_role_is_answered_for_a_refused_or_unproposed_SOP_class()
    {
        var policy = new AcceptorPolicy([new PresentationContext(s_ct, [s_implicit]) { ScpRole = true }, new PresentationContext(s_echo, [s_implicit]) { ScpRole = true }]);
        var request = new AAssociateRQ
        {
            PresentationContexts = [new PresentationContextProposal(1, s_ct, [s_jpeg])],
            UserInformation = new UserInformation { RoleSelections = [new RoleSelection(s_ct, true, true), new RoleSelection(s_echo, true, true)] },
        };
        Assert.Empty(Negotiation.NegotiateContexts(request, policy).RoleReplies);
    }

    [Fact]
    public void A_request_gets_odd_ids_in_order_and_one_role_item_for_each_SOP_class()
    {
        AAssociateRQ request = Negotiation.BuildRequest(s_title, s_title,
        [
            new PresentationContext(s_ct, [s_implicit]) { ScuRole = true, ScpRole = true },
            new PresentationContext(s_ct, [s_explicit]) { ScuRole = true, ScpRole = true },
            new PresentationContext(s_echo, [s_implicit]),
        ], new UserInformation { MaximumLength = 5, ImplementationVersionName = "X" });
        Assert.Equal([1, 3, 5], request.PresentationContexts.Select(c => c.Id));
        Assert.Equal([new RoleSelection(s_ct, true, true)], request.UserInformation.RoleSelections);
        Assert.Equal((5u, "X"), (request.UserInformation.MaximumLength, request.UserInformation.ImplementationVersionName));
    }

    [Fact]
    public void A_hundred_and_twenty_eight_contexts_are_the_most()
    {
        PresentationContext[] contexts = [.. Enumerable.Repeat(new PresentationContext(s_ct, [s_implicit]), 129)];
        Assert.Equal(255, Negotiation.BuildRequest(s_title, s_title, contexts[..128], UserInformation.Empty).PresentationContexts[127].Id);
        Assert.Contains("128", Assert.Throws<ArgumentException>(() => Negotiation.BuildRequest(s_title, s_title, contexts, UserInformation.Empty)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_request_that_would_break_the_rules_is_not_built()
    {
        PresentationContextProposal good = new(1, s_ct, [s_implicit]);
        Assert.Throws<ArgumentException>(() => Build());
        Assert.Throws<ArgumentException>(() => Build(good, good));
        Assert.Throws<ArgumentException>(() => Build(new PresentationContextProposal(2, s_ct, [s_implicit])));
        Assert.Throws<ArgumentException>(() => Build(new PresentationContextProposal(0, s_ct, [s_implicit])));
        Assert.Throws<ArgumentException>(() => Build(new PresentationContextProposal(1, default, [s_implicit])));
        Assert.Throws<ArgumentException>(() => Build(new PresentationContextProposal(1, s_ct, [])));
        Assert.Throws<ArgumentException>(() => Negotiation.BuildRequest(default, s_title, [good], UserInformation.Empty));
        Assert.Throws<ArgumentException>(() => Negotiation.BuildRequest(s_title, default, [good], UserInformation.Empty));
        Assert.Throws<ArgumentException>(() => Negotiation.BuildRequest(s_title, s_title,
            [new PresentationContext(s_ct, [s_implicit]) { ScuRole = true }, new PresentationContext(s_ct, [s_explicit]) { ScpRole = true }], UserInformation.Empty));
        Assert.Single(Build(good).PresentationContexts);

        static AAssociateRQ Build(params PresentationContextProposal[] proposals) => Negotiation.BuildRequest(s_title, s_title, proposals, UserInformation.Empty);
    }

    [Fact]
    public void An_answer_is_read_against_its_request_whatever_it_holds()
    {
        AAssociateRQ request = Request([.. new byte[] { 1, 3, 5, 7, 9, 11 }.Select(id => new PresentationContextProposal(id, s_ct, [s_implicit, s_explicit]))]);
        AAssociateAC answer = AAssociateAC.To(request,
        [
            new PresentationContextResultItem(13, PresentationContextResult.Acceptance, s_implicit),
            new PresentationContextResultItem(9, PresentationContextResult.Acceptance, s_implicit),
            new PresentationContextResultItem(9, PresentationContextResult.Acceptance, s_explicit),
            new PresentationContextResultItem(7, PresentationContextResult.Acceptance, default),
            new PresentationContextResultItem(5, PresentationContextResult.Acceptance, s_jpeg),
            new PresentationContextResultItem(3, PresentationContextResult.TransferSyntaxesNotSupported, s_implicit),
            new PresentationContextResultItem(1, PresentationContextResult.Acceptance, s_explicit),
        ], UserInformation.Empty);
        IReadOnlyList<NegotiatedContext> contexts = Negotiation.ReadAnswer(request, answer);
        Assert.Equal(
        [
            new NegotiatedContext(1, s_ct, s_explicit, PresentationContextResult.Acceptance, true, false),
            new NegotiatedContext(3, s_ct, default, PresentationContextResult.TransferSyntaxesNotSupported, false, false),
            new NegotiatedContext(5, s_ct, default, PresentationContextResult.Acceptance, false, false, "accepted with transfer syntax 1.2.840.10008.1.2.4.50, which was not proposed"),
            new NegotiatedContext(7, s_ct, default, PresentationContextResult.Acceptance, false, false, "accepted without one transfer syntax"),
            new NegotiatedContext(9, s_ct, default, PresentationContextResult.Acceptance, false, false, "answered twice"),
            new NegotiatedContext(11, s_ct, default, PresentationContextResult.NoReason, false, false, "not answered"),
            new NegotiatedContext(13, default, default, PresentationContextResult.Acceptance, false, false, "answered, but not proposed"),
        ], contexts);
        Assert.Equal([true, false, false, false, false, false, false], contexts.Select(c => c.IsAccepted));
    }

    private static AAssociateRQ Request(params PresentationContextProposal[] proposals) => new() { PresentationContexts = proposals };
}
