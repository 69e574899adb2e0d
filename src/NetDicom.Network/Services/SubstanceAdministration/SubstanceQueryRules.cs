using NetDicom.Protocol;

namespace NetDicom.Network;

/// <summary>The identifiers of the Substance Administration Query classes (PS3.4 annex V): A900H with the elements to blame.</summary>
public static class SubstanceQueryRules
{
    /// <summary>Product Characteristics Query: one product by Product Package Identifier, single value matching only (table V.6-1).</summary>
    public static RuleResult CheckProduct(DicomDataSet identifier)
    {
        ArgumentNullException.ThrowIfNull(identifier);
        return CheckLevel(identifier) ?? CheckSingle(identifier, DicomTags.ProductPackageIdentifier) ?? RuleResult.Success;
    }

    /// <summary>
    /// Substance Approval Query: Patient ID or Admission ID or both, one product, and the route as one item with its code, single value matching only (table V.6-2).
    /// </summary>
    public static RuleResult CheckApproval(DicomDataSet identifier)
    {
        ArgumentNullException.ThrowIfNull(identifier);
        if (CheckLevel(identifier) is { } wrong)
            return wrong;
        bool patient = HasValue(identifier, DicomTags.PatientID), admission = HasValue(identifier, DicomTags.AdmissionID);
        if (!patient && !admission)
            return Refused("Patient ID or Admission ID is needed", DicomTags.PatientID, DicomTags.AdmissionID);
        RuleResult? keys = (patient ? CheckSingle(identifier, DicomTags.PatientID) : null) ?? (admission ? CheckSingle(identifier, DicomTags.AdmissionID) : null)
            ?? CheckSingle(identifier, DicomTags.ProductPackageIdentifier);
        if (keys is not null)
            return keys;
        return identifier.GetSequence(DicomTags.AdministrationRouteCodeSequence) is [var route]
            ? CheckSingle(route, DicomTags.CodeValue) ?? CheckSingle(route, DicomTags.CodingSchemeDesignator) ?? RuleResult.Success
            : Refused("one route is asked for", DicomTags.AdministrationRouteCodeSequence);
    }

    /// <summary>
    /// The response identifier for an entity: the keys of the request with what the entity has of them, or without a value; of a sequence, the attributes that its item in the request names, all if
    /// that names none.
    /// </summary>
    public static DicomDataSet Respond(DicomDataSet entity, DicomDataSet identifier)
    {
        ArgumentNullException.ThrowIfNull(entity);
        ArgumentNullException.ThrowIfNull(identifier);
        DicomDataSet there = entity.Clone();
        var response = new DicomDataSet();
        if (there.TryGet(DicomTags.SpecificCharacterSet, out DicomElement? characterSet))
            response.Set(characterSet);
        foreach (DicomElement key in identifier)
        {
            if (key.Tag == DicomTags.SpecificCharacterSet || key.Tag.IsGroupLength)
                continue;
            if (!there.TryGet(key.Tag, out DicomElement? element))
            {
                response.Set(DicomElement.CreateEmpty(key.Tag, key.VR));
            }
            else if (element.Items is { } items && key.Items is [{ Count: > 0 } asked])
            {
                response.Set(key.Tag, [.. items.Select(item => Respond(item, asked))]);
            }
            else
            {
                there.Remove(key.Tag);
                response.Set(element);
            }
        }

        return response;
    }

    private static RuleResult? CheckLevel(DicomDataSet identifier) =>
        identifier.Contains(DicomTags.QueryRetrieveLevel) ? Refused("this model has no Query/Retrieve Level", DicomTags.QueryRetrieveLevel) : null;

    private static RuleResult? CheckSingle(DicomDataSet set, DicomTag tag) =>
        set.GetStrings(tag) is not [{ } value] || value.AsSpan().Trim(' ').IsEmpty ? Refused("one value is needed", tag)
        : value.AsSpan().ContainsAny('*', '?') ? Refused("single value matching only", tag)
        : null;

    private static bool HasValue(DicomDataSet set, DicomTag tag) => set.TryGet(tag, out DicomElement? element) && !AttributeCheck.IsBlank(element);

    private static RuleResult Refused(string comment, params IReadOnlyList<DicomTag> tags) => RuleResult.Of(DimseStatus.DataSetDoesNotMatchSopClass, comment, tags);
}
