using System.Text;
using NetDicom.Network.Tests.Support;
using NetDicom.Protocol;

namespace NetDicom.Network.Tests.Diagnostics;

public class AssociationTextTests
{
    [Fact]
    public async Task At_debug_level_requests_answers_and_commands_can_be_read_and_no_secret_is_in_them()
    {
        using var log = new ListLog();
        await using DicomServer server = await new ApplicationEntity("SCP").WithVerification().StartServerAsync(0, new DicomServerOptions
        {
            LoggerFactory = log,
            Authenticate = (_, _, _) => ValueTask.FromResult(UserIdentityDecision.Accepted(new System.Security.Claims.ClaimsPrincipal(), Encoding.UTF8.GetBytes("top-secret-ticket"))),
        });
        await using Association association = await new ApplicationEntity("SCU").WithRequested(SopClasses.Verification).AssociateAsync("127.0.0.1", server.Port, new AssociationOptions
        {
            LoggerFactory = log,
            AsynchronousOperationsWindow = new AsynchronousOperationsWindow(3, 1),
            UserIdentity = new UserIdentity(UserIdentityType.UserNameAndPasscode, true, Encoding.UTF8.GetBytes("alice-of-radiology"), Encoding.UTF8.GetBytes("hunter2hunter2")),
        });
        await association.EchoAsync();
        await association.ReleaseAsync();
        string all = string.Join('\n', log.Lines);
        Assert.Contains("A-ASSOCIATE-RQ: SCU to ANY-SCP", all, StringComparison.Ordinal);
        Assert.Contains("  context 1: Verification SOP Class", all, StringComparison.Ordinal);
        Assert.Contains("asynchronous operations window: invoked 3, performed 1", all, StringComparison.Ordinal);
        Assert.Contains("user identity: UserNameAndPasscode, 18 and 14 bytes, response asked for", all, StringComparison.Ordinal);
        Assert.Contains("A-ASSOCIATE-AC: SCU to ANY-SCP", all, StringComparison.Ordinal);
        Assert.Contains("  context 1: Acceptance, Explicit VR Little Endian", all, StringComparison.Ordinal);
        Assert.Contains("user identity accepted, response of 17 bytes", all, StringComparison.Ordinal);
        Assert.Contains("C-ECHO-RQ", all, StringComparison.Ordinal);
        Assert.Contains("  Message ID: 1", all, StringComparison.Ordinal);
        Assert.Contains("C-ECHO-RSP", all, StringComparison.Ordinal);
        Assert.Contains("  Status: ", all, StringComparison.Ordinal);
        foreach (string secret in new[] { "alice", "hunter2", "top-secret" })
            Assert.DoesNotContain(secret, all, StringComparison.Ordinal);
    }
}
