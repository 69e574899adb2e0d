namespace NetDicom.Network;

/// <summary>Media Creation Management as its user (PS3.4 annex S). The responses are values, whatever their status.</summary>
public static class MediaCreationOperations
{
    /// <summary>Action Type ID of Initiate Media Creation.</summary>
    public const ushort InitiateActionTypeId = 1;

    /// <summary>Action Type ID of Cancel Media Creation.</summary>
    public const ushort CancelActionTypeId = 2;

    /// <summary>The attributes of a request for these instances, which the provider has or is to get by C-STORE: more (labels, splitting) may be set.</summary>
    /// <param name="instances">What is to be on the media.</param>
    /// <param name="profile">Requested Media Application Profile (2200,000C) of PS3.11, such as STD-GEN-CD; null leaves the choice to the provider.</param>
    public static DicomDataSet MediaRequest(IEnumerable<SopReference> instances, string? profile = null)
    {
        ArgumentNullException.ThrowIfNull(instances);
        return new DicomDataSet().Set(DicomTags.ReferencedSOPSequence, [.. instances.Select(Item)]);

        DicomDataSet Item(SopReference instance)
        {
            DicomDataSet item = instance.ToItem();
            return profile is null ? item : item.Set(DicomTags.RequestedMediaApplicationProfile, profile);
        }
    }

    /// <summary>N-CREATE: a request, which waits for <see cref="InitiateMediaCreationAsync"/>.</summary>
    /// <param name="association">With a context of the class.</param>
    /// <param name="requestUid">SOP Instance UID of the request; none lets the provider choose: <see cref="NResponse.AffectedSopInstanceUid"/>.</param>
    /// <param name="attributes">The attributes of PS3.4 table S.3.2.1.1-1: <see cref="MediaRequest"/>.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public static Task<NResponse> CreateMediaRequestAsync(this Association association, DicomUid requestUid, DicomDataSet attributes, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(association);
        return association.NCreateAsync(SopClasses.MediaCreationManagement, requestUid, attributes, null, cancellationToken);
    }

    /// <summary>N-ACTION 1: the media are to be made.</summary>
    /// <param name="association">With a context of the class.</param>
    /// <param name="requestUid">The request.</param>
    /// <param name="copies">Number of Copies (2000,0010), 1 or more.</param>
    /// <param name="priority">Request Priority (2200,0020): HIGH, MED or LOW; null leaves it out.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public static Task<NResponse> InitiateMediaCreationAsync(this Association association, DicomUid requestUid, int copies = 1, string? priority = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(association);
        ArgumentOutOfRangeException.ThrowIfLessThan(copies, 1);
        DicomDataSet information = new DicomDataSet().Set(DicomTags.NumberOfCopies, (long)copies);
        if (priority is not null)
            information.Set(DicomTags.RequestPriority, priority);
        return association.NActionAsync(SopClasses.MediaCreationManagement, requestUid, InitiateActionTypeId, information, null, cancellationToken);
    }

    /// <summary>N-ACTION 2: the media are no longer wanted.</summary>
    public static Task<NResponse> CancelMediaCreationAsync(this Association association, DicomUid requestUid, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(association);
        return association.NActionAsync(SopClasses.MediaCreationManagement, requestUid, CancelActionTypeId, null, null, cancellationToken);
    }

    /// <summary>N-GET: how far it is. <see cref="MediaCreationRules.StatusOf"/> reads the status of the answer.</summary>
    /// <param name="association">With a context of the class.</param>
    /// <param name="requestUid">The request.</param>
    /// <param name="attributes">What is asked for; null for all.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public static Task<NResponse> GetMediaCreationAsync(this Association association, DicomUid requestUid, IReadOnlyList<DicomTag>? attributes = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(association);
        return association.NGetAsync(SopClasses.MediaCreationManagement, requestUid, attributes, null, cancellationToken);
    }
}
