using System.CommandLine;
using NetDicom.Cli.Output;
using NetDicom.Network;
using NetDicom.Protocol;

namespace NetDicom.Cli.Options;

/// <summary>How an SCU reaches its peer: the two titles, the timeouts, the longest PDU, TLS, the user.</summary>
internal sealed class ScuOptions
{
    private readonly Option<string> _callingTitle;
    private readonly Option<string> _calledTitle = Values.Title("--called-aet", ["-aec", "--call"], "AE title of the peer", "ANY-SCP");
    private readonly Option<TimeSpan> _connect = Values.Seconds("--connection-timeout", ["-to"], "longest wait for the TCP connection", 30, zeroIsNone: true);
    private readonly Option<TimeSpan> _acse = Values.Seconds("--acse-timeout", ["-ta"], "longest wait for the answer to the association request, and to the release", 30, zeroIsNone: true);
    private readonly Option<TimeSpan> _dimse = Values.Seconds("--dimse-timeout", ["-td"], "longest wait for the response to a request", 30, zeroIsNone: true);
    private readonly Option<TimeSpan> _network = Values.Seconds("--network-timeout", ["-tn"], "longest silence of the line while bytes are due", 30, zeroIsNone: true);
    private readonly Option<uint> _maxPdu = MaxPdu.Option();
    private readonly Option<int> _window = Values.Count("--async", [], "propose an asynchronous operations window: up to N requests under way at a time, as far as the peer grants; 0: without a limit (default: none is proposed)", -1, 0, ushort.MaxValue);

    private readonly Option<bool>? _plainListener;

    /// <param name="command">The tool.</param>
    /// <param name="toolName">Its name.</param>
    /// <param name="listens">The tool takes associations too while it works.</param>
    public ScuOptions(Command command, string toolName, bool listens = false)
    {
        _callingTitle = Values.Title("--calling-aet", ["-aet", "--aetitle"], "our AE title", toolName.ToUpperInvariant());
        command.Options.Add(_callingTitle);
        command.Options.Add(_calledTitle);
        command.Options.Add(_connect);
        command.Options.Add(_acse);
        command.Options.Add(_dimse);
        command.Options.Add(_network);
        command.Options.Add(_maxPdu);
        command.Options.Add(_window);
        Quirks = new QuirkOption(command);
        Tls = new TlsOptions(command, isServer: false);
        Identity = new IdentityOptions(command);
        if (!listens)
            return;
        _plainListener = new Option<bool>("--listen-plain") { Description = "take what the peer sends on associations of its own without TLS though --tls-key-cert is given (default: with TLS then, and the same certificate)" };
        command.Options.Add(_plainListener);
    }

    public QuirkOption Quirks { get; }

    public TlsOptions Tls { get; }

    public IdentityOptions Identity { get; }

    /// <summary>How the tool's own listener speaks TLS; null: it does not.</summary>
    /// <exception cref="Invocation.UsageException">A file cannot be used, or options miss each other.</exception>
    public TlsServerSettings? ListenerTls(ParseResult arguments, ToolLog log)
    {
        if (_plainListener is null || arguments.GetValue(_plainListener))
            return null;
        if (Tls.IsWithoutCertificate(arguments))
            log.Warn("Listening without TLS: a listener needs a certificate of its own, which --tls-key-cert gives; --listen-plain takes this warning away");
        return Tls.Listener(arguments, log);
    }

    public string CallingTitle(ParseResult arguments) => arguments.GetValue(_callingTitle)!;

    public string CalledTitle(ParseResult arguments) => arguments.GetValue(_calledTitle)!;

    public bool CalledTitleGiven(ParseResult arguments) => arguments.GetResult(_calledTitle) is { Implicit: false };

    public TimeSpan ConnectTimeout(ParseResult arguments) => arguments.GetValue(_connect);

    public TimeSpan AcseTimeout(ParseResult arguments) => arguments.GetValue(_acse);

    public TimeSpan DimseTimeout(ParseResult arguments) => arguments.GetValue(_dimse);

    public TimeSpan NetworkTimeout(ParseResult arguments) => arguments.GetValue(_network);

    /// <summary>Null: none is proposed.</summary>
    public AsynchronousOperationsWindow? Window(ParseResult arguments) =>
        arguments.GetValue(_window) is var invoked and >= 0 ? new AsynchronousOperationsWindow((ushort)invoked, 1) : null;

    public uint MaxPduLength(ParseResult arguments) => arguments.GetValue(_maxPdu);
}
