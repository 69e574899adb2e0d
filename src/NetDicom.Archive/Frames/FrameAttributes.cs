using System.Globalization;

namespace NetDicom.Archive;

/// <summary>The attributes of a multi-frame image that speak of its frames.</summary>
internal static class FrameAttributes
{
    // Images whose frames follow each other in time or are pages: nothing but the attributes below says more of them. Others need functional groups for each frame.
    private static readonly HashSet<DicomUid> s_plain =
    [
        SopClasses.UltrasoundMultiFrameImageStorage, SopClasses.UltrasoundMultiFrameImageStorageRetired, SopClasses.XRayAngiographicImageStorage, SopClasses.XRayRadiofluoroscopicImageStorage,
        SopClasses.MultiFrameSingleBitSecondaryCaptureImageStorage, SopClasses.MultiFrameGrayscaleByteSecondaryCaptureImageStorage, SopClasses.MultiFrameGrayscaleWordSecondaryCaptureImageStorage,
        SopClasses.MultiFrameTrueColorSecondaryCaptureImageStorage,
        // Against its IOD, and met.
        SopClasses.SecondaryCaptureImageStorage,
    ];

    // One value for each frame, by Frame Increment Pointer or by the module.
    private static readonly DicomTag[] s_vectors =
    [
        DicomTags.FrameLabelVector, DicomTags.FramePrimaryAngleVector, DicomTags.FrameSecondaryAngleVector, DicomTags.SliceLocationVector, DicomTags.DisplayWindowLabelVector, DicomTags.PositionerPrimaryAngleIncrement,
        DicomTags.PositionerSecondaryAngleIncrement, DicomTags.TableVerticalIncrement, DicomTags.TableLateralIncrement, DicomTags.TableLongitudinalIncrement, DicomTags.RWaveTimeVector, DicomTags.PageNumberVector,
    ];

    /// <summary>Whether an instance of some of the frames can be consistent.</summary>
    /// <exception cref="FrameExtractionException">It cannot.</exception>
    public static void CheckClass(DicomDataSet source, int count)
    {
        if (source.Contains(DicomTags.PerFrameFunctionalGroupsSequence))
        {
            if (source.GetSequence(DicomTags.PerFrameFunctionalGroupsSequence)?.Count != count)
                throw Cannot("the functional groups are not as many as the frames");
        }
        else if (!s_plain.Contains(source.GetUid(DicomTags.SOPClassUID)))
        {
            throw Cannot("frames of this SOP class have a meaning by their place, without functional groups that tell it");
        }

        // PS3.3 section C.7.6.17.3: the place of a tile is that of its frame.
        if (source.GetStringOrDefault(DicomTags.DimensionOrganizationType) == "TILED_FULL")
            throw Cannot("tiles of a full matrix have their place by their number");
        foreach (DicomElement element in source)
        {
            // Number of Frames in Overlay, Image Frame Origin.
            if (element.Tag.Group >> 8 == 0x60 && element.Tag.Element == 0x0015)
                throw Cannot("an overlay has frames of its own");
        }
    }

    /// <summary>Brings a data set to the frames that are left.</summary>
    public static void Keep(DicomDataSet set, int[] frames, int count)
    {
        KeepTimes(set, frames, count);
        foreach (DicomTag tag in s_vectors)
        {
            // One value holds for all.
            if (set.TryGet(tag, out DicomElement? vector) && vector.ValueCount == count && count > 1)
                set.Set(DicomElement.Create(tag, vector.VR, [.. Choose(vector.GetStrings(), frames)]));
        }

        if (set.GetSequence(DicomTags.PerFrameFunctionalGroupsSequence) is { } groups)
            set.Set(DicomElement.Create(DicomTags.PerFrameFunctionalGroupsSequence, new DicomSequence([.. frames.Select(frame => groups[frame].Clone())])));
        KeepNumbers(set, frames);
        // Masks are frames too, by their numbers; without them nothing is to be subtracted. Trims and the concatenation are of the whole; extremes were of all frames.
        foreach (DicomTag tag in (DicomTag[])[
            DicomTags.MaskSubtractionSequence, DicomTags.RecommendedViewingMode, DicomTags.StartTrim, DicomTags.StopTrim, DicomTags.SmallestImagePixelValue, DicomTags.LargestImagePixelValue,
            DicomTags.ConcatenationUID, DicomTags.InConcatenationNumber, DicomTags.InConcatenationTotalNumber, DicomTags.ConcatenationFrameOffsetNumber, DicomTags.SOPInstanceUIDOfConcatenationSource])
            set.Remove(tag);
    }

    // Each frame keeps the time that it had.
    private static void KeepTimes(DicomDataSet set, int[] frames, int count)
    {
        bool hasVector = set.Contains(DicomTags.FrameTimeVector), hasTime = set.Contains(DicomTags.FrameTime);
        if (!hasVector && !hasTime || FrameTimes.Of(set, count) is not { } times)
            return;
        set.Set(DicomTags.FrameDelay, Text(times[frames[0]] * 1000));
        bool isEven = hasTime && !hasVector;
        int step = frames.Length > 1 ? frames[1] - frames[0] : 1;
        if (isEven && Enumerable.Range(1, frames.Length - 1).All(i => frames[i] - frames[i - 1] == step))
        {
            set.TryGetDouble(DicomTags.FrameTime, out double between);
            set.Set(DicomTags.FrameTime, Text(step * between));
            return;
        }

        set.Set(DicomTags.FrameTimeVector, [.. frames.Select((frame, i) => i == 0 ? "0" : Text((times[frame] - times[frames[i - 1]]) * 1000))]);
        if (!isEven)
            return;
        set.Remove(DicomTags.FrameTime);
        if (set.TryGetTag(DicomTags.FrameIncrementPointer, out DicomTag pointer) && pointer == DicomTags.FrameTime)
            set.Set(DicomTags.FrameIncrementPointer, DicomTags.FrameTimeVector);
    }

    // Numbers of frames in this instance: those that are left have new ones.
    private static void KeepNumbers(DicomDataSet set, int[] frames)
    {
        var places = frames.Select((frame, i) => (frame, i)).ToDictionary(pair => pair.frame + 1, pair => pair.i + 1);
        if (set.TryGetInt32(DicomTags.RepresentativeFrameNumber, out int representative))
        {
            if (places.TryGetValue(representative, out int place))
                set.Set(DicomTags.RepresentativeFrameNumber, place);
            else
                set.Remove(DicomTags.RepresentativeFrameNumber);
        }

        if (!set.TryGet(DicomTags.FrameNumbersOfInterest, out DicomElement? interest))
            return;
        int values = interest.ValueCount;
        int[] kept = [.. Enumerable.Range(0, values).Where(i => interest.TryGetInt64(i, out long number) && places.ContainsKey((int)Math.Min(number, int.MaxValue)))];
        foreach (DicomTag tag in (DicomTag[])[DicomTags.FrameOfInterestDescription, DicomTags.FrameOfInterestType])
        {
            if (!set.TryGet(tag, out DicomElement? told))
                continue;
            if (kept.Length > 0 && told.ValueCount == values)
                set.Set(DicomElement.Create(tag, told.VR, [.. Choose(told.GetStrings(), kept)]));
            else
                set.Remove(tag);
        }

        if (kept.Length == 0)
        {
            set.Remove(DicomTags.FrameNumbersOfInterest);
            return;
        }

        set.Set(DicomTags.FrameNumbersOfInterest, [.. kept.Select(i => interest.TryGetInt64(i, out long number) ? (long)places[(int)number] : 0)]);
    }

    private static IEnumerable<string> Choose(IReadOnlyList<string> values, int[] chosen) => chosen.Select(i => values[i]);

    // VR DS: 16 characters.
    private static string Text(double value)
    {
        for (int digits = 15; ; digits--)
        {
            string text = value.ToString("G" + digits.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
            if (text.Length <= 16)
                return text;
        }
    }

    private static FrameExtractionException Cannot(string message) => new(FrameExtractionProblem.CannotCreate, message);
}
