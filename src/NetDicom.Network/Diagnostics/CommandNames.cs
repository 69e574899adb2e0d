using NetDicom.Protocol;

namespace NetDicom.Network;

/// <summary>The names of services as the standard prints them (PS3.7 section 7.5), for logs, metrics and traces.</summary>
internal static class CommandNames
{
    /// <summary>C-STORE for both C-STORE-RQ and C-STORE-RSP.</summary>
    public static string Of(CommandField command) => (CommandField)((ushort)command & 0x7FFF) switch
    {
        CommandField.CStoreRequest => "C-STORE",
        CommandField.CFindRequest => "C-FIND",
        CommandField.CGetRequest => "C-GET",
        CommandField.CMoveRequest => "C-MOVE",
        CommandField.CEchoRequest => "C-ECHO",
        CommandField.CCancelRequest => "C-CANCEL",
        CommandField.NEventReportRequest => "N-EVENT-REPORT",
        CommandField.NGetRequest => "N-GET",
        CommandField.NSetRequest => "N-SET",
        CommandField.NActionRequest => "N-ACTION",
        CommandField.NCreateRequest => "N-CREATE",
        CommandField.NDeleteRequest => "N-DELETE",
        _ => "unknown",
    };
}
