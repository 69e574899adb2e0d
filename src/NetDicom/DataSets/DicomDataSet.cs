using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace NetDicom;

/// <summary>
/// A data set: elements in ascending order of their tags, each tag once (PS3.5 section 7.1). Reading values is lenient, as real data ask for; <see cref="Validate()"/> is strict.
/// </summary>
/// <remarks>It may be read from several threads at once, but not while it is changed.</remarks>
public sealed partial class DicomDataSet : IEnumerable<DicomElement>
{
    private readonly List<DicomElement> _elements = [];
    private SpecificCharacterSet? _ownCharacterSet;

    /// <summary>An empty data set.</summary>
    public DicomDataSet()
    {
    }

    /// <summary>How many elements there are, those within sequences not counted.</summary>
    public int Count => _elements.Count;

    /// <summary>The data set in whose sequence this one is an item; <see langword="null"/> for others.</summary>
    public DicomDataSet? Parent { get; internal set; }

    /// <summary>Rules of PS3.5 that the bytes broke from which the data set was read.</summary>
    public DataSetDeviations Deviations { get; internal set; }

    /// <summary>
    /// The character set in force: that of (0008,0005), else of the enclosing data set. Setting it writes (0008,0005); text that was read keeps its meaning and is written in the new set.
    /// </summary>
    public SpecificCharacterSet CharacterSet
    {
        get => _ownCharacterSet ?? Parent?.CharacterSet ?? AssumedCharacterSet ?? SpecificCharacterSet.Default;
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            if (value.IsDefault)
                Remove(DicomTags.SpecificCharacterSet);
            else
                Put(DicomElement.CreateText(DicomTags.SpecificCharacterSet, DicomVR.CS, string.Join('\\', value.Terms)));
        }
    }

    /// <summary>What stands in for a missing (0008,0005), by an option of the reader.</summary>
    internal SpecificCharacterSet? AssumedCharacterSet { get; set; }

    /// <summary>The sequence in which this data set is an item.</summary>
    internal DicomSequence? Holder { get; set; }

    /// <summary>Whether elements were added, replaced or removed since the data set was read; changes within items are theirs.</summary>
    internal bool IsChanged { get; private set; } = true;

    /// <summary>For an item: its header and end as they were read.</summary>
    internal ElementOrigin ItemOrigin { get; set; }

    internal IReadOnlyList<DicomElement> Elements => _elements;

    /// <summary>The element with this tag.</summary>
    /// <exception cref="DicomDataException">There is none.</exception>
    public DicomElement this[DicomTagPath path] =>
        TryGet(path, out DicomElement? element) ? element : throw new DicomDataException($"there is no {path}", path.Tag);

    /// <summary>Whether there is an element at <paramref name="path"/>, with a value or without.</summary>
    public bool Contains(DicomTagPath path) => TryGet(path, out _);

    /// <summary>The element at <paramref name="path"/>, if there is one.</summary>
    public bool TryGet(DicomTagPath path, [NotNullWhen(true)] out DicomElement? element)
    {
        DicomDataSet? set = Within(path);
        int index = set is null ? -1 : set.Find(path.Tag);
        element = index >= 0 ? set!._elements[index] : null;
        return element is not null;
    }

    /// <summary>The items of a sequence; <see langword="null"/> if there is no such element or it is no sequence.</summary>
    public DicomSequence? GetSequence(DicomTagPath path) => TryGet(path, out DicomElement? element) ? element.Items : null;

    /// <summary>Takes an element out.</summary>
    /// <returns>Whether it was there.</returns>
    public bool Remove(DicomTagPath path)
    {
        DicomDataSet? set = Within(path);
        int index = set is null ? -1 : set.Find(path.Tag);
        if (index < 0)
            return false;
        Released(set!._elements[index]);
        set._elements.RemoveAt(index);
        set.Changed(path.Tag);
        return true;
    }

    /// <summary>Takes every element out for which <paramref name="match"/> answers true, at this level only.</summary>
    /// <returns>How many were taken out.</returns>
    public int RemoveAll(Predicate<DicomElement> match)
    {
        ArgumentNullException.ThrowIfNull(match);
        DicomTag[] tags = [.. _elements.Where(element => match(element)).Select(element => element.Tag)];
        foreach (DicomTag tag in tags)
            Remove(tag);
        return tags.Length;
    }

    /// <summary>Puts an element in, in place of the one with its tag if there is one.</summary>
    /// <returns>This data set, so that calls can be chained.</returns>
    public DicomDataSet Set(DicomElement element)
    {
        ArgumentNullException.ThrowIfNull(element);
        Put(element);
        return this;
    }

    /// <summary>Puts an element in.</summary>
    /// <exception cref="ArgumentException">There is one with its tag already.</exception>
    public void Add(DicomElement element)
    {
        ArgumentNullException.ThrowIfNull(element);
        if (Find(element.Tag) >= 0)
            throw new ArgumentException($"There is a {element.Tag} already; Set replaces it", nameof(element));
        Put(element);
    }

    /// <summary>A deep copy: its items are its own; values that were read and cannot change are shared.</summary>
    public DicomDataSet Clone()
    {
        var copy = new DicomDataSet
        {
            Deviations = Deviations,
            ItemOrigin = ItemOrigin,
            // A clone of an item has no parent to inherit from.
            AssumedCharacterSet = CharacterSet.IsDefault ? AssumedCharacterSet : CharacterSet,
        };
        foreach (DicomElement element in _elements)
            copy.Append(element.Clone());
        copy.IsChanged = IsChanged;
        return copy;
    }

    /// <inheritdoc/>
    public IEnumerator<DicomElement> GetEnumerator() => _elements.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>The outermost data set.</summary>
    internal DicomDataSet Root()
    {
        DicomDataSet root = this;
        while (root.Parent is { } parent)
            root = parent;
        return root;
    }

    // Numbers, as which a damaged header may declare the rest of a file, are no names of sets.
    private static IReadOnlyList<string> TermsOf(DicomElement element) => element.VR.IsText ? element.GetStrings() : [];

    /// <summary>Takes an element that was read; of two with the same tag the later one stays, or the first.</summary>
    internal void Append(DicomElement element, bool keepFirst = false)
    {
        if (keepFirst && Find(element.Tag) >= 0)
            return;
        if (element.Tag == DicomTags.SpecificCharacterSet)
            _ownCharacterSet = SpecificCharacterSet.Parse(TermsOf(element));
        if (element.Items is { } items)
            items.Owner = this;
        if (_elements.Count == 0 || _elements[^1].Tag < element.Tag)
        {
            _elements.Add(element);
            return;
        }

        int index = Find(element.Tag);
        if (index >= 0)
            _elements[index] = element;
        else
            _elements.Insert(~index, element);
    }

    /// <summary>Gives an element another VR, which does not change what is written of it.</summary>
    internal void Reinterpret(DicomElement element)
    {
        int index = Find(element.Tag);
        if (index >= 0)
            _elements[index] = element;
    }

    /// <summary>Gives up what was read, to another data set.</summary>
    internal void Forget() => _elements.Clear();

    /// <summary>From here on changes count.</summary>
    internal void Loaded() => IsChanged = false;

    private void Put(DicomElement element, bool namesCharacterSet = true)
    {
        if (element.Items is { } items)
        {
            if (items.Owner is not null)
                throw new ArgumentException($"The sequence {element.Tag} is in a data set already: clone it", nameof(element));
            items.Owner = this;
        }

        int index = Find(element.Tag);
        if (index >= 0)
        {
            Released(_elements[index]);
            _elements[index] = element;
        }
        else
        {
            _elements.Insert(~index, element);
        }

        Changed(element.Tag);
        if (namesCharacterSet)
            NameCharacterSet(element);
    }

    /// <summary>Puts an element in whose data set may not have found its place yet: the character set is seen to later.</summary>
    internal void SetQuietly(DicomElement element) => Put(element, namesCharacterSet: false);

    /// <summary>Names a character set where text of this data set or its items needs one and none is named.</summary>
    internal void NameCharacterSet()
    {
        foreach (DicomElement element in _elements.ToArray())
        {
            NameCharacterSet(element);
            foreach (DicomDataSet item in element.Items ?? [])
                item.NameCharacterSet();
        }
    }

    private void NameCharacterSet(DicomElement element)
    {
        // Text outside ASCII needs a character set; where none is named yet, the one that holds everything is.
        if (element.NewText is { } text && element.VR.UsesSpecificCharacterSet && !System.Text.Ascii.IsValid(text) && Root() is { AssumedCharacterSet: null } root && CharacterSet.IsDefault)
            root.CharacterSet = SpecificCharacterSet.Utf8;
    }

    private void Changed(DicomTag tag)
    {
        IsChanged = true;
        if (tag == DicomTags.SpecificCharacterSet)
            _ownCharacterSet = Find(tag) is >= 0 and var index ? SpecificCharacterSet.Parse(TermsOf(_elements[index])) : null;
    }

    private static void Released(DicomElement element)
    {
        if (element.Items is { } items)
            items.Owner = null;
    }

    private DicomDataSet? Within(DicomTagPath path)
    {
        DicomDataSet set = this;
        foreach ((DicomTag sequence, int item) in path.Items)
        {
            int index = set.Find(sequence);
            if (index < 0 || set._elements[index].Items is not { } items || item >= items.Count)
                return null;
            set = items[item];
        }

        return set;
    }

    // The index of a tag, or the complement of where it would be.
    private int Find(DicomTag tag)
    {
        int low = 0, high = _elements.Count - 1;
        while (low <= high)
        {
            int middle = (low + high) >>> 1;
            DicomTag found = _elements[middle].Tag;
            if (found == tag)
                return middle;
            if (found < tag)
                low = middle + 1;
            else
                high = middle - 1;
        }

        return ~low;
    }
}
