using NetDicom.Protocol;

namespace NetDicom.Network;

/// <summary>Makes an entity a display system that tells of itself (PS3.4 annex EE).</summary>
public static class DisplaySystemProvider
{
    private static readonly DicomTag[] s_general =
    [
        DicomTags.SpecificCharacterSet, DicomTags.Manufacturer, DicomTags.InstitutionName, DicomTags.InstitutionAddress, DicomTags.InstitutionCodeSequence, DicomTags.StationName,
        DicomTags.InstitutionalDepartmentName, DicomTags.InstitutionalDepartmentTypeCodeSequence, DicomTags.ManufacturerModelName, DicomTags.DeviceSerialNumber, DicomTags.DateOfManufacture,
        DicomTags.DateOfInstallation,
    ];

    /// <summary>Answers N-GET of the one instance of the class.</summary>
    /// <param name="entity">The entity; servers that it starts afterwards have the service.</param>
    /// <param name="describe">The display system as it is now: the attributes of PS3.3 section C.32. Asked for each request; what it throws is answered 0110H.</param>
    public static void AddDisplaySystemProvider(this ApplicationEntity entity, Func<CancellationToken, ValueTask<DicomDataSet>> describe)
    {
        ArgumentNullException.ThrowIfNull(entity);
        ArgumentNullException.ThrowIfNull(describe);
        entity.AddSupportedContext(SopClasses.DisplaySystem);
        entity.OnNGet(SopClasses.DisplaySystem, async (request, token) =>
        {
            RuleResult known = ServiceRules.CheckInstance(SopClasses.DisplaySystem, request.RequestedSopInstanceUid);
            return (known.IsDone ? Get(await describe(token).ConfigureAwait(false), request.AttributeIdentifierList) : known).ToResponse();
        });
    }

    /// <summary>
    /// The answer to an N-GET (section EE.2.2.1): the attributes asked for, without a value where there is none, all if none are asked for; warning 0107H for those the class does not have.
    /// </summary>
    public static RuleResult Get(DicomDataSet description, IReadOnlyList<DicomTag> attributeIdentifierList)
    {
        ArgumentNullException.ThrowIfNull(description);
        ArgumentNullException.ThrowIfNull(attributeIdentifierList);
        return AttributeLists.Select(description, attributeIdentifierList, IsOfDisplaySystem).WithGeneralWarning();
    }

    // Everything of its own has elements (0028,70xx).
    private static bool IsOfDisplaySystem(DicomTag tag) => tag.Group == 0x0028 && tag.Element >> 8 == 0x70 || Array.IndexOf(s_general, tag) >= 0;
}

/// <summary>Display System Management as its user (PS3.4 annex EE).</summary>
public static class DisplaySystemOperations
{
    /// <summary>N-GET: what a display system says of itself, its subsystems and their calibration. The response is a value, whatever its status.</summary>
    /// <param name="association">With a context of the class.</param>
    /// <param name="attributes">What is asked for; null for all.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public static Task<NResponse> GetDisplaySystemAsync(this Association association, IReadOnlyList<DicomTag>? attributes = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(association);
        return association.NGetAsync(SopClasses.DisplaySystem, Uids.DisplaySystemInstance, attributes, null, cancellationToken);
    }
}
