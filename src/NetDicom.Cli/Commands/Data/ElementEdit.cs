using System.Globalization;
using NetDicom.Cli.Invocation;

namespace NetDicom.Cli.Commands.Data;

/// <summary>One change of a data set, as a command line names it: a path, or (gggg,"CREATOR",ee) for a private element, and for some a value.</summary>
internal sealed class ElementEdit
{
    private readonly DicomTagPath _path;
    private readonly string? _creator;
    private readonly string? _value;

    private ElementEdit(DicomTagPath path, string? creator, string? value)
    {
        _path = path;
        _creator = creator;
        _value = value;
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
        if (TryPrivate(path, out DicomTag tag, out string? creator))
            return new ElementEdit(tag, creator, value);
        return DicomTagPath.TryParse(path, out DicomTagPath parsed)
            ? new ElementEdit(parsed, null, value)
            : throw new UsageException($"'{path}' is no path: keywords or (gggg,eeee), items in brackets, or (gggg,\"CREATOR\",ee)");
    }

    /// <summary>The path, as the user may write it.</summary>
    public override string ToString() => _creator is null ? _path.ToString() : $"({_path.Tag.Group:X4},\"{_creator}\",{_path.Tag.Element:X2})";

    /// <summary>Puts the value in; items on the way are made where they are missing.</summary>
    /// <exception cref="UsageException">The value does not fit the element.</exception>
    public void Insert(DicomDataSet root)
    {
        DicomDataSet set = root;
        foreach ((DicomTag sequence, int item) in _path.Items)
        {
            DicomSequence? items = set.GetSequence(sequence);
            if (items is null)
            {
                set.Set(DicomElement.Create(sequence, new DicomSequence()));
                items = set.GetSequence(sequence)!;
            }

            while (items.Count <= item)
                items.Add([]);
            set = items[item];
        }

        DicomTag tag = _creator is null ? _path.Tag : set.ReservePrivate(_creator, _path.Tag.Group, (byte)_path.Tag.Element);
        string[] values = _value is null or "" ? [] : _value.Split('\\');
        try
        {
            if (set.TryGet(tag, out DicomElement? old))
                set.Set(Make(tag, old.VR, values));
            else if (DicomDictionary.TryGet(tag, out _) || tag.IsPrivateCreator)
                set.Set(tag, values);
            else
                set.Set(Make(tag, DicomVR.LO, values));
        }
        catch (ArgumentException wrong)
        {
            throw new UsageException(wrong.Message);
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

    private static DicomElement Make(DicomTag tag, DicomVR vr, string[] values) => vr == DicomVR.OB || vr == DicomVR.OW || vr == DicomVR.UN
        ? DicomElement.Create(tag, vr, Convert.FromHexString(string.Concat(values).Replace(" ", "", StringComparison.Ordinal)))
        : DicomElement.Create(tag, vr, values);

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
