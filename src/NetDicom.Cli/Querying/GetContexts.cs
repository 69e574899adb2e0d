using NetDicom.Cli.Commands.Data;
using NetDicom.Cli.Invocation;
using NetDicom.Protocol;

namespace NetDicom.Cli.Querying;

/// <summary>
/// What getscu proposes. Objects come on the same association, so every class and syntax that may come has to be proposed before anybody knows what comes; an association has room for
/// 128 contexts (PS3.8 section 9.3.2.2), and an acceptor chooses one syntax of each.
/// </summary>
/// <remarks>
/// Of each class first a context with the uncompressed syntaxes: whichever is chosen, nothing is lost. Then, syntax by syntax, a context for each compressed one, so that compressed
/// objects come as they are. What does not fit falls off at the end: classes and syntaxes are in the order in which they are met in practice.
/// </remarks>
internal static class GetContexts
{
    // Where nothing is known. Images first; the second part has no pixel data that anybody compresses.
    private static readonly DicomUid[] s_images =
    [
        SopClasses.CTImageStorage, SopClasses.MRImageStorage, SopClasses.ComputedRadiographyImageStorage, SopClasses.DigitalXRayImageStorageForPresentation, SopClasses.UltrasoundImageStorage,
        SopClasses.UltrasoundMultiFrameImageStorage, SopClasses.SecondaryCaptureImageStorage, SopClasses.DigitalMammographyXRayImageStorageForPresentation,
        SopClasses.XRayAngiographicImageStorage, SopClasses.XRayRadiofluoroscopicImageStorage, SopClasses.NuclearMedicineImageStorage, SopClasses.PositronEmissionTomographyImageStorage,
        SopClasses.EnhancedCTImageStorage, SopClasses.EnhancedMRImageStorage, SopClasses.BreastTomosynthesisImageStorage, SopClasses.DigitalIntraOralXRayImageStorageForPresentation,
        SopClasses.MultiFrameTrueColorSecondaryCaptureImageStorage, SopClasses.MultiFrameGrayscaleByteSecondaryCaptureImageStorage, SopClasses.VLPhotographicImageStorage,
        SopClasses.VLEndoscopicImageStorage, SopClasses.OphthalmicPhotography8BitImageStorage, SopClasses.OphthalmicTomographyImageStorage, SopClasses.RTImageStorage,
        SopClasses.VLWholeSlideMicroscopyImageStorage, SopClasses.DigitalXRayImageStorageForProcessing, SopClasses.DigitalMammographyXRayImageStorageForProcessing,
    ];

    private static readonly DicomUid[] s_others =
    [
        SopClasses.BasicTextSRStorage, SopClasses.EnhancedSRStorage, SopClasses.ComprehensiveSRStorage, SopClasses.Comprehensive3DSRStorage, SopClasses.KeyObjectSelectionDocumentStorage,
        SopClasses.XRayRadiationDoseSRStorage, SopClasses.GrayscaleSoftcopyPresentationStateStorage, SopClasses.ColorSoftcopyPresentationStateStorage, SopClasses.EncapsulatedPDFStorage,
        SopClasses.SegmentationStorage, SopClasses.RTPlanStorage, SopClasses.RTDoseStorage, SopClasses.RTStructureSetStorage, SopClasses.RTIonPlanStorage,
        SopClasses.RTBeamsTreatmentRecordStorage, SopClasses.MammographyCADSRStorage, SopClasses.ChestCADSRStorage, SopClasses.SpatialRegistrationStorage,
        SopClasses.DeformableSpatialRegistrationStorage, SopClasses.RealWorldValueMappingStorage, SopClasses.RawDataStorage, SopClasses.MRSpectroscopyStorage,
        SopClasses.TwelveLeadECGWaveformStorage, SopClasses.GeneralECGWaveformStorage, SopClasses.EncapsulatedCDAStorage, SopClasses.ParametricMapStorage, SopClasses.EnhancedXAImageStorage,
        SopClasses.EnhancedPETImageStorage, SopClasses.RadiopharmaceuticalRadiationDoseSRStorage, SopClasses.MultiFrameGrayscaleWordSecondaryCaptureImageStorage,
        SopClasses.MultiFrameSingleBitSecondaryCaptureImageStorage, SopClasses.EncapsulatedSTLStorage,
    ];

    private static readonly TransferSyntax[] s_uncompressed = [TransferSyntax.ExplicitVRLittleEndian, TransferSyntax.ImplicitVRLittleEndian];

    // As they are met: what modalities and archives compress with, then the rest of the registry.
    private static readonly TransferSyntax[] s_compressed =
    [
        TransferSyntax.JPEGLosslessSV1, TransferSyntax.JPEG2000Lossless, TransferSyntax.JPEGBaseline8Bit, TransferSyntax.JPEGLSLossless, TransferSyntax.RLELossless, TransferSyntax.JPEG2000,
        TransferSyntax.JPEGExtended12Bit, TransferSyntax.JPEGLSNearLossless, TransferSyntax.JPEGLossless,
    ];

    /// <param name="retrieve">The C-GET class.</param>
    /// <param name="classes">Storage classes that may come; none: the usual ones.</param>
    /// <param name="syntaxes">Transfer syntaxes that are wanted, each in a context of its own; none: as the remarks say.</param>
    /// <param name="leftOut">Contexts that did not fit.</param>
    public static IReadOnlyList<PresentationContext> For(DicomUid retrieve, IReadOnlyList<DicomUid> classes, IReadOnlyList<TransferSyntax> syntaxes, out int leftOut)
    {
        DicomUid[] wanted = classes.Count > 0 ? [.. classes.Distinct()] : [.. s_images, .. s_others];
        DicomUid[] compressible = classes.Count > 0 ? wanted : s_images;
        List<PresentationContext> delivered = [];
        if (syntaxes.Count > 0)
        {
            foreach (TransferSyntax syntax in syntaxes.Distinct())
                delivered.AddRange(wanted.Select(uid => Delivered(uid, syntax)));
        }
        else
        {
            delivered.AddRange(wanted.Select(uid => Delivered(uid, s_uncompressed)));
            IEnumerable<TransferSyntax> compressed = classes.Count > 0
                ? [.. s_compressed, .. TransferSyntax.All.Where(s => !s_compressed.Contains(s) && !s_uncompressed.Contains(s))]
                : s_compressed;
            foreach (TransferSyntax syntax in compressed)
                delivered.AddRange(compressible.Select(uid => Delivered(uid, syntax)));
        }

        leftOut = Math.Max(0, delivered.Count - (Negotiation.MaxContexts - 1));
        return [new PresentationContext(retrieve, [.. s_uncompressed.Select(s => s.Uid)]), .. delivered.Take(Negotiation.MaxContexts - 1)];
    }

    /// <summary>Classes that the query says will come (SOP Classes in Study), taken out of it: C-GET knows unique keys only (PS3.4 annex C.4.3.1.3).</summary>
    public static IReadOnlyList<DicomUid> TakeFrom(DicomDataSet query)
    {
        if (!query.Contains(DicomTags.SOPClassesInStudy))
            return [];
        IReadOnlyList<DicomUid> classes = query.GetUids(DicomTags.SOPClassesInStudy);
        query.Remove(DicomTags.SOPClassesInStudy);
        return classes;
    }

    /// <summary>A storage class by UID, keyword, or keyword without its ending: <c>CTImageStorage</c>, <c>CTImage</c>.</summary>
    /// <exception cref="UsageException">It is none of these.</exception>
    public static DicomUid ParseClass(string text)
    {
        if (DicomUid.TryParse(text, out DicomUid uid))
            return uid;
        foreach (string keyword in (string[])[text, text + "Storage", text + "ImageStorage"])
        {
            if (Uids.TryGet(keyword, out UidInfo info) && info.Type == UidType.SopClass)
                return info.Uid;
        }

        throw new UsageException($"'{text}' for --class is no SOP class: a UID or a keyword such as CTImageStorage is wanted");
    }

    /// <summary>A transfer syntax by UID or keyword.</summary>
    /// <exception cref="UsageException">It is neither.</exception>
    public static TransferSyntax ParseSyntax(string text) => DataFiles.TryParseSyntax(text, out TransferSyntax syntax)
        ? syntax
        : throw new UsageException($"'{text}' for --syntax is no transfer syntax: a UID or a keyword such as JPEG2000Lossless is wanted");

    private static PresentationContext Delivered(DicomUid uid, params TransferSyntax[] syntaxes) => new(uid, [.. syntaxes.Select(s => s.Uid)]) { ScuRole = false, ScpRole = true };
}
