namespace NetDicom.Archive;

/// <summary>
/// The attributes an archive keeps in its index, each at one level: all keys of PS3.4 section C.6 that instances carry, what viewers ask for besides, and those an owner adds.
/// </summary>
public sealed class ArchiveAttributes
{
    private readonly Dictionary<DicomTag, ArchiveLevel> _levels = [];
    private readonly List<DicomTag>[] _tags = [[], [], [], []];

    private ArchiveAttributes(IEnumerable<(ArchiveLevel Level, DicomTag Tag)> extra)
    {
        for (int level = 0; level < _tags.Length; level++)
        {
            foreach (DicomTag tag in Kept[level])
                Add((ArchiveLevel)level, tag);
        }

        var added = new List<DicomTag>();
        foreach ((ArchiveLevel level, DicomTag tag) in extra)
        {
            if (tag.Group <= 0x0007 || tag.IsPrivate || tag.IsGroupLength || tag >= DicomTags.PixelData)
                throw new ArgumentException($"{tag} cannot be indexed: standard attributes of a data set before Pixel Data can", nameof(extra));
            if (Computed.Contains(tag) || !Add(level, tag))
                continue;
            added.Add(tag);
        }

        Extra = added;
        foreach (List<DicomTag> tags in _tags)
            tags.Sort();
        Highest = _tags.Max(tags => tags[^1]);
        ReaderOptions = new DataSetReaderOptions { StopBefore = new DicomTag(Highest.Value + 1) };
    }

    /// <summary>The attributes of the standard and of custom.</summary>
    public static ArchiveAttributes Default => field ??= new([]);

    /// <summary>Attributes that the index works out from what it holds (PS3.4 table C.3-1 and sections C.6.1.1, C.6.2.1).</summary>
    public static IReadOnlySet<DicomTag> Computed { get; } = new HashSet<DicomTag>
    {
        DicomTags.NumberOfPatientRelatedStudies, DicomTags.NumberOfPatientRelatedSeries, DicomTags.NumberOfPatientRelatedInstances,
        DicomTags.NumberOfStudyRelatedSeries, DicomTags.NumberOfStudyRelatedInstances, DicomTags.NumberOfSeriesRelatedInstances,
        DicomTags.ModalitiesInStudy, DicomTags.SOPClassesInStudy, DicomTags.AvailableTransferSyntaxUID,
    };

    /// <summary>The attributes an owner added, which were not among the default ones. They have keys of their own in the index.</summary>
    public IReadOnlyList<DicomTag> Extra { get; }

    /// <summary>The last of all of them: nothing behind it needs to be read of a data set.</summary>
    public DicomTag Highest { get; }

    internal DataSetReaderOptions ReaderOptions { get; }

    /// <summary>The default attributes and these.</summary>
    /// <exception cref="ArgumentException">One is private, of a command set or file meta information, or bulk data.</exception>
    public static ArchiveAttributes With(IEnumerable<(ArchiveLevel Level, DicomTag Tag)> extra)
    {
        ArgumentNullException.ThrowIfNull(extra);
        return new ArchiveAttributes(extra);
    }

    /// <summary>The attributes of a level in ascending order, without the computed ones.</summary>
    public IReadOnlyList<DicomTag> Of(ArchiveLevel level) => _tags[(int)level];

    /// <summary>The level of an attribute; null if the index does not have it.</summary>
    public ArchiveLevel? LevelOf(DicomTag tag) => _levels.TryGetValue(tag, out ArchiveLevel level) ? level : ComputedLevel(tag);

    /// <summary>Whether the attribute is taken from data sets.</summary>
    public bool IsKept(DicomTag tag) => tag == DicomTags.SpecificCharacterSet || tag == DicomTags.TimezoneOffsetFromUTC || _levels.ContainsKey(tag);

    /// <summary>The unique key of a level (PS3.4 section C.6).</summary>
    public static DicomTag UniqueKeyOf(ArchiveLevel level) => level switch
    {
        ArchiveLevel.Patient => DicomTags.PatientID,
        ArchiveLevel.Study => DicomTags.StudyInstanceUID,
        ArchiveLevel.Series => DicomTags.SeriesInstanceUID,
        _ => DicomTags.SOPInstanceUID,
    };

    /// <summary>The required keys (PS3.4 tables C.6-1 to C.6-5): an entity without a value matches them whatever is asked (section C.2.2.1.2).</summary>
    public static IReadOnlySet<DicomTag> RequiredKeys { get; } = new HashSet<DicomTag>
    {
        DicomTags.PatientName, DicomTags.PatientID, DicomTags.StudyDate, DicomTags.StudyTime, DicomTags.AccessionNumber, DicomTags.StudyID,
        DicomTags.Modality, DicomTags.SeriesNumber, DicomTags.InstanceNumber,
    };

    // PS3.4 tables C.6-1 to C.6-5 (eng/standard/qr-keys.tsv, compared by a test) but for what no instance carries, and behind it what is asked for besides.
    private static DicomTag[][] Kept { get; } =
    [
        [
            DicomTags.ReferencedPatientSequence, DicomTags.PatientName, DicomTags.PatientID, DicomTags.IssuerOfPatientID, DicomTags.PatientBirthDate, DicomTags.PatientBirthTime, DicomTags.PatientSex,
            DicomTags.OtherPatientNames, DicomTags.OtherPatientIDsSequence, DicomTags.EthnicGroup, DicomTags.PatientComments,
            DicomTags.OtherPatientIDs, DicomTags.IssuerOfPatientIDQualifiersSequence, DicomTags.PatientSpeciesDescription, DicomTags.PatientBreedDescription, DicomTags.ResponsiblePerson,
            DicomTags.PatientIdentityRemoved,
        ],
        [
            DicomTags.StudyDate, DicomTags.StudyTime, DicomTags.AccessionNumber, DicomTags.StudyID, DicomTags.StudyInstanceUID, DicomTags.AnatomicRegionsInStudyCodeSequence, DicomTags.ReferringPhysicianName,
            DicomTags.StudyUpdateDateTime, DicomTags.StudyDescription, DicomTags.ProcedureCodeSequence, DicomTags.NameOfPhysiciansReadingStudy, DicomTags.AdmittingDiagnosesDescription,
            DicomTags.ReferencedStudySequence, DicomTags.PatientAge, DicomTags.PatientSize, DicomTags.PatientWeight, DicomTags.Occupation, DicomTags.AdditionalPatientHistory, DicomTags.OtherStudyNumbers,
            DicomTags.IssuerOfAccessionNumberSequence, DicomTags.InstitutionName, DicomTags.ConsultingPhysicianName, DicomTags.RequestingPhysician, DicomTags.RequestedProcedureDescription, DicomTags.AdmissionID,
        ],
        [
            DicomTags.Modality, DicomTags.SeriesInstanceUID, DicomTags.SeriesNumber,
            DicomTags.SeriesDate, DicomTags.SeriesTime, DicomTags.SeriesDescription, DicomTags.SeriesDescriptionCodeSequence, DicomTags.Manufacturer, DicomTags.StationName, DicomTags.InstitutionalDepartmentName,
            DicomTags.PerformingPhysicianName, DicomTags.OperatorsName, DicomTags.ManufacturerModelName, DicomTags.BodyPartExamined, DicomTags.ProtocolName, DicomTags.PatientPosition, DicomTags.DeviceSerialNumber,
            DicomTags.FrameOfReferenceUID, DicomTags.Laterality, DicomTags.PerformedProcedureStepStartDate, DicomTags.PerformedProcedureStepStartTime, DicomTags.PerformedProcedureStepID,
            DicomTags.PerformedProcedureStepDescription, DicomTags.RequestAttributesSequence, DicomTags.ReferencedPerformedProcedureStepSequence, DicomTags.PresentationIntentType,
        ],
        [
            DicomTags.SOPClassUID, DicomTags.SOPInstanceUID, DicomTags.RelatedGeneralSOPClassUID, DicomTags.AlternateRepresentationSequence, DicomTags.InstanceNumber, DicomTags.ContainerIdentifier,
            DicomTags.SpecimenDescriptionSequence, DicomTags.ConceptNameCodeSequence, DicomTags.ContentTemplateSequence,
            DicomTags.ImageType, DicomTags.InstanceCreationDate, DicomTags.InstanceCreationTime, DicomTags.AcquisitionDate, DicomTags.ContentDate, DicomTags.AcquisitionDateTime, DicomTags.AcquisitionTime,
            DicomTags.ContentTime, DicomTags.AcquisitionNumber, DicomTags.ImageComments, DicomTags.SamplesPerPixel, DicomTags.PhotometricInterpretation, DicomTags.NumberOfFrames, DicomTags.Rows, DicomTags.Columns,
            DicomTags.BitsAllocated, DicomTags.ImagePositionPatient, DicomTags.ImageOrientationPatient, DicomTags.SliceLocation, DicomTags.CompletionFlag, DicomTags.VerificationFlag,
            DicomTags.DocumentTitle, DicomTags.ContentLabel, DicomTags.ContentDescription, DicomTags.ContentCreatorName, DicomTags.PresentationCreationDate, DicomTags.PresentationCreationTime,
        ],
    ];

    private bool Add(ArchiveLevel level, DicomTag tag)
    {
        if (!_levels.TryAdd(tag, level))
            return false;
        _tags[(int)level].Add(tag);
        return true;
    }

    private static ArchiveLevel? ComputedLevel(DicomTag tag) =>
        tag == DicomTags.NumberOfPatientRelatedStudies || tag == DicomTags.NumberOfPatientRelatedSeries || tag == DicomTags.NumberOfPatientRelatedInstances ? ArchiveLevel.Patient
        : tag == DicomTags.NumberOfSeriesRelatedInstances ? ArchiveLevel.Series
        : tag == DicomTags.AvailableTransferSyntaxUID ? ArchiveLevel.Instance
        : Computed.Contains(tag) ? ArchiveLevel.Study
        : null;
}
