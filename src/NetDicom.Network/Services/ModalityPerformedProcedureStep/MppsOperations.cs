namespace NetDicom.Network;

/// <summary>Modality Performed Procedure Step as its user (PS3.4 section F.7): the requests of a modality. The response is a value, whatever its status.</summary>
public static class MppsOperations
{
    /// <summary>N-CREATE: a step begins. Its status is set to IN PROGRESS.</summary>
    /// <param name="association">With a context of the class.</param>
    /// <param name="stepUid">SOP Instance UID of the step; none lets the provider choose: <see cref="NResponse.AffectedSopInstanceUid"/>.</param>
    /// <param name="attributes">The attributes of PS3.4 table F.7.2-1; not changed.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public static Task<NResponse> CreateMppsAsync(this Association association, DicomUid stepUid, DicomDataSet attributes, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(association);
        ArgumentNullException.ThrowIfNull(attributes);
        DicomDataSet step = attributes.Clone().Set(DicomTags.PerformedProcedureStepStatus, "IN PROGRESS");
        return association.NCreateAsync(SopClasses.ModalityPerformedProcedureStep, stepUid, step, null, cancellationToken);
    }

    /// <summary>N-SET: something of a step in progress is said anew.</summary>
    public static Task<NResponse> UpdateMppsAsync(this Association association, DicomUid stepUid, DicomDataSet changes, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(association);
        return association.NSetAsync(SopClasses.ModalityPerformedProcedureStep, stepUid, changes, null, cancellationToken);
    }

    /// <summary>N-SET with COMPLETED: the step is done, and nothing can be said of it any more.</summary>
    /// <param name="association">With a context of the class.</param>
    /// <param name="stepUid">The step.</param>
    /// <param name="attributes">What the final state needs and was not said yet: end, protocols, series with their instances; not changed.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public static Task<NResponse> CompleteMppsAsync(this Association association, DicomUid stepUid, DicomDataSet attributes, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(attributes);
        return association.UpdateMppsAsync(stepUid, attributes.Clone().Set(DicomTags.PerformedProcedureStepStatus, "COMPLETED"), cancellationToken);
    }

    /// <summary>N-SET with DISCONTINUED: the step was broken off, and nothing can be said of it any more.</summary>
    /// <param name="association">With a context of the class.</param>
    /// <param name="stepUid">The step.</param>
    /// <param name="attributes">As for a completed step.</param>
    /// <param name="reason">An item of Performed Procedure Step Discontinuation Reason Code Sequence (0040,0281), a code of PS3.16 CID 9300; null for none.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public static Task<NResponse> DiscontinueMppsAsync(this Association association, DicomUid stepUid, DicomDataSet attributes, DicomDataSet? reason = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(attributes);
        DicomDataSet changes = attributes.Clone().Set(DicomTags.PerformedProcedureStepStatus, "DISCONTINUED");
        if (reason is not null)
            changes.Set(DicomTags.PerformedProcedureStepDiscontinuationReasonCodeSequence, reason.Clone());
        return association.UpdateMppsAsync(stepUid, changes, cancellationToken);
    }

    /// <summary>N-GET of the Retrieve class (PS3.4 section F.8): what is known of a step.</summary>
    public static Task<NResponse> GetMppsAsync(this Association association, DicomUid stepUid, IReadOnlyList<DicomTag>? attributes = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(association);
        return association.NGetAsync(SopClasses.ModalityPerformedProcedureStepRetrieve, stepUid, attributes, null, cancellationToken);
    }
}
