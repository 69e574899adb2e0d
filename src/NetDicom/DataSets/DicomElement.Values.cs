using System.Buffers.Binary;
using System.Globalization;

namespace NetDicom;

public sealed partial class DicomElement
{
    /// <summary>How many values there are (the value multiplicity): 0 for an empty element, 1 for a sequence and for VRs that hold one value.</summary>
    public int ValueCount
    {
        get
        {
            if (IsEmpty)
                return 0;
            if (Items is not null || Fragments is not null || !VR.AllowsSeveralValues)
                return 1;
            return VR.ValueSize is > 0 and var size ? (int)(Length / size) : GetText().AsSpan().Count('\\') + 1;
        }
    }

    /// <summary>The text of the value as it is, with backslashes between values and without padding at the end; empty where the VR is no text.</summary>
    public string GetText()
    {
        if (_value is string text)
            return text;
        if (!VR.IsText || IsEmpty)
            return "";
        ReadOnlySpan<byte> bytes = GetBytes().Span;
        string decoded = VR.UsesSpecificCharacterSet
            ? (CharacterSet ?? SpecificCharacterSet.Utf8).Decode(bytes, VR == DicomVR.PN)
            : SpecificCharacterSet.Default.Decode(bytes);
        return decoded.TrimEnd(' ', '\0');
    }

    /// <summary>The values as text: numbers in invariant form, tags as (gggg,eeee), text without the spaces that mean nothing. Bytes, items and fragments have none.</summary>
    public IReadOnlyList<string> GetStrings()
    {
        int count = ValueCount;
        if (count == 0)
            return [];
        if (VR.IsText)
        {
            string text = GetText();
            if (!VR.AllowsSeveralValues)
                return [text];
            string[] values = text.Split('\\');
            for (int i = 0; i < values.Length; i++)
                values[i] = Trimmed(values[i]);
            return values;
        }

        if (VR.ValueSize == 0)
            return [];
        var list = new List<string>(count);
        for (int i = 0; i < Length / VR.ValueSize; i++)
        {
            if (TryGetString(i, out string one))
                list.Add(one);
        }

        return list;
    }

    /// <summary>The value numbered <paramref name="index"/>, from 0, as text.</summary>
    public bool TryGetString(int index, out string value)
    {
        value = "";
        if (index < 0)
            return false;
        if (VR.IsText)
        {
            if (IsEmpty)
                return false;
            string text = GetText();
            if (!VR.AllowsSeveralValues)
            {
                value = text;
                return index == 0;
            }

            for (; index > 0; index--)
            {
                int end = text.IndexOf('\\', StringComparison.Ordinal);
                if (end < 0)
                    return false;
                text = text[(end + 1)..];
            }

            int length = text.IndexOf('\\', StringComparison.Ordinal);
            value = Trimmed(length < 0 ? text : text[..length]);
            return true;
        }

        if (VR == DicomVR.AT && TryGetTag(index, out DicomTag tag))
        {
            value = tag.ToString();
            return true;
        }

        if (VR == DicomVR.FL || VR == DicomVR.OF)
        {
            if (!TryBytes(index, 4, out ReadOnlySpan<byte> four))
                return false;
            value = BinaryPrimitives.ReadSingleLittleEndian(four).ToString(CultureInfo.InvariantCulture);
            return true;
        }

        if (VR == DicomVR.FD || VR == DicomVR.OD)
        {
            if (!TryGetDouble(index, out double number))
                return false;
            value = number.ToString(CultureInfo.InvariantCulture);
            return true;
        }

        if (!TryInteger(index, out Int128 integer))
            return false;
        value = integer.ToString(CultureInfo.InvariantCulture);
        return true;
    }

    /// <summary>The value numbered <paramref name="index"/> as an integer, if it is one: binary, IS, or a decimal without a fraction.</summary>
    public bool TryGetInt64(int index, out long value)
    {
        value = 0;
        if (TryInteger(index, out Int128 integer))
        {
            if (integer < long.MinValue || integer > long.MaxValue)
                return false;
            value = (long)integer;
            return true;
        }

        if (!TryGetDecimal(index, out decimal number) || number != decimal.Truncate(number) || number is < long.MinValue or > long.MaxValue)
            return false;
        value = (long)number;
        return true;
    }

    /// <summary>The value numbered <paramref name="index"/> as an integer of 32 bits, if it is one.</summary>
    public bool TryGetInt32(int index, out int value)
    {
        bool fits = TryGetInt64(index, out long number) && number is >= int.MinValue and <= int.MaxValue;
        value = fits ? (int)number : 0;
        return fits;
    }

    /// <summary>The value numbered <paramref name="index"/> as a floating point number.</summary>
    public bool TryGetDouble(int index, out double value)
    {
        value = 0;
        if (VR == DicomVR.FL || VR == DicomVR.OF)
        {
            if (!TryBytes(index, 4, out ReadOnlySpan<byte> four))
                return false;
            value = BinaryPrimitives.ReadSingleLittleEndian(four);
            return true;
        }

        if (VR == DicomVR.FD || VR == DicomVR.OD)
        {
            if (!TryBytes(index, 8, out ReadOnlySpan<byte> eight))
                return false;
            value = BinaryPrimitives.ReadDoubleLittleEndian(eight);
            return true;
        }

        if (TryInteger(index, out Int128 integer))
        {
            value = (double)integer;
            return true;
        }

        return VR.IsText && TryGetString(index, out string text)
            && double.TryParse(WithPoint(text), NumberStyles.Float, CultureInfo.InvariantCulture, out value);
    }

    /// <summary>The value numbered <paramref name="index"/> as a decimal number: exact for DS and IS.</summary>
    public bool TryGetDecimal(int index, out decimal value)
    {
        value = 0;
        if (VR.IsText)
            return TryGetString(index, out string text) && decimal.TryParse(WithPoint(text), NumberStyles.Float, CultureInfo.InvariantCulture, out value);
        if (TryInteger(index, out Int128 integer))
        {
            value = (decimal)integer;
            return true;
        }

        if (!TryGetDouble(index, out double number) || !(Math.Abs(number) < 7.9e28))
            return false;
        // The shortest text that means this number: 0.1 of VR FL is 0.1.
        return TryGetString(index, out string shortest) && decimal.TryParse(shortest, NumberStyles.Float, CultureInfo.InvariantCulture, out value);
    }

    /// <summary>The value numbered <paramref name="index"/> as a date (DA, or the date of a DT).</summary>
    public bool TryGetDate(int index, out DateOnly value)
    {
        value = default;
        if (!TryGetString(index, out string text))
            return false;
        if (VR != DicomVR.DT)
            return DicomDate.TryParse(text, out value);
        bool valid = DicomDateTime.TryParse(text, out DicomDateTime moment) && moment.Precision >= DateTimePrecision.Day;
        value = valid ? DateOnly.FromDateTime(moment.Value) : default;
        return valid;
    }

    /// <summary>The value numbered <paramref name="index"/> as a time of day (TM).</summary>
    public bool TryGetTime(int index, out TimeOnly value)
    {
        value = default;
        return TryGetString(index, out string text) && DicomTime.TryParse(text, out value);
    }

    /// <summary>The value numbered <paramref name="index"/> as date and time (DT, DA).</summary>
    public bool TryGetDateTime(int index, out DicomDateTime value)
    {
        value = default;
        return TryGetString(index, out string text) && DicomDateTime.TryParse(text, out value);
    }

    /// <summary>The value numbered <paramref name="index"/> as an age (AS).</summary>
    public bool TryGetAge(int index, out DicomAge value)
    {
        value = default;
        return TryGetString(index, out string text) && DicomAge.TryParse(text, out value);
    }

    /// <summary>The value numbered <paramref name="index"/> as a person name (PN).</summary>
    public bool TryGetPersonName(int index, out PersonName value)
    {
        bool found = VR.IsText & TryGetString(index, out string text);
        value = PersonName.Parse(text);
        return found;
    }

    /// <summary>The value numbered <paramref name="index"/> as a UID, if it is one; padding does not matter.</summary>
    public bool TryGetUid(int index, out DicomUid value)
    {
        value = default;
        return VR.IsText && TryGetString(index, out string text) && DicomUid.TryParse(text.Trim(' ', '\0'), out value);
    }

    /// <summary>The value numbered <paramref name="index"/> as a tag (AT).</summary>
    public bool TryGetTag(int index, out DicomTag value)
    {
        value = default;
        if (VR != DicomVR.AT || !TryBytes(index, 4, out ReadOnlySpan<byte> bytes))
            return false;
        value = new DicomTag(BinaryPrimitives.ReadUInt16LittleEndian(bytes), BinaryPrimitives.ReadUInt16LittleEndian(bytes[2..]));
        return true;
    }

    /// <summary>Tag, VR and the first of the values.</summary>
    public override string ToString()
    {
        string name = DicomDictionary.KeywordOf(Tag);
        string value = Items is { } items ? $"{items.Count} items"
            : Fragments is { } fragments ? $"{fragments.Count} fragments"
            : VR.IsText ? GetText()
            : Length <= 64 ? string.Join('\\', GetStrings())
            : $"{Length} bytes";
        return $"{Tag} {VR} {name}: {value}";
    }

    // DS and IS with a comma are met in the field.
    private static string WithPoint(string text) => text.Replace(',', '.');

    private string Trimmed(string value) => VR == DicomVR.UI ? value.Trim(' ', '\0')
        : VR.IgnoresLeadingSpaces ? value.Trim(' ').TrimEnd('\0').TrimEnd(' ')
        : value.TrimEnd(' ', '\0');

    private bool TryInteger(int index, out Int128 value)
    {
        value = 0;
        if (VR.IsText)
            return TryGetString(index, out string text) && Int128.TryParse(text.AsSpan().Trim(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);
        if (VR == DicomVR.FL || VR == DicomVR.FD || VR == DicomVR.OF || VR == DicomVR.OD || VR == DicomVR.AT || VR.ValueSize == 0 || !TryBytes(index, VR.ValueSize, out ReadOnlySpan<byte> bytes))
            return false;
        bool signed = VR == DicomVR.SS || VR == DicomVR.SL || VR == DicomVR.SV;
        value = (VR.ValueSize, signed) switch
        {
            (2, true) => BinaryPrimitives.ReadInt16LittleEndian(bytes),
            (2, false) => BinaryPrimitives.ReadUInt16LittleEndian(bytes),
            (4, true) => BinaryPrimitives.ReadInt32LittleEndian(bytes),
            (4, false) => BinaryPrimitives.ReadUInt32LittleEndian(bytes),
            (_, true) => BinaryPrimitives.ReadInt64LittleEndian(bytes),
            _ => BinaryPrimitives.ReadUInt64LittleEndian(bytes),
        };
        return true;
    }

    private bool TryBytes(int index, int size, out ReadOnlySpan<byte> bytes)
    {
        bytes = default;
        if (index < 0 || (index + 1L) * size > Length || Items is not null || Fragments is not null)
            return false;
        bytes = GetBytes().Span.Slice(index * size, size);
        return true;
    }
}
