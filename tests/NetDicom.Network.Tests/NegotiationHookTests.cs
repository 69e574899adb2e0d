using System.Security.Claims;
using System.Text;
using NetDicom.Network.Tests.Support;
using NetDicom.Protocol;

namespace NetDicom.Network.Tests;

public class NegotiationHookTests
{
    private static readonly ApplicationEntity s_scu = new ApplicationEntity("SCU").WithRequested(SopClasses.Verification).WithRequested(SopClasses.CTImageStorage);

    [Fact]
    public async Task An_identity_that_is_taken_is_the_principal_of_the_handlers_and_is_answered_when_asked()
    {
        ClaimsPrincipal? seen = null;
        ApplicationEntity entity = new ApplicationEntity("TEST").WithVerification();
        entity.OnEcho((request, _) =>
        {
            seen = request.Association.Principal;
            return ValueTask.FromResult(DimseStatus.Success);
        });
        await using DicomServer server = await entity.StartServerAsync(0, new DicomServerOptions { Authenticate = Authenticate });
        await using Association association = await s_scu.AssociateAsync("127.0.0.1", server.Port, new AssociationOptions
        {
            UserIdentity = new UserIdentity(UserIdentityType.UserNameAndPasscode, true, "ann"u8.ToArray(), "open sesame"u8.ToArray()),
        });
        Assert.Equal("answer"u8, association.UserIdentityResponse!.ServerResponse.Span);
        await association.EchoAsync();
        Assert.Equal("ann", seen!.Identity!.Name);
    }

    [Fact]
    public async Task An_identity_that_is_refused_is_a_rejection_by_the_ACSE()
    {
        await using DicomServer server = await new ApplicationEntity("TEST").WithVerification().StartServerAsync(0, new DicomServerOptions { Authenticate = Authenticate });
        AssociationRejectedException error = await Assert.ThrowsAsync<AssociationRejectedException>(() => s_scu.AssociateAsync("127.0.0.1", server.Port, new AssociationOptions
        {
            UserIdentity = new UserIdentity(UserIdentityType.UserNameAndPasscode, true, "ann"u8.ToArray(), "wrong"u8.ToArray()),
        }));
        Assert.Equal((RejectResult.Permanent, RejectSource.ServiceProviderAcse, (byte)1), (error.Result, error.RejectSource, error.Reason));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Who_sends_no_identity_is_let_in_unless_one_is_required(bool required)
    {
        await using DicomServer server = await new ApplicationEntity("TEST").WithVerification()
            .StartServerAsync(0, new DicomServerOptions { Authenticate = Authenticate, RequireUserIdentity = required });
        if (required)
        {
            await Assert.ThrowsAsync<AssociationRejectedException>(() => s_scu.AssociateAsync("127.0.0.1", server.Port));
            return;
        }

        await using Association association = await s_scu.AssociateAsync("127.0.0.1", server.Port);
        Assert.Null(association.UserIdentityResponse);
    }

    [Theory]
    [InlineData(UserIdentityType.UserName)]
    [InlineData(UserIdentityType.KerberosServiceTicket)]
    [InlineData(UserIdentityType.SamlAssertion)]
    [InlineData(UserIdentityType.JsonWebToken)]
    public async Task Each_type_of_identity_arrives_with_its_bytes_as_they_are(UserIdentityType type)
    {
        byte[] field = [0, 255, 1, 254, .. Encoding.UTF8.GetBytes("Ünïcode")];
        UserIdentity? seen = null;
        await using DicomServer server = await new ApplicationEntity("TEST").WithVerification().StartServerAsync(0, new DicomServerOptions
        {
            Authenticate = (identity, _, _) =>
            {
                seen = identity;
                return ValueTask.FromResult(UserIdentityDecision.Accepted(new ClaimsPrincipal()));
            },
        });
        await using Association association = await s_scu.AssociateAsync("127.0.0.1", server.Port, new AssociationOptions { UserIdentity = new UserIdentity(type, false, field) });
        Assert.Equal(type, seen!.Type);
        Assert.Equal(field, seen.PrimaryField.ToArray());
        Assert.Null(association.UserIdentityResponse);
    }

    [Fact]
    public async Task A_hook_may_give_each_peer_its_own_contexts_window_and_PDU_length()
    {
        await using DicomServer server = await new ApplicationEntity("TEST").WithVerification().StartServerAsync(0, new DicomServerOptions
        {
            OnNegotiate = (negotiation, _) =>
            {
                if (negotiation.CallingAETitle.ToString() == "SCU")
                {
                    negotiation.SupportedContexts = PresentationContexts.Storage;
                    negotiation.MaxPduLength = 4_096;
                    negotiation.AsynchronousOperationsWindow = null;
                }

                return default;
            },
        });
        await using Association association = await s_scu.AssociateAsync(
            "127.0.0.1", server.Port, new AssociationOptions { AsynchronousOperationsWindow = new AsynchronousOperationsWindow(5, 1) });
        Assert.Equal([false, true], association.Contexts.Select(context => context.IsAccepted));
        Assert.Equal(4_096u, association.PeerMaxPduLength);
        Assert.Equal(AsynchronousOperationsWindow.Synchronous, association.AsynchronousOperationsWindow);
    }

    [Fact]
    public async Task A_hook_may_reject_and_one_that_fails_lets_nobody_in()
    {
        await using DicomServer strict = await new ApplicationEntity("TEST").WithVerification().StartServerAsync(0, new DicomServerOptions
        {
            OnNegotiate = (negotiation, _) =>
            {
                negotiation.Reject(AAssociateRJ.CallingAETitleNotRecognized);
                return default;
            },
        });
        Assert.Equal(3, (await Assert.ThrowsAsync<AssociationRejectedException>(() => s_scu.AssociateAsync("127.0.0.1", strict.Port))).Reason);
        await using DicomServer broken = await new ApplicationEntity("TEST").WithVerification().StartServerAsync(0, new DicomServerOptions
        {
            OnNegotiate = (_, _) => throw new InvalidOperationException("broken"),
        });
        Assert.True((await Assert.ThrowsAsync<AssociationRejectedException>(() => s_scu.AssociateAsync("127.0.0.1", broken.Port))).IsTransient);
    }

    [Fact]
    public async Task Extended_negotiation_is_answered_for_what_was_offered_only()
    {
        IReadOnlyList<SopClassCommonExtendedNegotiation>? common = null;
        await using DicomServer server = await new ApplicationEntity("TEST").WithStorage().StartServerAsync(0, new DicomServerOptions
        {
            OnNegotiate = (negotiation, _) =>
            {
                common = negotiation.Request.UserInformation.SopClassCommonExtendedNegotiations;
                negotiation.ExtendedNegotiationAnswers.Add(new SopClassExtendedNegotiation(SopClasses.CTImageStorage, new byte[] { 2, 0, 3, 0, 0, 0 }));
                negotiation.ExtendedNegotiationAnswers.Add(new SopClassExtendedNegotiation(SopClasses.MRImageStorage, new byte[] { 2 }));
                return default;
            },
        });
        await using Association association = await s_scu.AssociateAsync("127.0.0.1", server.Port, new AssociationOptions
        {
            ExtendedNegotiations = [new SopClassExtendedNegotiation(SopClasses.CTImageStorage, new byte[] { 3, 0, 0, 0, 2, 0 })],
            CommonExtendedNegotiations = [new SopClassCommonExtendedNegotiation(new DicomUid("1.2.3"), new DicomUid("1.2.840.10008.4.2"), [SopClasses.CTImageStorage])],
        });
        SopClassExtendedNegotiation answer = Assert.Single(association.ExtendedNegotiations);
        Assert.Equal(SopClasses.CTImageStorage, answer.SopClassUid);
        Assert.Equal([2, 0, 3, 0, 0, 0], answer.ServiceClassApplicationInformation.ToArray());
        Assert.Equal(SopClasses.CTImageStorage, Assert.Single(Assert.Single(common!).RelatedGeneralSopClassUids));
    }

    [Fact]
    public async Task One_address_cannot_take_every_place()
    {
        await using DicomServer server = await new ApplicationEntity("TEST").WithVerification()
            .StartServerAsync(0, new DicomServerOptions { MaxAssociations = 10, MaxAssociationsPerAddress = 1, BindAddress = System.Net.IPAddress.Loopback });
        await using Association first = await s_scu.AssociateAsync("127.0.0.1", server.Port);
        AssociationRejectedException error = await Assert.ThrowsAsync<AssociationRejectedException>(() => s_scu.AssociateAsync("127.0.0.1", server.Port));
        Assert.Equal((RejectResult.Transient, RejectSource.ServiceProviderPresentation, (byte)2), (error.Result, error.RejectSource, error.Reason));
        Assert.Equal(1, server.AssociationCount);
    }

    private static ValueTask<UserIdentityDecision> Authenticate(UserIdentity identity, AssociationNegotiation negotiation, CancellationToken cancellationToken)
    {
        string name = Encoding.UTF8.GetString(identity.PrimaryField.Span);
        return ValueTask.FromResult(identity.SecondaryField.Span.SequenceEqual("open sesame"u8)
            ? UserIdentityDecision.Accepted(new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.Name, name)], "DICOM")), "answer"u8.ToArray())
            : UserIdentityDecision.Rejected);
    }
}
