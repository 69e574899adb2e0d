namespace NetDicom;

/// <summary>How two data sets differ at one path.</summary>
/// <param name="Path">The element.</param>
/// <param name="Left">The element in the first data set; <see langword="null"/> if only the second has it.</param>
/// <param name="Right">The element in the second data set; <see langword="null"/> if only the first has it.</param>
public sealed record DicomDifference(DicomTagPath Path, DicomElement? Left, DicomElement? Right)
{
    /// <summary>The path and both values.</summary>
    public override string ToString() => $"{Path}: {Left?.ToString() ?? "absent"} | {Right?.ToString() ?? "absent"}";
}

public sealed partial class DicomDataSet
{
    /// <summary>Whether both hold the same elements with the same values; how they are encoded, padding, group lengths and trailing padding do not matter.</summary>
    public bool ContentEquals(DicomDataSet other) => !Diff(other).Any();

    /// <summary>Where two data sets differ, in ascending order of the paths. How values are encoded, padding, group lengths and trailing padding do not matter.</summary>
    public IEnumerable<DicomDifference> Diff(DicomDataSet other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Diff(this, other, static tag => tag);
    }

    private static IEnumerable<DicomDifference> Diff(DicomDataSet left, DicomDataSet right, Func<DicomTag, DicomTagPath> path)
    {
        int i = 0, j = 0;
        while (true)
        {
            while (i < left.Count && MeansNothing(left._elements[i].Tag))
                i++;
            while (j < right.Count && MeansNothing(right._elements[j].Tag))
                j++;
            DicomElement? one = i < left.Count ? left._elements[i] : null;
            DicomElement? two = j < right.Count ? right._elements[j] : null;
            if (one is null && two is null)
                yield break;
            if (two is null || one is not null && one.Tag < two.Tag)
            {
                yield return new DicomDifference(path(one!.Tag), one, null);
                i++;
            }
            else if (one is null || two.Tag < one.Tag)
            {
                yield return new DicomDifference(path(two.Tag), null, two);
                j++;
            }
            else
            {
                foreach (DicomDifference difference in Diff(one, two, path))
                    yield return difference;
                i++;
                j++;
            }
        }
    }

    private static IEnumerable<DicomDifference> Diff(DicomElement one, DicomElement two, Func<DicomTag, DicomTagPath> path)
    {
        if (one.Items is not { } left || two.Items is not { } right || left.Count != right.Count)
        {
            if (!SameValue(one, two))
                yield return new DicomDifference(path(one.Tag), one, two);
            yield break;
        }

        for (int item = 0; item < left.Count; item++)
        {
            int number = item;
            foreach (DicomDifference difference in Diff(left[item], right[item], tag => path(one.Tag).Then(number, tag)))
                yield return difference;
        }
    }

    private static bool SameValue(DicomElement one, DicomElement two)
    {
        if (one.Items is not null || two.Items is not null)
            return one.IsEmpty && two.IsEmpty;
        if (one.Fragments is { } left || two.Fragments is not null)
            return one.Fragments is { } first && two.Fragments is { } second && first.Count == second.Count && SameFragments(first, second);
        if (one.VR.IsText && two.VR.IsText)
            return one.VR.AllowsSeveralValues ? Plain(one).SequenceEqual(Plain(two)) : one.GetText() == two.GetText();

        // Numbers of other VRs may be the same bytes: the VR of implicit data is not always certain. A pad byte is no content.
        using Stream a = one.OpenRead(), b = two.OpenRead();
        return Math.Abs(a.Length - b.Length) <= 1 && SameBytes(a, b, Math.Min(a.Length, b.Length));
    }

    private static string[] Plain(DicomElement element)
    {
        IEnumerable<string> values = element.GetStrings();
        // PS3.5 section 6.2.1: delimiters at the end of a name may be left out.
        if (element.VR == DicomVR.PN)
            values = values.Select(name => string.Join('=', name.Split('=').Select(group => group.TrimEnd('^', ' '))).TrimEnd('='));
        string[] all = [.. values];
        // Padding alone is as good as no value (PS3.5 section 6.2).
        return all is [""] ? [] : all;
    }

    private static bool SameFragments(DicomFragments first, DicomFragments second)
    {
        for (int i = 0; i < first.Count; i++)
        {
            using Stream a = first.OpenRead(i), b = second.OpenRead(i);
            if (Math.Abs(a.Length - b.Length) > 1 || !SameBytes(a, b, Math.Min(a.Length, b.Length)))
                return false;
        }

        return true;
    }

    private static bool SameBytes(Stream a, Stream b, long length)
    {
        byte[] one = new byte[(int)Math.Min(length, 64 * 1024)], two = new byte[one.Length];
        for (long left = length; left > 0; left -= one.Length)
        {
            int count = (int)Math.Min(left, one.Length);
            a.ReadExactly(one, 0, count);
            b.ReadExactly(two, 0, count);
            if (!one.AsSpan(0, count).SequenceEqual(two.AsSpan(0, count)))
                return false;
        }

        // What is longer by one byte has a pad byte there.
        return Pad(a) && Pad(b);
    }

    private static bool Pad(Stream rest) => rest.ReadByte() is -1 or 0 or ' ';

    private static bool MeansNothing(DicomTag tag) => tag.IsGroupLength || tag == DicomTags.DataSetTrailingPadding;
}
