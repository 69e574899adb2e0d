using System.Globalization;
using System.Numerics;
using Microsoft.Extensions.Configuration;

namespace NetDicom.Network;

/// <summary>
/// One section of a configuration, read key by key: written by hand, since a binder by reflection does not survive trimming and knows neither AE titles nor
/// which key is wrong. A key that nobody asked for is an error at the end: a misspelt limit must not be no limit.
/// </summary>
internal sealed class ConfigurationKeys(IConfiguration section)
{
    private readonly HashSet<string> _known = new(StringComparer.OrdinalIgnoreCase);

    public string? Text(string key)
    {
        _known.Add(key);
        return string.IsNullOrEmpty(section[key]) ? null : section[key];
    }

    public string RequiredText(string key) => Text(key) ?? throw Wrong(key, "is missing");

    public T? Number<T>(string key, T least) where T : struct, IBinaryInteger<T>, IMinMaxValue<T>
    {
        if (Text(key) is not { } text)
            return null;
        return T.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out T value) && value >= least
            ? value
            : throw Wrong(key, $"'{text}' is not a whole number from {least} to {T.MaxValue}");
    }

    /// <summary>Seconds, or hours:minutes:seconds. A bare number is never days, which it is to TimeSpan.</summary>
    public TimeSpan? Time(string key)
    {
        if (Text(key) is not { } text)
            return null;
        if (double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double seconds) && seconds <= TimeSpan.MaxValue.TotalSeconds / 2)
            return TimeSpan.FromSeconds(seconds);
        return text.Contains(':', StringComparison.Ordinal) && TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out TimeSpan time) && time >= TimeSpan.Zero
            ? time
            : throw Wrong(key, $"'{text}' is not a time: seconds, or hh:mm:ss");
    }

    public bool? Truth(string key) => Text(key) is not { } text ? null : bool.TryParse(text, out bool value) ? value : throw Wrong(key, $"'{text}' is neither true nor false");

    public T? Choice<T>(string key) where T : struct, Enum
    {
        if (Text(key) is not { } text)
            return null;
        // Names only: a number would be taken for any value.
        foreach (T value in Enum.GetValues<T>())
        {
            if (string.Equals(value.ToString(), text, StringComparison.OrdinalIgnoreCase))
                return value;
        }

        throw Wrong(key, $"'{text}' is none of {string.Join(", ", Enum.GetNames<T>())}");
    }

    /// <summary>The entries of a list; null if there is none. One text alone is a list of one.</summary>
    public IReadOnlyList<string>? List(string key)
    {
        if (Text(key) is { } alone)
            return [alone];
        List<string>? entries = null;
        foreach (IConfigurationSection entry in section.GetSection(key).GetChildren())
            (entries ??= []).Add(string.IsNullOrEmpty(entry.Value) ? throw Wrong($"{key}:{entry.Key}", "is not a text") : entry.Value);
        return entries;
    }

    /// <summary>A section below; null if there is none.</summary>
    public IConfigurationSection? Section(string key)
    {
        _known.Add(key);
        IConfigurationSection below = section.GetSection(key);
        return below.Exists() ? below : null;
    }

    /// <exception cref="DicomConfigurationException">There is a key that was not asked for.</exception>
    public void ExpectNoOther()
    {
        foreach (IConfigurationSection child in section.GetChildren())
        {
            if (!_known.Contains(child.Key))
                throw Wrong(child.Key, $"is no key here; known are {string.Join(", ", _known.Order(StringComparer.Ordinal))}");
        }
    }

    public DicomConfigurationException Wrong(string key, string problem, Exception? cause = null) =>
        new(section is IConfigurationSection { Path: { Length: > 0 } path } ? $"{path}:{key}" : key, problem, cause);
}
