using System.Globalization;

namespace NetDicom;

/// <summary>A value of VR AS: three digits and a unit (PS3.5 table 6.2-1).</summary>
/// <param name="Count">How many, 0 to 999.</param>
/// <param name="Unit">D days, W weeks, M months or Y years.</param>
public readonly record struct DicomAge(int Count, char Unit)
{
    /// <summary>Reads nnnD, nnnW, nnnM or nnnY; fewer digits, which are met in the field, are read too.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out DicomAge value)
    {
        value = default;
        text = text.Trim(" \0");
        if (text.Length is < 2 or > 4 || text[^1] is not ('D' or 'W' or 'M' or 'Y') || !DicomTime.Digits(text[..^1], out int count))
            return false;
        value = new DicomAge(count, text[^1]);
        return true;
    }

    /// <summary>Three digits and the unit.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Count:D3}{Unit}");
}
