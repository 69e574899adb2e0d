using NetDicom.Cli.Invocation;

namespace NetDicom.Cli.Sending;

/// <summary>How one file ended.</summary>
internal enum FileOutcome
{
    /// <summary>Acknowledged with success.</summary>
    Stored,

    /// <summary>Acknowledged with a warning status: the peer has it.</summary>
    StoredWithWarning,

    /// <summary>The journal says that an earlier run sent it.</summary>
    Skipped,

    /// <summary>The peer answered a failure status.</summary>
    Refused,

    /// <summary>Not a DICOM file, or not readable.</summary>
    Unreadable,

    /// <summary>The peer accepted no presentation context that could carry it.</summary>
    NoContext,

    /// <summary>The association ended while it was on its way.</summary>
    Lost,

    /// <summary>Nothing was sent of it.</summary>
    NotSent,
}

/// <summary>The counts of a run of storescu, and the exit code that follows from them.</summary>
internal sealed class StoreTally
{
    private readonly Lock _gate = new();
    private readonly int[] _counts = new int[Enum.GetValues<FileOutcome>().Length];

    /// <summary>Bytes of the data sets that the peer acknowledged.</summary>
    public long Bytes { get; private set; }

    /// <summary>Files that have an outcome.</summary>
    public int Files { get; private set; }

    /// <summary>An association stood at some time.</summary>
    public bool Established { get; set; }

    /// <summary>An association could not be had, when one was needed.</summary>
    public bool NotEstablished { get; set; }

    /// <summary>An association ended before its time and its objects were not sent again.</summary>
    public bool Lost { get; set; }

    /// <summary>The journal could not be written any more.</summary>
    public bool JournalLost { get; set; }

    public int this[FileOutcome outcome]
    {
        get
        {
            lock (_gate)
                return _counts[(int)outcome];
        }
    }

    public void Add(FileOutcome outcome, long bytes = 0)
    {
        lock (_gate)
        {
            _counts[(int)outcome]++;
            Files++;
            if (outcome is FileOutcome.Stored or FileOutcome.StoredWithWarning)
                Bytes += bytes;
        }
    }

    /// <summary>The most severe thing that happened decides.</summary>
    public int ExitCode
    {
        get
        {
            lock (_gate)
            {
                bool anyAnswer = Count(FileOutcome.Stored) + Count(FileOutcome.StoredWithWarning) + Count(FileOutcome.Refused) > 0;
                // Established, but nothing that we have to send was accepted: the same to the user as no association.
                bool noContextAtAll = Count(FileOutcome.NoContext) > 0 && !anyAnswer && !Lost && Count(FileOutcome.Lost) == 0;
                if ((NotEstablished && !Established) || noContextAtAll)
                    return Invocation.ExitCode.NotEstablished;
                if (Lost || NotEstablished || Count(FileOutcome.Lost) > 0)
                    return Invocation.ExitCode.AssociationLost;
                if (Count(FileOutcome.Refused) + Count(FileOutcome.NoContext) > 0)
                    return Invocation.ExitCode.OperationFailed;
                if (Count(FileOutcome.Unreadable) > 0)
                    return Invocation.ExitCode.InputNotRead;
                return JournalLost ? Invocation.ExitCode.Usage : Invocation.ExitCode.Success;
            }
        }
    }

    private int Count(FileOutcome outcome) => _counts[(int)outcome];
}
