using System.Globalization;

namespace NetDicom.Archive;

/// <summary>A condition on a date, a time, or both together, which needs the whole data set: its other half and its zone.</summary>
internal sealed class TimeCondition
{
    private readonly DicomTag? _date;
    private readonly DicomTag? _time;
    private readonly DicomTag? _dateTime;
    private readonly MomentRange[] _dates = [];
    private readonly MomentRange[] _times = [];
    private readonly MatchingOptions _options;
    private readonly TimeSpan? _keyOffset;
    private readonly IReadOnlySet<DicomTag> _unknownMatches;
    private readonly bool _combined;

    private TimeCondition(MatchingOptions options, TimeSpan? keyOffset, IReadOnlySet<DicomTag> unknownMatches)
    {
        _options = options;
        _keyOffset = keyOffset;
        _unknownMatches = unknownMatches;
    }

    /// <summary>A date-time (VR DT).</summary>
    public TimeCondition(DicomTag dateTime, MomentRange[] ranges, MatchingOptions options, TimeSpan? keyOffset, IReadOnlySet<DicomTag> unknownMatches)
        : this(options, keyOffset, unknownMatches)
    {
        _dateTime = dateTime;
        _dates = ranges;
    }

    /// <summary>
    /// A date and its time. Tags are of the two attributes, asked for or not, since the zone of a time needs its date; ranges are empty for what is not asked.
    /// </summary>
    public TimeCondition(DicomTag? date, MomentRange[] dates, DicomTag? time, MomentRange[] times, MatchingOptions options, TimeSpan? keyOffset, IReadOnlySet<DicomTag> unknownMatches)
        : this(options, keyOffset, unknownMatches)
    {
        _date = date;
        _dates = dates;
        _time = time;
        _times = times;
        _combined = options.CombinedDateTime && dates is [{ IsRange: true }] && times is [{ IsRange: true }];
    }

    public bool IsMatch(DicomDataSet entity)
    {
        TimeSpan? entityOffset = OffsetOf(entity);
        return _dateTime is { } tag ? IsDateTimeMatch(entity, tag, entityOffset) : IsDateAndTimeMatch(entity, entityOffset);
    }

    /// <summary>Timezone Offset From UTC (0008,0201) of a data set or of one that encloses it.</summary>
    public static TimeSpan? OffsetOf(DicomDataSet dataSet)
    {
        for (DicomDataSet? set = dataSet; set is not null; set = set.Parent)
        {
            if (set.TryGetString(DicomTags.TimezoneOffsetFromUTC, out string? text) && TryParseOffset(text, out TimeSpan offset))
                return offset;
        }

        return null;
    }

    /// <summary>Reads &amp;ZZXX (PS3.3 section C.12.1.1.8).</summary>
    public static bool TryParseOffset(string text, out TimeSpan offset)
    {
        offset = default;
        text = text.Trim(' ');
        if (text.Length != 5 || text[0] is not ('+' or '-') || !int.TryParse(text.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out int digits) || digits > 1400 || digits % 100 > 59)
            return false;
        offset = new TimeSpan(digits / 100, digits % 100, 0);
        if (text[0] == '-')
            offset = -offset;
        return true;
    }

    private bool IsDateTimeMatch(DicomDataSet entity, DicomTag tag, TimeSpan? entityOffset)
    {
        IReadOnlyList<string> values = Values(entity, tag);
        if (values.Count == 0)
            return _unknownMatches.Contains(tag);
        foreach (string value in values)
        {
            if (!Moment.TryParse(value, DicomVR.DT, out Moment moment))
                continue;
            TimeSpan valueOffset = entityOffset ?? _options.AssumedOffset;
            TimeSpan keyOffset = _keyOffset ?? _options.AssumedOffset;
            if (Array.Exists(_dates, range => range.ContainsUtc(moment, valueOffset, keyOffset)))
                return true;
        }

        return false;
    }

    private bool IsDateAndTimeMatch(DicomDataSet entity, TimeSpan? entityOffset)
    {
        IReadOnlyList<string> dates = _date is { } date ? Values(entity, date) : [];
        IReadOnlyList<string> times = _time is { } time ? Values(entity, time) : [];
        bool anyDate = _dates.Length == 0 || dates.Count == 0 && _unknownMatches.Contains(_date!.Value);
        bool anyTime = _times.Length == 0 || times.Count == 0 && _unknownMatches.Contains(_time!.Value);
        if (anyDate && anyTime)
            return true;
        // How far the entity's clock has to be moved to read as the query's.
        long shift = _options.TimezoneAdjustment && _keyOffset is { } wanted ? (wanted - (entityOffset ?? _options.AssumedOffset)).Ticks : 0;
        for (int i = 0; i < Math.Max(dates.Count, times.Count); i++)
        {
            Moment? day = i < dates.Count && Moment.TryParse(dates[i], DicomVR.DA, out Moment d) ? d : null;
            Moment? clock = i < times.Count && Moment.TryParse(times[i], DicomVR.TM, out Moment t) ? t : null;
            if (Fits(day, clock, shift, anyDate, anyTime))
                return true;
        }

        return false;
    }

    private static IReadOnlyList<string> Values(DicomDataSet entity, DicomTag tag)
    {
        IReadOnlyList<string> values = entity.GetStrings(tag);
        return values is [{ Length: 0 }] ? [] : values;
    }

    private bool Fits(Moment? day, Moment? clock, long shift, bool anyDate, bool anyTime)
    {
        if (shift != 0 && clock is { } time)
        {
            if (day is { } known)
            {
                long moment = Math.Max(0, known.First + time.First + shift);
                long midnight = moment - moment % TimeSpan.TicksPerDay;
                day = new Moment(midnight, midnight + TimeSpan.TicksPerDay - 1);
                clock = new Moment(moment - midnight, moment - midnight + (time.Last - time.First));
            }
            else
            {
                long moved = ((time.First + shift) % TimeSpan.TicksPerDay + TimeSpan.TicksPerDay) % TimeSpan.TicksPerDay;
                clock = new Moment(moved, moved + (time.Last - time.First));
            }
        }

        if (_combined && !anyDate)
            return day is { } whole && FitsCombined(whole, clock);
        return (anyDate || day is { } a && Array.Exists(_dates, range => range.Contains(a.First)))
            && (anyTime || clock is { } b && Array.Exists(_times, range => range.Contains(b.First)));
    }

    // PS3.4 C.2.2.2.5.4: from the first time of the first date to the last time of the last. A date without a time is any time of its day.
    private bool FitsCombined(Moment day, Moment? clock)
    {
        MomentRange dates = _dates[0], times = _times[0];
        long first = day.First + (clock?.First ?? 0);
        long last = clock is { } known ? day.First + known.First : day.Last;
        return (dates.From is not { } from || last >= from.First + (times.From?.First ?? 0))
            && (dates.To is not { } to || first <= to.First + (times.To?.Last ?? TimeSpan.TicksPerDay - 1));
    }
}
