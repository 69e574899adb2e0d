namespace NetDicom.Network;

/// <summary>Products and approvals in memory, for the Substance Administration Query classes (PS3.4 annex V), for tests and small uses. Safe for several threads; what goes in and out is copied.</summary>
public sealed class SubstanceCatalog
{
    private readonly Lock _gate = new();
    private readonly List<DicomDataSet> _products = [];
    private readonly List<DicomDataSet> _approvals = [];

    /// <summary>Adds a product: the attributes of PS3.3 section C.26.1, Product Package Identifier (0044,0001) among them.</summary>
    public void AddProduct(DicomDataSet product) => Add(_products, product);

    /// <summary>
    /// Adds what is known of an administration: Patient ID or Admission ID, product and route of PS3.3 section C.26.2, and Substance Administration Approval (0044,0002) with its description.
    /// </summary>
    public void AddApproval(DicomDataSet approval) => Add(_approvals, approval);

    /// <summary>The products of an identifier that <see cref="SubstanceQueryRules.CheckProduct"/> took, as responses.</summary>
    public IReadOnlyList<DicomDataSet> FindProducts(DicomDataSet identifier)
    {
        ArgumentNullException.ThrowIfNull(identifier);
        return Find(_products, identifier, one => Same(one, identifier, DicomTags.ProductPackageIdentifier));
    }

    /// <summary>The approvals of an identifier that <see cref="SubstanceQueryRules.CheckApproval"/> took, as responses. Patient ID and Admission ID, where both are given, have to be those of one.</summary>
    public IReadOnlyList<DicomDataSet> FindApprovals(DicomDataSet identifier)
    {
        ArgumentNullException.ThrowIfNull(identifier);
        DicomDataSet? route = identifier.GetSequence(DicomTags.AdministrationRouteCodeSequence) is [var item] ? item : null;
        return Find(_approvals, identifier, one =>
            Same(one, identifier, DicomTags.PatientID) && Same(one, identifier, DicomTags.AdmissionID) && Same(one, identifier, DicomTags.ProductPackageIdentifier)
            && (route is null || one.GetSequence(DicomTags.AdministrationRouteCodeSequence) is [var known] && Same(known, route, DicomTags.CodeValue) && Same(known, route, DicomTags.CodingSchemeDesignator)));
    }

    private void Add(List<DicomDataSet> list, DicomDataSet one)
    {
        ArgumentNullException.ThrowIfNull(one);
        lock (_gate)
            list.Add(one.Clone());
    }

    private DicomDataSet[] Find(List<DicomDataSet> list, DicomDataSet identifier, Func<DicomDataSet, bool> matches)
    {
        lock (_gate)
            return [.. list.Where(matches).Select(one => SubstanceQueryRules.Respond(one, identifier))];
    }

    // Single value matching; a key without a value matches all.
    private static bool Same(DicomDataSet entity, DicomDataSet keys, DicomTag tag) =>
        keys.GetStringOrDefault(tag)?.Trim(' ') is not { Length: > 0 } value || entity.GetStringOrDefault(tag)?.Trim(' ') == value;
}
