using NetDicom.Protocol;

namespace NetDicom.Network;

/// <summary>An action (N-ACTION) or an event (N-EVENT-REPORT) of a SOP class, from the tables of PS3.4.</summary>
/// <param name="SopClassUid">The class.</param>
/// <param name="IsAction">An action; otherwise an event.</param>
/// <param name="TypeId">Action Type ID (0000,1008) or Event Type ID (0000,1002).</param>
/// <param name="Name">As the standard names it.</param>
public sealed record ActionOrEvent(DicomUid SopClassUid, bool IsAction, ushort TypeId, string Name);

/// <summary>Rules that are the same for all normalized services: which actions and events a class has, and which attributes an operation needs.</summary>
public static class ServiceRules
{
    /// <summary>Every action and event type of the standard.</summary>
    public static IReadOnlyList<ActionOrEvent> ActionsAndEvents => ActionEventTable.All;

    /// <summary>Whether a class has an action; 0123H if not (PS3.7 annex C).</summary>
    public static RuleResult CheckAction(DicomUid sopClassUid, ushort actionTypeId) =>
        Has(sopClassUid, true, actionTypeId) ? RuleResult.Success : RuleResult.Of(DimseStatus.NoSuchAction, "no such action type");

    /// <summary>Whether a class has an event; 0113H if not (PS3.7 annex C).</summary>
    public static RuleResult CheckEvent(DicomUid sopClassUid, ushort eventTypeId) =>
        Has(sopClassUid, false, eventTypeId) ? RuleResult.Success : RuleResult.Of(DimseStatus.NoSuchEventType, "no such event type");

    /// <summary>The attributes of an N-CREATE: 0105H, 0120H or 0121H with those to blame, for the classes whose tables are known; success for others.</summary>
    public static RuleResult CheckCreate(DicomUid sopClassUid, DicomDataSet attributes) => Check(sopClassUid, "N-CREATE", attributes);

    /// <summary>The attributes of an N-SET.</summary>
    public static RuleResult CheckSet(DicomUid sopClassUid, DicomDataSet attributes) => Check(sopClassUid, "N-SET", attributes);

    /// <summary>
    /// The information of an N-ACTION: its type must exist (0123H), and its attributes as the table asks. What is missing is 0114H, what has no value or a wrong one 0115H: N-ACTION has arguments, and
    /// not the statuses of attributes (PS3.7 section 10.1.4.1.10).
    /// </summary>
    public static RuleResult CheckActionInformation(DicomUid sopClassUid, ushort actionTypeId, DicomDataSet? information)
    {
        RuleResult action = CheckAction(sopClassUid, actionTypeId);
        if (!action.IsDone)
            return action;
        RuleResult result = Check(sopClassUid, $"N-ACTION {actionTypeId}", information ?? []);
        return result.Status.Code switch
        {
            0x0105 or 0x0120 => result with { Status = DimseStatus.NoSuchArgument },
            0x0106 or 0x0121 => result with { Status = DimseStatus.InvalidArgumentValue },
            _ => result,
        };
    }

    /// <summary>
    /// The one instance of a class that is the same everywhere (PS3.6 table A-1), such as the printer's; none for classes whose instances have UIDs of their own.
    /// </summary>
    public static DicomUid WellKnownInstanceOf(DicomUid sopClassUid) =>
        sopClassUid == SopClasses.StorageCommitmentPushModel ? Uids.StorageCommitmentPushModelInstance
        : sopClassUid == SopClasses.StorageCommitmentPullModel ? Uids.StorageCommitmentPullModelInstance
        : sopClassUid == SopClasses.ProceduralEventLogging ? Uids.ProceduralEventLoggingInstance
        : sopClassUid == SopClasses.SubstanceAdministrationLogging ? Uids.SubstanceAdministrationLoggingInstance
        : sopClassUid == SopClasses.Printer ? Uids.PrinterInstance
        : sopClassUid == SopClasses.PrinterConfigurationRetrieval ? Uids.PrinterConfigurationRetrievalInstance
        : sopClassUid == SopClasses.DisplaySystem ? Uids.DisplaySystemInstance
        : sopClassUid == SopClasses.InventoryCreation ? Uids.StorageManagementInstance
        : default;

    /// <summary>Whether a request is about the right instance where the class has only one: 0112H if not.</summary>
    public static RuleResult CheckInstance(DicomUid sopClassUid, DicomUid instanceUid) =>
        WellKnownInstanceOf(sopClassUid) is { IsNone: false } known && known != instanceUid ? RuleResult.Of(DimseStatus.NoSuchSopInstance, "not the well-known instance of the class") : RuleResult.Success;

    internal static AttributeTable? Table(DicomUid sopClassUid, string operation) =>
        SopClasses.TryGet(sopClassUid, out SopClassInfo info) ? ServiceAttributeTable.Find($"{info.Keyword} {operation}") ?? PrintTable.Find($"{info.Keyword} {operation}") : null;

    private static RuleResult Check(DicomUid sopClassUid, string operation, DicomDataSet attributes)
    {
        ArgumentNullException.ThrowIfNull(attributes);
        return Table(sopClassUid, operation) is { } table ? new AttributeCheck().Run(attributes, table.Attributes, 0).Result : RuleResult.Success;
    }

    private static bool Has(DicomUid sopClassUid, bool isAction, ushort typeId) =>
        Array.Exists(ActionEventTable.All, one => one.SopClassUid == sopClassUid && one.IsAction == isAction && one.TypeId == typeId);
}
