using NetDicom.Cli.Invocation;
using NetDicom.Cli.Receiving;

namespace NetDicom.Cli.Tests;

public sealed class ProgramCallTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("netdicom-test-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("{path}", "/a b/$(id);x")]
    [InlineData("file={path}.", "file=/a b/$(id);x.")]
    [InlineData("{title}", "{path}")]
    [InlineData("{unknown} {", "{unknown} {")]
    [InlineData("", "")]
    public void Placeholders_are_filled_once(string argument, string filled) =>
        Assert.Equal(filled, ProgramCall.Fill(argument, new Dictionary<string, string> { ["path"] = "/a b/$(id);x", ["title"] = "{path}" }));

    [Theory]
    [InlineData("path", "PATH")]
    [InlineData("sopInstanceUid", "SOP_INSTANCE_UID")]
    [InlineData("callingAeTitle", "CALLING_AE_TITLE")]
    public void Names_in_the_environment_are_capitals(string placeholder, string name) => Assert.Equal(name, ProgramCall.EnvironmentName(placeholder));

    [Fact]
    public async Task A_program_gets_its_arguments_as_they_are_and_no_shell_sees_them()
    {
        string target = Path.Combine(_folder.FullName, "out");
        ProgramCall call = ProgramCall.Parse("--on-stored", ["/bin/sh", "-c", "printf '%s|%s' \"$1\" \"$NETDICOM_CALLING_AE_TITLE\" > \"$0\"", target, "{callingAeTitle}"], ["callingAeTitle"])!;
        Assert.Null(await call.RunAsync(new Dictionary<string, string> { ["callingAeTitle"] = "A;touch B`id`$(id)" }, TestContext.Current.CancellationToken));
        Assert.Equal("A;touch B`id`$(id)|A;touch B`id`$(id)", File.ReadAllText(target));
        Assert.Equal([target], Directory.GetFiles(_folder.FullName));
    }

    [Fact]
    public async Task A_program_that_fails_or_is_missing_is_said()
    {
        var none = new Dictionary<string, string>();
        Assert.Equal("/bin/false ended with 1", await ProgramCall.Parse("x", ["/bin/false"], [])!.RunAsync(none, TestContext.Current.CancellationToken));
        Assert.Contains("cannot be started", await ProgramCall.Parse("x", ["/no/such/program"], [])!.RunAsync(none, TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public void The_program_itself_is_never_a_placeholder() =>
        Assert.Throws<UsageException>(() => ProgramCall.Parse("--on-stored", ["{callingAeTitle}"], ["callingAeTitle"]));
}
