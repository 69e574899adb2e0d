using System.Globalization;
using NetDicom.Cli.Invocation;

namespace NetDicom.Cli.Procedures;

/// <summary>The data sets of Unified Procedure Steps (PS3.4 table CC.2.5-3).</summary>
internal static class UpsDataSet
{
    /// <summary>The attributes of N-CREATE: what the user gave, filled up to what is mandatory.</summary>
    /// <exception cref="UsageException">The step has no label.</exception>
    public static DicomDataSet Create(DicomDataSet given, DateTime now)
    {
        if (!given.TryGetString(DicomTags.ProcedureStepLabel, out string? label) || label.Length == 0)
            throw new UsageException("the label is missing: give -k \"ProcedureStepLabel=what is to be done\"");
        given.Default(DicomTags.ProcedureStepState, "SCHEDULED");
        given.Default(DicomTags.InputReadinessState, "READY");
        given.Default(DicomTags.ScheduledProcedureStepPriority, "MEDIUM");
        given.Default(DicomTags.ScheduledProcedureStepStartDateTime, now.ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture));
        given.DefaultEmpty(
            DicomTags.AdmittingDiagnosesDescription, DicomTags.AdmittingDiagnosesCodeSequence, DicomTags.TransactionUID, DicomTags.PatientName, DicomTags.PatientID, DicomTags.PatientBirthDate,
            DicomTags.PatientSex, DicomTags.OtherPatientIDsSequence, DicomTags.AdmissionID, DicomTags.IssuerOfAdmissionIDSequence, DicomTags.CommentsOnTheScheduledProcedureStep,
            DicomTags.ScheduledWorkitemCodeSequence, DicomTags.InputInformationSequence, DicomTags.ScheduledStationNameCodeSequence, DicomTags.ScheduledStationClassCodeSequence,
            DicomTags.ScheduledStationGeographicLocationCodeSequence, DicomTags.ReferencedRequestSequence, DicomTags.ProcedureStepProgressInformationSequence, DicomTags.WorklistLabel,
            DicomTags.ScheduledProcessingParametersSequence, DicomTags.UnifiedProcedureStepPerformedProcedureSequence);
        return given;
    }

    /// <summary>The Action Information of Change UPS State (PS3.4 table CC.2.1-1).</summary>
    public static DicomDataSet ChangeState(string state, DicomUid transaction) => new()
    {
        { DicomTags.TransactionUID, transaction },
        { DicomTags.ProcedureStepState, state },
    };

    /// <summary>The Action Information of the subscriptions (PS3.4 tables CC.2.3-2 and on): for the filtered one with the keys of <paramref name="filter"/>.</summary>
    public static DicomDataSet Subscription(DicomDataSet filter, string receiver, bool? deletionLock)
    {
        DicomDataSet set = filter.Clone();
        set.Set(DicomTags.ReceivingAE, receiver);
        if (deletionLock is { } isLocked)
            set.Set(DicomTags.DeletionLock, isLocked ? "TRUE" : "FALSE");
        return set;
    }
}
