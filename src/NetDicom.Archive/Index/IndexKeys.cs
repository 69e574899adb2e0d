using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace NetDicom.Archive;

/// <summary>The texts by which an index finds entities: attributes brought to the form in which keys of queries are compared. Coarser than matching, never finer; <see cref="AttributeQuery"/> decides.</summary>
public static class IndexKeys
{
    /// <summary>The key of an attribute that has no value, or whose value no key can stand for: it is looked at in every query.</summary>
    public const string Open = "";

    /// <summary>Keys longer than this are cut: the rest would only make the index larger.</summary>
    internal const int MaxLength = 64;

    /// <summary>The keys of an attribute, each once; <see cref="Open"/> alone if there is no value. Names give one for each component group.</summary>
    public static IReadOnlyList<string> Of(DicomDataSet entity, DicomTag tag)
    {
        ArgumentNullException.ThrowIfNull(entity);
        if (!entity.TryGet(tag, out DicomElement? element) || element.IsEmpty || element.Items is not null || element.Fragments is not null)
            return [Open];
        DicomVR vr = DicomDictionary.TryGet(tag, out DictionaryEntry entry) ? entry.VR : element.VR;
        var keys = new List<string>();
        for (int i = 0; i < element.ValueCount; i++)
        {
            if (vr == DicomVR.PN)
            {
                element.TryGetString(i, out string name);
                foreach (string group in (name ?? "").Split('=', 3))
                    Add(keys, PersonNameMatcher.Plain(group, true, true));
            }
            else
            {
                Add(keys, KeyOf(element, i, vr));
            }
        }

        return keys.Count == 0 ? [Open] : keys;
    }

    /// <summary>The one key of an attribute that has a column of its own: <see cref="Open"/> where there are several values.</summary>
    public static string KeyOf(DicomDataSet entity, DicomTag tag) => Of(entity, tag) is [string one] ? one : Open;

    /// <summary>
    /// The key that tells a patient from others: that of the attribute, with a hash of the whole behind the part that fits. Values longer than 64 characters are against the standard (VR LO) and come all the same.
    /// </summary>
    public static string IdentityOf(DicomDataSet entity, DicomTag tag) =>
        KeyOf(entity, tag) is { Length: > 0 } key ? key.Length < MaxLength - 1 ? key : IdentityOf(entity.GetStringOrDefault(tag) ?? "") : Open;

    /// <summary>As above, of a value.</summary>
    public static string IdentityOf(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        string text = TextComposition.Compose(value);
        return text.Length <= MaxLength ? text : $"{Cut(text)}#{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 8))}";
    }

    internal static string Cut(string text) => text.Length <= MaxLength ? text : text[..(char.IsHighSurrogate(text[MaxLength - 1]) ? MaxLength - 1 : MaxLength)];

    internal static string OfDate(long ticks) => new DateTime(ticks).ToString("yyyyMMdd", CultureInfo.InvariantCulture);

    internal static string OfNumber(decimal number) => (number / 1.0000000000000000000000000000m).ToString(CultureInfo.InvariantCulture);

    internal static bool IsNumber(DicomVR vr) => vr == DicomVR.IS || vr == DicomVR.DS || vr.ValueSize > 0 && vr != DicomVR.AT;

    private static string KeyOf(DicomElement element, int index, DicomVR vr)
    {
        if (IsNumber(vr))
            return element.TryGetDecimal(index, out decimal number) ? OfNumber(number) : Open;
        if (!element.TryGetString(index, out string text))
            return Open;
        if (vr == DicomVR.DA)
            return Moment.TryParse(text, vr, out Moment moment) ? OfDate(moment.First) : Open;
        return Cut(TextComposition.Compose(text));
    }

    private static void Add(List<string> keys, string key)
    {
        key = Cut(key);
        if (key.Length > 0 && !keys.Contains(key))
            keys.Add(key);
        else if (key.Length == 0 && keys.Count == 0)
            keys.Add(Open);
        if (keys.Count > 1)
            keys.Remove(Open);
    }
}
