namespace NetDicom.Network;

/// <summary>What PS3.4 annex CC leaves to the provider, and the limits of a store in memory.</summary>
public sealed record UpsStoreOptions
{
    /// <summary>Clock of Scheduled Procedure Step Modification DateTime (0040,4010) and of cancellations. Default the system's.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Worklist Label (0074,1202) for a UPS that names none: a provider fills it (B300H: made with modifications). Default "DEFAULT".</summary>
    public string DefaultWorklistLabel { get; init; } = "DEFAULT";

    /// <summary>
    /// Makes a filter from the matching keys of a filtered global subscription; AttributeQuery of NetDicom.Archive does it. Null, the default: not supported, C307H.
    /// </summary>
    public Func<DicomDataSet, Func<DicomDataSet, bool>>? CompileFilter { get; init; }

    /// <summary>Whether an AE title is known as a receiver of events; C308H if not. Default: all are.</summary>
    public Func<string, bool>? IsKnownReceiver { get; init; }

    /// <summary>Whether event reports can be sent at all; C315H if not. Default true.</summary>
    public bool SupportsEvents { get; init; } = true;

    /// <summary>Whether deletion locks are given; without them a subscription that asks for one is answered B301H. Default true.</summary>
    public bool GivesDeletionLocks { get; init; } = true;

    /// <summary>
    /// Asked before UPS Cancel Requested goes to the performer of a UPS in progress, with the UPS: null goes on; C312H (performer cannot be reached) or C313H (does not want to) refuse.
    /// </summary>
    public Func<DicomDataSet, RuleResult?>? OnCancelRequest { get; init; }

    /// <summary>Where steps and subscriptions are kept over a restart; <see cref="UpsFolder"/> keeps them as files. Null, the default: nowhere.</summary>
    public IUpsRecordStore? Records { get; init; }

    /// <summary>Most steps held; one more is answered 0213H. Default 10,000.</summary>
    public int MaxInstances { get; init; } = 10_000;

    /// <summary>Most AEs subscribed globally, and most on one UPS; one more is answered 0213H. Default 1,000.</summary>
    public int MaxSubscribers { get; init; } = 1000;
}
