using System.Globalization;
using System.Net;
using Microsoft.Extensions.Configuration;
using NetDicom.Cli.Invocation;
using NetDicom.Protocol;

namespace NetDicom.Cli.Archiving;

/// <summary>
/// One section of an archive's configuration, read field by field: by hand, since a binder by reflection knows neither AE titles nor which field is wrong. A field that nobody asked for is an
/// error at the end: a misspelt limit must not be no limit.
/// </summary>
/// <param name="section">The section.</param>
/// <param name="folder">Where paths in it begin.</param>
internal sealed class ArchiveSettings(IConfiguration section, string folder)
{
    // Longer times are never meant: a year.
    private const double LongestSeconds = 366 * 24 * 3600.0;

    private readonly HashSet<string> _known = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether the field is there, be it empty.</summary>
    public bool Has(string field)
    {
        _known.Add(field);
        return section.GetChildren().Any(child => string.Equals(child.Key, field, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>A text; null if it is not there, or empty.</summary>
    public string? Text(string field)
    {
        _known.Add(field);
        IConfigurationSection value = section.GetSection(field);
        if (value.GetChildren().Any())
            throw Wrong(field, "is one value, not several");
        return string.IsNullOrEmpty(value.Value) ? null : value.Value;
    }

    public string RequiredText(string field) => Text(field) ?? throw Wrong(field, "is missing");

    /// <summary>A path, below the folder of the configuration.</summary>
    public string? Path(string field) => Text(field) is { } text ? System.IO.Path.Combine(folder, text) : null;

    /// <summary>Paths of a list; none if it is not there.</summary>
    public IReadOnlyList<string> Paths(string field) => [.. (Texts(field) ?? []).Select(text => System.IO.Path.Combine(folder, text))];

    public string RequiredPath(string field) => Path(field) ?? throw Wrong(field, "is missing");

    public string? Title(string field) => Text(field) is not { } text ? null : AETitle.TryParse(text, out AETitle title) ? title.ToString() : throw Wrong(field, $"'{text}' is not an AE title");

    public IPAddress? Address(string field) => Text(field) is not { } text ? null : IPAddress.TryParse(text, out IPAddress? address) ? address : throw Wrong(field, $"'{text}' is not an IP address");

    public int? Port(string field, int lowest) => (int?)Number(field, lowest, IPEndPoint.MaxPort);

    public long? Number(string field, long lowest, long highest)
    {
        if (Text(field) is not { } text)
            return null;
        return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value) && value >= lowest && value <= highest
            ? value
            : throw Wrong(field, $"'{text}' is not a number from {lowest} to {highest}");
    }

    /// <summary>A number that need not be whole.</summary>
    public double? Real(string field, double lowest, double highest)
    {
        if (Text(field) is not { } text)
            return null;
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && value >= lowest && value <= highest
            ? value
            : throw Wrong(field, $"'{text}' is not a number from {lowest.ToString(CultureInfo.InvariantCulture)} to {highest.ToString(CultureInfo.InvariantCulture)}");
    }

    /// <summary>A time in seconds; 0 is no limit, where that is allowed.</summary>
    public TimeSpan? Seconds(string field, bool zeroIsNone)
    {
        if (Text(field) is not { } text)
            return null;
        if (!double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double seconds) || seconds > LongestSeconds || (seconds == 0 && !zeroIsNone))
            throw Wrong(field, $"'{text}' is not a time in seconds");
        return seconds == 0 ? Timeout.InfiniteTimeSpan : TimeSpan.FromSeconds(seconds);
    }

    public bool? Truth(string field) => Text(field) is not { } text ? null : bool.TryParse(text, out bool value) ? value : throw Wrong(field, $"'{text}' is neither true nor false");

    /// <summary>True or false where the field may be a section as well: null for that, and where it is not there.</summary>
    public bool? Flag(string field)
    {
        _known.Add(field);
        return section[field] is { Length: > 0 } ? Truth(field) : null;
    }

    /// <summary>One of some words.</summary>
    public T? Choice<T>(string field, params (string Word, T Value)[] choices) where T : struct
    {
        if (Text(field) is not { } text)
            return null;
        foreach ((string word, T value) in choices)
        {
            if (word == text)
                return value;
        }

        throw Wrong(field, $"'{text}' is none of {string.Join(", ", choices.Select(choice => choice.Word))}");
    }

    /// <summary>A list of texts; null if it is not there, which an empty list is not.</summary>
    public IReadOnlyList<string>? Texts(string field)
    {
        if (!Has(field))
            return null;
        IConfigurationSection list = section.GetSection(field);
        if (!string.IsNullOrEmpty(list.Value))
            throw Wrong(field, "is a list");
        return [.. list.GetChildren().Select(one => string.IsNullOrEmpty(one.Value) ? throw Wrong($"{field}:{one.Key}", "is not a text") : one.Value)];
    }

    /// <summary>A section below; null if it is not there.</summary>
    public ArchiveSettings? Section(string field)
    {
        if (!Has(field))
            return null;
        IConfigurationSection below = section.GetSection(field);
        return string.IsNullOrEmpty(below.Value) ? new ArchiveSettings(below, folder) : throw Wrong(field, "is a section with fields of its own");
    }

    /// <summary>The sections of a list, in order.</summary>
    public IReadOnlyList<ArchiveSettings> Sections(string field)
    {
        if (!Has(field))
            return [];
        IConfigurationSection list = section.GetSection(field);
        if (!string.IsNullOrEmpty(list.Value))
            throw Wrong(field, "is a list");
        return [.. list.GetChildren().Select(one => string.IsNullOrEmpty(one.Value) ? new ArchiveSettings(one, folder) : throw Wrong($"{field}:{one.Key}", "is a section with fields of its own"))];
    }

    /// <exception cref="UsageException">There is a field that was not asked for.</exception>
    public void ExpectNoOther()
    {
        foreach (IConfigurationSection child in section.GetChildren())
        {
            if (!_known.Contains(child.Key))
                throw Wrong(child.Key, $"is no field here; there are {string.Join(", ", _known.Order(StringComparer.Ordinal))}");
        }
    }

    public UsageException Wrong(string field, string problem) => new(section is IConfigurationSection { Path: { Length: > 0 } path } ? $"{path}:{field} {problem}" : $"{field} {problem}");
}
