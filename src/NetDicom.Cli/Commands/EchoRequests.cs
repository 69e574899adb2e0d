using NetDicom.Network;

namespace NetDicom.Cli.Commands;

/// <summary>What a server tool says of a C-ECHO.</summary>
internal static class EchoRequests
{
    public static void Report(EchoRequest request, ToolConsole console) => console.Json?.Write("echo-request", json =>
    {
        json.WriteString("callingAeTitle", request.Association.CallingAETitle.ToString());
        json.WriteString("peer", request.Association.RemoteEndPoint?.ToString());
    });
}
