using System.Globalization;
using System.Text;

namespace NetDicom.Cli.Faults;

/// <summary>The messages and the elements of their command sets (PS3.7 sections 9.3, 10.3 and annex E.1), by the names that scenarios use.</summary>
internal static class CommandElements
{
    private static readonly (ushort Number, string Keyword, string VR)[] s_elements =
    [
        (0x0000, "CommandGroupLength", "UL"), (0x0002, "AffectedSOPClassUID", "UI"), (0x0003, "RequestedSOPClassUID", "UI"), (0x0100, "CommandField", "US"), (0x0110, "MessageID", "US"),
        (0x0120, "MessageIDBeingRespondedTo", "US"), (0x0600, "MoveDestination", "AE"), (0x0700, "Priority", "US"), (0x0800, "CommandDataSetType", "US"), (0x0900, "Status", "US"),
        (0x0901, "OffendingElement", "AT"), (0x0902, "ErrorComment", "LO"), (0x0903, "ErrorID", "US"), (0x1000, "AffectedSOPInstanceUID", "UI"), (0x1001, "RequestedSOPInstanceUID", "UI"),
        (0x1002, "EventTypeID", "US"), (0x1005, "AttributeIdentifierList", "AT"), (0x1008, "ActionTypeID", "US"), (0x1020, "NumberOfRemainingSuboperations", "US"),
        (0x1021, "NumberOfCompletedSuboperations", "US"), (0x1022, "NumberOfFailedSuboperations", "US"), (0x1023, "NumberOfWarningSuboperations", "US"),
        (0x1030, "MoveOriginatorApplicationEntityTitle", "AE"), (0x1031, "MoveOriginatorMessageID", "US"),
    ];

    private static readonly (string Name, ushort Field, ushort[] Elements)[] s_messages =
    [
        ("C-STORE-RQ", 0x0001, [0x0002, 0x0110, 0x0700, 0x1000]), ("C-STORE-RSP", 0x8001, [0x0002, 0x0120, 0x0900, 0x1000]),
        ("C-GET-RQ", 0x0010, [0x0002, 0x0110, 0x0700]), ("C-GET-RSP", 0x8010, [0x0002, 0x0120, 0x0900, 0x1020, 0x1021, 0x1022, 0x1023]),
        ("C-FIND-RQ", 0x0020, [0x0002, 0x0110, 0x0700]), ("C-FIND-RSP", 0x8020, [0x0002, 0x0120, 0x0900]),
        ("C-MOVE-RQ", 0x0021, [0x0002, 0x0110, 0x0600, 0x0700]), ("C-MOVE-RSP", 0x8021, [0x0002, 0x0120, 0x0900, 0x1020, 0x1021, 0x1022, 0x1023]),
        ("C-ECHO-RQ", 0x0030, [0x0002, 0x0110]), ("C-ECHO-RSP", 0x8030, [0x0002, 0x0120, 0x0900]),
        ("C-CANCEL-RQ", 0x0FFF, [0x0120]),
        ("N-EVENT-REPORT-RQ", 0x0100, [0x0002, 0x0110, 0x1000, 0x1002]), ("N-EVENT-REPORT-RSP", 0x8100, [0x0002, 0x0120, 0x0900]),
        ("N-GET-RQ", 0x0110, [0x0003, 0x0110, 0x1001]), ("N-GET-RSP", 0x8110, [0x0002, 0x0120, 0x0900]),
        ("N-SET-RQ", 0x0120, [0x0003, 0x0110, 0x1001]), ("N-SET-RSP", 0x8120, [0x0002, 0x0120, 0x0900]),
        ("N-ACTION-RQ", 0x0130, [0x0003, 0x0110, 0x1001, 0x1008]), ("N-ACTION-RSP", 0x8130, [0x0002, 0x0120, 0x0900]),
        ("N-CREATE-RQ", 0x0140, [0x0002, 0x0110]), ("N-CREATE-RSP", 0x8140, [0x0002, 0x0120, 0x0900]),
        ("N-DELETE-RQ", 0x0150, [0x0003, 0x0110, 0x1001]), ("N-DELETE-RSP", 0x8150, [0x0002, 0x0120, 0x0900]),
    ];

    public static bool IsMessage(string name) => s_messages.Any(message => message.Name == name);

    public static ushort FieldOf(string message) => Array.Find(s_messages, m => m.Name == message).Field;

    /// <summary>The name of the message with that Command Field; the number where there is none.</summary>
    public static string NameOf(ushort field) => Array.Find(s_messages, m => m.Field == field).Name ?? $"command {field:X4}H";

    public static ushort[] ElementsOf(string message) => Array.Find(s_messages, m => m.Name == message).Elements;

    /// <summary>The number of an element by its keyword, or by a short name: id, status, class, instance, type.</summary>
    public static ushort? Find(string message, string name)
    {
        ushort[] own = ElementsOf(message);
        return name switch
        {
            "id" => own.Contains((ushort)0x0120) ? (ushort)0x0120 : (ushort)0x0110,
            "status" => 0x0900,
            "class" => own.Contains((ushort)0x0003) ? (ushort)0x0003 : (ushort)0x0002,
            "instance" => own.Contains((ushort)0x1001) ? (ushort)0x1001 : (ushort)0x1000,
            "type" => 0x0800,
            _ => Array.Find(s_elements, e => e.Keyword == name) is { Keyword: not null } found ? found.Number : null,
        };
    }

    public static string VROf(ushort number) => Array.Find(s_elements, e => e.Number == number).VR;

    public static string KeywordOf(ushort number) => Array.Find(s_elements, e => e.Number == number).Keyword;

    /// <summary>The value that a scenario writes: <c>hex:0102</c> as it stands, a number, a UID or its keyword, a text. Status is hexadecimal always.</summary>
    public static byte[] Encode(ushort number, ScenarioToken token)
    {
        if (!token.IsQuoted && token.Text.StartsWith("hex:", StringComparison.Ordinal))
            return Convert.FromHexString(token.Text[4..]);
        switch (VROf(number))
        {
            case "US" or "UL":
                uint value = Number(number, token.Text);
                return VROf(number) == "UL" ? [(byte)value, (byte)(value >> 8), (byte)(value >> 16), (byte)(value >> 24)] : [(byte)value, (byte)(value >> 8)];
            case "UI":
                string uid = ByteTermParser.Uid(token);
                return Encoding.Latin1.GetBytes(uid.Length % 2 == 0 ? uid : uid + "\0");
            case "AT":
                return Convert.FromHexString(token.Text);
            default:
                return Encoding.Latin1.GetBytes(token.Text.Length % 2 == 0 ? token.Text : token.Text + " ");
        }
    }

    /// <summary>A value as a scenario would write it, to be compared and shown.</summary>
    public static string Show(ushort number, byte[] value) => VROf(number) switch
    {
        "US" when value.Length == 2 && number is 0x0900 or 0x0100 or 0x0800 => (value[0] | value[1] << 8).ToString("X4", CultureInfo.InvariantCulture),
        "US" when value.Length == 2 => (value[0] | value[1] << 8).ToString(CultureInfo.InvariantCulture),
        "UI" or "AE" or "LO" => Encoding.Latin1.GetString(value).TrimEnd('\0', ' '),
        _ => Convert.ToHexString(value),
    };

    private static uint Number(ushort number, string text) =>
        number == 0x0900 && ushort.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ushort status) ? status
        : TokenReader.Number(text, "a number", VROf(number) == "UL" ? uint.MaxValue : ushort.MaxValue);
}
