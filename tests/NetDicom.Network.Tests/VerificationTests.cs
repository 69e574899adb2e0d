using System.Net;
using NetDicom.Network.Tests.Support;
using NetDicom.Protocol;

namespace NetDicom.Network.Tests;

public class VerificationTests
{
    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    [InlineData("localhost")]
    public async Task An_echo_is_answered_over_IPv4_and_IPv6_on_a_port_the_system_chose(string host)
    {
        Assert.SkipUnless(host != "::1" || Loopback6.IsThere, "this machine has no IPv6 loopback");
        await using DicomServer server = await new ApplicationEntity("TEST").WithVerification().StartServerAsync(0);
        await using Association association = await new ApplicationEntity("SCU").WithRequested(SopClasses.Verification).AssociateAsync(host, server.Port);
        Assert.Equal(DimseStatus.Success, await association.EchoAsync());
        Assert.Equal("SCU", association.CallingAETitle.ToString());
        Assert.Equal(Implementation.ClassUid, association.PeerImplementationClassUid);
        await association.ReleaseAsync();
        Assert.Equal(AssociationEndKind.Released, association.End!.Kind);
    }

    [Fact]
    public async Task The_status_of_a_handler_reaches_the_requestor()
    {
        ApplicationEntity entity = new ApplicationEntity("TEST").WithVerification();
        entity.OnEcho((_, _) => ValueTask.FromResult(DimseStatus.NotAuthorized));
        await using DicomServer server = await entity.StartServerAsync(0);
        await using Association association = await new ApplicationEntity("SCU").WithRequested(SopClasses.Verification).AssociateAsync("127.0.0.1", server.Port);
        Assert.Equal(DimseStatus.NotAuthorized, await association.EchoAsync());
        Assert.Equal(DimseStatus.NotAuthorized, await association.EchoAsync());
    }

    [Fact]
    public async Task A_handler_that_throws_gives_a_failure_status_and_the_association_lives_on()
    {
        ApplicationEntity entity = new ApplicationEntity("TEST").WithVerification();
        int calls = 0;
        entity.OnEcho((_, _) => calls++ == 0 ? throw new InvalidOperationException("no") : ValueTask.FromResult(DimseStatus.Success));
        await using DicomServer server = await entity.StartServerAsync(0);
        await using Association association = await new ApplicationEntity("SCU").WithRequested(SopClasses.Verification).AssociateAsync("127.0.0.1", server.Port);
        Assert.Equal(DimseStatus.ProcessingFailure, await association.EchoAsync());
        Assert.Equal(DimseStatus.Success, await association.EchoAsync());
    }

    [Fact]
    public async Task A_service_that_was_not_negotiated_is_an_exception_that_says_so()
    {
        await using DicomServer server = await new ApplicationEntity("TEST").WithVerification().StartServerAsync(0);
        await using Association association = await new ApplicationEntity("SCU").WithRequested(SopClasses.CTImageStorage).AssociateAsync("127.0.0.1", server.Port);
        NoPresentationContextException error = await Assert.ThrowsAsync<NoPresentationContextException>(() => association.EchoAsync());
        Assert.Contains("Verification", error.Message, StringComparison.Ordinal);
        Assert.Contains("not proposed", error.Message, StringComparison.Ordinal);
        Assert.Equal(PresentationContextResult.AbstractSyntaxNotSupported, association.Contexts[0].Result);
    }

    [Fact]
    public async Task Many_associations_work_side_by_side()
    {
        await using DicomServer server = await new ApplicationEntity("TEST").WithVerification().StartServerAsync(0, new DicomServerOptions { MaxAssociations = 50, BindAddress = IPAddress.Loopback });
        ApplicationEntity scu = new ApplicationEntity("SCU").WithRequested(SopClasses.Verification);
        await Task.WhenAll(Enumerable.Range(0, 50).Select(async _ =>
        {
            await using Association association = await scu.AssociateAsync("127.0.0.1", server.Port);
            for (int i = 0; i < 20; i++)
                Assert.Equal(DimseStatus.Success, await association.EchoAsync());
        })).WaitAsync(RawPeer.Patience);
    }

    [Fact]
    public async Task Echoes_asked_for_at_once_on_one_association_are_each_answered()
    {
        await using DicomServer server = await new ApplicationEntity("TEST").WithVerification().StartServerAsync(0);
        await using Association association = await new ApplicationEntity("SCU").WithRequested(SopClasses.Verification).AssociateAsync("127.0.0.1", server.Port);
        DimseStatus[] all = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => association.EchoAsync())).WaitAsync(RawPeer.Patience);
        Assert.All(all, status => Assert.Equal(DimseStatus.Success, status));
    }
}
