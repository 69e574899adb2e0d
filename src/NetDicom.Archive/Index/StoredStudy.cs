namespace NetDicom.Archive;

/// <summary>What counts as the date of a study when the oldest ones are looked for.</summary>
public enum StudyOrder
{
    /// <summary>When its last instance came.</summary>
    Received,

    /// <summary>Study Date (0008,0020); where that is missing, when its last instance came.</summary>
    StudyDate,

    /// <summary>The later of the two: an old examination that comes today is of today.</summary>
    Later,
}

/// <summary>A study as one that may be deleted.</summary>
/// <param name="StudyInstanceUid">Study Instance UID (0020,000D).</param>
/// <param name="StudyDate">Study Date (0008,0020); null without one.</param>
/// <param name="ReceivedAt">When its last instance came.</param>
/// <param name="Instances">Its instances.</param>
/// <param name="Bytes">Bytes of their files.</param>
public sealed record StoredStudy(DicomUid StudyInstanceUid, DateOnly? StudyDate, DateTimeOffset ReceivedAt, long Instances, long Bytes)
{
    /// <summary>Its date in an order: a Study Date counts from its beginning, in UTC.</summary>
    public DateTimeOffset DateIn(StudyOrder order)
    {
        if (order == StudyOrder.Received || StudyDate is not { } date)
            return ReceivedAt;
        var dated = new DateTimeOffset(date, TimeOnly.MinValue, TimeSpan.Zero);
        return order == StudyOrder.Later && dated < ReceivedAt ? ReceivedAt : dated;
    }
}
