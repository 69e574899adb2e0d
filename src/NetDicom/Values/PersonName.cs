namespace NetDicom;

/// <summary>One component group of a person name: five components (PS3.5 section 6.2.1).</summary>
/// <param name="FamilyName">Family name complex.</param>
/// <param name="GivenName">Given name complex.</param>
/// <param name="MiddleName">Middle name.</param>
/// <param name="Prefix">Name prefix.</param>
/// <param name="Suffix">Name suffix.</param>
public sealed record PersonNameGroup(string FamilyName = "", string GivenName = "", string MiddleName = "", string Prefix = "", string Suffix = "")
{
    /// <summary>Reads components separated by carets; what comes after the fifth stays in the suffix, as real files have it.</summary>
    public static PersonNameGroup Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string[] parts = text.Split('^', 5);
        string Part(int index) => index < parts.Length ? parts[index].Trim(' ') : "";
        return new PersonNameGroup(Part(0), Part(1), Part(2), Part(3), Part(4));
    }

    /// <summary>The components with their carets; trailing ones are left out.</summary>
    public override string ToString() => $"{FamilyName}^{GivenName}^{MiddleName}^{Prefix}^{Suffix}".TrimEnd('^');
}

/// <summary>A person name (VR PN): an alphabetic, an ideographic and a phonetic component group (PS3.5 section 6.2.1).</summary>
/// <param name="Alphabetic">The name in single-byte characters; <see langword="null"/> if there is none.</param>
/// <param name="Ideographic">The name in ideographic characters, if there is one.</param>
/// <param name="Phonetic">The name in phonetic characters, if there is one.</param>
public sealed record PersonName(PersonNameGroup? Alphabetic, PersonNameGroup? Ideographic = null, PersonNameGroup? Phonetic = null)
{
    /// <summary>The family name of the alphabetic group, or of the first group there is.</summary>
    public string FamilyName => (Alphabetic ?? Ideographic ?? Phonetic)?.FamilyName ?? "";

    /// <summary>The given name of the alphabetic group, or of the first group there is.</summary>
    public string GivenName => (Alphabetic ?? Ideographic ?? Phonetic)?.GivenName ?? "";

    /// <summary>Reads groups separated by equals signs and components separated by carets. Any text is a name.</summary>
    public static PersonName Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string[] groups = text.Split('=', 3);
        PersonNameGroup? Group(int index) => index < groups.Length && groups[index].Trim(' ').Length > 0 ? PersonNameGroup.Parse(groups[index]) : null;
        return new PersonName(Group(0), Group(1), Group(2));
    }

    /// <summary>The groups with their equals signs; trailing ones are left out.</summary>
    public override string ToString() => $"{Alphabetic}={Ideographic}={Phonetic}".TrimEnd('=');
}
