namespace NetDicom.Protocol;

/// <summary>Whether a data set follows a command set.</summary>
internal enum DataSetPresence
{
    Never,
    Always,
    Optional,
}

/// <summary>Which elements one of the 23 messages has (PS3.7 sections 9.3 and 10.3), as the tables there list them.</summary>
/// <param name="Field">The value of its Command Field.</param>
/// <param name="Name">Its name in the standard.</param>
/// <param name="Section">Where the standard lists its elements.</param>
/// <param name="DataSet">Whether a data set follows.</param>
/// <param name="Mandatory">Element numbers, in group 0000, that must be there with a value.</param>
/// <param name="Optional">Element numbers that may be there, or must be under some condition.</param>
internal sealed record CommandDefinition(CommandField Field, string Name, string Section, DataSetPresence DataSet, ushort[] Mandatory, ushort[] Optional)
{
    /// <summary>The name without -RQ or -RSP, as the status tables have it.</summary>
    public string Service { get; } = Name[..Name.LastIndexOf('-')];

    /// <summary>All 23 messages.</summary>
    public static CommandDefinition[] All { get; } =
    [
        new(CommandField.CCancelRequest, "C-CANCEL-RQ", "PS3.7 9.3.2.3", DataSetPresence.Never,
            [0x0000, 0x0100, 0x0120, 0x0800],
            []),
        new(CommandField.CEchoRequest, "C-ECHO-RQ", "PS3.7 9.3.5.1", DataSetPresence.Never,
            [0x0000, 0x0002, 0x0100, 0x0110, 0x0800],
            []),
        new(CommandField.CEchoResponse, "C-ECHO-RSP", "PS3.7 9.3.5.2", DataSetPresence.Never,
            [0x0000, 0x0100, 0x0120, 0x0800, 0x0900],
            [0x0002, 0x0902]),
        new(CommandField.CFindRequest, "C-FIND-RQ", "PS3.7 9.3.2.1", DataSetPresence.Always,
            [0x0000, 0x0002, 0x0100, 0x0110, 0x0700, 0x0800],
            []),
        new(CommandField.CFindResponse, "C-FIND-RSP", "PS3.7 9.3.2.2", DataSetPresence.Optional,
            [0x0000, 0x0100, 0x0120, 0x0800, 0x0900],
            [0x0002, 0x0901, 0x0902]),
        new(CommandField.CGetRequest, "C-GET-RQ", "PS3.7 9.3.3.1", DataSetPresence.Always,
            [0x0000, 0x0002, 0x0100, 0x0110, 0x0700, 0x0800],
            []),
        new(CommandField.CGetResponse, "C-GET-RSP", "PS3.7 9.3.3.2", DataSetPresence.Optional,
            [0x0000, 0x0100, 0x0120, 0x0800, 0x0900],
            [0x0002, 0x0901, 0x0902, 0x1020, 0x1021, 0x1022, 0x1023]),
        new(CommandField.CMoveRequest, "C-MOVE-RQ", "PS3.7 9.3.4.1", DataSetPresence.Always,
            [0x0000, 0x0002, 0x0100, 0x0110, 0x0600, 0x0700, 0x0800],
            []),
        new(CommandField.CMoveResponse, "C-MOVE-RSP", "PS3.7 9.3.4.2", DataSetPresence.Optional,
            [0x0000, 0x0100, 0x0120, 0x0800, 0x0900],
            [0x0002, 0x0901, 0x0902, 0x1020, 0x1021, 0x1022, 0x1023]),
        new(CommandField.CStoreRequest, "C-STORE-RQ", "PS3.7 9.3.1.1", DataSetPresence.Always,
            [0x0000, 0x0002, 0x0100, 0x0110, 0x0700, 0x0800, 0x1000],
            [0x1030, 0x1031]),
        new(CommandField.CStoreResponse, "C-STORE-RSP", "PS3.7 9.3.1.2", DataSetPresence.Never,
            [0x0000, 0x0100, 0x0120, 0x0800, 0x0900],
            [0x0002, 0x0901, 0x0902, 0x1000]),
        new(CommandField.NActionRequest, "N-ACTION-RQ", "PS3.7 10.3.4.1", DataSetPresence.Optional,
            [0x0000, 0x0003, 0x0100, 0x0110, 0x0800, 0x1001, 0x1008],
            []),
        new(CommandField.NActionResponse, "N-ACTION-RSP", "PS3.7 10.3.4.2", DataSetPresence.Optional,
            [0x0000, 0x0100, 0x0120, 0x0800, 0x0900],
            [0x0002, 0x0902, 0x0903, 0x1000, 0x1008]),
        new(CommandField.NCreateRequest, "N-CREATE-RQ", "PS3.7 10.3.5.1", DataSetPresence.Optional,
            [0x0000, 0x0002, 0x0100, 0x0110, 0x0800],
            [0x1000]),
        new(CommandField.NCreateResponse, "N-CREATE-RSP", "PS3.7 10.3.5.2", DataSetPresence.Optional,
            [0x0000, 0x0100, 0x0120, 0x0800, 0x0900],
            [0x0002, 0x0902, 0x0903, 0x1000, 0x1005]),
        new(CommandField.NDeleteRequest, "N-DELETE-RQ", "PS3.7 10.3.6.1", DataSetPresence.Never,
            [0x0000, 0x0003, 0x0100, 0x0110, 0x0800, 0x1001],
            []),
        new(CommandField.NDeleteResponse, "N-DELETE-RSP", "PS3.7 10.3.6.2", DataSetPresence.Never,
            [0x0000, 0x0100, 0x0120, 0x0800, 0x0900],
            [0x0002, 0x0902, 0x0903, 0x1000]),
        new(CommandField.NEventReportRequest, "N-EVENT-REPORT-RQ", "PS3.7 10.3.1.1", DataSetPresence.Optional,
            [0x0000, 0x0002, 0x0100, 0x0110, 0x0800, 0x1000, 0x1002],
            []),
        new(CommandField.NEventReportResponse, "N-EVENT-REPORT-RSP", "PS3.7 10.3.1.2", DataSetPresence.Optional,
            [0x0000, 0x0100, 0x0120, 0x0800, 0x0900],
            [0x0002, 0x0902, 0x0903, 0x1000, 0x1002]),
        new(CommandField.NGetRequest, "N-GET-RQ", "PS3.7 10.3.2.1", DataSetPresence.Never,
            [0x0000, 0x0003, 0x0100, 0x0110, 0x0800, 0x1001],
            [0x1005]),
        new(CommandField.NGetResponse, "N-GET-RSP", "PS3.7 10.3.2.2", DataSetPresence.Optional,
            [0x0000, 0x0100, 0x0120, 0x0800, 0x0900],
            [0x0002, 0x0902, 0x0903, 0x1000, 0x1005]),
        new(CommandField.NSetRequest, "N-SET-RQ", "PS3.7 10.3.3.1", DataSetPresence.Always,
            [0x0000, 0x0003, 0x0100, 0x0110, 0x0800, 0x1001],
            []),
        new(CommandField.NSetResponse, "N-SET-RSP", "PS3.7 10.3.3.2", DataSetPresence.Optional,
            [0x0000, 0x0100, 0x0120, 0x0800, 0x0900],
            [0x0002, 0x0902, 0x0903, 0x1000, 0x1005]),
    ];

    /// <summary>The definition of a message; null for a number that is none.</summary>
    public static CommandDefinition? Find(CommandField field)
    {
        foreach (CommandDefinition definition in All)
        {
            if (definition.Field == field)
                return definition;
        }

        return null;
    }
}
