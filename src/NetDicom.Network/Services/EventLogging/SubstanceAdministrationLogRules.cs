using NetDicom.Protocol;

namespace NetDicom.Network;

/// <summary>The rules of Substance Administration Logging (PS3.4 section P.3).</summary>
public static class SubstanceAdministrationLogRules
{
    /// <summary>
    /// The action information: a patient by Patient ID or Admission ID (C110H), a product by Product Package Identifier or Product Name (0114H), the operators of whom one at least is to be
    /// allowed (0114H where none is named).
    /// </summary>
    public static RuleResult CheckInformation(DicomDataSet? information)
    {
        if (information is null)
            return RuleResult.Of(DimseStatus.NoSuchArgument, "nothing is said of the administration");
        if (!HasValue(information, DicomTags.PatientID) && !HasValue(information, DicomTags.AdmissionID))
            return RuleResult.Of(0xC110, "neither Patient ID nor Admission ID", DicomTags.PatientID, DicomTags.AdmissionID);
        if (!HasValue(information, DicomTags.ProductPackageIdentifier) && !HasValue(information, DicomTags.ProductName))
            return RuleResult.Of(DimseStatus.NoSuchArgument, "no product is named", DicomTags.ProductPackageIdentifier, DicomTags.ProductName);
        return information.GetSequence(DicomTags.OperatorIdentificationSequence) is { Count: > 0 }
            ? RuleResult.Success
            : RuleResult.Of(DimseStatus.NoSuchArgument, "no operator is named", DicomTags.OperatorIdentificationSequence);
    }

    /// <summary>The whole of a request: <see cref="CheckInformation"/>, then C110H for a patient who is not known, C10EH where none of the operators may add to the record (table P.3-3).</summary>
    /// <param name="information">The action information.</param>
    /// <param name="knowsPatient">Whether a patient is known by Patient ID, Admission ID; either may be null.</param>
    /// <param name="mayLog">Whether an operator, an item of Operator Identification Sequence (0008,1072), may add to the record.</param>
    public static RuleResult Check(DicomDataSet? information, Func<string?, string?, bool> knowsPatient, Func<DicomDataSet, bool> mayLog)
    {
        ArgumentNullException.ThrowIfNull(knowsPatient);
        ArgumentNullException.ThrowIfNull(mayLog);
        RuleResult result = CheckInformation(information);
        if (!result.IsDone)
            return result;
        if (!knowsPatient(ValueOf(information!, DicomTags.PatientID), ValueOf(information!, DicomTags.AdmissionID)))
            return RuleResult.Of(0xC110, "the patient cannot be identified", DicomTags.PatientID, DicomTags.AdmissionID);
        return information!.GetSequence(DicomTags.OperatorIdentificationSequence)!.Any(mayLog) ? RuleResult.Success : NotAllowed;
    }

    /// <summary>C10EH: no operator may add to the record.</summary>
    public static RuleResult NotAllowed => RuleResult.Of(0xC10E, "no operator may add to the record", DicomTags.OperatorIdentificationSequence);

    /// <summary>C111H: the record could not be updated.</summary>
    public static RuleResult NotUpdated => RuleResult.Of(0xC111, "the record could not be updated");

    private static bool HasValue(DicomDataSet set, DicomTag tag) => set.TryGet(tag, out DicomElement? element) && !AttributeCheck.IsBlank(element);

    private static string? ValueOf(DicomDataSet set, DicomTag tag) => set.GetStringOrDefault(tag)?.Trim(' ') is { Length: > 0 } value ? value : null;
}
