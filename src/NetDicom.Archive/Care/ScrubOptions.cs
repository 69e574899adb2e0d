namespace NetDicom.Archive;

/// <summary>How an archive is read through in the background.</summary>
public sealed record ScrubOptions
{
    /// <summary>Most bytes read a second. Default 8 MiB: a disk does many times that, and a terabyte takes a day and a half.</summary>
    public long BytesPerSecond { get; init; } = 8 << 20;

    /// <summary>From the beginning of one round to that of the next. Default 30 days. A round that takes longer is followed by the next at once.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromDays(30);

    /// <summary>How often it is noted where the round is. Default 30 s: so much is read again after a crash.</summary>
    public TimeSpan NoteInterval { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The clock.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Called for each thing that is wrong. It must not throw.</summary>
    public Action<ArchiveFinding>? OnFinding { get; init; }

    /// <summary>Called at the end of each round. It must not throw.</summary>
    public Action<ScrubState>? OnRound { get; init; }

    /// <summary>Called when the index cannot be read, or where the round is cannot be noted; it goes on later. It must not throw.</summary>
    public Action<Exception>? OnError { get; init; }
}

/// <summary>Where a round is.</summary>
/// <param name="After">The instance that was looked at last, in the order of their SOP Instance UIDs; none at the beginning and after the end.</param>
/// <param name="StartedAt">When the round began; the last one, if none is going on. Null before the first.</param>
/// <param name="IsGoingOn">Whether a round is going on.</param>
/// <param name="Files">Files looked at in it.</param>
/// <param name="Bytes">Their bytes.</param>
/// <param name="Findings">Files that were not as they were stored.</param>
public sealed record ScrubState(DicomUid After, DateTimeOffset? StartedAt, bool IsGoingOn, long Files, long Bytes, long Findings)
{
    /// <summary>Before the first round.</summary>
    public static ScrubState Never { get; } = new(default, null, false, 0, 0, 0);
}
