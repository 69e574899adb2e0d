namespace NetDicom.Archive;

/// <summary>What an archive may let go by itself: whole studies, oldest first. Without a rule it keeps everything.</summary>
public sealed record RetentionOptions
{
    /// <summary>Which study goes first where there is too little room. Default: the one whose last instance came first.</summary>
    public StudyOrder Order { get; init; }

    /// <summary>
    /// What counts as the date of a study for <see cref="MaxAge"/>. Default null: with <see cref="Order"/> by Study Date the later of that and when its last instance came (an old examination that was fetched for
    /// comparison is not deleted as it comes), otherwise when its last instance came.
    /// </summary>
    public StudyOrder? AgeOrder { get; init; }

    /// <summary>Studies older than this go, by <see cref="AgeOrder"/>. Default null: none for its age.</summary>
    public TimeSpan? MaxAge { get; init; }

    /// <summary>The oldest go while all files together have more bytes than this. Default null: no limit.</summary>
    public long? MaxBytes { get; init; }

    /// <summary>The oldest go while the file system has less free bytes than this. Default null: no limit.</summary>
    public long? MinFreeBytes { get; init; }

    /// <summary>A study that grew within this time is not deleted for want of room, whatever else fills the disk. Default one day.</summary>
    public TimeSpan Spared { get; init; } = TimeSpan.FromDays(1);

    /// <summary>How often the rules are applied, more than zero. Default 10 minutes.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>The clock.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Called for each study that went. It must not throw.</summary>
    public Action<RetentionDeletion>? OnDeleted { get; init; }

    /// <summary>Called when a rule cannot be kept because everything left is spared. It must not throw.</summary>
    public Action<RetentionRule>? OnUnmet { get; init; }

    /// <summary>Called when the rules cannot be applied, studies not deleted; it is tried again at the next time. It must not throw.</summary>
    public Action<Exception>? OnError { get; init; }

    /// <summary>What counts as the date of a study for its age, with the default worked out.</summary>
    internal StudyOrder AgeBy => AgeOrder ?? (Order == StudyOrder.StudyDate ? StudyOrder.Later : Order);

    /// <summary>Whether there is a rule.</summary>
    public bool HasRules => MaxAge is not null || MaxBytes is not null || MinFreeBytes is not null;
}

/// <summary>A rule of retention.</summary>
public enum RetentionRule
{
    /// <summary><see cref="RetentionOptions.MaxAge"/>.</summary>
    Age,

    /// <summary><see cref="RetentionOptions.MaxBytes"/>.</summary>
    Bytes,

    /// <summary><see cref="RetentionOptions.MinFreeBytes"/>.</summary>
    FreeSpace,
}

/// <summary>A study that an archive let go.</summary>
/// <param name="Study">The study as it was.</param>
/// <param name="Rule">Why.</param>
/// <param name="Report">What was deleted.</param>
public sealed record RetentionDeletion(StoredStudy Study, RetentionRule Rule, DeleteReport Report);
