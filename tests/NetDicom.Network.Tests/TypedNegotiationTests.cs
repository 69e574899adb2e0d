using NetDicom.Network.Tests.Support;
using NetDicom.Protocol;

namespace NetDicom.Network.Tests;

/// <summary>Every item of a request can be seen and answered in the one hook, as bytes and as what they mean.</summary>
public class TypedNegotiationTests
{
    private static readonly DicomUid s_find = SopClasses.StudyRootQueryRetrieveInformationModelFind;
    private static readonly DicomUid s_move = SopClasses.StudyRootQueryRetrieveInformationModelMove;
    private static readonly DicomUid s_worklist = SopClasses.ModalityWorklistInformationModelFind;

    [Fact]
    public async Task A_hook_answers_extended_negotiation_by_meaning_and_the_requestor_reads_it_so()
    {
        ApplicationEntity entity = new("TEST");
        entity.AddSupportedContexts([.. PresentationContexts.QueryRetrieve, .. PresentationContexts.ModalityWorklist, .. PresentationContexts.Storage]);
        await using DicomServer server = await entity.StartServerAsync(0, new DicomServerOptions
        {
            OnNegotiate = (negotiation, _) =>
            {
                Assert.Equal(4, negotiation.ExtendedNegotiations.Count);
                Assert.True(QueryExtendedNegotiation.From(negotiation.FindExtendedNegotiation(s_find)!).RelationalQueries);
                negotiation.Answer(s_find, new QueryExtendedNegotiation(RelationalQueries: true, TimezoneAdjustment: true));
                negotiation.Answer(s_find, new QueryExtendedNegotiation(FuzzyNameMatching: true, TimezoneAdjustment: true));
                negotiation.Answer(s_move, new RetrieveExtendedNegotiation(RelationalRetrieval: true));
                negotiation.Answer(s_worklist, new WorklistExtendedNegotiation(FuzzyNameMatching: true, TimezoneAdjustment: true));
                negotiation.Answer(SopClasses.CTImageStorage, new StorageExtendedNegotiation(StorageSupportLevel.Full, DigitalSignatureSupport.Level3, ElementCoercion.Never));
                // Not offered: no answer.
                negotiation.Answer(SopClasses.MRImageStorage, new StorageExtendedNegotiation(StorageSupportLevel.Full, DigitalSignatureSupport.Level3, ElementCoercion.Never));
                negotiation.Answer(SopClasses.PatientRootQueryRetrieveInformationModelFind, new QueryExtendedNegotiation(RelationalQueries: true));
                return default;
            },
        });
        ApplicationEntity scu = new ApplicationEntity("SCU").WithRequested(s_find).WithRequested(s_move).WithRequested(s_worklist).WithRequested(SopClasses.CTImageStorage);
        await using Association association = await scu.AssociateAsync("127.0.0.1", server.Port, new AssociationOptions
        {
            ExtendedNegotiations =
            [
                new QueryExtendedNegotiation(RelationalQueries: true, FuzzyNameMatching: true).ToItem(s_find),
                new RetrieveExtendedNegotiation(RelationalRetrieval: true, EnhancedImageConversion: true).ToItem(s_move),
                new WorklistExtendedNegotiation(FuzzyNameMatching: true).ToItem(s_worklist),
                default(StorageExtendedNegotiation).ToItem(SopClasses.CTImageStorage),
            ],
        });
        Dictionary<DicomUid, SopClassExtendedNegotiation> answers = association.ExtendedNegotiations.ToDictionary(answer => answer.SopClassUid);
        Assert.Equal(4, answers.Count);
        // The second answer stands in place of the first.
        Assert.Equal([0, 0, 1], answers[s_find].ServiceClassApplicationInformation.ToArray());
        Assert.Equal([1], answers[s_move].ServiceClassApplicationInformation.ToArray());
        Assert.Equal([1, 1, 1], answers[s_worklist].ServiceClassApplicationInformation.ToArray());
        Assert.Equal([2, 0, 3, 0, 0, 0], answers[SopClasses.CTImageStorage].ServiceClassApplicationInformation.ToArray());
    }

    [Theory]
    [InlineData(true, true, true)]
    [InlineData(true, false, false)]
    [InlineData(false, true, false)]
    public async Task A_hook_may_answer_an_identity_by_itself_if_an_answer_was_asked_for(bool sent, bool asked, bool answered)
    {
        UserIdentity? seen = null;
        await using DicomServer server = await new ApplicationEntity("TEST").WithVerification().StartServerAsync(0, new DicomServerOptions
        {
            OnNegotiate = (negotiation, _) =>
            {
                seen = negotiation.UserIdentity;
                negotiation.UserIdentityResponse = new UserIdentityResponse(new byte[] { 1, 2, 3 });
                return default;
            },
        });
        ApplicationEntity scu = new ApplicationEntity("SCU").WithRequested(SopClasses.Verification);
        await using Association association = await scu.AssociateAsync("127.0.0.1", server.Port, new AssociationOptions
        {
            UserIdentity = sent ? new UserIdentity(UserIdentityType.KerberosServiceTicket, asked, new byte[] { 0, 255 }) : null,
        });
        Assert.Equal(sent, seen is not null);
        Assert.Equal(answered ? [1, 2, 3] : null, association.UserIdentityResponse?.ServerResponse.ToArray());
    }

    [Fact]
    public async Task A_hook_sees_roles_and_common_extended_negotiation_and_answers_roles_by_its_contexts()
    {
        await using DicomServer server = await new ApplicationEntity("TEST").WithStorage().StartServerAsync(0, new DicomServerOptions
        {
            OnNegotiate = (negotiation, _) =>
            {
                Assert.Equal([new RoleSelection(SopClasses.CTImageStorage, false, true)], negotiation.RoleSelections);
                Assert.Equal(new DicomUid("1.2.840.10008.4.2"), Assert.Single(negotiation.CommonExtendedNegotiations).ServiceClassUid);
                negotiation.SupportedContexts = PresentationContexts.WithRoles(negotiation.SupportedContexts, scu: true, scp: true);
                return default;
            },
        });
        await using Association association = await new ApplicationEntity("SCU").AssociateAsync("127.0.0.1", server.Port, new AssociationOptions
        {
            RequestedContexts = PresentationContexts.WithRoles([new PresentationContext(SopClasses.CTImageStorage, [TransferSyntax.ImplicitVRLittleEndian.Uid])], scu: false, scp: true),
            CommonExtendedNegotiations = [new SopClassCommonExtendedNegotiation(SopClasses.CTImageStorage, new DicomUid("1.2.840.10008.4.2"), [])],
        });
        Assert.Equal((false, true), (association.Contexts[0].ScuRole, association.Contexts[0].ScpRole));
        Assert.Equal("context 1, CT Image Storage: accepted, Implicit VR Little Endian, this side is SCP", association.Contexts[0].ToString());
    }
}
