using NetDicom.Network.Tests.Support;
using NetDicom.Protocol;

namespace NetDicom.Network.Tests;

/// <summary>Who is let in: each rule with the result, source and reason of its rejection (PS3.8 table 9-21), from bytes spelled by hand.</summary>
public class AdmissionTests
{
    public static TheoryData<string> Rules => [.. s_rules.Keys];

    // Options, request, and what is answered: null accepts.
    private static readonly Dictionary<string, (DicomServerOptions Options, byte[] Request, (byte Result, byte Source, byte Reason)? Rejection)> s_rules = new()
    {
        ["all in order"] = (new(), RawItems.Request(RawItems.Proposal(1)), null),
        ["protocol version without bit 0"] = (new(), Version(0), (1, 2, 2)),
        ["protocol version with other bits only"] = (new(), Version(0xFFFE), (1, 2, 2)),
        ["protocol version with bit 0 and others"] = (new(), Version(0xFFFF), null),
        ["another application context"] = (new(), RawItems.Associate(1, RawItems.Item(0x10, "1.2.840.10008.3.1.1.2"), RawItems.Proposal(1), RawItems.UserInformation), (1, 1, 2)),
        ["no application context"] = (new(), RawItems.Associate(1, RawItems.Proposal(1), RawItems.UserInformation), (1, 1, 2)),
        ["application context padded with NUL"] = (new(), RawItems.Associate(1, RawItems.Item(0x10, "1.2.840.10008.3.1.1.1\0"), RawItems.Proposal(1), RawItems.UserInformation), null),
        ["called title not ours where it must be"] = (new() { RequireCalledAETitle = true }, Titles("OTHER", "RAW"), (1, 1, 7)),
        ["called title not ours where it need not be"] = (new(), Titles("OTHER", "RAW"), null),
        ["called title of spaces"] = (new(), Titles("", "RAW"), (1, 1, 7)),
        ["calling title not listed"] = (new() { AllowedCallingAETitles = ["FRIEND"] }, Titles("TEST", "RAW"), (1, 1, 3)),
        ["calling title listed"] = (new() { AllowedCallingAETitles = ["FRIEND"] }, Titles("TEST", "FRIEND"), null),
        ["calling title of spaces"] = (new(), Titles("TEST", ""), (1, 1, 3)),
        ["calling title with a control character"] = (new(), Titles("TEST", "R\u0001W"), (1, 1, 3)),
        ["identity refused"] = (new() { Authenticate = Refuse }, RawItems.RequestWith(RawItems.Item(0x58, 2, 0, 0, 1, (byte)'a', 0, 1, (byte)'b')), (1, 2, 1)),
        ["identity missing where one is required"] = (new() { Authenticate = Refuse, RequireUserIdentity = true }, RawItems.Request(RawItems.Proposal(1)), (1, 2, 1)),
        ["identity missing where none is required"] = (new() { Authenticate = Refuse }, RawItems.Request(RawItems.Proposal(1)), null),
        ["authentication that breaks down"] = (new() { Authenticate = (_, _, _) => throw new InvalidOperationException() }, RawItems.RequestWith(RawItems.Item(0x58, 1, 0, 0, 1, (byte)'a', 0, 0)), (2, 3, 1)),
        ["hook: no reason given"] = (Hook(AAssociateRJ.NoReasonGiven), RawItems.Request(RawItems.Proposal(1)), (1, 1, 1)),
        ["hook: calling title"] = (Hook(AAssociateRJ.CallingAETitleNotRecognized), RawItems.Request(RawItems.Proposal(1)), (1, 1, 3)),
        ["hook: temporary congestion"] = (Hook(AAssociateRJ.TemporaryCongestion), RawItems.Request(RawItems.Proposal(1)), (2, 3, 1)),
        ["hook: local limit"] = (Hook(AAssociateRJ.LocalLimitExceeded), RawItems.Request(RawItems.Proposal(1)), (2, 3, 2)),
        ["hook: anything else"] = (Hook(new AAssociateRJ(RejectResult.Transient, RejectSource.ServiceUser, 10)), RawItems.Request(RawItems.Proposal(1)), (2, 1, 10)),
        ["hook that breaks down"] = (new() { OnNegotiate = (_, _) => throw new InvalidOperationException() }, RawItems.Request(RawItems.Proposal(1)), (2, 3, 1)),
        // The checks in their order: the first that fails is told.
        ["version and called title"] = (new() { RequireCalledAETitle = true }, RawItems.Associate(1, 0, "OTHER", "RAW", RawItems.ApplicationContext, RawItems.Proposal(1), RawItems.UserInformation), (1, 2, 2)),
        ["application context and called title"] = (new() { RequireCalledAETitle = true }, RawItems.Associate(1, 1, "OTHER", "RAW", RawItems.Item(0x10, "1.2"), RawItems.Proposal(1), RawItems.UserInformation), (1, 1, 2)),
        ["called and calling title"] = (new() { RequireCalledAETitle = true, AllowedCallingAETitles = [] }, Titles("OTHER", "RAW"), (1, 1, 7)),
        ["calling title and hook"] = (Hook(AAssociateRJ.TemporaryCongestion) with { AllowedCallingAETitles = [] }, Titles("TEST", "RAW"), (1, 1, 3)),
    };

    [Theory]
    [MemberData(nameof(Rules))]
    public async Task Each_rule_of_admission_answers_its_own_rejection(string rule)
    {
        (DicomServerOptions options, byte[] request, (byte, byte, byte)? rejection) = s_rules[rule];
        await using DicomServer server = await new ApplicationEntity("TEST").WithVerification().StartServerAsync(0, options);
        using RawPeer peer = await RawPeer.ConnectAsync(server.Port);
        await peer.SendAsync(request);
        if (rejection is { } expected)
        {
            byte[] body = await peer.ExpectAsync(PduType.AAssociateRJ);
            Assert.Equal(expected, (body[1], body[2], body[3]));
            Assert.Equal(0, server.AssociationCount);
        }
        else
        {
            await peer.ExpectAsync(PduType.AAssociateAC);
        }
    }

    [Fact]
    public async Task A_place_that_is_not_there_is_a_local_limit_and_told_after_all_other_checks()
    {
        await using DicomServer server = await new ApplicationEntity("TEST").WithVerification().StartServerAsync(0, new DicomServerOptions { MaxAssociations = 1, AllowedCallingAETitles = ["RAW"] });
        using RawPeer first = await RawPeer.AssociateAsync(server.Port);
        using (RawPeer second = await RawPeer.ConnectAsync(server.Port))
        {
            await second.SendAsync(RawPeer.Request());
            byte[] body = await second.ExpectAsync(PduType.AAssociateRJ);
            Assert.Equal((2, 3, 2), (body[1], body[2], body[3]));
        }

        using RawPeer stranger = await RawPeer.ConnectAsync(server.Port);
        await stranger.SendAsync(RawPeer.Request(calling: "STRANGER"));
        Assert.Equal(3, (await stranger.ExpectAsync(PduType.AAssociateRJ))[3]);
    }

    private static byte[] Version(ushort version) => RawItems.Associate(1, version, "TEST", "RAW", RawItems.ApplicationContext, RawItems.Proposal(1), RawItems.UserInformation);

    private static byte[] Titles(string called, string calling) => RawItems.Associate(1, 1, called, calling, RawItems.ApplicationContext, RawItems.Proposal(1), RawItems.UserInformation);

    private static ValueTask<UserIdentityDecision> Refuse(UserIdentity identity, AssociationNegotiation negotiation, CancellationToken cancellationToken) => ValueTask.FromResult(UserIdentityDecision.Rejected);

    private static DicomServerOptions Hook(AAssociateRJ rejection) => new()
    {
        OnNegotiate = (negotiation, _) =>
        {
            negotiation.Reject(rejection);
            return default;
        },
    };
}
