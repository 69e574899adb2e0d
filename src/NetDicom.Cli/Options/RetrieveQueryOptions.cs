using System.CommandLine;
using NetDicom.Cli.Invocation;
using NetDicom.Cli.Querying;
using NetDicom.Protocol;

namespace NetDicom.Cli.Options;

/// <summary>What a C-GET and a C-MOVE ask for: the peer, the information model, the unique keys and the extended negotiation.</summary>
internal sealed class RetrieveQueryOptions
{
    private readonly Argument<string[]> _words = Words.Argument("peer", "addr port, or AET@host:port");
    private readonly ModelOptions _model;
    private readonly DataSetOptions _keys;
    private readonly RetrieveExtensionOptions _extensions;

    public RetrieveQueryOptions(Command command)
    {
        command.Arguments.Add(_words);
        _model = new ModelOptions(command, withWorklists: false);
        _keys = new DataSetOptions(command, "unique key of what is wanted");
        _extensions = new RetrieveExtensionOptions(command);
    }

    /// <param name="arguments">The command line.</param>
    /// <param name="verb">What is done with the objects: <c>to get</c>.</param>
    /// <exception cref="UsageException">There is a word too many, or no query.</exception>
    public (PeerAddress Peer, QueryModel Model, DicomDataSet Query) Read(ParseResult arguments, string verb)
    {
        PeerAddress peer = PeerAddress.TakeFrom(arguments.GetValue(_words) ?? [], out IReadOnlyList<string> rest);
        if (rest.Count > 0)
            throw new UsageException($"'{rest[0]}' is one word too many; keys are given with -k");
        if (!_keys.IsGiven(arguments))
            throw new UsageException($"nothing {verb}: give keys with -k, or a file with -f");
        return (peer, _model.Read(arguments), _keys.Read(arguments));
    }

    public IReadOnlyList<SopClassExtendedNegotiation> Extensions(ParseResult arguments, DicomUid sopClass) => _extensions.Read(arguments, sopClass);
}
