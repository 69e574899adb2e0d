using NetDicom.Cli.Commands;
using NetDicom.Network;
using NetDicom.Protocol;

namespace NetDicom.Cli.Receiving;

/// <summary>The JSON object of an instance that came: the same from every tool that receives (docs/promises/json-fields.txt).</summary>
internal static class StoredJson
{
    /// <param name="console">Where to; nothing is written without <c>--json</c>.</param>
    /// <param name="request">The instance.</param>
    /// <param name="status">What was answered.</param>
    /// <param name="path">Its file; null if it has none.</param>
    public static void Write(ToolConsole console, StoreRequest request, DimseStatus status, string? path) => console.Json?.Write("stored", json =>
    {
        if (path is not null)
            json.WriteString("path", path);
        json.WriteString("sopClassUid", request.AffectedSopClassUid.ToString());
        json.WriteString("sopInstanceUid", request.AffectedSopInstanceUid.ToString());
        json.WriteString("transferSyntaxUid", request.TransferSyntax.Uid.ToString());
        json.WriteString("callingAeTitle", request.Association.CallingAETitle.ToString());
        json.WriteString("peer", request.Association.RemoteEndPoint?.ToString());
        json.WriteString("status", StatusText.Code(status));
    });
}
