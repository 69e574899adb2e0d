using System.CommandLine;
using NetDicom.Cli.Commands;
using NetDicom.Cli.Invocation;
using NetDicom.Cli.Querying;
using NetDicom.Network;
using NetDicom.Protocol;

namespace NetDicom.Cli.Options;

/// <summary>What a query may ask for in extended negotiation (PS3.4 annexes C.5.1.1 and K.5).</summary>
internal sealed class FindExtensionOptions
{
    private readonly Option<bool> _relational = new("--relational-query") { Description = "ask for relational queries: keys of any level at once" };
    private readonly Option<bool> _dateTime = new("--dt-matching") { Description = "ask for a date and a time to be matched as one range" };
    private readonly Option<bool> _fuzzy = new("--fuzzy-names") { Description = "ask for fuzzy matching of person names" };
    private readonly Option<bool> _timezone = new("--timezone-adj") { Description = "ask for times to be taken in the zone that the query names" };
    private readonly Option<bool> _enhanced = new("--enhanced-conversion") { Description = "ask for converted enhanced multi-frame images (Query/Retrieve View)" };
    private readonly bool _withModels;

    public FindExtensionOptions(Command command, bool withModels)
    {
        _withModels = withModels;
        Option[] options = withModels ? [_relational, _dateTime, _fuzzy, _timezone, _enhanced] : [_fuzzy, _timezone];
        foreach (Option option in options)
            command.Options.Add(option);
    }

    /// <exception cref="UsageException">A worklist knows no such thing.</exception>
    public IReadOnlyList<SopClassExtendedNegotiation> Read(ParseResult arguments, QueryModel model, IEnumerable<DicomUid> classes)
    {
        if (QueryModels.HasLevels(model))
        {
            QueryExtendedNegotiation wish = Wish(arguments);
            return wish == default ? [] : [.. classes.Select(wish.ToItem)];
        }

        if (_withModels && new Option<bool>[] { _relational, _dateTime, _enhanced }.FirstOrDefault(arguments.GetValue) is { } option)
            throw new UsageException($"{option.Name} is for -P, -S and -O only: worklists are asked relationally and by date and time anyway (PS3.4 annex K.5)");
        var worklist = new WorklistExtendedNegotiation(arguments.GetValue(_fuzzy), arguments.GetValue(_timezone));
        return worklist == default ? [] : [.. classes.Select(worklist.ToItem)];
    }

    /// <summary>Says which wishes the peer did not grant: it then answers as if they had not been asked for.</summary>
    public static void Report(IReadOnlyList<SopClassExtendedNegotiation> wished, Association association, ToolConsole console)
    {
        foreach (SopClassExtendedNegotiation wish in wished)
        {
            if (association.TryFindContext(wish.SopClassUid) is null)
                continue;
            SopClassExtendedNegotiation? answer = association.ExtendedNegotiations.FirstOrDefault(a => a.SopClassUid == wish.SopClassUid);
            ReadOnlySpan<byte> asked = wish.ServiceClassApplicationInformation.Span, granted = answer is null ? default : answer.ServiceClassApplicationInformation.Span;
            for (int i = 0; i < asked.Length; i++)
            {
                if (asked[i] == 1 && (i >= granted.Length || granted[i] != 1))
                {
                    console.Log.Warn(answer is null ? "The peer did not answer the extended negotiation: it matches as it always does" : "The peer did not grant all of the extended negotiation");
                    return;
                }
            }
        }
    }

    private QueryExtendedNegotiation Wish(ParseResult arguments) => new(
        arguments.GetValue(_relational), arguments.GetValue(_dateTime), arguments.GetValue(_fuzzy), arguments.GetValue(_timezone), arguments.GetValue(_enhanced));
}
