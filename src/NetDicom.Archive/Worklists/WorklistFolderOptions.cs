namespace NetDicom.Archive;

/// <summary>A file of a worklist folder, or the folder itself, that could not be used.</summary>
/// <param name="Path">The file.</param>
/// <param name="Problem">What is wrong with it: one line, without values of the file.</param>
public sealed record WorklistProblem(string Path, string Problem);

/// <summary>What a reading of a worklist folder came to.</summary>
/// <param name="Files">Files with entries in the worklist.</param>
/// <param name="Steps">Scheduled procedure steps in the worklist.</param>
/// <param name="IsChanged">Whether anything was read or left out anew.</param>
/// <param name="Problems">What could not be used, and was not told of before.</param>
public sealed record WorklistReading(int Files, int Steps, bool IsChanged, IReadOnlyList<WorklistProblem> Problems);

/// <summary>Which folder a worklist is read from, and how often.</summary>
public sealed record WorklistFolderOptions
{
    /// <summary>The folder. It is made when it is missing.</summary>
    public required string Folder { get; init; }

    /// <summary>Time between two looks at the folder that nothing gave rise to. Default 10 s: network drives tell of no change.</summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a change is waited out before the folder is read. Default 0.2 s: who writes a file writes several times.</summary>
    public TimeSpan SettleTime { get; init; } = TimeSpan.FromSeconds(0.2);

    /// <summary>Longest file read, in bytes. Default 16 MiB.</summary>
    public long MaxFileLength { get; init; } = 16 * 1024 * 1024;

    /// <summary>Most scheduled procedure steps held. Default 100,000.</summary>
    public int MaxSteps { get; init; } = 100_000;

    /// <summary>Is told of each reading that changed something or met a problem. Should not throw. Default: nobody.</summary>
    public Action<WorklistReading>? OnReading { get; init; }

    /// <summary>Is told when following the folder failed, as it does when <see cref="OnReading"/> throws; after <see cref="PollInterval"/> it goes on. Must not throw. Default: nobody.</summary>
    public Action<Exception>? OnError { get; init; }

    /// <summary>The clock of the two times above. Default the system's.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
