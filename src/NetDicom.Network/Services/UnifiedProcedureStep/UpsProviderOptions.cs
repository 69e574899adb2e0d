using Microsoft.Extensions.Logging;
using NetDicom.Protocol;

namespace NetDicom.Network;

/// <summary>How a provider of Unified Procedure Step is reached and reaches its subscribers.</summary>
public sealed record UpsProviderOptions
{
    /// <summary>
    /// Where a subscriber is that has no association open with the UPS Event class: the provider opens one, as SCP (PS3.4 section CC.2.4). Null, the default, or an answer of null: it is not told.
    /// </summary>
    public Func<AETitle, CancellationToken, ValueTask<EntityAddress?>>? Resolve { get; init; }

    /// <summary>
    /// Makes of the identifier of a C-FIND (PS3.4 section CC.2.8) what answers the response for a step, null where it does not match; <c>AttributeQuery</c> of NetDicom.Archive does both. A
    /// <see cref="DicomDataException"/> is answered A900H with its tag. Null, the default: C-FIND is not supported here, and may have a handler of its own.
    /// </summary>
    public Func<DicomDataSet, Func<DicomDataSet, DicomDataSet?>>? CompileQuery { get; init; }

    /// <summary>Most events of one subscriber that wait; more are not sent. Default 1,000.</summary>
    public int MaxWaitingEvents { get; init; } = 1000;

    /// <summary>Is told of an event that did not reach its subscriber: it could not be reached, answered a failure (the status), or had too many waiting. It is not repeated, which PS3.4 section CC.2.4.3 does not ask for; subscription and deletion lock stay. Must not throw.</summary>
    public Action<UpsEvent, DimseStatus?>? OnUndelivered { get; init; }

    /// <summary>The log of what goes wrong where no association's log is at hand: in <see cref="Resolve"/> or <see cref="OnUndelivered"/>. Default none.</summary>
    public ILoggerFactory? LoggerFactory { get; init; }
}
