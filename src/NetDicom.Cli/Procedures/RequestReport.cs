using NetDicom.Cli.Commands;
using NetDicom.Cli.Invocation;
using NetDicom.Cli.Querying;
using NetDicom.Network;
using NetDicom.Protocol;

namespace NetDicom.Cli.Procedures;

/// <summary>What a tool of the DIMSE-N services says: an outcome for each request, a summary at the end.</summary>
/// <param name="console">The tool's.</param>
/// <param name="tool">Its name.</param>
/// <param name="serviceClass">The service class as PS3.4 names it.</param>
internal sealed class RequestReport(ToolConsole console, string tool, string serviceClass)
{
    private int _requests;
    private int _failed;

    /// <summary>Requests answered with a failure.</summary>
    public int Failed => _failed;

    /// <summary>4 when a request failed, else 0.</summary>
    public int ExitCode => _failed > 0 ? Invocation.ExitCode.OperationFailed : Invocation.ExitCode.Success;

    /// <summary>Reports the answer to a request.</summary>
    /// <param name="operation">What it was, in words: <c>N-CREATE of the performed procedure step</c>.</param>
    /// <param name="response">The message that brought the answer.</param>
    /// <param name="instance">The instance that was named; where none was, that of the answer is taken.</param>
    /// <param name="answer">The answer.</param>
    /// <param name="showDataSet">Its data set is what the user asked for.</param>
    /// <returns>Whether the request was done.</returns>
    public bool Add(string operation, CommandField response, DicomUid instance, NResponse answer, bool showDataSet = false)
    {
        _requests++;
        if (instance.IsNone)
            instance = answer.AffectedSopInstanceUid;
        string status = StatusText.Describe(answer.Status, response, serviceClass, answer.ErrorComment, answer.AttributeIdentifierList);
        bool done = !answer.Status.IsFailure && !answer.Status.IsCancel;
        if (!done)
        {
            _failed++;
            console.Log.Error($"{operation}: {status}");
        }
        else if (answer.Status.IsWarning)
        {
            console.Log.Warn($"{operation}: {status}");
        }

        console.Json?.Write("response", json =>
        {
            json.WriteString("operation", operation);
            if (!instance.IsNone)
                json.WriteString("sopInstanceUid", instance.ToString());
            json.WriteString("status", StatusText.Code(answer.Status));
            if (answer.ErrorComment is { } comment)
                json.WriteString("comment", comment);
            if (showDataSet && answer.DataSet is { } set)
            {
                json.WritePropertyName("dataSet");
                DicomJson.Write(json, set);
            }
        });
        if (done)
            console.Print(instance.IsNone ? $"{operation}: {status}" : $"{operation} {instance}: {status}");
        if (showDataSet && answer.DataSet is { } shown)
            console.Print(MatchText.Of(shown).TrimEnd('\n'));
        return done;
    }

    /// <summary>A value that a later request needs.</summary>
    public void Say(string name, DicomUid uid)
    {
        console.Print($"{name} {uid}");
        console.Json?.Write("value", json =>
        {
            json.WriteString("name", name);
            json.WriteString("value", uid.ToString());
        });
    }

    public void Summarize(int exitCode) => console.Json?.Write("summary", json =>
    {
        json.WriteString("tool", tool);
        json.WriteNumber("requests", _requests);
        json.WriteNumber("failed", _failed);
        json.WriteNumber("exitCode", exitCode);
    });
}
