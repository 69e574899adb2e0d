using NetDicom.Cli.Invocation;

namespace NetDicom.Cli.Procedures;

/// <summary>The data sets of a Modality Performed Procedure Step (PS3.4 table F.7.2-1): what the user gives, filled up to what is mandatory.</summary>
internal static class MppsDataSet
{
    private const string UnknownProtocol = "UNKNOWN";

    /// <summary>The attributes of N-CREATE.</summary>
    /// <param name="given">What the user gave; filled.</param>
    /// <param name="worklist">The worklist entry that is worked on; null: none, an unscheduled step.</param>
    /// <param name="station">Our AE title.</param>
    /// <param name="now">The start.</param>
    /// <exception cref="UsageException">No modality is known.</exception>
    public static DicomDataSet Create(DicomDataSet given, DicomDataSet? worklist, string station, DateTime now)
    {
        DicomDataSet? step = worklist?.GetSequence(DicomTags.ScheduledProcedureStepSequence) is [var first, ..] ? first : null;
        if (worklist is not null && !given.Contains(DicomTags.SpecificCharacterSet))
            given.DefaultFrom(worklist, DicomTags.SpecificCharacterSet);
        given.DefaultFrom(step, DicomTags.Modality);
        if (!given.TryGetString(DicomTags.Modality, out string? modality) || modality.Length == 0)
            throw new UsageException("the modality is missing: give -k Modality=CT, or a worklist entry with --from-worklist");

        given.DefaultFrom(worklist, DicomTags.PatientName, DicomTags.PatientID, DicomTags.IssuerOfPatientID, DicomTags.PatientBirthDate, DicomTags.PatientSex, DicomTags.ReferencedPatientSequence,
            DicomTags.AdmissionID);
        given.Default(DicomTags.PerformedStationAETitle, station);
        given.Default(DicomTags.PerformedProcedureStepStartDate, DicomDate.Format(DateOnly.FromDateTime(now)));
        given.Default(DicomTags.PerformedProcedureStepStartTime, now.ToString("HHmmss", System.Globalization.CultureInfo.InvariantCulture));
        given.Default(DicomTags.PerformedProcedureStepStatus, "IN PROGRESS");
        // SH: 16 characters at most.
        given.Default(DicomTags.PerformedProcedureStepID, now.ToString("yyMMddHHmmssfff", System.Globalization.CultureInfo.InvariantCulture));
        given.DefaultEmpty(
            DicomTags.ProcedureCodeSequence, DicomTags.ReferencedPatientSequence, DicomTags.PatientName, DicomTags.PatientID, DicomTags.PatientBirthDate, DicomTags.PatientSex, DicomTags.StudyID,
            DicomTags.PerformedStationName, DicomTags.PerformedLocation, DicomTags.PerformedProcedureStepEndDate, DicomTags.PerformedProcedureStepEndTime,
            DicomTags.PerformedProcedureStepDescription, DicomTags.PerformedProcedureTypeDescription, DicomTags.PerformedProtocolCodeSequence, DicomTags.PerformedSeriesSequence);
        if (given.GetSequence(DicomTags.ScheduledStepAttributesSequence) is not { Count: > 0 })
            given.Set(DicomTags.ScheduledStepAttributesSequence, new DicomDataSet());
        foreach (DicomDataSet item in given.GetSequence(DicomTags.ScheduledStepAttributesSequence)!)
        {
            item.DefaultFrom(worklist, DicomTags.StudyInstanceUID, DicomTags.AccessionNumber, DicomTags.ReferencedStudySequence, DicomTags.RequestedProcedureID, DicomTags.RequestedProcedureDescription);
            item.DefaultFrom(step, DicomTags.ScheduledProcedureStepID, DicomTags.ScheduledProcedureStepDescription, DicomTags.ScheduledProtocolCodeSequence);
            item.Default(DicomTags.StudyInstanceUID, DicomUid.Generate().ToString());
            item.DefaultEmpty(
                DicomTags.AccessionNumber, DicomTags.ReferencedStudySequence, DicomTags.RequestedProcedureID, DicomTags.RequestedProcedureDescription, DicomTags.ScheduledProcedureStepDescription,
                DicomTags.ScheduledProtocolCodeSequence, DicomTags.ScheduledProcedureStepID);
        }

        return given;
    }

    /// <summary>The modifications of the last N-SET: status, end, and the series that were made.</summary>
    public static DicomDataSet End(DicomDataSet given, string status, IEnumerable<ReferencedObject> objects, DateTime now)
    {
        given.Default(DicomTags.PerformedProcedureStepStatus, status);
        given.Default(DicomTags.PerformedProcedureStepEndDate, DicomDate.Format(DateOnly.FromDateTime(now)));
        given.Default(DicomTags.PerformedProcedureStepEndTime, now.ToString("HHmmss", System.Globalization.CultureInfo.InvariantCulture));
        DicomDataSet[] series = [.. objects.GroupBy(o => o.Series).Select(Series)];
        if (series.Length > 0 && !given.Contains(DicomTags.PerformedSeriesSequence))
        {
            given.Set(DicomTags.PerformedSeriesSequence, series);
            // Names of people come from files that may be in any character set; what is sent has one.
            if (given.CharacterSet.IsDefault && series.Any(item => item.Any(element => !System.Text.Ascii.IsValid(element.GetText()))))
                given.CharacterSet = SpecificCharacterSet.Utf8;
        }

        return given;
    }

    /// <summary>
    /// A series without objects, for a step that ended before there were any: the final state asks for one item (PS3.4 table F.7.2-1), and both lists of objects in it may be empty.
    /// </summary>
    public static DicomDataSet AddSeriesWithoutObjects(DicomDataSet given)
    {
        var item = new DicomDataSet { { DicomTags.SeriesInstanceUID, DicomUid.Generate() }, { DicomTags.ProtocolName, UnknownProtocol } };
        item.DefaultEmpty(
            DicomTags.RetrieveAETitle, DicomTags.SeriesDescription, DicomTags.PerformingPhysicianName, DicomTags.OperatorsName, DicomTags.ReferencedImageSequence,
            DicomTags.ReferencedNonImageCompositeSOPInstanceSequence);
        return given.Set(DicomTags.PerformedSeriesSequence, item);
    }

    private static DicomDataSet Series(IGrouping<DicomUid, ReferencedObject> series)
    {
        DicomDataSet head = series.First().Head;
        var item = new DicomDataSet { { DicomTags.SeriesInstanceUID, series.Key } };
        item.DefaultFrom(head, DicomTags.SeriesDescription, DicomTags.PerformingPhysicianName, DicomTags.OperatorsName, DicomTags.ProtocolName);
        // Type 1, and images of many makers have none.
        if (!item.TryGetString(DicomTags.ProtocolName, out string? protocol) || protocol.Length == 0)
            item.Set(DicomTags.ProtocolName, UnknownProtocol);
        item.DefaultEmpty(DicomTags.RetrieveAETitle, DicomTags.SeriesDescription, DicomTags.PerformingPhysicianName, DicomTags.OperatorsName);
        item.Set(DicomTags.ReferencedImageSequence, [.. series.Where(IsImage).Select(o => Filled.Reference(o.SopClass, o.SopInstance))]);
        item.Set(DicomTags.ReferencedNonImageCompositeSOPInstanceSequence, [.. series.Where(o => !IsImage(o)).Select(o => Filled.Reference(o.SopClass, o.SopInstance))]);
        return item;
    }

    // The keywords of the image classes say so; raw data, reports and states do not.
    private static bool IsImage(ReferencedObject o) => Uids.TryGet(o.SopClass, out UidInfo info) && info.Keyword.Contains("ImageStorage", StringComparison.Ordinal);
}
