using System.Diagnostics.CodeAnalysis;
using NetDicom.Protocol;

namespace NetDicom.Network;

/// <summary>The rules of Inventory Creation (PS3.4 annex KK).</summary>
public static class InventoryRules
{
    /// <summary>
    /// An action before it is looked at: the well-known instance (0112H), an action type there is (0123H), and the attributes of table KK.2-1 (0114H, 0115H with those to blame).
    /// </summary>
    public static RuleResult CheckAction(DicomUid instanceUid, ushort actionTypeId, DicomDataSet? information)
    {
        RuleResult instance = ServiceRules.CheckInstance(SopClasses.InventoryCreation, instanceUid);
        return instance.IsDone ? ServiceRules.CheckActionInformation(SopClasses.InventoryCreation, actionTypeId, information) : instance;
    }

    /// <summary>
    /// Reads the information of Initiate, which <see cref="CheckAction"/> has passed: 0115H for a value that is none, 0212H for a level, a matching mechanism or a character set that is not
    /// supported, B010H with the tags for keys that are not: the inventory is then made without them (section KK.2.2.3).
    /// </summary>
    public static RuleResult Read(DicomDataSet information, InventoryCapabilities capabilities, out InventoryRequest? request)
    {
        ArgumentNullException.ThrowIfNull(information);
        ArgumentNullException.ThrowIfNull(capabilities);
        request = null;
        if (!TryReadTransaction(information, out DicomUid transaction))
            return Invalid("no UID", DicomTags.TransactionUID);
        if (!InventoryLevels.TryParse(information.GetStringOrDefault(DicomTags.InventoryLevel), out InventoryLevel level))
            return Invalid("no inventory level", DicomTags.InventoryLevel);
        if (!TryReadInterval(information, out ushort? interval))
            return Invalid("no interval", DicomTags.RequestedStatusInterval);
        if (!capabilities.Levels.Contains(level))
            return NotAgreed("the inventory level is not supported", DicomTags.InventoryLevel);
        DicomSequence? scopes = information.GetSequence(DicomTags.ScopeOfInventorySequence);
        if (scopes is { Count: > 1 })
            return Invalid("one scope is allowed", DicomTags.ScopeOfInventorySequence);
        // An empty item is the same as none: every study (PS3.3 table C.38.2-1).
        DicomDataSet? scope = scopes is [{ Count: > 0 } item] ? item.Clone() : null;
        RuleResult judged = scope is null ? RuleResult.Success : CheckScope(scope, capabilities);
        if (judged.IsDone)
        {
            request = new InventoryRequest
            {
                TransactionUid = transaction, Level = level, Purpose = information.GetStringOrDefault(DicomTags.InventoryPurpose), Scope = scope, StatusInterval = interval,
            };
        }

        return judged;
    }

    /// <summary>Retain Instances (0008,0415) of Cancel: whether what was made so far is kept; 0115H for another value than Y and N.</summary>
    public static RuleResult ReadCancel(DicomDataSet information, out bool retainInstances)
    {
        ArgumentNullException.ThrowIfNull(information);
        string? term = information.GetStringOrDefault(DicomTags.RetainInstances);
        retainInstances = term is "Y" or "YES";
        return retainInstances || term is "N" or "NO" ? RuleResult.Success : Invalid("Y or N", DicomTags.RetainInstances);
    }

    /// <summary>
    /// The information of an event as table KK.2-2 wants it of the provider: 0113H for an event type there is not, 0114H for attributes that are missing, 0115H for those without a value, and for event 11 Retrieve AE Title or
    /// Retrieve URL (section KK.2.3.1.1).
    /// </summary>
    public static RuleResult CheckEvent(ushort eventTypeId, DicomDataSet? information)
    {
        RuleResult type = ServiceRules.CheckEvent(SopClasses.InventoryCreation, eventTypeId);
        if (!type.IsDone)
            return type;
        DicomTag[] required = (InventoryEventType)eventTypeId switch
        {
            InventoryEventType.TerminatedWithInstances =>
                [DicomTags.TransactionUID, DicomTags.TransactionStatus, DicomTags.ReferencedSOPClassUID, DicomTags.ReferencedSOPInstanceUID, DicomTags.TotalNumberOfStudyRecords],
            InventoryEventType.Status => [DicomTags.TransactionUID, DicomTags.TransactionStatus, DicomTags.TotalNumberOfStudyRecords],
            _ => [DicomTags.TransactionUID, DicomTags.TransactionStatus],
        };
        DicomDataSet set = information ?? [];
        DicomTag[] missing = [.. required.Where(tag => !set.Contains(tag))];
        if (missing.Length > 0)
            return RuleResult.Of(DimseStatus.NoSuchArgument, "attribute missing", missing);
        DicomTag[] empty = [.. required.Where(tag => AttributeCheck.IsBlank(set[tag]))];
        if (empty.Length > 0)
            return RuleResult.Of(DimseStatus.InvalidArgumentValue, "attribute without a value", empty);
        return eventTypeId == (ushort)InventoryEventType.TerminatedWithInstances && !Has(DicomTags.RetrieveAETitle) && !Has(DicomTags.RetrieveURL)
            ? RuleResult.Of(DimseStatus.NoSuchArgument, "one way to retrieve is needed", DicomTags.RetrieveAETitle, DicomTags.RetrieveURL) : RuleResult.Success;

        bool Has(DicomTag tag) => set.TryGet(tag, out DicomElement? element) && !AttributeCheck.IsBlank(element);
    }

    internal static bool TryReadTransaction(DicomDataSet information, out DicomUid transaction)
    {
        transaction = default;
        return information.GetStrings(DicomTags.TransactionUID) is [var text] && DicomUid.IsValid(text) && information.TryGetUid(DicomTags.TransactionUID, out transaction);
    }

    internal static bool TryReadInterval(DicomDataSet information, [NotNullWhen(true)] out ushort? interval)
    {
        interval = 0;
        if (!information.TryGet(DicomTags.RequestedStatusInterval, out DicomElement? element) || AttributeCheck.IsBlank(element))
            return true;
        if (!element.TryGetInt64(0, out long number) || number is < 0 or > ushort.MaxValue)
            return false;
        interval = (ushort)number;
        return true;
    }

    private static RuleResult CheckScope(DicomDataSet scope, InventoryCapabilities capabilities)
    {
        Func<string, bool> isCharacterSet = capabilities.IsCharacterSetSupported ?? (term => !SpecificCharacterSet.Parse(term).HasUnknownTerm);
        if (!scope.GetStrings(DicomTags.SpecificCharacterSet).Where(term => term.Length > 0).All(isCharacterSet))
            return NotAgreed("the character set is not supported", DicomTags.SpecificCharacterSet);
        if (!scope.GetStrings(DicomTags.ExtendedMatchingMechanisms).Where(term => term.Length > 0).All(capabilities.MatchingMechanisms.Contains))
            return NotAgreed("the matching mechanism is not supported", DicomTags.ExtendedMatchingMechanisms);
        RuleResult keys = InventoryScope.TryCreateIdentifier(scope, out _);
        if (!keys.IsDone)
            return keys;
        DicomTag[] unsupported = capabilities.IsKeySupported is { } isSupported ? [.. InventoryScope.KeysOf(scope).Where(tag => !isSupported(tag))] : [];
        return unsupported.Length == 0 ? RuleResult.Success : RuleResult.Of(0xB010, "keys that are not matched", unsupported);
    }

    private static RuleResult Invalid(string comment, DicomTag tag) => RuleResult.Of(DimseStatus.InvalidArgumentValue, comment, tag);

    private static RuleResult NotAgreed(string comment, DicomTag tag) => RuleResult.Of(DimseStatus.MistypedArgument, comment, tag);
}
