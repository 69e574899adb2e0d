using NetDicom.Protocol;

namespace NetDicom.Network;

/// <summary>The study that an event is logged for, and what the user is told.</summary>
/// <param name="Result">The status; a failure means that the event is not logged.</param>
/// <param name="Procedure">The study; null where none was found.</param>
public sealed record ProcedureMatch(RuleResult Result, CurrentProcedure? Procedure);

/// <summary>The rules of Procedural Event Logging (PS3.4 section P.2): pure functions of the event and the studies in progress.</summary>
public static class ProceduralEventRules
{
    /// <summary>
    /// The action information: the identifiers are there, if without value (0114H, table P.2-2), and the event is a container with a concept name and content, as TID 3001 begins (C102H). The rest of
    /// the template is for who knows its codes.
    /// </summary>
    public static RuleResult CheckInformation(DicomDataSet? information)
    {
        RuleResult result = ServiceRules.CheckActionInformation(SopClasses.ProceduralEventLogging, ApplicationEventOperations.RecordActionTypeId, information);
        if (!result.IsDone)
            return result;
        if (information!.GetStringOrDefault(DicomTags.ValueType) != "CONTAINER")
            return NoTemplate(DicomTags.ValueType);
        if (information!.GetSequence(DicomTags.ConceptNameCodeSequence) is not { Count: 1 })
            return NoTemplate(DicomTags.ConceptNameCodeSequence);
        return information!.GetSequence(DicomTags.ContentSequence) is { Count: > 0 } ? RuleResult.Success : NoTemplate(DicomTags.ContentSequence);
    }

    /// <summary>
    /// Finds the study of an event by the identifiers that have a value: Study Instance UID decides; without one, or with one nobody knows, the others have to fit exactly one study. C101H for a study
    /// that is not logged, C103H where none or several fit; B102H where the event is logged under another Study Instance UID, B104H or C104H where other identifiers contradict, B101H for another
    /// synchronization frame of reference (table P.2-3).
    /// </summary>
    /// <param name="information">The action information.</param>
    /// <param name="procedures">The studies in progress.</param>
    /// <param name="logInconsistent">Whether an event with contradicting identifiers is logged (B104H) or not (C104H).</param>
    public static ProcedureMatch Match(DicomDataSet information, IReadOnlyCollection<CurrentProcedure> procedures, bool logInconsistent = false)
    {
        ArgumentNullException.ThrowIfNull(information);
        ArgumentNullException.ThrowIfNull(procedures);
        var given = new CurrentProcedure(information.GetUidOrDefault(DicomTags.StudyInstanceUID) ?? default)
        {
            PatientId = ValueOf(information, DicomTags.PatientID),
            StudyId = ValueOf(information, DicomTags.StudyID),
            PerformedLocation = ValueOf(information, DicomTags.PerformedLocation),
            SynchronizationFrameOfReferenceUid = information.GetUidOrDefault(DicomTags.SynchronizationFrameOfReferenceUID) ?? default,
        };
        CurrentProcedure? named = given.StudyInstanceUid.IsNone ? null : procedures.FirstOrDefault(one => one.StudyInstanceUid == given.StudyInstanceUid);
        CurrentProcedure? found = named ?? OnlyOne(given, procedures);
        if (found is null)
            return new(RuleResult.Of(0xC103, "no current study, or several, fit the event", s_identifiers), null);
        if (!found.IsLogged)
            return new(RuleResult.Of(0xC101, "events are not logged for this study", DicomTags.StudyInstanceUID), found);
        if (named is not null && Contradictions(given, named) is { Count: > 0 } wrong)
            return new(RuleResult.Of(logInconsistent ? 0xB104 : 0xC104, "identifiers are inconsistent", wrong), found);
        if (named is null && !given.StudyInstanceUid.IsNone)
            return new(RuleResult.Of(0xB102, "logged under another Study Instance UID", DicomTags.StudyInstanceUID), found);
        bool isSynchronized = given.SynchronizationFrameOfReferenceUid.IsNone || given.SynchronizationFrameOfReferenceUid == found.SynchronizationFrameOfReferenceUid;
        return new(isSynchronized ? RuleResult.Success : RuleResult.Of(0xB101, "another synchronization frame of reference", DicomTags.SynchronizationFrameOfReferenceUID), found);
    }

    private static readonly DicomTag[] s_identifiers = [DicomTags.PatientID, DicomTags.StudyInstanceUID, DicomTags.StudyID, DicomTags.PerformedLocation];

    // Something has to be given, and all that is given has to be known and the same.
    private static CurrentProcedure? OnlyOne(CurrentProcedure given, IEnumerable<CurrentProcedure> procedures)
    {
        if (given.PatientId is null && given.StudyId is null && given.PerformedLocation is null)
            return null;
        CurrentProcedure[] fitting = [.. procedures.Where(one => Fits(given.PatientId, one.PatientId) && Fits(given.StudyId, one.StudyId) && Fits(given.PerformedLocation, one.PerformedLocation)).Take(2)];
        return fitting.Length == 1 ? fitting[0] : null;

        static bool Fits(string? asked, string? known) => asked is null || asked == known;
    }

    // What is not known here contradicts nothing.
    private static List<DicomTag> Contradictions(CurrentProcedure given, CurrentProcedure known)
    {
        var wrong = new List<DicomTag>();
        foreach ((DicomTag tag, string? asked, string? there) in ((DicomTag, string?, string?)[])[
            (DicomTags.PatientID, given.PatientId, known.PatientId), (DicomTags.StudyID, given.StudyId, known.StudyId), (DicomTags.PerformedLocation, given.PerformedLocation, known.PerformedLocation)])
        {
            if (asked is not null && there is not null && asked != there)
                wrong.Add(tag);
        }

        return wrong;
    }

    private static string? ValueOf(DicomDataSet information, DicomTag tag) => information.GetStringOrDefault(tag)?.Trim(' ') is { Length: > 0 } value ? value : null;

    private static RuleResult NoTemplate(DicomTag tag) => RuleResult.Of(0xC102, "the event does not fit the template", tag);
}
