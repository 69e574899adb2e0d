namespace NetDicom.Network;

/// <summary>Substance Administration Query as its user (PS3.4 annex V): identifiers for <c>FindAsync</c>, with the return keys of the standard's tables.</summary>
public static class SubstanceQueryOperations
{
    /// <summary>An identifier for Product Characteristics Query (table V.6-1). More keys may be set.</summary>
    /// <param name="productPackageIdentifier">Product Package Identifier (0044,0001), as read from the package.</param>
    public static DicomDataSet ProductKeys(string productPackageIdentifier) => new DicomDataSet()
        .Set(DicomTags.ProductPackageIdentifier, productPackageIdentifier)
        .Set(DicomElement.CreateEmpty(DicomTags.ProductTypeCodeSequence, DicomVR.SQ))
        .Set(DicomElement.CreateEmpty(DicomTags.ProductName, DicomVR.LO))
        .Set(DicomElement.CreateEmpty(DicomTags.ProductExpirationDateTime, DicomVR.DT))
        .Set(DicomElement.CreateEmpty(DicomTags.ProductParameterSequence, DicomVR.SQ));

    /// <summary>An identifier for Substance Approval Query (table V.6-2): may this be given to that patient? More keys may be set.</summary>
    /// <param name="patientId">Patient ID (0010,0020); null where the admission is named.</param>
    /// <param name="admissionId">Admission ID (0038,0010); null where the patient is named.</param>
    /// <param name="productPackageIdentifier">Product Package Identifier (0044,0001).</param>
    /// <param name="routeCode">Code Value of the route (PS3.16 CID 11).</param>
    /// <param name="routeScheme">Its Coding Scheme Designator.</param>
    /// <exception cref="ArgumentException">Neither patient nor admission.</exception>
    public static DicomDataSet ApprovalKeys(string? patientId, string? admissionId, string productPackageIdentifier, string routeCode, string routeScheme)
    {
        if (patientId is null && admissionId is null)
            throw new ArgumentException("a patient or an admission has to be named");
        return new DicomDataSet().Set(DicomTags.PatientID, patientId ?? "").Set(DicomTags.AdmissionID, admissionId ?? "")
            .Set(DicomElement.CreateEmpty(DicomTags.PatientName, DicomVR.PN))
            .Set(DicomTags.ProductPackageIdentifier, productPackageIdentifier)
            .Set(DicomTags.AdministrationRouteCodeSequence, new DicomDataSet().Set(DicomTags.CodeValue, routeCode).Set(DicomTags.CodingSchemeDesignator, routeScheme))
            .Set(DicomElement.CreateEmpty(DicomTags.SubstanceAdministrationApproval, DicomVR.CS))
            .Set(DicomElement.CreateEmpty(DicomTags.ApprovalStatusFurtherDescription, DicomVR.LT))
            .Set(DicomElement.CreateEmpty(DicomTags.ApprovalStatusDateTime, DicomVR.DT));
    }
}
