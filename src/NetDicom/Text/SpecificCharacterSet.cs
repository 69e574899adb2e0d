using System.Text;

namespace NetDicom;

/// <summary>
/// Specific Character Set (0008,0005): how text of the VRs SH, LO, ST, LT, PN, UC and UT is written as bytes (PS3.5 section 6.1.2, PS3.3 section C.12.1.1.2).
/// </summary>
/// <remarks>Terms that are missing or misspelt in ways met in the field are understood; a term nobody knows decodes as ASCII with replacement characters.</remarks>
public sealed partial class SpecificCharacterSet : IEquatable<SpecificCharacterSet>
{
    // A stranger may send more terms than there are sets: looking at each of thousands takes long.
    private const int MaxTerms = 64;

    // By the name without its decoration; of two with one name the first.
    private static readonly Dictionary<string, CharacterSetTerm> s_known = CharacterSetTerm.All.GroupBy(set => Normalise(set.Term)).ToDictionary(group => group.Key, group => group.First());

    private readonly CharacterSetTerm[] _sets;

    private SpecificCharacterSet(string[] terms, CharacterSetTerm[] sets, bool hasUnknownTerm)
    {
        Terms = terms;
        _sets = sets;
        HasUnknownTerm = hasUnknownTerm;
    }

    /// <summary>No term: ASCII. Bytes above 7F, which are then an error, decode as Latin-1.</summary>
    public static SpecificCharacterSet Default { get; } = new([], [CharacterSetTerm.Ascii], false);

    /// <summary>ISO_IR 192: UTF-8.</summary>
    public static SpecificCharacterSet Utf8 { get; } = Parse("ISO_IR 192");

    /// <summary>ISO_IR 100: Latin-1.</summary>
    public static SpecificCharacterSet Latin1 { get; } = Parse("ISO_IR 100");

    /// <summary>The values of (0008,0005) as they were given.</summary>
    public IReadOnlyList<string> Terms { get; }

    /// <summary>Whether a term was given that nobody knows.</summary>
    public bool HasUnknownTerm { get; }

    /// <summary>Whether there is no term, or only an empty one: ASCII.</summary>
    public bool IsDefault => Terms.Count == 0 || Terms.All(string.IsNullOrEmpty);

    /// <summary>Whether text is Unicode or another set that stands alone, without escape sequences.</summary>
    internal bool IsAlone => _sets[0].Kind == CharacterSetKind.Alone;

    // Code extensions hold when there are several values; escape sequences are honoured in any case.
    private CharacterSetTerm First => _sets[0];

    /// <summary>Takes the values of (0008,0005), joined by backslashes, such as <c>ISO 2022 IR 6\ISO 2022 IR 87</c>.</summary>
    public static SpecificCharacterSet Parse(string terms)
    {
        ArgumentNullException.ThrowIfNull(terms);
        return Parse(terms.Length == 0 ? [] : terms.Split('\\'));
    }

    /// <summary>Takes the values of (0008,0005).</summary>
    public static SpecificCharacterSet Parse(IReadOnlyList<string> terms)
    {
        ArgumentNullException.ThrowIfNull(terms);
        if (terms.Count == 0)
            return Default;
        int known = Math.Min(terms.Count, MaxTerms);
        bool unknown = terms.Count > known;
        var sets = new List<CharacterSetTerm>(known);
        for (int i = 0; i < known; i++)
        {
            CharacterSetTerm? set = Find(terms[i]);
            if (set is null)
            {
                unknown = true;
                set = CharacterSetTerm.Ascii;
            }

            // PS3.3 section C.12.1.1.2: these stand alone. As value 1 they rule; later ones are passed over.
            if (set.Kind == CharacterSetKind.Alone && i > 0)
                continue;
            sets.Add(set);
            if (set.Kind == CharacterSetKind.Alone)
                break;
        }

        return new SpecificCharacterSet([.. terms], [.. sets], unknown);
    }

    /// <summary>Whether every character of <paramref name="text"/> can be written in this set.</summary>
    public bool CanEncode(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return System.Text.Ascii.IsValid(text) || TryEncode(text, false, out _);
    }

    /// <inheritdoc/>
    public bool Equals(SpecificCharacterSet? other) =>
        other is not null && (ReferenceEquals(this, other) || _sets.SequenceEqual(other._sets));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as SpecificCharacterSet);

    /// <inheritdoc/>
    public override int GetHashCode() => _sets.Aggregate(0, (hash, set) => HashCode.Combine(hash, set.Term));

    /// <summary>The terms, joined by backslashes.</summary>
    public override string ToString() => string.Join('\\', Terms);

    // Spellings met in the field: ISO-IR 100, ISO IR 100, ISO_IR_100, IR100, ISO 2022 GBK, ISO 2022 58, UTF-8, ISO_8859-1 …
    private static CharacterSetTerm? Find(string term)
    {
        string plain = Normalise(term);
        if (plain.Length == 0)
            return CharacterSetTerm.Ascii;
        if (s_known.TryGetValue(plain, out CharacterSetTerm? set))
            return set;
        string? other = plain switch
        {
            "UTF8" or "UTF" => "IR 192",
            "ASCII" or "USASCII" or "646" => "IR 6",
            "LATIN1" or "88591" => "IR 100",
            "88592" => "IR 101",
            "88593" => "IR 109",
            "88594" => "IR 110",
            "88595" => "IR 144",
            "88596" => "IR 127",
            "88597" => "IR 126",
            "88598" => "IR 138",
            "88599" => "IR 148",
            "885915" => "IR 203",
            "GB2312" => "IR 58",
            _ => null,
        };
        return other is null ? null : CharacterSetTerm.All.First(set => set.Term == other);
    }

    private static string Normalise(string term)
    {
        var text = new StringBuilder(term.Length);
        foreach (char c in term)
        {
            if (char.IsAsciiLetterOrDigit(c))
                text.Append(char.ToUpperInvariant(c));
        }

        string plain = text.ToString();
        if (plain.StartsWith("ISO2022", StringComparison.Ordinal))
            plain = plain["ISO2022".Length..];
        if (plain.StartsWith("ISO", StringComparison.Ordinal))
            plain = plain["ISO".Length..];
        return plain.StartsWith("IR", StringComparison.Ordinal) ? plain["IR".Length..] : plain;
    }
}
