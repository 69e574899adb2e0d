namespace NetDicom.Network;

/// <summary>Application Event Logging as its user (PS3.4 annex P). The response is a value, whatever its status.</summary>
public static class ApplicationEventOperations
{
    /// <summary>Action Type ID of Record Procedural Event and of Record Substance Administration Event.</summary>
    public const ushort RecordActionTypeId = 1;

    /// <summary>N-ACTION: an event is to go into the procedure log of its study. Identifiers of table P.2-2 that are not given are sent without a value.</summary>
    /// <param name="association">With a context of Procedural Event Logging.</param>
    /// <param name="information">Identifiers of the study and the event as structured report content (TID 3001); not changed.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public static Task<NResponse> LogProceduralEventAsync(this Association association, DicomDataSet information, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(association);
        ArgumentNullException.ThrowIfNull(information);
        DicomDataSet sent = information.Clone();
        foreach ((DicomTag tag, DicomVR vr) in ((DicomTag, DicomVR)[])[
            (DicomTags.PatientID, DicomVR.LO), (DicomTags.StudyInstanceUID, DicomVR.UI), (DicomTags.StudyID, DicomVR.SH),
            (DicomTags.SynchronizationFrameOfReferenceUID, DicomVR.UI), (DicomTags.PerformedLocation, DicomVR.SH)])
        {
            if (!sent.Contains(tag))
                sent.Set(DicomElement.CreateEmpty(tag, vr));
        }

        return association.NActionAsync(SopClasses.ProceduralEventLogging, Uids.ProceduralEventLoggingInstance, RecordActionTypeId, sent, null, cancellationToken);
    }

    /// <summary>N-ACTION: an administration is to go into the medication administration record.</summary>
    /// <param name="association">With a context of Substance Administration Logging.</param>
    /// <param name="information">Patient or admission, product, time, route and operators (PS3.3 section C.26.4).</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public static Task<NResponse> LogSubstanceAdministrationAsync(this Association association, DicomDataSet information, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(association);
        return association.NActionAsync(SopClasses.SubstanceAdministrationLogging, Uids.SubstanceAdministrationLoggingInstance, RecordActionTypeId, information, null, cancellationToken);
    }
}
