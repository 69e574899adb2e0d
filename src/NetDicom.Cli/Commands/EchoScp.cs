using System.CommandLine;
using NetDicom.Cli.Invocation;
using NetDicom.Cli.Options;
using NetDicom.Network;
using NetDicom.Protocol;

namespace NetDicom.Cli.Commands;

/// <summary>C-ECHO as a server (PS3.4 annex A).</summary>
internal sealed class EchoScp : Tool
{
    public const string Description = "answer verification requests (C-ECHO)";

    private readonly ScpOptions _scp;
    private readonly PreferredSyntaxOptions _syntax;

    public EchoScp() : base("echoscp", Description)
    {
        _scp = new ScpOptions(Command, Name);
        _syntax = new PreferredSyntaxOptions(Command);
    }

    public override string Usage => "echoscp [options] port";

    public override IReadOnlyList<(string Line, string Meaning)> Examples { get; } =
    [
        ("echoscp 11112", "answers until Ctrl-C"),
        ("echoscp 0 --json", "takes a free port and says which"),
    ];

    public override async Task<int> RunAsync(ParseResult arguments, ToolConsole console)
    {
        int port = _scp.Port(arguments);
        int echoes = 0;
        var entity = new ApplicationEntity(_scp.Title(arguments));
        IReadOnlyList<TransferSyntax>? preferred = Syntaxes.Preferred(_syntax.Read(arguments));
        entity.AddSupportedContext(SopClasses.Verification, _syntax.Read(arguments) == TransferSyntaxChoice.ImplicitLittleEndian ? preferred! : Syntaxes.Default);
        entity.OnEcho((request, _) =>
        {
            Interlocked.Increment(ref echoes);
            EchoRequests.Report(request, console);
            return ValueTask.FromResult(DimseStatus.Success);
        });
        await ScpRun.UntilStoppedAsync(entity, port, ScpRun.Options(_scp, arguments, console) with { PreferredTransferSyntaxes = preferred }, console);
        console.Json?.Write("summary", json =>
        {
            json.WriteString("tool", Name);
            json.WriteNumber("echoes", echoes);
        });
        return ExitCode.Success;
    }
}
