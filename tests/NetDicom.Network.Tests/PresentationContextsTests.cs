using NetDicom.Network.Tests.Support;
using NetDicom.Protocol;

namespace NetDicom.Network.Tests;

public class PresentationContextsTests
{
    private static readonly TransferSyntax s_explicit = TransferSyntax.ExplicitVRLittleEndian;
    private static readonly TransferSyntax s_implicit = TransferSyntax.ImplicitVRLittleEndian;

    [Fact]
    public void Every_negotiable_class_of_the_standard_is_in_the_list_of_its_service()
    {
        DicomUid[] listed = [.. PresentationContexts.ByServiceClass.SelectMany(list => list).Select(c => c.AbstractSyntax), .. PresentationContexts.Storage.Select(c => c.AbstractSyntax)];
        foreach (SopClassInfo info in SopClasses.All.Where(info => !info.IsRetired))
        {
            // What is not negotiated: the directory of media, and real-time video, which has a protocol of its own.
            bool isNegotiated = info.IsMeta || info.Services != DimseServices.None;
            Assert.True(listed.Contains(info.Uid) == isNegotiated, info.ToString());
        }

        Assert.All(PresentationContexts.ByServiceClass, list =>
        {
            Assert.NotEmpty(list);
            Assert.All(list, context => Assert.Equal(PresentationContexts.DefaultTransferSyntaxes.Select(s => s.Uid), context.TransferSyntaxes));
        });
    }

    /// <summary>Written down from PS3.6 table A-1, independently of the table of the program.</summary>
    [Theory]
    [InlineData(nameof(PresentationContexts.QueryRetrieveFind), "1.2.840.10008.5.1.4.1.2.1.1 1.2.840.10008.5.1.4.1.2.2.1 1.2.840.10008.5.1.4.1.1.201.6")]
    [InlineData(nameof(PresentationContexts.QueryRetrieveMove), "1.2.840.10008.5.1.4.1.2.1.2 1.2.840.10008.5.1.4.1.2.2.2 1.2.840.10008.5.1.4.1.2.4.2")]
    [InlineData(nameof(PresentationContexts.QueryRetrieveGet), "1.2.840.10008.5.1.4.1.2.1.3 1.2.840.10008.5.1.4.1.2.2.3 1.2.840.10008.5.1.4.1.2.4.3 1.2.840.10008.5.1.4.1.2.5.3")]
    [InlineData(nameof(PresentationContexts.ModalityWorklist), "1.2.840.10008.5.1.4.31")]
    [InlineData(nameof(PresentationContexts.ProcedureStep), "1.2.840.10008.3.1.2.3.3 1.2.840.10008.3.1.2.3.4 1.2.840.10008.3.1.2.3.5")]
    [InlineData(nameof(PresentationContexts.StorageCommitment), "1.2.840.10008.1.20.1")]
    [InlineData(nameof(PresentationContexts.UnifiedProcedureStep), "1.2.840.10008.5.1.4.34.6.1 1.2.840.10008.5.1.4.34.6.2 1.2.840.10008.5.1.4.34.6.3 1.2.840.10008.5.1.4.34.6.4 1.2.840.10008.5.1.4.34.6.5")]
    [InlineData(nameof(PresentationContexts.InstanceAvailability), "1.2.840.10008.5.1.4.33")]
    [InlineData(nameof(PresentationContexts.RelevantPatient), "1.2.840.10008.5.1.4.37.1 1.2.840.10008.5.1.4.37.2 1.2.840.10008.5.1.4.37.3")]
    [InlineData(nameof(PresentationContexts.PrintManagement), "1.2.840.10008.5.1.1.9 1.2.840.10008.5.1.1.18 1.2.840.10008.5.1.1.1 1.2.840.10008.5.1.1.16.376")]
    [InlineData(nameof(PresentationContexts.MediaCreation), "1.2.840.10008.5.1.1.33")]
    [InlineData(nameof(PresentationContexts.HangingProtocol), "1.2.840.10008.5.1.4.38.2 1.2.840.10008.5.1.4.38.3 1.2.840.10008.5.1.4.38.4")]
    [InlineData(nameof(PresentationContexts.ColorPalette), "1.2.840.10008.5.1.4.39.2 1.2.840.10008.5.1.4.39.3 1.2.840.10008.5.1.4.39.4")]
    [InlineData(nameof(PresentationContexts.ImplantTemplate), "1.2.840.10008.5.1.4.43.2 1.2.840.10008.5.1.4.44.3 1.2.840.10008.5.1.4.45.4")]
    [InlineData(nameof(PresentationContexts.DefinedProcedureProtocol), "1.2.840.10008.5.1.4.20.1 1.2.840.10008.5.1.4.20.2 1.2.840.10008.5.1.4.20.3")]
    [InlineData(nameof(PresentationContexts.ProtocolApproval), "1.2.840.10008.5.1.4.1.1.200.4 1.2.840.10008.5.1.4.1.1.200.5 1.2.840.10008.5.1.4.1.1.200.6")]
    [InlineData(nameof(PresentationContexts.Inventory), "1.2.840.10008.5.1.4.1.1.201.2 1.2.840.10008.5.1.4.1.1.201.3 1.2.840.10008.5.1.4.1.1.201.4")]
    [InlineData(nameof(PresentationContexts.StorageManagement), "1.2.840.10008.5.1.4.1.1.201.5")]
    [InlineData(nameof(PresentationContexts.SubstanceAdministration), "1.2.840.10008.5.1.4.41 1.2.840.10008.5.1.4.42")]
    [InlineData(nameof(PresentationContexts.ApplicationEventLogging), "1.2.840.10008.1.40 1.2.840.10008.1.42")]
    [InlineData(nameof(PresentationContexts.DisplaySystem), "1.2.840.10008.5.1.1.40")]
    [InlineData(nameof(PresentationContexts.RTMachineVerification), "1.2.840.10008.5.1.4.34.8 1.2.840.10008.5.1.4.34.9")]
    [InlineData(nameof(PresentationContexts.NonPatientObjectStorage), "1.2.840.10008.5.1.4.38.1 1.2.840.10008.5.1.4.39.1 1.2.840.10008.5.1.4.1.1.201.1")]
    public void A_list_holds_the_classes_of_its_service(string name, string classes)
    {
        var list = (IReadOnlyList<PresentationContext>)typeof(PresentationContexts).GetProperty(name)!.GetValue(null)!;
        string[] held = [.. list.Select(context => context.AbstractSyntax.ToString())];
        Assert.All(classes.Split(' '), uid => Assert.Contains(uid, held));
        Assert.Equal(held.Distinct(), held);
    }

    [Fact]
    public void One_context_for_each_transfer_syntax_keeps_the_choice_with_the_sender()
    {
        IReadOnlyList<PresentationContext> contexts = PresentationContexts.OnePerTransferSyntax([SopClasses.CTImageStorage, SopClasses.MRImageStorage, SopClasses.CTImageStorage], [s_explicit, s_implicit]);
        Assert.Equal(
            [(SopClasses.CTImageStorage, s_explicit.Uid), (SopClasses.CTImageStorage, s_implicit.Uid), (SopClasses.MRImageStorage, s_explicit.Uid), (SopClasses.MRImageStorage, s_implicit.Uid)],
            contexts.Select(context => (context.AbstractSyntax, Assert.Single(context.TransferSyntaxes))));
    }

    [Fact]
    public void A_C_GET_proposes_to_be_the_SCP_of_what_is_delivered_as_far_as_there_is_room()
    {
        IReadOnlyList<PresentationContext> contexts = PresentationContexts.ForGet(SopClasses.PatientRootQueryRetrieveInformationModelGet, SopClasses.Storage, s_explicit, s_implicit);
        Assert.Equal(128, contexts.Count);
        Assert.Equal((SopClasses.PatientRootQueryRetrieveInformationModelGet, null, null), (contexts[0].AbstractSyntax, contexts[0].ScuRole, contexts[0].ScpRole));
        Assert.All(contexts.Skip(1), context => Assert.Equal((false, true), (context.ScuRole, context.ScpRole)));
        // More classes than room: each that fits with its first syntax.
        Assert.Equal(127, contexts.Skip(1).Select(context => context.AbstractSyntax).Distinct().Count());

        contexts = PresentationContexts.ForGet(SopClasses.PatientRootQueryRetrieveInformationModelGet, [SopClasses.CTImageStorage]);
        Assert.Equal([4, 1, 1, 1, 1], contexts.Select(context => context.TransferSyntaxes.Count));
        AAssociateRQ request = Negotiation.BuildRequest(AETitle.Parse("A"), AETitle.Parse("B"), contexts, UserInformation.Empty);
        Assert.Equal([new RoleSelection(SopClasses.CTImageStorage, false, true)], request.UserInformation.RoleSelections);
    }

    [Fact]
    public async Task More_than_128_contexts_are_an_error_that_says_what_to_do()
    {
        ApplicationEntity entity = new("SCU");
        entity.AddRequestedContexts(PresentationContexts.Storage);
        ArgumentException error = await Assert.ThrowsAsync<ArgumentException>(() => entity.AssociateAsync("127.0.0.1", 1));
        Assert.Contains("1 to 128 can be proposed, one for each odd id (PS3.8 9.3.2.2); propose fewer, or divide them among several associations", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("entity", "1.2.840.10008.1.1")]
    [InlineData("server", "1.2.840.10008.5.1.4.1.1.4")]
    [InlineData("peer", "1.2.840.10008.5.1.4.1.1.2")]
    [InlineData("association", "1.2.826.0.1.3680043.99.1")]
    public async Task Supported_contexts_are_chosen_for_the_entity_the_server_the_peer_or_the_association(string level, string accepted)
    {
        ApplicationEntity entity = new ApplicationEntity("TEST").WithVerification();
        var options = new DicomServerOptions();
        if (level is not "entity")
            options = options with { SupportedContexts = [new PresentationContext(SopClasses.MRImageStorage, [s_implicit.Uid])] };
        if (level is "peer" or "association")
            options = options with { SupportedContextsByPeer = new Dictionary<string, IReadOnlyList<PresentationContext>> { ["SCU"] = [new PresentationContext(SopClasses.CTImageStorage, [s_implicit.Uid])] } };
        if (level is "association")
        {
            options = options with
            {
                OnNegotiate = (negotiation, _) =>
                {
                    Assert.Equal(SopClasses.CTImageStorage, Assert.Single(negotiation.SupportedContexts).AbstractSyntax);
                    // A private abstract syntax with a private transfer syntax.
                    negotiation.SupportedContexts = [new PresentationContext(new DicomUid("1.2.826.0.1.3680043.99.1"), [new DicomUid("1.2.826.0.1.3680043.99.2")])];
                    return default;
                },
            };
        }

        await using DicomServer server = await entity.StartServerAsync(0, options);
        await using Association association = await new ApplicationEntity("SCU").AssociateAsync("127.0.0.1", server.Port, new AssociationOptions
        {
            RequestedContexts =
            [
                new PresentationContext(SopClasses.Verification, [s_implicit.Uid]),
                new PresentationContext(SopClasses.CTImageStorage, [s_implicit.Uid]),
                new PresentationContext(SopClasses.MRImageStorage, [s_implicit.Uid]),
                new PresentationContext(new DicomUid("1.2.826.0.1.3680043.99.1"), [new DicomUid("1.2.826.0.1.3680043.99.2")]),
            ],
        });
        Assert.Equal(accepted, Assert.Single(association.Contexts, context => context.IsAccepted).AbstractSyntax.ToString());
    }

    [Theory]
    [InlineData("requestor", "1.2.840.10008.1.2.2")]
    [InlineData("own", "1.2.840.10008.1.2.1")]
    [InlineData("list", "1.2.840.10008.1.2")]
    [InlineData("hook", "1.2.840.10008.1.2")]
    public async Task The_order_of_transfer_syntaxes_is_the_requestors_or_the_acceptors_own(string whose, string expected)
    {
        ApplicationEntity entity = new("TEST");
        entity.AddSupportedContext(SopClasses.CTImageStorage, s_explicit, s_implicit, TransferSyntax.ExplicitVRBigEndian);
        await using DicomServer server = await entity.StartServerAsync(0, new DicomServerOptions
        {
            PreferredTransferSyntaxes = whose switch { "own" => [], "list" => [s_implicit], _ => null },
            OnNegotiate = (negotiation, _) =>
            {
                if (whose == "hook")
                    negotiation.PreferredTransferSyntaxes = [s_implicit];
                return default;
            },
        });
        ApplicationEntity scu = new ApplicationEntity("SCU").WithRequested(SopClasses.CTImageStorage, TransferSyntax.ExplicitVRBigEndian, s_implicit, s_explicit);
        await using Association association = await scu.AssociateAsync("127.0.0.1", server.Port);
        Assert.Equal(expected, association.Contexts[0].TransferSyntax.ToString());
    }

    [Theory]
    [InlineData(false, false, 3)]
    [InlineData(true, false, 0)]
    [InlineData(false, true, 0)]
    public async Task A_private_storage_class_is_taken_where_the_server_or_the_hook_takes_unknown_ones(bool server, bool hook, int result)
    {
        await using DicomServer listening = await new ApplicationEntity("TEST").WithVerification().StartServerAsync(0, new DicomServerOptions
        {
            AcceptUnknownStorage = server,
            OnNegotiate = (negotiation, _) =>
            {
                Assert.Equal(server, negotiation.AcceptUnknownStorage);
                negotiation.AcceptUnknownStorage |= hook;
                return default;
            },
        });
        var syntax = new DicomUid("1.2.826.0.1.3680043.99.2");
        await using Association association = await new ApplicationEntity("SCU").AssociateAsync("127.0.0.1", listening.Port, new AssociationOptions
        {
            RequestedContexts = [new PresentationContext(new DicomUid("1.2.826.0.1.3680043.99.1"), [syntax]), new PresentationContext(SopClasses.ModalityWorklistInformationModelFind, [s_implicit.Uid])],
        });
        Assert.Equal([result, 3], association.Contexts.Select(context => (int)context.Result));
        Assert.Equal(result == 0 ? syntax : default, association.Contexts[0].TransferSyntax);
    }
}
