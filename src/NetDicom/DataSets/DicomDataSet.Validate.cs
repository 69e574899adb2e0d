using System.Buffers;
using System.Globalization;

namespace NetDicom;

/// <summary>Something in a data set that the standard does not allow.</summary>
/// <param name="Path">The element.</param>
/// <param name="Rule">What is wrong.</param>
/// <param name="Source">Part and section of the standard.</param>
public sealed record DicomFinding(DicomTagPath Path, string Rule, string Source)
{
    /// <summary>Path, rule and source in one line.</summary>
    public override string ToString() => $"{Path}: {Rule} ({Source})";
}

public sealed partial class DicomDataSet
{
    private static readonly SearchValues<char> _decimalCharacters = SearchValues.Create("0123456789+-Ee.");
    private static readonly SearchValues<char> _codeCharacters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 _");

    /// <summary>
    /// Looks for what PS3.5 and PS3.6 do not allow: values too long or of the wrong form, VR and multiplicity other than the dictionary's, private elements without creator,
    /// groups that do not belong in a data set. It never throws on wrong data, and which attributes an IOD demands is not asked.
    /// </summary>
    public IReadOnlyList<DicomFinding> Validate()
    {
        var findings = new List<DicomFinding>();
        Validate(this, static tag => tag, findings);
        return findings;
    }

    private static void Validate(DicomDataSet set, Func<DicomTag, DicomTagPath> path, List<DicomFinding> findings)
    {
        ValidatePixels(set, (tag, rule, source) => findings.Add(new DicomFinding(path(tag), rule, source)));
        foreach (DicomElement element in set._elements)
        {
            DicomTag tag = element.Tag;
            void Found(string rule, string source) => findings.Add(new DicomFinding(path(tag), rule, source));
            if (tag.Group is 0x0000 or 0x0002 or 0x0006 || tag.Group == 0x0004 && set.Parent is null && !set.Contains(new DicomTag(0x00041130)))
                Found("the group does not belong in a data set", "PS3.5 section 7.1");
            if (tag.IsGroupLength)
            {
                Found("group length elements are retired", "PS3.5 section 7.2");
                continue;
            }

            ValidatePrivate(set, tag, Found);
            if (!element.VR.IsKnown)
                Found($"VR {element.VR} is not known", "PS3.5 section 6.2");
            if (DicomDictionary.TryGet(tag, out DictionaryEntry entry) && entry.VRCount > 0)
            {
                if (!entry.Allows(element.VR))
                    Found($"VR {element.VR} where the dictionary has {entry.VR}", "PS3.6 chapter 6");
                else if (!element.IsEmpty && !ValueMultiplicity.Allows(entry.VM, element.ValueCount))
                    Found($"{element.ValueCount} values where the dictionary allows {entry.VM}", "PS3.6 chapter 6");
            }

            if (element.Items is { } items)
            {
                for (int i = 0; i < items.Count; i++)
                {
                    int number = i;
                    Validate(items[i], inner => path(tag).Then(number, inner), findings);
                }
            }
            else if (element.Fragments is null && !element.IsEmpty)
            {
                ValidateValues(element, set, Found);
            }
        }
    }

    private static void ValidatePrivate(DicomDataSet set, DicomTag tag, Action<string, string> found)
    {
        if (!tag.IsPrivate)
            return;
        if (tag.Group is < 0x0009 or 0xFFFF || tag.Element is < 0x0010 or (>= 0x0100 and < 0x1000))
            found("no private element may have this tag", "PS3.5 section 7.8.1");
        else if (!tag.IsPrivateCreator && set.GetPrivateCreator(tag) is null)
            found("the private element has no creator", "PS3.5 section 7.8.1");
    }

    private static void ValidateValues(DicomElement element, DicomDataSet set, Action<string, string> found)
    {
        DicomVR vr = element.VR;
        if (!vr.IsText)
        {
            if (vr.ValueSize > 0 && element.Length % vr.ValueSize != 0)
                found($"{element.Length} bytes are no whole number of values of {vr.ValueSize} bytes", "PS3.5 table 6.2-1");
            else if ((element.Length & 1) != 0)
                found("the length is odd", "PS3.5 section 7.1.1");
            return;
        }

        if (element.CharacterSet is { HasUnknownTerm: true })
            found($"the character set '{set.CharacterSet}' is not known", "PS3.3 section C.12.1.1.2");
        string text = element.GetText();
        foreach (string value in vr.AllowsSeveralValues ? text.Split('\\') : [text])
        {
            if (WrongForm(vr, value) is { } rule)
                found($"'{(value.Length > 40 ? value[..40] + "…" : value)}': {rule}", "PS3.5 table 6.2-1");
        }
    }

    // What is wrong with one value of a text VR (PS3.5 table 6.2-1).
    private static string? WrongForm(DicomVR vr, string value)
    {
        if (vr == DicomVR.PN)
            return WrongName(value);
        string plain = value.TrimEnd(' ', '\0');
        if (vr == DicomVR.UI)
            return plain.Length == 0 ? null : !DicomUid.IsValid(plain) ? "no UID" : plain.Split('.').Any(part => part.Length > 1 && part[0] == '0') ? "a component starts with 0" : null;
        if (vr == DicomVR.DA)
            return plain.Length == 0 || plain.Length == 8 && DicomDate.TryParse(plain, out _) ? null : "no date YYYYMMDD";
        if (vr == DicomVR.TM)
            return plain.Length == 0 || !plain.Contains(':', StringComparison.Ordinal) && DicomTime.TryParse(plain, out _) ? null : "no time HHMMSS.FFFFFF";
        if (vr == DicomVR.DT)
            return plain.Length == 0 || DicomDateTime.TryParse(plain, out _) ? null : "no date and time";
        if (vr == DicomVR.AS)
            return plain.Length == 0 || plain.Length == 4 && DicomAge.TryParse(plain, out _) ? null : "no age nnnD, nnnW, nnnM or nnnY";
        long longest = vr.MaxLength;
        if (value.Length > longest)
            return $"{value.Length} characters where {longest} are allowed";
        string number = value.Trim(' ');
        if (number.Length > 0 && vr == DicomVR.IS && !int.TryParse(number, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _))
            return "no integer of 32 bits";
        if (number.Length > 0 && vr == DicomVR.DS && (!double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out double parsed) || !double.IsFinite(parsed) || number.AsSpan().IndexOfAnyExcept(_decimalCharacters) >= 0))
            return "no decimal number";
        if (vr == DicomVR.CS && plain.AsSpan().IndexOfAnyExcept(_codeCharacters) >= 0)
            return "a character that a code string may not have";
        return null;
    }

    private static string? WrongName(string value)
    {
        string[] groups = value.Split('=');
        if (groups.Length > 3)
            return "more than three component groups";
        if (groups.Any(group => group.Length > 64))
            return "a component group of more than 64 characters";
        return groups.Any(group => group.AsSpan().Count('^') > 4) ? "more than five components" : null;
    }
}

/// <summary>Multiplicities as PS3.6 prints them.</summary>
internal static class ValueMultiplicity
{
    /// <summary>Whether so many values are allowed: 1, 2-3, 1-n, 2-2n, "1-n or 1".</summary>
    internal static bool Allows(string vm, int count)
    {
        int or = vm.IndexOf(" or ", StringComparison.Ordinal);
        if (or >= 0)
            return Allows(vm[..or], count) || Allows(vm[(or + 4)..], count);
        int hyphen = vm.IndexOf('-', StringComparison.Ordinal);
        if (hyphen < 0)
            return !int.TryParse(vm, NumberStyles.None, CultureInfo.InvariantCulture, out int exact) || count == exact;
        int least = int.Parse(vm.AsSpan(0, hyphen), CultureInfo.InvariantCulture);
        ReadOnlySpan<char> most = vm.AsSpan(hyphen + 1);
        if (count < least)
            return false;
        if (most[^1] != 'n')
            return count <= int.Parse(most, CultureInfo.InvariantCulture);
        int factor = most.Length == 1 ? 1 : int.Parse(most[..^1], CultureInfo.InvariantCulture);
        return count % factor == 0;
    }
}
