namespace NetDicom.Network;

/// <summary>A study in progress for which events are logged: what the identifiers of an event are compared with (PS3.4 section P.2.2.1.1).</summary>
/// <param name="StudyInstanceUid">Study Instance UID (0020,000D).</param>
public sealed record CurrentProcedure(DicomUid StudyInstanceUid)
{
    /// <summary>Patient ID (0010,0020); null if it is not known.</summary>
    public string? PatientId { get; init; }

    /// <summary>Study ID (0020,0010); null if it is not known.</summary>
    public string? StudyId { get; init; }

    /// <summary>Performed Location (0040,0243); null if it is not known.</summary>
    public string? PerformedLocation { get; init; }

    /// <summary>Synchronization Frame of Reference UID (0020,0200) of the log; none if its clock is not synchronized.</summary>
    public DicomUid SynchronizationFrameOfReferenceUid { get; init; }

    /// <summary>Whether events are logged for it. Default true; false answers C101H.</summary>
    public bool IsLogged { get; init; } = true;
}
