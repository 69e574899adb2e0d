using System.Globalization;

namespace NetDicom;

/// <summary>The last component that a date or time gives.</summary>
public enum DateTimePrecision
{
    /// <summary>The year.</summary>
    Year,

    /// <summary>The month.</summary>
    Month,

    /// <summary>The day.</summary>
    Day,

    /// <summary>The hour.</summary>
    Hour,

    /// <summary>The minute.</summary>
    Minute,

    /// <summary>The second.</summary>
    Second,

    /// <summary>A fraction of the second, microseconds at most.</summary>
    Fraction,
}

/// <summary>A value of VR DT: as precise as it was given, with its offset from UTC if it has one (PS3.5 table 6.2-1).</summary>
/// <param name="Value">Date and time; components that were not given are their first (January, day 1, midnight).</param>
/// <param name="Precision">The last component that was given.</param>
/// <param name="Offset">Offset from UTC; <see langword="null"/> if none was given: then Timezone Offset From UTC (0008,0201) applies.</param>
public readonly record struct DicomDateTime(DateTime Value, DateTimePrecision Precision = DateTimePrecision.Fraction, TimeSpan? Offset = null)
{
    /// <summary>Reads YYYYMMDDHHMMSS.FFFFFF&amp;ZZXX and its shorter forms. Second 60 is read as 59.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out DicomDateTime value)
    {
        value = default;
        text = text.Trim(" \0");
        TimeSpan? offset = null;
        int sign = text.LastIndexOfAny('+', '-');
        if (sign >= 4 && text.Length - sign == 5)
        {
            if (!DicomTime.Digits(text.Slice(sign + 1, 2), out int hours) || !DicomTime.Digits(text.Slice(sign + 3, 2), out int minutes) || hours > 14 || minutes > 59)
                return false;
            var span = new TimeSpan(hours, minutes, 0);
            offset = text[sign] == '-' ? -span : span;
            text = text[..sign];
        }

        if (text.Length < 4 || !DicomTime.Digits(text[..4], out int year) || year < 1)
            return false;
        int month = 1, day = 1;
        DateTimePrecision precision = DateTimePrecision.Year;
        if (text.Length >= 6)
        {
            if (!DicomTime.Digits(text.Slice(4, 2), out month) || month is < 1 or > 12)
                return false;
            precision = DateTimePrecision.Month;
        }

        if (text.Length >= 8)
        {
            if (!DicomTime.Digits(text.Slice(6, 2), out day) || day < 1 || day > DateTime.DaysInMonth(year, month))
                return false;
            precision = DateTimePrecision.Day;
        }

        var time = TimeSpan.Zero;
        if (text.Length > 8)
        {
            if (!DicomTime.TryParse(text[8..], out TimeOnly parsed, out precision))
                return false;
            time = parsed.ToTimeSpan();
        }
        else if (text.Length is 5 or 7)
        {
            return false;
        }

        value = new DicomDateTime(new DateTime(year, month, day, 0, 0, 0, DateTimeKind.Unspecified) + time, precision, offset);
        return true;
    }

    /// <summary>The point in time, taking <paramref name="assumed"/> where the value has no offset of its own.</summary>
    public DateTimeOffset ToDateTimeOffset(TimeSpan assumed = default) => new(Value, Offset ?? assumed);

    /// <summary>The value as DICOM writes it, to its precision.</summary>
    public override string ToString()
    {
        string format = "yyyyMMddHHmmss.ffffff"[..(Precision switch
        {
            DateTimePrecision.Year => 4,
            DateTimePrecision.Month => 6,
            DateTimePrecision.Day => 8,
            DateTimePrecision.Hour => 10,
            DateTimePrecision.Minute => 12,
            DateTimePrecision.Second => 14,
            _ => 21,
        })];
        string text = Value.ToString(format, CultureInfo.InvariantCulture);
        return Offset is not { } offset ? text
            : string.Create(CultureInfo.InvariantCulture, $"{text}{(offset < TimeSpan.Zero ? '-' : '+')}{Math.Abs(offset.Hours):D2}{Math.Abs(offset.Minutes):D2}");
    }
}

/// <summary>Values of VR DA (PS3.5 table 6.2-1).</summary>
public static class DicomDate
{
    /// <summary>Reads YYYYMMDD, and the old YYYY.MM.DD that early files have.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out DateOnly value)
    {
        text = text.Trim(" \0");
        if (text.Length == 10 && text[4] is '.' or '-' && text[7] == text[4])
            return DateOnly.TryParseExact(text, text[4] == '.' ? "yyyy.MM.dd" : "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out value);
        return DateOnly.TryParseExact(text, "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out value);
    }

    /// <summary>The date as YYYYMMDD.</summary>
    public static string Format(DateOnly value) => value.ToString("yyyyMMdd", CultureInfo.InvariantCulture);

    /// <summary>Reads a range as queries have it: <c>from-to</c>, <c>from-</c>, <c>-to</c> or one date (PS3.4 section C.2.2.2.5). An open end is <see langword="null"/>.</summary>
    public static bool TryParseRange(ReadOnlySpan<char> text, out DateOnly? from, out DateOnly? to)
    {
        from = to = null;
        text = text.Trim(" \0");
        int hyphen = text.IndexOf('-');
        if (hyphen < 0)
        {
            bool single = TryParse(text, out DateOnly one);
            from = to = single ? one : null;
            return single;
        }

        return text.Length > 1 && End(text[..hyphen], out from) && End(text[(hyphen + 1)..], out to);
    }

    private static bool End(ReadOnlySpan<char> text, out DateOnly? value)
    {
        value = null;
        if (text.IsEmpty)
            return true;
        bool valid = TryParse(text, out DateOnly parsed);
        value = valid ? parsed : null;
        return valid;
    }
}

/// <summary>Values of VR TM (PS3.5 table 6.2-1).</summary>
public static class DicomTime
{
    /// <summary>Reads HHMMSS.FFFFFF and its shorter forms, and the old HH:MM:SS. Second 60 is read as 59.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out TimeOnly value) => TryParse(text, out value, out _);

    /// <summary>Reads HHMMSS.FFFFFF and its shorter forms, and tells how precise it was.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out TimeOnly value, out DateTimePrecision precision)
    {
        value = default;
        precision = DateTimePrecision.Hour;
        text = text.Trim(" \0");
        if (text.Length > 5 && text[2] == ':' && text[5] == ':')
            text = $"{text[..2]}{text.Slice(3, 2)}{text[6..]}";

        int point = text.IndexOf('.');
        ReadOnlySpan<char> whole = point < 0 ? text : text[..point];
        if (whole.Length is not (2 or 4 or 6) || point >= 0 && whole.Length != 6)
            return false;
        int minute = 0, second = 0, micro = 0;
        if (!Digits(whole[..2], out int hour) || hour > 23
            || whole.Length >= 4 && (!Digits(whole.Slice(2, 2), out minute) || minute > 59)
            || whole.Length == 6 && (!Digits(whole.Slice(4, 2), out second) || second > 60))
            return false;
        precision = whole.Length switch { 2 => DateTimePrecision.Hour, 4 => DateTimePrecision.Minute, _ => DateTimePrecision.Second };
        if (point >= 0)
        {
            ReadOnlySpan<char> fraction = text[(point + 1)..];
            if (fraction.Length is 0 or > 6 || !Digits(fraction, out micro))
                return false;
            for (int i = fraction.Length; i < 6; i++)
                micro *= 10;
            precision = DateTimePrecision.Fraction;
        }

        value = new TimeOnly(hour, minute, Math.Min(second, 59)).Add(TimeSpan.FromMicroseconds(micro));
        return true;
    }

    /// <summary>The time as HHMMSS, with microseconds where it has a fraction.</summary>
    public static string Format(TimeOnly value) =>
        value.ToString(value.Ticks % TimeSpan.TicksPerSecond == 0 ? "HHmmss" : "HHmmss.ffffff", CultureInfo.InvariantCulture);

    internal static bool Digits(ReadOnlySpan<char> text, out int value) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);
}
