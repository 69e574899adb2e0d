using System.CommandLine;
using NetDicom.Protocol;

namespace NetDicom.Cli.Options;

/// <summary>What a retrieval may ask for in extended negotiation (PS3.4 annexes C.5.2.1 and C.5.3.1).</summary>
internal sealed class RetrieveExtensionOptions
{
    private readonly Option<bool> _relational = new("--relational-retrieval") { Description = "ask for relational retrieval: keys of any level at once" };
    private readonly Option<bool> _enhanced = new("--enhanced-conversion") { Description = "ask for converted enhanced multi-frame images (Query/Retrieve View)" };

    public RetrieveExtensionOptions(Command command)
    {
        command.Options.Add(_relational);
        command.Options.Add(_enhanced);
    }

    public IReadOnlyList<SopClassExtendedNegotiation> Read(ParseResult arguments, DicomUid sopClass)
    {
        var wish = new RetrieveExtendedNegotiation(arguments.GetValue(_relational), arguments.GetValue(_enhanced));
        return wish == default ? [] : [wish.ToItem(sopClass)];
    }
}
