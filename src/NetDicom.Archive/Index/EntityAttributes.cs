namespace NetDicom.Archive;

/// <summary>The attributes of one entity as an index keeps them: an encoded data set, and how several make up an entity with what is above it. For implementations of <see cref="IArchiveIndex"/>.</summary>
public static class EntityAttributes
{
    /// <summary>The attributes of one level out of those of an instance, without empty ones.</summary>
    public static DicomDataSet Select(DicomDataSet attributes, ArchiveAttributes kept, ArchiveLevel level)
    {
        ArgumentNullException.ThrowIfNull(attributes);
        ArgumentNullException.ThrowIfNull(kept);
        var own = new DicomDataSet();
        Copy(attributes, own, DicomTags.SpecificCharacterSet);
        foreach (DicomTag tag in kept.Of(level))
            Copy(attributes, own, tag);
        // Of a patient there is a date of birth, which has no zone.
        if (level != ArchiveLevel.Patient)
            Copy(attributes, own, DicomTags.TimezoneOffsetFromUTC);
        return own;
    }

    /// <summary>Encodes an entity's attributes: in their own character set, or in UTF-8 if that cannot hold them.</summary>
    public static byte[] Encode(DicomDataSet attributes)
    {
        ArgumentNullException.ThrowIfNull(attributes);
        try
        {
            return attributes.ToArray(TransferSyntax.ExplicitVRLittleEndian);
        }
        catch (DicomDataException)
        {
            DicomDataSet copy = attributes.Clone();
            copy.CharacterSet = SpecificCharacterSet.Utf8;
            return copy.ToArray(TransferSyntax.ExplicitVRLittleEndian);
        }
    }

    /// <summary>Decodes what <see cref="Encode"/> made.</summary>
    public static DicomDataSet Decode(ReadOnlyMemory<byte> bytes) => DicomDataSet.Read(bytes, TransferSyntax.ExplicitVRLittleEndian);

    /// <summary>An entity with what is above it; where several have an attribute, the last one's counts.</summary>
    public static DicomDataSet Merge(params ReadOnlySpan<DicomDataSet> topDown)
    {
        var entity = new DicomDataSet();
        for (int i = topDown.Length - 1; i >= 0; i--)
        {
            foreach (DicomElement element in topDown[i])
            {
                if (!entity.Contains(element.Tag))
                    Copy(topDown[i], entity, element.Tag);
            }
        }

        return entity;
    }

    /// <summary>Puts what the entity does not have yet into it.</summary>
    /// <returns>Whether there was something.</returns>
    public static bool Fill(DicomDataSet entity, DicomDataSet more)
    {
        ArgumentNullException.ThrowIfNull(entity);
        ArgumentNullException.ThrowIfNull(more);
        bool changed = false;
        foreach (DicomElement element in more)
        {
            // A character set goes with the text it came with.
            if (element.IsEmpty || element.Tag == DicomTags.SpecificCharacterSet || entity.TryGet(element.Tag, out DicomElement? own) && !own.IsEmpty)
                continue;
            Copy(more, entity, element.Tag);
            changed = true;
        }

        return changed;
    }

    private static void Copy(DicomDataSet from, DicomDataSet to, DicomTag tag)
    {
        if (!from.TryGet(tag, out DicomElement? element) || element.IsEmpty || element.Fragments is not null)
            return;
        if (element.Items is not { } items)
        {
            to.Set(element);
            return;
        }

        var copy = new DicomSequence();
        foreach (DicomDataSet item in items)
            copy.Add(WithoutFragments(item.Clone()));
        to.Set(DicomElement.Create(tag, copy));
    }

    // Encapsulated pixel data (of an icon, or of somebody who means harm) are no key, and cannot be written in the syntax of the index.
    private static DicomDataSet WithoutFragments(DicomDataSet item)
    {
        item.RemoveAll(element => element.Fragments is not null);
        foreach (DicomElement element in item)
        {
            foreach (DicomDataSet below in element.Items ?? [])
                WithoutFragments(below);
        }

        return item;
    }
}
