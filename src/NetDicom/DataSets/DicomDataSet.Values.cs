using System.Diagnostics.CodeAnalysis;

namespace NetDicom;

public sealed partial class DicomDataSet
{
    private delegate bool Reader<T>(DicomElement element, int index, out T value);

    /// <summary>The first value at <paramref name="path"/> as text.</summary>
    /// <exception cref="DicomDataException">There is no such element, it is empty, or its value is not text; the message names path and value.</exception>
    public string GetString(DicomTagPath path) => Get<string>(path, static (DicomElement element, int index, out string value) => element.TryGetString(index, out value), "text");

    /// <summary>The first value at <paramref name="path"/> as text, or <see langword="null"/> if there is none that can be read so.</summary>
    public string? GetStringOrDefault(DicomTagPath path) => TryGetString(path, out string? value) ? value : null;

    /// <summary>The first value at <paramref name="path"/> as text, if there is one that can be read so.</summary>
    public bool TryGetString(DicomTagPath path, [NotNullWhen(true)] out string? value)
    {
        value = default;
        return TryGet(path, out DicomElement? element) && !element.IsEmpty && element.TryGetString(0, out value);
    }

    /// <summary>The first value at <paramref name="path"/> as an integer of 32 bits.</summary>
    /// <exception cref="DicomDataException">There is no such element, it is empty, or its value is not an integer of 32 bits; the message names path and value.</exception>
    public int GetInt32(DicomTagPath path) => Get<int>(path, static (DicomElement element, int index, out int value) => element.TryGetInt32(index, out value), "an integer of 32 bits");

    /// <summary>The first value at <paramref name="path"/> as an integer of 32 bits, or <see langword="null"/> if there is none that can be read so.</summary>
    public int? GetInt32OrDefault(DicomTagPath path) => TryGetInt32(path, out int value) ? value : null;

    /// <summary>The first value at <paramref name="path"/> as an integer of 32 bits, if there is one that can be read so.</summary>
    public bool TryGetInt32(DicomTagPath path, out int value)
    {
        value = default;
        return TryGet(path, out DicomElement? element) && !element.IsEmpty && element.TryGetInt32(0, out value);
    }

    /// <summary>The first value at <paramref name="path"/> as an integer.</summary>
    /// <exception cref="DicomDataException">There is no such element, it is empty, or its value is not an integer; the message names path and value.</exception>
    public long GetInt64(DicomTagPath path) => Get<long>(path, static (DicomElement element, int index, out long value) => element.TryGetInt64(index, out value), "an integer");

    /// <summary>The first value at <paramref name="path"/> as an integer, or <see langword="null"/> if there is none that can be read so.</summary>
    public long? GetInt64OrDefault(DicomTagPath path) => TryGetInt64(path, out long value) ? value : null;

    /// <summary>The first value at <paramref name="path"/> as an integer, if there is one that can be read so.</summary>
    public bool TryGetInt64(DicomTagPath path, out long value)
    {
        value = default;
        return TryGet(path, out DicomElement? element) && !element.IsEmpty && element.TryGetInt64(0, out value);
    }

    /// <summary>The first value at <paramref name="path"/> as a number.</summary>
    /// <exception cref="DicomDataException">There is no such element, it is empty, or its value is not a number; the message names path and value.</exception>
    public double GetDouble(DicomTagPath path) => Get<double>(path, static (DicomElement element, int index, out double value) => element.TryGetDouble(index, out value), "a number");

    /// <summary>The first value at <paramref name="path"/> as a number, or <see langword="null"/> if there is none that can be read so.</summary>
    public double? GetDoubleOrDefault(DicomTagPath path) => TryGetDouble(path, out double value) ? value : null;

    /// <summary>The first value at <paramref name="path"/> as a number, if there is one that can be read so.</summary>
    public bool TryGetDouble(DicomTagPath path, out double value)
    {
        value = default;
        return TryGet(path, out DicomElement? element) && !element.IsEmpty && element.TryGetDouble(0, out value);
    }

    /// <summary>The first value at <paramref name="path"/> as a decimal number.</summary>
    /// <exception cref="DicomDataException">There is no such element, it is empty, or its value is not a decimal number; the message names path and value.</exception>
    public decimal GetDecimal(DicomTagPath path) => Get<decimal>(path, static (DicomElement element, int index, out decimal value) => element.TryGetDecimal(index, out value), "a decimal number");

    /// <summary>The first value at <paramref name="path"/> as a decimal number, or <see langword="null"/> if there is none that can be read so.</summary>
    public decimal? GetDecimalOrDefault(DicomTagPath path) => TryGetDecimal(path, out decimal value) ? value : null;

    /// <summary>The first value at <paramref name="path"/> as a decimal number, if there is one that can be read so.</summary>
    public bool TryGetDecimal(DicomTagPath path, out decimal value)
    {
        value = default;
        return TryGet(path, out DicomElement? element) && !element.IsEmpty && element.TryGetDecimal(0, out value);
    }

    /// <summary>The first value at <paramref name="path"/> as a date.</summary>
    /// <exception cref="DicomDataException">There is no such element, it is empty, or its value is not a date; the message names path and value.</exception>
    public DateOnly GetDate(DicomTagPath path) => Get<DateOnly>(path, static (DicomElement element, int index, out DateOnly value) => element.TryGetDate(index, out value), "a date");

    /// <summary>The first value at <paramref name="path"/> as a date, or <see langword="null"/> if there is none that can be read so.</summary>
    public DateOnly? GetDateOrDefault(DicomTagPath path) => TryGetDate(path, out DateOnly value) ? value : null;

    /// <summary>The first value at <paramref name="path"/> as a date, if there is one that can be read so.</summary>
    public bool TryGetDate(DicomTagPath path, out DateOnly value)
    {
        value = default;
        return TryGet(path, out DicomElement? element) && !element.IsEmpty && element.TryGetDate(0, out value);
    }

    /// <summary>The first value at <paramref name="path"/> as a time of day.</summary>
    /// <exception cref="DicomDataException">There is no such element, it is empty, or its value is not a time of day; the message names path and value.</exception>
    public TimeOnly GetTime(DicomTagPath path) => Get<TimeOnly>(path, static (DicomElement element, int index, out TimeOnly value) => element.TryGetTime(index, out value), "a time of day");

    /// <summary>The first value at <paramref name="path"/> as a time of day, or <see langword="null"/> if there is none that can be read so.</summary>
    public TimeOnly? GetTimeOrDefault(DicomTagPath path) => TryGetTime(path, out TimeOnly value) ? value : null;

    /// <summary>The first value at <paramref name="path"/> as a time of day, if there is one that can be read so.</summary>
    public bool TryGetTime(DicomTagPath path, out TimeOnly value)
    {
        value = default;
        return TryGet(path, out DicomElement? element) && !element.IsEmpty && element.TryGetTime(0, out value);
    }

    /// <summary>The first value at <paramref name="path"/> as a date and time.</summary>
    /// <exception cref="DicomDataException">There is no such element, it is empty, or its value is not a date and time; the message names path and value.</exception>
    public DicomDateTime GetDateTime(DicomTagPath path) => Get<DicomDateTime>(path, static (DicomElement element, int index, out DicomDateTime value) => element.TryGetDateTime(index, out value), "a date and time");

    /// <summary>The first value at <paramref name="path"/> as a date and time, or <see langword="null"/> if there is none that can be read so.</summary>
    public DicomDateTime? GetDateTimeOrDefault(DicomTagPath path) => TryGetDateTime(path, out DicomDateTime value) ? value : null;

    /// <summary>The first value at <paramref name="path"/> as a date and time, if there is one that can be read so.</summary>
    public bool TryGetDateTime(DicomTagPath path, out DicomDateTime value)
    {
        value = default;
        return TryGet(path, out DicomElement? element) && !element.IsEmpty && element.TryGetDateTime(0, out value);
    }

    /// <summary>The first value at <paramref name="path"/> as an age.</summary>
    /// <exception cref="DicomDataException">There is no such element, it is empty, or its value is not an age; the message names path and value.</exception>
    public DicomAge GetAge(DicomTagPath path) => Get<DicomAge>(path, static (DicomElement element, int index, out DicomAge value) => element.TryGetAge(index, out value), "an age");

    /// <summary>The first value at <paramref name="path"/> as an age, or <see langword="null"/> if there is none that can be read so.</summary>
    public DicomAge? GetAgeOrDefault(DicomTagPath path) => TryGetAge(path, out DicomAge value) ? value : null;

    /// <summary>The first value at <paramref name="path"/> as an age, if there is one that can be read so.</summary>
    public bool TryGetAge(DicomTagPath path, out DicomAge value)
    {
        value = default;
        return TryGet(path, out DicomElement? element) && !element.IsEmpty && element.TryGetAge(0, out value);
    }

    /// <summary>The first value at <paramref name="path"/> as a person name.</summary>
    /// <exception cref="DicomDataException">There is no such element, it is empty, or its value is not a person name; the message names path and value.</exception>
    public PersonName GetPersonName(DicomTagPath path) => Get<PersonName>(path, static (DicomElement element, int index, out PersonName value) => element.TryGetPersonName(index, out value), "a person name");

    /// <summary>The first value at <paramref name="path"/> as a person name, or <see langword="null"/> if there is none that can be read so.</summary>
    public PersonName? GetPersonNameOrDefault(DicomTagPath path) => TryGetPersonName(path, out PersonName? value) ? value : null;

    /// <summary>The first value at <paramref name="path"/> as a person name, if there is one that can be read so.</summary>
    public bool TryGetPersonName(DicomTagPath path, [NotNullWhen(true)] out PersonName? value)
    {
        value = default;
        return TryGet(path, out DicomElement? element) && !element.IsEmpty && element.TryGetPersonName(0, out value);
    }

    /// <summary>The first value at <paramref name="path"/> as a UID.</summary>
    /// <exception cref="DicomDataException">There is no such element, it is empty, or its value is not a UID; the message names path and value.</exception>
    public DicomUid GetUid(DicomTagPath path) => Get<DicomUid>(path, static (DicomElement element, int index, out DicomUid value) => element.TryGetUid(index, out value), "a UID");

    /// <summary>The first value at <paramref name="path"/> as a UID, or <see langword="null"/> if there is none that can be read so.</summary>
    public DicomUid? GetUidOrDefault(DicomTagPath path) => TryGetUid(path, out DicomUid value) ? value : null;

    /// <summary>The first value at <paramref name="path"/> as a UID, if there is one that can be read so.</summary>
    public bool TryGetUid(DicomTagPath path, out DicomUid value)
    {
        value = default;
        return TryGet(path, out DicomElement? element) && !element.IsEmpty && element.TryGetUid(0, out value);
    }

    /// <summary>The first value at <paramref name="path"/> as a tag.</summary>
    /// <exception cref="DicomDataException">There is no such element, it is empty, or its value is not a tag; the message names path and value.</exception>
    public DicomTag GetTag(DicomTagPath path) => Get<DicomTag>(path, static (DicomElement element, int index, out DicomTag value) => element.TryGetTag(index, out value), "a tag");

    /// <summary>The first value at <paramref name="path"/> as a tag, or <see langword="null"/> if there is none that can be read so.</summary>
    public DicomTag? GetTagOrDefault(DicomTagPath path) => TryGetTag(path, out DicomTag value) ? value : null;

    /// <summary>The first value at <paramref name="path"/> as a tag, if there is one that can be read so.</summary>
    public bool TryGetTag(DicomTagPath path, out DicomTag value)
    {
        value = default;
        return TryGet(path, out DicomElement? element) && !element.IsEmpty && element.TryGetTag(0, out value);
    }

    /// <summary>All values at <paramref name="path"/> as integers of 32 bits; none if there is no such element.</summary>
    /// <exception cref="DicomDataException">A value cannot be read so.</exception>
    public IReadOnlyList<int> GetInt32s(DicomTagPath path) => GetAll<int>(path, static (DicomElement element, int index, out int value) => element.TryGetInt32(index, out value), "integers of 32 bits");

    /// <summary>All values at <paramref name="path"/> as integers; none if there is no such element.</summary>
    /// <exception cref="DicomDataException">A value cannot be read so.</exception>
    public IReadOnlyList<long> GetInt64s(DicomTagPath path) => GetAll<long>(path, static (DicomElement element, int index, out long value) => element.TryGetInt64(index, out value), "integers");

    /// <summary>All values at <paramref name="path"/> as numbers; none if there is no such element.</summary>
    /// <exception cref="DicomDataException">A value cannot be read so.</exception>
    public IReadOnlyList<double> GetDoubles(DicomTagPath path) => GetAll<double>(path, static (DicomElement element, int index, out double value) => element.TryGetDouble(index, out value), "numbers");

    /// <summary>All values at <paramref name="path"/> as decimal numbers; none if there is no such element.</summary>
    /// <exception cref="DicomDataException">A value cannot be read so.</exception>
    public IReadOnlyList<decimal> GetDecimals(DicomTagPath path) => GetAll<decimal>(path, static (DicomElement element, int index, out decimal value) => element.TryGetDecimal(index, out value), "decimal numbers");

    /// <summary>All values at <paramref name="path"/> as person names; none if there is no such element.</summary>
    /// <exception cref="DicomDataException">A value cannot be read so.</exception>
    public IReadOnlyList<PersonName> GetPersonNames(DicomTagPath path) => GetAll<PersonName>(path, static (DicomElement element, int index, out PersonName value) => element.TryGetPersonName(index, out value), "person names");

    /// <summary>All values at <paramref name="path"/> as UIDs; none if there is no such element.</summary>
    /// <exception cref="DicomDataException">A value cannot be read so.</exception>
    public IReadOnlyList<DicomUid> GetUids(DicomTagPath path) => GetAll<DicomUid>(path, static (DicomElement element, int index, out DicomUid value) => element.TryGetUid(index, out value), "UIDs");

    /// <summary>All values at <paramref name="path"/> as tags; none if there is no such element.</summary>
    /// <exception cref="DicomDataException">A value cannot be read so.</exception>
    public IReadOnlyList<DicomTag> GetTags(DicomTagPath path) => GetAll<DicomTag>(path, static (DicomElement element, int index, out DicomTag value) => element.TryGetTag(index, out value), "tags");

    /// <summary>All values at <paramref name="path"/> as text; none if there is no such element.</summary>
    public IReadOnlyList<string> GetStrings(DicomTagPath path) => TryGet(path, out DicomElement? element) ? element.GetStrings() : [];

    /// <summary>The value field at <paramref name="path"/> in little endian order; empty if there is no such element.</summary>
    public ReadOnlyMemory<byte> GetBytes(DicomTagPath path) =>
        TryGet(path, out DicomElement? element) && element.Items is null && element.Fragments is null ? element.GetBytes() : default;

    private T Get<T>(DicomTagPath path, Reader<T> reader, string kind)
    {
        if (!TryGet(path, out DicomElement? element))
            throw new DicomDataException($"there is no {path}", path.Tag);
        if (element.IsEmpty)
            throw new DicomDataException($"{path} has no value", path.Tag);
        return reader(element, 0, out T value) ? value : throw NotThat(path, element, kind);
    }

    private T[] GetAll<T>(DicomTagPath path, Reader<T> reader, string kind)
    {
        if (!TryGet(path, out DicomElement? element))
            return [];
        var values = new T[element.ValueCount];
        for (int i = 0; i < values.Length; i++)
        {
            if (!reader(element, i, out values[i]))
                throw NotThat(path, element, kind);
        }

        return values;
    }

    // Without the value: it may be a patient's, and exceptions are logged.
    private static DicomDataException NotThat(DicomTagPath path, DicomElement element, string kind) =>
        new($"{path} (VR {element.VR}, {element.Length} bytes) cannot be read as {kind}", path.Tag);
}
