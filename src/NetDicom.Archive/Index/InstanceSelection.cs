namespace NetDicom.Archive;

/// <summary>Which instances to retrieve: those below entities with these unique keys. A key that is null asks nothing; all that are given have to hold (PS3.4 section C.4.2.2.1).</summary>
public sealed record InstanceSelection
{
    /// <summary>Patient ID (0010,0020), compared as it stands.</summary>
    public string? PatientId { get; init; }

    /// <summary>Any of these Study Instance UIDs.</summary>
    public IReadOnlyCollection<DicomUid>? Studies { get; init; }

    /// <summary>Any of these Series Instance UIDs.</summary>
    public IReadOnlyCollection<DicomUid>? Series { get; init; }

    /// <summary>Any of these SOP Instance UIDs.</summary>
    public IReadOnlyCollection<DicomUid>? Instances { get; init; }

    /// <summary>Whether no key is given: then nothing is selected, rather than everything.</summary>
    public bool IsEmpty => PatientId is null && Studies is null && Series is null && Instances is null;

    /// <summary>The keys of a retrieve identifier (PS3.4 section C.4.2.1.4): unique keys from the top to the level.</summary>
    /// <exception cref="DicomDataException">A key is not a UID; <see cref="DicomDataException.Tag"/> is the offending element for A900H.</exception>
    public static InstanceSelection Of(DicomDataSet identifier, ArchiveLevel level)
    {
        ArgumentNullException.ThrowIfNull(identifier);
        return new InstanceSelection
        {
            PatientId = identifier.GetStringOrDefault(DicomTags.PatientID) is { Length: > 0 } id ? id : null,
            Studies = level >= ArchiveLevel.Study ? Uids(identifier, DicomTags.StudyInstanceUID) : null,
            Series = level >= ArchiveLevel.Series ? Uids(identifier, DicomTags.SeriesInstanceUID) : null,
            Instances = level == ArchiveLevel.Instance ? Uids(identifier, DicomTags.SOPInstanceUID) : null,
        };
    }

    private static List<DicomUid>? Uids(DicomDataSet identifier, DicomTag tag)
    {
        IReadOnlyList<string> values = identifier.GetStrings(tag);
        if (values.Count == 0 || values is [{ Length: 0 }])
            return null;
        var uids = new List<DicomUid>(values.Count);
        foreach (string value in values)
            uids.Add(DicomUid.TryParse(value, out DicomUid uid) ? uid : throw new DicomDataException("the key is not a UID", tag));
        return uids;
    }
}
