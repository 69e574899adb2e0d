using System.Diagnostics.CodeAnalysis;

namespace NetDicom;

public sealed partial class DicomDataSet
{
    /// <summary>The creator that owns a private element: the value of (gggg,00bb) for (gggg,bbee); <see langword="null"/> if there is none (PS3.5 section 7.8.1).</summary>
    public string? GetPrivateCreator(DicomTag tag)
    {
        if (!tag.IsPrivate || tag.Element < 0x1000)
            return null;
        return TryGetString(new DicomTag(tag.Group, (ushort)(tag.Element >> 8)), out string? creator) ? creator : null;
    }

    /// <summary>The tag that a private element has in this data set, whatever block its creator has here.</summary>
    /// <param name="creator">The private creator.</param>
    /// <param name="group">The odd group.</param>
    /// <param name="element">The low byte of the element number.</param>
    /// <param name="tag">The tag.</param>
    /// <returns><see langword="false"/> if the creator has no block in this group; whether there is the element itself is not asked.</returns>
    public bool TryGetPrivateTag(string creator, ushort group, byte element, out DicomTag tag)
    {
        ArgumentNullException.ThrowIfNull(creator);
        for (int i = ~Find(new DicomTag(group, 0x000F)) is >= 0 and var from ? from : 0; i < _elements.Count && _elements[i].Tag is var at && at.Group == group && at.Element <= 0x00FF; i++)
        {
            if (at.IsPrivateCreator && _elements[i].TryGetString(0, out string text) && text.Trim() == creator.Trim())
            {
                tag = new DicomTag(group, (ushort)(at.Element << 8 | element));
                return true;
            }
        }

        tag = default;
        return false;
    }

    /// <summary>A private element, if there is one.</summary>
    public bool TryGetPrivate(string creator, ushort group, byte element, [NotNullWhen(true)] out DicomElement? found)
    {
        found = null;
        return TryGetPrivateTag(creator, group, element, out DicomTag tag) && TryGet(tag, out found);
    }

    /// <summary>The tag for a private element to be put in; the creator gets the first free block of the group if it has none yet.</summary>
    /// <exception cref="ArgumentException">The group is even, or the creator is empty or longer than 64 characters.</exception>
    /// <exception cref="InvalidOperationException">All 240 blocks of the group are taken.</exception>
    public DicomTag ReservePrivate(string creator, ushort group, byte element)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(creator);
        if ((group & 1) == 0 || group is < 0x0009 or 0xFFFF)
            throw new ArgumentException($"Group {group:X4} is not for private elements (PS3.5 section 7.8)", nameof(group));
        if (creator.Length > 64)
            throw new ArgumentException("A private creator has 64 characters at most (PS3.5 section 7.8.1)", nameof(creator));
        if (TryGetPrivateTag(creator, group, element, out DicomTag tag))
            return tag;
        for (ushort block = 0x10; block <= 0xFF; block++)
        {
            if (Find(new DicomTag(group, block)) >= 0)
                continue;
            Set(DicomElement.Create(new DicomTag(group, block), DicomVR.LO, creator));
            return new DicomTag(group, (ushort)(block << 8 | element));
        }

        throw new InvalidOperationException($"All blocks of group {group:X4} are taken (PS3.5 section 7.8.1)");
    }
}
