namespace NetDicom.Archive;

/// <summary>The span of time that one date, time or date-time value stands for, as far as it is precise: 10 of VR TM is the whole hour. Both ends inclusive, in ticks.</summary>
internal readonly record struct Moment(long First, long Last, TimeSpan? Offset = null)
{
    /// <summary>Reads one value of VR DA (ticks since year 1), TM (ticks since midnight) or DT (ticks since year 1, in its own zone).</summary>
    public static bool TryParse(string text, DicomVR vr, out Moment moment)
    {
        moment = default;
        if (vr == DicomVR.DA)
        {
            if (!DicomDate.TryParse(text, out DateOnly date))
                return false;
            long start = date.ToDateTime(TimeOnly.MinValue).Ticks;
            moment = new Moment(start, start + TimeSpan.TicksPerDay - 1);
            return true;
        }

        if (vr == DicomVR.TM)
        {
            if (!DicomTime.TryParse(text, out TimeOnly time, out DateTimePrecision precision))
                return false;
            moment = new Moment(time.Ticks, time.Ticks + Unit(precision) - 1);
            return true;
        }

        if (!DicomDateTime.TryParse(text, out DicomDateTime value))
            return false;
        long from = value.Value.Ticks;
        long length = value.Precision switch
        {
            DateTimePrecision.Year => Length(value.Value, 12),
            DateTimePrecision.Month => Length(value.Value, 1),
            var precision => Unit(precision),
        };
        moment = new Moment(from, from + length - 1, value.Offset);
        return true;
    }

    private static long Length(DateTime start, int months) =>
        (start.Year == 9999 && start.Month + months > 12 ? DateTime.MaxValue.Ticks + 1 : start.AddMonths(months).Ticks) - start.Ticks;

    private static long Unit(DateTimePrecision precision) => precision switch
    {
        DateTimePrecision.Day => TimeSpan.TicksPerDay,
        DateTimePrecision.Hour => TimeSpan.TicksPerHour,
        DateTimePrecision.Minute => TimeSpan.TicksPerMinute,
        DateTimePrecision.Second => TimeSpan.TicksPerSecond,
        _ => 1,
    };
}

/// <summary>What a date or time key asks for: one value, or a range with one end open or none (PS3.4 sections C.2.2.2.1 and C.2.2.2.5).</summary>
internal readonly record struct MomentRange(Moment? From, Moment? To, bool IsRange)
{
    /// <summary>Reads a key. Blanks around the hyphen and dates as YYYY.MM.DD are met in the field and read.</summary>
    public static bool TryParse(string text, DicomVR vr, out MomentRange range)
    {
        range = default;
        text = text.Trim(' ', '\0');
        MomentRange? reversed = null;
        for (int hyphen = text.IndexOf('-', StringComparison.Ordinal); hyphen >= 0; hyphen = text.IndexOf('-', hyphen + 1))
        {
            if (text.Length == 1 || !End(text[..hyphen], vr, out Moment? from) || !End(text[(hyphen + 1)..], vr, out Moment? to))
                continue;
            range = new MomentRange(from, to, true);
            if (from is not { } a || to is not { } b || a.First <= b.Last)
                return true;
            reversed ??= range;
        }

        // A sign in front of four digits at the end of a DT is a zone if it makes no range: 20060705100000-0500.
        if (Moment.TryParse(text, vr, out Moment one))
        {
            range = new MomentRange(one, one, false);
            return true;
        }

        // From after to: a range that holds nothing. PS3.4 C.2.2.2.5.2: none crosses midnight.
        range = reversed ?? default;
        return reversed is not null;
    }

    /// <summary>Whether a value on the line of plain ticks lies within.</summary>
    public bool Contains(long ticks) => (From is not { } from || ticks >= from.First) && (To is not { } to || ticks <= to.Last);

    /// <summary>Whether a moment lies within, both taken to UTC.</summary>
    public bool ContainsUtc(Moment value, TimeSpan valueOffset, TimeSpan keyOffset)
    {
        long ticks = value.First - (value.Offset ?? valueOffset).Ticks;
        return (From is not { } from || ticks >= from.First - (from.Offset ?? keyOffset).Ticks)
            && (To is not { } to || ticks <= to.Last - (to.Offset ?? keyOffset).Ticks);
    }

    private static bool End(string text, DicomVR vr, out Moment? end)
    {
        end = null;
        text = text.Trim(' ');
        if (text.Length == 0)
            return true;
        bool valid = Moment.TryParse(text, vr, out Moment moment);
        end = moment;
        return valid;
    }
}
