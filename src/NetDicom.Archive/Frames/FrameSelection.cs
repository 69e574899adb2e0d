namespace NetDicom.Archive;

/// <summary>Which frames of an instance are asked for: one of the three lists of an identifier at level FRAME (PS3.4 section Y.3.2).</summary>
internal static class FrameSelection
{
    /// <summary>The frames, counted from 0, in rising order; those that the instance does not have are left out.</summary>
    /// <param name="identifier">With one of Simple Frame List (0008,1161), Calculated Frame List (0008,1162) and Time Range (0008,1163).</param>
    /// <param name="source">The instance.</param>
    /// <param name="count">How many frames it has.</param>
    /// <exception cref="FrameExtractionException">The list is none, no frame is left, or the instance does not tell the times of its frames.</exception>
    public static int[] Resolve(DicomDataSet identifier, DicomDataSet source, int count)
    {
        int[] frames = HasValue(identifier, DicomTags.SimpleFrameList) ? Simple(Numbers(identifier, DicomTags.SimpleFrameList), count)
            : HasValue(identifier, DicomTags.CalculatedFrameList) ? Calculated(Numbers(identifier, DicomTags.CalculatedFrameList), count)
            : HasValue(identifier, DicomTags.TimeRange) ? Within(identifier, source, count)
            : throw Invalid("a frame list is needed");
        return frames.Length > 0 ? frames : throw new FrameExtractionException(FrameExtractionProblem.NoSuchFrames, "none of the frames is in the instance");
    }

    // Section Y.3.2.1.1: without duplicates, rising.
    private static int[] Simple(List<long> numbers, int count)
    {
        for (int i = 0; i < numbers.Count; i++)
        {
            if (numbers[i] < 1 || (i > 0 && numbers[i] <= numbers[i - 1]))
                throw Invalid("the frame list does not rise");
        }

        return [.. numbers.TakeWhile(number => number <= count).Select(number => (int)number - 1)];
    }

    // Section Y.3.2.1.2: first, upper limit, increment. FFFFFFFFH, as any limit beyond the last frame, is the last frame; a part that begins behind it is passed over.
    private static int[] Calculated(List<long> numbers, int count)
    {
        if (numbers.Count == 0 || numbers.Count % 3 != 0)
            throw Invalid("the calculated frame list is not made of triples");
        var frames = new List<int>();
        for (int i = 0; i < numbers.Count; i += 3)
        {
            (long first, long limit, long step) = (numbers[i], numbers[i + 1], numbers[i + 2]);
            if (first < 1 || limit < first || step < 1 || (i > 0 && first <= numbers[i - 2]))
                throw Invalid("the calculated frame list does not rise");
            for (long frame = first; frame <= Math.Min(limit, count); frame += step)
                frames.Add((int)frame - 1);
        }

        return [.. frames];
    }

    // Section Y.3.2.1.3: seconds from Content Time, both ends within.
    private static int[] Within(DicomDataSet identifier, DicomDataSet source, int count)
    {
        if (!identifier.TryGet(DicomTags.TimeRange, out DicomElement? range) || range.ValueCount != 2 || !range.TryGetDouble(0, out double from) || !range.TryGetDouble(1, out double to) || !(from <= to))
            throw Invalid("the time range is none");
        double[] times = FrameTimes.Of(source, count) ?? throw new FrameExtractionException(FrameExtractionProblem.NoTimeBase, "the instance does not tell the times of its frames");
        return [.. Enumerable.Range(0, count).Where(frame => times[frame] >= from && times[frame] <= to)];
    }

    private static List<long> Numbers(DicomDataSet identifier, DicomTag tag)
    {
        DicomElement element = identifier[tag];
        var numbers = new List<long>(element.ValueCount);
        for (int i = 0; i < element.ValueCount; i++)
            numbers.Add(element.TryGetInt64(i, out long number) ? number : throw Invalid("the frame list has what is no number"));
        return numbers;
    }

    private static bool HasValue(DicomDataSet set, DicomTag tag) => set.TryGet(tag, out DicomElement? element) && !element.IsEmpty;

    private static FrameExtractionException Invalid(string message) => new(FrameExtractionProblem.InvalidRequest, message);
}

/// <summary>When each frame of an instance was taken.</summary>
internal static class FrameTimes
{
    /// <summary>Seconds from Content Time (0008,0033) of each frame; null if the instance does not tell.</summary>
    public static double[]? Of(DicomDataSet source, int count)
    {
        // PS3.3 section C.7.6.5.1: from Content Time to the first frame, in milliseconds, and from each frame to the next.
        double delay = source.TryGetDouble(DicomTags.FrameDelay, out double given) && double.IsFinite(given) ? given : 0;
        if (source.TryGet(DicomTags.FrameTimeVector, out DicomElement? vector) && vector.ValueCount == count)
        {
            var times = new double[count];
            double at = delay;
            for (int i = 0; i < count; i++)
            {
                if (!vector.TryGetDouble(i, out double more) || !double.IsFinite(more))
                    return null;
                // The first value is that of the first frame: nothing has passed before it.
                at += i == 0 ? 0 : more;
                times[i] = at / 1000;
            }

            return times;
        }

        if (source.TryGetDouble(DicomTags.FrameTime, out double between) && double.IsFinite(between))
            return [.. Enumerable.Range(0, count).Select(i => (delay + i * between) / 1000)];
        return OfFrames(source, count);
    }

    // PS3.3 section C.7.6.16.2.2: each frame has a time of its own.
    private static double[]? OfFrames(DicomDataSet source, int count)
    {
        if (source.GetSequence(DicomTags.PerFrameFunctionalGroupsSequence) is not { } groups || groups.Count != count
            || !source.TryGetDate(DicomTags.ContentDate, out DateOnly date) || !source.TryGetTime(DicomTags.ContentTime, out TimeOnly time))
            return null;
        var times = new double[count];
        for (int i = 0; i < count; i++)
        {
            if (groups[i].GetSequence(DicomTags.FrameContentSequence) is not [var content, ..]
                || !(content.TryGetDateTime(DicomTags.FrameReferenceDateTime, out DicomDateTime moment) || content.TryGetDateTime(DicomTags.FrameAcquisitionDateTime, out moment)))
                return null;
            times[i] = (moment.Value - date.ToDateTime(time)).TotalSeconds;
        }

        return times;
    }
}
