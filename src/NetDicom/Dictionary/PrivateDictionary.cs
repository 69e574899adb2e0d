namespace NetDicom;

/// <summary>Private elements by creator, group and the low byte of the element number (PS3.5 section 7.8): what a vendor's documents say.</summary>
/// <remarks>Fill it before it is used; look-ups from several threads are safe then.</remarks>
public sealed class PrivateDictionary
{
    private readonly Dictionary<(string Creator, uint Key), (DicomVR VR, string Name)> _entries = [];

    /// <summary>How many elements are known.</summary>
    public int Count => _entries.Count;

    /// <summary>Makes an element known, or replaces what is known of it.</summary>
    /// <param name="creator">The private creator as files have it; spaces around it do not matter.</param>
    /// <param name="group">The odd group.</param>
    /// <param name="element">The low byte of the element number.</param>
    /// <param name="vr">The VR.</param>
    /// <param name="name">A name for dumps.</param>
    /// <exception cref="ArgumentException">The group is even.</exception>
    public PrivateDictionary Add(string creator, ushort group, byte element, DicomVR vr, string name = "")
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(creator);
        if ((group & 1) == 0)
            throw new ArgumentException($"Group {group:X4} is not private: private groups are odd (PS3.5 section 7.8)", nameof(group));
        _entries[(creator.Trim(), (uint)group << 8 | element)] = (vr, name);
        return this;
    }

    /// <summary>What is known of an element.</summary>
    public bool TryGet(string creator, DicomTag tag, out DicomVR vr, out string name)
    {
        ArgumentNullException.ThrowIfNull(creator);
        bool found = _entries.TryGetValue((creator.Trim(), (uint)tag.Group << 8 | (byte)tag.Element), out (DicomVR VR, string Name) entry);
        (vr, name) = found ? entry : (default, "");
        return found;
    }
}
