using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Claims;
using System.Text;
using System.Text.Json;
using NetDicom.Interop.Tests.Support;
using NetDicom.Network;
using NetDicom.Protocol;

namespace NetDicom.Interop.Tests;

/// <summary>What is negotiated besides contexts, with DCMTK, dcmjs-dimse and Orthanc at the other end.</summary>
public class NegotiationTests
{
    private static readonly TransferSyntax s_explicit = TransferSyntax.ExplicitVRLittleEndian;

    [Theory]
    [InlineData("-usr anna", UserIdentityType.UserName, "anna", "")]
    [InlineData("-usr anna -pwd secret -rsp", UserIdentityType.UserNameAndPasscode, "anna", "secret")]
    [InlineData("-kt FILE", UserIdentityType.KerberosServiceTicket, "FILE", "")]
    [InlineData("--saml FILE -rsp", UserIdentityType.SamlAssertion, "FILE", "")]
    [InlineData("--jwt FILE", UserIdentityType.JsonWebToken, "FILE", "")]
    [Interop("User identity", "SCP", "DCMTK")]
    public async Task Each_identity_that_DCMTK_sends_arrives_byte_for_byte_and_is_confirmed_when_it_asks(string options, UserIdentityType type, string primary, string secondary)
    {
        string storescu = Peers.Dcmtk("storescu");
        using var folder = new TemporaryFolder();
        byte[] token = [0, 255, 10, 13, .. Encoding.UTF8.GetBytes("eyJ.ünï.x"), 1, 0];
        await File.WriteAllBytesAsync(folder.File("token"), token, TestContext.Current.CancellationToken);
        UserIdentity? seen = null;
        await using DicomServer server = await Receiver(new DicomServerOptions
        {
            Authenticate = (identity, _, _) =>
            {
                seen = identity;
                return ValueTask.FromResult(UserIdentityDecision.Accepted(new ClaimsPrincipal()));
            },
        });
        Ended ended = await ChildProcess.RunAsync(
            storescu, ["-d", .. options.Replace("FILE", folder.File("token"), StringComparison.Ordinal).Split(' '), "127.0.0.1", Text(server.Port), RealFiles.CtSmall], Peers.NoDelay);
        Assert.True(ended.ExitCode == 0, ended.ToString());
        Assert.Equal((type, options.EndsWith("-rsp", StringComparison.Ordinal)), (seen!.Type, seen.PositiveResponseRequested));
        Assert.Equal(primary == "FILE" ? token : Encoding.UTF8.GetBytes(primary), seen.PrimaryField.ToArray());
        Assert.Equal(secondary, Encoding.UTF8.GetString(seen.SecondaryField.Span));
    }

    [Fact]
    public async Task An_identity_that_is_refused_is_a_rejection_that_DCMTK_reports()
    {
        string storescu = Peers.Dcmtk("storescu");
        await using DicomServer server = await Receiver(new DicomServerOptions { Authenticate = (_, _, _) => ValueTask.FromResult(UserIdentityDecision.Rejected) });
        Ended ended = await ChildProcess.RunAsync(storescu, ["-usr", "anna", "-pwd", "wrong", "127.0.0.1", Text(server.Port), RealFiles.CtSmall], Peers.NoDelay);
        Assert.NotEqual(0, ended.ExitCode);
        Assert.Contains("Rejected Permanent, Source: Service Provider (ACSE Related)", (ended.Output + ended.Error).Replace("Result: ", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public async Task DCMTK_reads_every_item_that_we_send_as_we_mean_it()
    {
        using var folder = new TemporaryFolder();
        await using Peers.Receiver peer = await Peers.StoreScpAsync(folder.Path, noDelay: true, "-d");
        ApplicationEntity entity = new("NEGOTIATOR");
        await using (Association association = await entity.AssociateAsync("127.0.0.1", int.Parse(peer.Port, CultureInfo.InvariantCulture), new AssociationOptions
        {
            RequestedContexts =
            [
                new PresentationContext(SopClasses.Verification, [s_explicit.Uid]),
                .. PresentationContexts.WithRoles([new PresentationContext(SopClasses.CTImageStorage, [s_explicit.Uid])], scu: true, scp: true),
            ],
            AsynchronousOperationsWindow = new AsynchronousOperationsWindow(7, 3),
            ExtendedNegotiations = [new StorageExtendedNegotiation(StorageSupportLevel.Full, DigitalSignatureSupport.Level3, ElementCoercion.Never).ToItem(SopClasses.CTImageStorage)],
            CommonExtendedNegotiations = [new SopClassCommonExtendedNegotiation(new DicomUid("1.2.826.0.1.3680043.99.1"), new DicomUid("1.2.840.10008.4.2"), [SopClasses.CTImageStorage])],
            UserIdentity = new UserIdentity(UserIdentityType.UserName, false, "anna"u8.ToArray()),
        }))
        {
            Assert.All(association.Contexts, context => Assert.True(context.IsAccepted, context.ToString()));
            // DCMTK's storescp knows no window.
            Assert.Equal(AsynchronousOperationsWindow.Synchronous, association.AsynchronousOperationsWindow);
            Assert.Equal(DimseStatus.Success, await association.EchoAsync(TestContext.Current.CancellationToken));
        }

        await peer.Process.WaitForLineAsync("Association Release");
        string said = peer.Process.Said;
        foreach (string line in (string[])["Calling Application Name:    NEGOTIATOR", "SCP/SCU", "Requested Extended Negotiation:", "User Identity Negotiation", "Authentication mode 1: Username", "anna"])
            Assert.Contains(line, said, StringComparison.Ordinal);
    }

    [Fact]
    [Interop("Role selection", "SCP", "DCMTK")]
    public async Task DCMTKs_getscu_proposes_roles_and_is_granted_them()
    {
        string getscu = Peers.Dcmtk("getscu");
        IReadOnlyList<RoleSelection>? proposed = null;
        ApplicationEntity entity = new("TEST");
        entity.AddSupportedContexts(PresentationContexts.QueryRetrieveGet);
        entity.AddSupportedContexts(PresentationContexts.WithRoles(PresentationContexts.Storage, scu: true, scp: true));
        await using DicomServer server = await entity.StartServerAsync(0, new DicomServerOptions
        {
            OnNegotiate = (negotiation, _) =>
            {
                proposed = negotiation.RoleSelections;
                return default;
            },
        });
        Ended ended = await ChildProcess.RunAsync(getscu, ["-d", "-S", "-k", "QueryRetrieveLevel=STUDY", "-k", "StudyInstanceUID=1.2.3", "127.0.0.1", Text(server.Port)], Peers.NoDelay);
        Assert.NotEmpty(proposed!);
        Assert.All(proposed!, role => Assert.True(role.Scp));
        string accepted = (ended.Output + ended.Error).Split("Accept Parameters", 2)[^1];
        Assert.Contains("Accepted SCP/SCU Role: SCP", accepted, StringComparison.Ordinal);
    }

    [Fact]
    [Interop("Role selection", "SCU", "DCMTK")]
    public async Task DCMTKs_archive_grants_the_roles_that_a_C_GET_needs()
    {
        string program = Peers.Dcmtk("dcmqrscp");
        using var folder = new TemporaryFolder();
        int port = Ports.Free();
        string configuration = folder.File("dcmqrscp.cfg");
        await File.WriteAllTextAsync(configuration, $"""
            NetworkTCPPort = {port}
            MaxPDUSize = 16384
            MaxAssociations = 16
            HostTable BEGIN
            HostTable END
            VendorTable BEGIN
            VendorTable END
            AETable BEGIN
            ARCHIVE {folder.Folder("db")} RW (10, 1024mb) ANY
            AETable END

            """, TestContext.Current.CancellationToken);
        await using ChildProcess process = ChildProcess.Start(program, ["-s", "-c", configuration], Peers.NoDelay);
        await Ports.WaitUntilListeningAsync(port, process);
        ApplicationEntity entity = new("GETSCU");
        entity.AddRequestedContexts(PresentationContexts.ForGet(SopClasses.StudyRootQueryRetrieveInformationModelGet, [SopClasses.CTImageStorage, SopClasses.MRImageStorage], s_explicit));
        await using Association association = await entity.AssociateAsync("127.0.0.1", port, new AssociationOptions { CalledAETitle = "ARCHIVE" });
        Assert.Equal([(true, true, false), (true, false, true), (true, false, true)], association.Contexts.Select(c => (c.IsAccepted, c.ScuRole, c.ScpRole)));
    }

    [Theory]
    [InlineData("one-pdu-per-write")]
    [InlineData("command-with-data")]
    [InlineData("even-items")]
    [InlineData("cautious")]
    public async Task What_is_sent_to_DCMTK_under_each_quirk_arrives_unchanged(string name)
    {
        string[] files = [RealFiles.CtSmall, RealFiles.MrSmall, RealFiles.File("JPEG2000.dcm")];
        using var folder = new TemporaryFolder();
        await using Peers.Receiver peer = await Peers.StoreScpAsync(folder.Path);
        Sent sent = await Sent.RunAsync(["--quirks", name, "127.0.0.1", peer.Port, .. files]);
        Assert.True(sent.Ended.ExitCode == 0, sent.Ended.ToString());
        Assert.Equal(files.Length, sent.AssertReceived(folder.Path));
    }

    [Fact]
    [Interop("Storage", "SCU", "Orthanc")]
    public async Task Orthanc_takes_what_is_sent_under_each_quirk()
    {
        await using Orthanc orthanc = await Orthanc.StartAsync();
        (string Quirks, string File)[] runs = [("one-pdu-per-write", RealFiles.CtSmall), ("command-with-data", RealFiles.MrSmall), ("even-items", RealFiles.File("JPEG2000.dcm")), ("cautious", RealFiles.File("liver_1frame.dcm"))];
        for (int i = 0; i < runs.Length; i++)
        {
            Sent sent = await Sent.RunAsync("--quirks", runs[i].Quirks, $"ORTHANC@127.0.0.1:{orthanc.Port}", runs[i].File);
            Assert.True(sent.Ended.ExitCode == 0, $"{runs[i].Quirks}: {sent.Ended}");
            Assert.Equal(i + 1, (await orthanc.InstancesAsync()).Count);
        }
    }

    [Fact]
    [Interop("Verification", "SCP", "dcmjs-dimse")]
    [Interop("Storage", "SCP", "dcmjs-dimse")]
    public async Task Dcmjs_dimse_asks_us_and_reads_our_answers()
    {
        UserIdentity? seen = null;
        AsynchronousOperationsWindow? window = null;
        var stored = new ConcurrentQueue<string>();
        await using DicomServer server = await Receiver(new DicomServerOptions
        {
            MaxOperationsPerformed = 4,
            Authenticate = (identity, negotiation, _) =>
            {
                (seen, window) = (identity, negotiation.Request.UserInformation.AsynchronousOperationsWindow);
                return ValueTask.FromResult(UserIdentityDecision.Accepted(new ClaimsPrincipal()));
            },
        }, stored);
        IReadOnlyList<JsonElement> said = await NodePeer.CallAsync(server.Port,
            """{"asyncOps":{"maxAsyncOpsInvoked":9,"maxAsyncOpsPerformed":1},"userIdentity":{"type":2,"positiveResponseRequested":true,"primaryField":"anna","secondaryField":"secret"}}""",
            RealFiles.CtSmall, RealFiles.MrSmall);
        Assert.Equal((UserIdentityType.UserNameAndPasscode, true, "anna", "secret"),
            (seen!.Type, seen.PositiveResponseRequested, Encoding.UTF8.GetString(seen.PrimaryField.Span), Encoding.UTF8.GetString(seen.SecondaryField.Span)));
        Assert.Equal(new AsynchronousOperationsWindow(9, 1), window);
        JsonElement accepted = said.Single(line => Name(line) == "accepted");
        Assert.Equal([4, 1], accepted.GetProperty("asyncOps").EnumerateArray().Select(number => number.GetInt32()));
        Assert.Equal("", accepted.GetProperty("identityResponse").GetString());
        Assert.All(accepted.GetProperty("contexts").EnumerateArray(), context => Assert.Equal(0, context.GetProperty("result").GetInt32()));
        Assert.Equal(0, said.Single(line => Name(line) == "echoed").GetProperty("status").GetInt32());
        Assert.Equal([0, 0], said.Where(line => Name(line) == "stored").Select(line => line.GetProperty("status").GetInt32()));
        Assert.Contains(said, line => Name(line) == "released");
        Assert.DoesNotContain(said, line => Name(line) == "error");
        Assert.Equal(2, stored.Count);
    }

    [Fact]
    [Interop("User identity", "SCP", "dcmjs-dimse")]
    public async Task Dcmjs_dimse_is_rejected_for_its_identity_and_knows_why()
    {
        await using DicomServer server = await Receiver(new DicomServerOptions { Authenticate = (_, _, _) => ValueTask.FromResult(UserIdentityDecision.Rejected) });
        IReadOnlyList<JsonElement> said = await NodePeer.CallAsync(server.Port, """{"userIdentity":{"type":1,"positiveResponseRequested":false,"primaryField":"eve","secondaryField":""}}""");
        JsonElement rejected = said.Single(line => Name(line) == "rejected");
        Assert.Equal((1, 2, 1), (rejected.GetProperty("result").GetInt32(), rejected.GetProperty("source").GetInt32(), rejected.GetProperty("reason").GetInt32()));
    }

    [Fact]
    [Interop("Verification", "SCU", "dcmjs-dimse")]
    public async Task We_ask_dcmjs_dimse_and_what_we_negotiate_holds()
    {
        await using NodePeer peer = await NodePeer.StartServerAsync();
        Ended ended = await NetDicomProgram.RunAsync("echoscu", "127.0.0.1", peer.Port, "-aet", "FIRST", "-aec", "NODE", "-usr", "anna", "-pwd", "secret", "-rsp", "--async", "5");
        Assert.True(ended.ExitCode == 0, ended.ToString());
        Assert.DoesNotContain("did not confirm", ended.Error, StringComparison.Ordinal);
        JsonElement association = await peer.EventAsync("association");
        Assert.Equal(("FIRST", "NODE"), (association.GetProperty("calling").GetString(), association.GetProperty("called").GetString()));
        Assert.Equal([5, 1], association.GetProperty("asyncOps").EnumerateArray().Select(number => number.GetInt32()));
        JsonElement identity = association.GetProperty("identity");
        Assert.Equal((2, true, "anna", "secret"),
            (identity.GetProperty("type").GetInt32(), identity.GetProperty("asked").GetBoolean(), identity.GetProperty("primary").GetString(), identity.GetProperty("secondary").GetString()));
        await peer.EventAsync("echo");

        foreach (string quirks in (string[])["one-pdu-per-write", "command-with-data", "even-items"])
        {
            Sent sent = await Sent.RunAsync("--async", "3", "--quirks", quirks, "127.0.0.1", peer.Port, RealFiles.CtSmall, RealFiles.MrSmall);
            Assert.True(sent.Ended.ExitCode == 0, $"{quirks}: {sent.Ended}");
        }

        Assert.Equal("1CT1", (await peer.EventAsync("store")).GetProperty("patientId").GetString());
        ended = await NetDicomProgram.RunAsync("echoscu", "127.0.0.1", peer.Port, "-usr", "anna", "-pwd", "wrong", "-rsp");
        Assert.Equal(1, ended.ExitCode);
        Assert.Contains("no reason given", ended.Error, StringComparison.Ordinal);
    }

    private static string? Name(JsonElement line) => line.GetProperty("event").GetString();

    private static string Text(int port) => port.ToString(CultureInfo.InvariantCulture);

    private static Task<DicomServer> Receiver(DicomServerOptions options, ConcurrentQueue<string>? stored = null)
    {
        ApplicationEntity entity = new("TEST");
        entity.AddSupportedContexts([.. PresentationContexts.Verification, .. PresentationContexts.Storage]);
        entity.OnStore(async (request, cancellationToken) =>
        {
            await request.AsStream().CopyToAsync(Stream.Null, cancellationToken);
            stored?.Enqueue(request.AffectedSopInstanceUid.ToString());
            return DimseStatus.Success;
        });
        return entity.StartServerAsync(0, options);
    }
}
