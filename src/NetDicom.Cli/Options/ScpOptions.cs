using System.CommandLine;
using System.Net;
using NetDicom.Cli.Invocation;

namespace NetDicom.Cli.Options;

/// <summary>How an SCP listens: title, interface, timeouts, longest PDU, quirks, TLS.</summary>
internal sealed class ScpOptions
{
    private readonly Argument<string[]> _words = Options.Words.Argument("port", "TCP port to listen on; 0: a free one, which is printed");

    private readonly Option<string> _title;
    private readonly Option<IPAddress?> _bind = new("--bind-address", "-ba")
    {
        Description = "address of the interface to listen on (default: all, IPv4 and IPv6)",
        HelpName = "ADDRESS",
        CustomParser = result =>
        {
            if (!IPAddress.TryParse(result.Tokens[0].Value, out IPAddress? address))
                result.AddError($"'{result.Tokens[0].Value}' for --bind-address is not an IP address");
            return address;
        },
    };

    private readonly Option<TimeSpan> _connect = Values.Seconds("--connection-timeout", ["-to"], "longest wait for the TLS handshake of a peer that connected", 30, zeroIsNone: true);
    private readonly Option<TimeSpan> _acse = Values.Seconds("--acse-timeout", ["-ta"], "longest wait for the association request of a peer that connected, and for the end of the connection (ARTIM)", 30, zeroIsNone: true);
    private readonly Option<TimeSpan> _dimse = Values.Seconds("--dimse-timeout", ["-td"], "longest wait for the response to a request of our own, such as an event report", 30, zeroIsNone: true);
    private readonly Option<TimeSpan> _network = Values.Seconds("--network-timeout", ["-tn"], "longest silence of an association", 30, zeroIsNone: true);
    private readonly Option<uint> _maxPdu = MaxPdu.Option();

    public ScpOptions(Command command, string toolName)
    {
        _title = Values.Title("--ae-title", ["-aet", "--aetitle"], "our AE title", toolName.ToUpperInvariant());
        command.Arguments.Add(_words);
        command.Options.Add(_title);
        command.Options.Add(_bind);
        command.Options.Add(_connect);
        command.Options.Add(_acse);
        command.Options.Add(_dimse);
        command.Options.Add(_network);
        command.Options.Add(_maxPdu);
        Quirks = new QuirkOption(command);
        Tls = new TlsOptions(command, isServer: true);
    }

    public QuirkOption Quirks { get; }

    public TlsOptions Tls { get; }

    public string Title(ParseResult arguments) => arguments.GetValue(_title)!;

    /// <summary>The title, if the command line names one.</summary>
    public string? GivenTitle(ParseResult arguments) => arguments.GetResult(_title) is { Implicit: false } ? arguments.GetValue(_title) : null;

    /// <summary>The port, if the command line names one as a word.</summary>
    public int? GivenPort(ParseResult arguments) => arguments.GetValue(_words) is null or [] ? null : Port(arguments);

    /// <summary>What the command line says of limits; null for what it leaves to its default.</summary>
    public readonly record struct Limits(TimeSpan? Connect, TimeSpan? Acse, TimeSpan? Dimse, TimeSpan? Network, uint? MaxPdu);

    public Limits Given(ParseResult arguments) => new(Given(arguments, _connect), Given(arguments, _acse), Given(arguments, _dimse), Given(arguments, _network), Given(arguments, _maxPdu));

    /// <summary>The words that belong to no option.</summary>
    public string[] Words(ParseResult arguments) => arguments.GetValue(_words) ?? [];

    public IPAddress? BindAddress(ParseResult arguments) => arguments.GetValue(_bind);

    public TimeSpan ConnectTimeout(ParseResult arguments) => arguments.GetValue(_connect);

    public TimeSpan DimseTimeout(ParseResult arguments) => arguments.GetValue(_dimse);

    public TimeSpan ArtimTimeout(ParseResult arguments) => arguments.GetValue(_acse);

    public TimeSpan NetworkTimeout(ParseResult arguments) => arguments.GetValue(_network);

    public uint MaxPduLength(ParseResult arguments) => arguments.GetValue(_maxPdu);

    private static T? Given<T>(ParseResult arguments, Option<T> option) where T : struct => arguments.GetResult(option) is { Implicit: false } ? arguments.GetValue(option) : null;

    /// <exception cref="UsageException">None, several, or not a port.</exception>
    public int Port(ParseResult arguments) => arguments.GetValue(_words) switch
    {
        [string port] => PeerAddress.ParsePort(port, 0),
        null or [] => throw new UsageException("the port to listen on is missing"),
        string[] words => throw new UsageException($"one port is wanted, not '{string.Join(' ', words)}'"),
    };
}
