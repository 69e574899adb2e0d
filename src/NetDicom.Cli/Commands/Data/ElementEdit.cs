using System.Globalization;
using NetDicom.Cli.Invocation;

namespace NetDicom.Cli.Commands.Data;

/// <summary>One change of a data set, as a command line names it: a path, or (gggg,"CREATOR",ee) for a private element, and for some a value.</summary>
internal sealed class ElementEdit
{
    // What a sequence is made to hold: the items in front of the one that is named come into being with it.
    private const int MostItems = 1000;

    private readonly DicomTagPath _path;
    private readonly string? _creator;
    private readonly string? _value;
    private readonly int _item = -1;

    private ElementEdit(DicomTagPath path, string? creator, string? value, int item = -1)
    {
        _path = path;
        _creator = creator;
        _value = value;
        _item = item;
    }

    /// <summary>Reads <c>PATH</c> or <c>PATH=VALUE</c>.</summary>
    /// <exception cref="UsageException">The path is none, or there is no value where one is wanted.</exception>
    public static ElementEdit Parse(string text, bool wantsValue)
    {
        int equals = text.IndexOf('=', StringComparison.Ordinal);
        if (equals < 0 && wantsValue)
            throw new UsageException($"'{text}': PATH=VALUE is wanted, such as PatientID=P1");
        string path = equals < 0 || !wantsValue ? text : text[..equals];
        string? value = wantsValue ? text[(equals + 1)..] : null;
        return Parse(path, value);
    }

    /// <summary>
    /// Reads a key of a query or of another data set that a tool sends: <c>PATH=VALUE</c>; <c>PATH</c> or <c>PATH=</c>, an empty (universal) key; <c>SEQUENCE=</c>, an empty sequence;
    /// <c>SEQUENCE[0]=</c>, an empty item.
    /// </summary>
    /// <exception cref="UsageException">It is none.</exception>
    public static ElementEdit ParseKey(string text)
    {
        // A creator in quotes may hold an equals sign.
        int from = text.Length > 7 && text[5] == ',' && text[6] == '"' ? Math.Max(0, text.IndexOf("\",", 7, StringComparison.Ordinal)) : 0;
        int equals = text.IndexOf('=', from);
        string path = equals < 0 ? text : text[..equals];
        string value = equals < 0 ? "" : text[(equals + 1)..];
        if (path.Length == 0 || path[^1] != ']')
            return Parse(path, value);

        int bracket = path.LastIndexOf('[');
        if (bracket <= 0 || !int.TryParse(path.AsSpan(bracket + 1, path.Length - bracket - 2), NumberStyles.None, CultureInfo.InvariantCulture, out int item)
            || !DicomTagPath.TryParse(path.AsSpan(0, bracket), out DicomTagPath sequence))
            throw NoPath(path);
        if (value.Length > 0)
            throw new UsageException($"'{text}': an item has no value of its own; name an element in it, such as {path}.Modality={value}");
        return new ElementEdit(Checked(sequence, path), null, "", CheckedItem(item, path));
    }

    /// <summary>The path, as the user may write it.</summary>
    public override string ToString() => _creator is null ? _path.ToString() : $"({_path.Tag.Group:X4},\"{_creator}\",{_path.Tag.Element:X2})";

    /// <summary>Puts the value in; items on the way are made where they are missing.</summary>
    /// <exception cref="UsageException">The value does not fit the element.</exception>
    public void Insert(DicomDataSet root)
    {
        DicomDataSet set = root;
        foreach ((DicomTag sequence, int item) in _path.Items)
            set = Item(set, sequence, item);
        if (_item >= 0)
        {
            Item(set, _path.Tag, _item);
            return;
        }

        DicomTag tag = _creator is null ? _path.Tag : set.ReservePrivate(_creator, _path.Tag.Group, (byte)_path.Tag.Element);
        string[] values = _value is null or "" ? [] : _value.Split('\\');
        try
        {
            if (set.TryGet(tag, out DicomElement? old))
                set.Set(Make(tag, old.VR, values));
            else if (DicomDictionary.TryGet(tag, out DictionaryEntry entry) && IsBytes(entry.VR))
                set.Set(tag, Hex(values));
            else if (DicomDictionary.TryGet(tag, out _) || tag.IsPrivateCreator)
                set.Set(tag, values);
            else
                set.Set(Make(tag, DicomVR.LO, values));
        }
        catch (ArgumentException wrong)
        {
            throw new UsageException(wrong.Message);
        }
        catch (FormatException)
        {
            throw new UsageException($"'{_value}' for {this} is no value: bytes are written as hexadecimal digits, two each");
        }
    }

    /// <summary>Changes the value of an element that is there.</summary>
    /// <returns>Whether it was there.</returns>
    public bool Modify(DicomDataSet root)
    {
        bool found = _creator is null ? root.Contains(_path) : root.TryGetPrivate(_creator, _path.Tag.Group, (byte)_path.Tag.Element, out _);
        if (found)
            Insert(root);
        return found;
    }

    /// <summary>Takes the element out.</summary>
    /// <returns>Whether it was there.</returns>
    public bool Erase(DicomDataSet root) => _creator is null
        ? root.Remove(_path)
        : root.TryGetPrivateTag(_creator, _path.Tag.Group, (byte)_path.Tag.Element, out DicomTag tag) && root.Remove(tag);

    private static ElementEdit Parse(string path, string? value)
    {
        if (TryPrivate(path, out DicomTag tag, out string? creator))
            return new ElementEdit(tag, creator, value);
        return DicomTagPath.TryParse(path, out DicomTagPath parsed) ? new ElementEdit(Checked(parsed, path), null, value) : throw NoPath(path);
    }

    private static DicomTagPath Checked(DicomTagPath path, string text)
    {
        foreach ((_, int item) in path.Items)
            CheckedItem(item, text);
        return path;
    }

    private static int CheckedItem(int item, string text) =>
        item < MostItems ? item : throw new UsageException($"'{text}': item {item} is too far; the last one that can be made is {MostItems - 1}");

    private static UsageException NoPath(string path) => new($"'{path}' is no path: keywords or (gggg,eeee), items in brackets, or (gggg,\"CREATOR\",ee)");

    private static DicomDataSet Item(DicomDataSet set, DicomTag sequence, int item)
    {
        DicomSequence? items = set.GetSequence(sequence);
        if (items is null)
        {
            if (DicomDictionary.TryGet(sequence, out DictionaryEntry entry) && entry.VR != DicomVR.SQ)
                throw new UsageException($"{entry.Keyword} is no sequence: it has no items");
            set.Set(DicomElement.Create(sequence, new DicomSequence()));
            items = set.GetSequence(sequence)!;
        }

        while (items.Count <= item)
            items.Add([]);
        return items[item];
    }

    private static bool IsBytes(DicomVR vr) => vr == DicomVR.OB || vr == DicomVR.OW || vr == DicomVR.UN;

    private static byte[] Hex(string[] values) => Convert.FromHexString(string.Concat(values).Replace(" ", "", StringComparison.Ordinal));

    private static DicomElement Make(DicomTag tag, DicomVR vr, string[] values) =>
        IsBytes(vr) ? DicomElement.Create(tag, vr, Hex(values)) : DicomElement.Create(tag, vr, values);

    // (0009,"ACME 1",01)
    private static bool TryPrivate(string text, out DicomTag tag, out string? creator)
    {
        tag = default;
        creator = null;
        int first = text.IndexOf('"', StringComparison.Ordinal), last = text.LastIndexOf('"');
        if (text.Length < 12 || text[0] != '(' || text[^1] != ')' || first != 6 || last <= first || text[5] != ',' || text[last + 1] != ',')
            return false;
        if (!ushort.TryParse(text.AsSpan(1, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ushort group)
            || !byte.TryParse(text.AsSpan(last + 2, text.Length - last - 3), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out byte element))
            return false;
        tag = new DicomTag(group, element);
        creator = text[(first + 1)..last];
        return true;
    }
}
