using NetDicom.Protocol;

namespace NetDicom.Network;

/// <summary>Event types of UPS Event (PS3.4 table CC.2.4-1).</summary>
public enum UpsEventType
{
    /// <summary>UPS State Report.</summary>
    StateReport = 1,

    /// <summary>UPS Cancel Requested.</summary>
    CancelRequested = 2,

    /// <summary>UPS Progress Report.</summary>
    ProgressReport = 3,

    /// <summary>SCP Status Change.</summary>
    ScpStatusChange = 4,

    /// <summary>UPS Assigned.</summary>
    Assigned = 5,
}

/// <summary>An N-EVENT-REPORT to be sent: class UPS Push whatever the context (PS3.4 section CC.3.1).</summary>
/// <param name="ReceivingAE">AE title of the subscriber.</param>
/// <param name="InstanceUid">Affected SOP Instance UID: the UPS; the global subscription instance for SCP Status Change.</param>
/// <param name="Type">Event Type ID.</param>
/// <param name="Information">Event Information. Shared between the receivers of one event: not to be changed.</param>
public sealed record UpsEvent(string ReceivingAE, DicomUid InstanceUid, UpsEventType Type, DicomDataSet Information);

/// <summary>The result of an operation on a UPS, with the events that follow from it.</summary>
/// <param name="Result">The response.</param>
/// <param name="Events">To be sent after the response, in this order.</param>
public sealed record UpsOutcome(RuleResult Result, IReadOnlyList<UpsEvent> Events)
{
    internal UpsOutcome(RuleResult result) : this(result, [])
    {
    }
}

/// <summary>The information of UPS events (PS3.4 table CC.2.4-1).</summary>
public static class UpsEvents
{
    private static readonly DicomTag[] _cancelDetails =
        [DicomTags.ReasonForCancellation, DicomTags.ProcedureStepDiscontinuationReasonCodeSequence, DicomTags.ContactURI, DicomTags.ContactDisplayName];

    /// <summary>UPS State Report: state and input readiness, and why it was discontinued where that is known.</summary>
    public static DicomDataSet StateReport(DicomDataSet ups)
    {
        ArgumentNullException.ThrowIfNull(ups);
        var information = new DicomDataSet();
        Copy(ups, information, DicomTags.ProcedureStepState, DicomTags.InputReadinessState);
        if (ups.GetSequence(DicomTags.ProcedureStepProgressInformationSequence) is { Count: > 0 } progress)
            Copy(progress[0], information, DicomTags.ReasonForCancellation, DicomTags.ProcedureStepDiscontinuationReasonCodeSequence);
        return information;
    }

    /// <summary>UPS Cancel Requested: who asks, and what the request said.</summary>
    public static DicomDataSet CancelRequested(string requestingAE, DicomDataSet? request)
    {
        DicomDataSet information = new DicomDataSet().Set(DicomTags.RequestingAE, requestingAE);
        if (request is not null)
            Copy(request, information, _cancelDetails);
        return information;
    }

    /// <summary>UPS Progress Report.</summary>
    public static DicomDataSet ProgressReport(DicomDataSet ups)
    {
        ArgumentNullException.ThrowIfNull(ups);
        var information = new DicomDataSet();
        Copy(ups, information, DicomTags.ProcedureStepProgressInformationSequence);
        return information;
    }

    /// <summary>UPS Assigned: station and performers where they are filled.</summary>
    public static DicomDataSet Assigned(DicomDataSet ups)
    {
        ArgumentNullException.ThrowIfNull(ups);
        var information = new DicomDataSet();
        if (IsFilled(ups, DicomTags.ScheduledStationNameCodeSequence))
            Copy(ups, information, DicomTags.ScheduledStationNameCodeSequence);
        if (ups.GetSequence(DicomTags.ScheduledHumanPerformersSequence) is { Count: > 0 } performers)
            Copy(performers[0], information, DicomTags.HumanPerformerCodeSequence, DicomTags.HumanPerformerOrganization);
        return information;
    }

    /// <summary>SCP Status Change.</summary>
    /// <param name="isRestarted">RESTARTED; otherwise GOING DOWN.</param>
    /// <param name="subscriptionsKept">Subscriptions outlive the restart: WARM START; otherwise COLD START.</param>
    /// <param name="stepsKept">So do the procedure steps.</param>
    public static DicomDataSet ScpStatusChange(bool isRestarted, bool subscriptionsKept, bool stepsKept) => new DicomDataSet()
        .Set(DicomTags.SCPStatus, isRestarted ? "RESTARTED" : "GOING DOWN")
        .Set(DicomTags.SubscriptionListStatus, subscriptionsKept ? "WARM START" : "COLD START")
        .Set(DicomTags.UnifiedProcedureStepListStatus, stepsKept ? "WARM START" : "COLD START");

    internal static bool IsFilled(DicomDataSet set, DicomTag tag) => set.TryGet(tag, out DicomElement? element) && !element.IsEmpty;

    private static void Copy(DicomDataSet from, DicomDataSet to, params ReadOnlySpan<DicomTag> tags)
    {
        DicomDataSet copy = from.Clone();
        foreach (DicomTag tag in tags)
        {
            if (!copy.TryGet(tag, out DicomElement? element))
                continue;
            copy.Remove(tag);
            to.Set(element);
        }

        if (!copy.CharacterSet.IsDefault && !to.Contains(DicomTags.SpecificCharacterSet))
            to.CharacterSet = copy.CharacterSet;
    }
}
