namespace NetDicom.Cli.Procedures;

/// <summary>Data sets of requests: what the user gave, and what the standard wants besides.</summary>
internal static class Filled
{
    /// <summary>Puts a value in unless there is an element already.</summary>
    public static void Default(this DicomDataSet set, DicomTag tag, string value)
    {
        if (!set.Contains(tag))
            set.Set(tag, value);
    }

    /// <summary>Puts elements in without a value (type 2), unless they are there.</summary>
    public static void DefaultEmpty(this DicomDataSet set, params ReadOnlySpan<DicomTag> tags)
    {
        foreach (DicomTag tag in tags)
        {
            if (!set.Contains(tag))
                set.Set(tag, ReadOnlySpan<string>.Empty);
        }
    }

    /// <summary>Takes elements over from another data set, unless they are here or are not there.</summary>
    public static void DefaultFrom(this DicomDataSet set, DicomDataSet? other, params ReadOnlySpan<DicomTag> tags)
    {
        foreach (DicomTag tag in tags)
        {
            if (other is null || set.Contains(tag) || !other.TryGet(tag, out DicomElement? element))
                continue;
            if (element.Items is { } items)
                set.Set(tag, [.. items.Select(item => item.Clone())]);
            else
                set.Set(tag, [.. element.GetStrings()]);
        }
    }

    /// <summary>A reference to an object: Referenced SOP Class UID and Instance UID.</summary>
    public static DicomDataSet Reference(DicomUid sopClass, DicomUid sopInstance) => new()
    {
        { DicomTags.ReferencedSOPClassUID, sopClass },
        { DicomTags.ReferencedSOPInstanceUID, sopInstance },
    };
}
