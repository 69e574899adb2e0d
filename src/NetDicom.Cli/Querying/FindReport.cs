using NetDicom.Cli.Commands;
using NetDicom.Network;
using NetDicom.Protocol;

namespace NetDicom.Cli.Querying;

/// <summary>What a query tool says: a match at a time, the outcome at the end.</summary>
internal sealed class FindReport(ToolConsole console, string tool, string serviceClass)
{
    // Of what a reader can get past, that with which attributes are lost.
    private const DataSetDeviations Cut = DataSetDeviations.Truncated | DataSetDeviations.LengthPastParent | DataSetDeviations.TrailingBytes;

    /// <summary>Set with <c>--csv</c>.</summary>
    public MatchCsv? Csv { get; init; }

    /// <summary>Set with <c>-w</c>.</summary>
    public MatchFiles? Files { get; init; }

    public int Matches { get; private set; }

    /// <summary>Answers without an identifier, or with one that is cut off.</summary>
    public int Damaged { get; private set; }

    /// <summary>Files of <c>-w</c> that could not be written.</summary>
    public int NotWritten { get; private set; }

    public void Start()
    {
        if (Csv is not null)
            console.Print(Csv.Header);
    }

    public void Add(FindResponse response, DicomUid model)
    {
        // PS3.4 section C.4.1.1.3.2: a pending response has an identifier.
        if (response.DataSet is not { Count: > 0 } match)
        {
            Damaged++;
            console.Log.Error($"Find SCP Result: an answer with status {StatusText.Code(response.Status)} names nothing: it is no match");
            return;
        }

        Matches++;
        console.Log.Info($"Find SCP Result: {Matches} - {response.Status}");
        if ((match.Deviations & Cut) != 0)
        {
            Damaged++;
            console.Log.Error($"Find SCP Result: answer {Matches} cannot be read whole ({match.Deviations & Cut}): what can be is shown");
        }

        string? path = Write(match, model);
        console.Json?.Write("match", json =>
        {
            json.WriteNumber("number", Matches);
            json.WriteString("status", StatusText.Code(response.Status));
            if (path is not null)
                json.WriteString("path", path);
            json.WritePropertyName("dataSet");
            DicomJson.Write(json, match);
        });
        console.Print(Csv is null ? MatchText.Of(Matches, match) : Csv.Row(match));
    }

    public void Finish(FindResponse final, bool cancelled)
    {
        string text = StatusText.Describe(final.Status, CommandField.CFindResponse, serviceClass, final.ErrorComment, final.OffendingElements);
        if (final.Status.IsFailure || (final.Status.IsCancel && !cancelled))
            console.Log.Error($"Find SCP Result: {text}{Advice(final.Status)}");
        else
            console.Log.Info($"Find SCP Result: {text}, {Matches} matches");
    }

    public void Summarize(FindResponse? final, bool cancelled, int exitCode) => console.Json?.Write("summary", json =>
    {
        json.WriteString("tool", tool);
        json.WriteNumber("matches", Matches);
        json.WriteNumber("damaged", Damaged);
        if (final is not null)
            json.WriteString("status", StatusText.Code(final.Status));
        if (final?.ErrorComment is { } comment)
            json.WriteString("comment", comment);
        json.WriteBoolean("cancelled", cancelled);
        json.WriteNumber("exitCode", exitCode);
    });

    private string? Write(DicomDataSet match, DicomUid model)
    {
        if (Files is null)
            return null;
        try
        {
            return Files.Write(Matches, match, model);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or DicomException)
        {
            NotWritten++;
            console.Log.Error($"Cannot write match {Matches}: {e.Message}");
            return null;
        }
    }

    private static string Advice(DimseStatus status) => status.Code switch
    {
        0xA700 => "; narrow the query, or ask for the first answers only with --cancel N",
        0xA900 => "; are the level and its unique keys right? see 'netdicom help keys'",
        0x0122 => "; try another information model: -P, -S",
        _ => "",
    };
}
