using NetDicom.Protocol;

namespace NetDicom.Network;

/// <summary>A response as it came.</summary>
/// <param name="Status">Its status.</param>
/// <param name="ErrorComment">Error Comment (0000,0902), if there is one.</param>
/// <param name="Response">All elements of the response; null for C-STORE-RSP and C-ECHO-RSP, of which nobody needs more.</param>
/// <param name="DataSet">Its data set, still encoded; null without one.</param>
/// <param name="IsDataSetTooLong">There was a data set, longer than the limit, and it was passed over.</param>
internal readonly record struct Answer(
    DimseStatus Status, string? ErrorComment, DimseResponse? Response = null, ReadOnlyMemory<byte>? DataSet = null, bool IsDataSetTooLong = false)
{
    /// <summary>Offending Element (0000,0901) of a C-STORE-RSP; of others it is in <see cref="Response"/>.</summary>
    public IReadOnlyList<DicomTag> OffendingElements { get; init; } = [];
}

/// <summary>How far a request has come.</summary>
internal enum PendingState
{
    /// <summary>It has a Message ID; nothing is sent.</summary>
    Registered,

    /// <summary>Its first bytes may be out: the peer may answer, early, with a refusal.</summary>
    Sending,

    /// <summary>It is out whole: the DIMSE time limit runs.</summary>
    Sent,
}

/// <summary>A request that waits for its response. Its methods are called on the reading loop: they neither block nor run a user's code.</summary>
internal abstract class PendingOperation(CommandField response, byte contextId)
{
    public CommandField Response { get; } = response;

    public byte ContextId { get; } = contextId;

    private OperationMeasure _measure;

    public ushort MessageId { get; set; }

    public PendingState State { get; set; }

    /// <summary>The first bytes are about to leave.</summary>
    public void BeginSending(AssociationWatch watch)
    {
        // First the measure: from the moment it is sending, an answer, of whatever peer, can end it.
        _measure = OperationMeasure.Start(watch, OperationSide.Invoker, Response, MessageId, SopClassUid);
        State = PendingState.Sending;
    }

    /// <summary>The final response is there, or will not come.</summary>
    public void StopMeasuring(DimseStatus? status) => _measure.Stop(status);

    /// <summary>The SOP class in the request; a response that names another one is none to it.</summary>
    public abstract DicomUid SopClassUid { get; }

    /// <summary>The SOP instance in the request, if it names one; a response that names another one is none to it.</summary>
    public virtual DicomUid SopInstanceUid => default;

    /// <summary>Longest time to the next response; null for that of the association.</summary>
    public virtual TimeSpan? ResponseTimeout => null;

    /// <summary>Whether several responses come, all but the last with a Pending status.</summary>
    public virtual bool TakesPending => false;

    /// <summary>Whether a response may have a data set (PS3.7 sections 9.3 and 10.3).</summary>
    public bool TakesDataSet => Response is not (CommandField.CStoreResponse or CommandField.CEchoResponse or CommandField.NDeleteResponse);

    /// <summary>Longest data set of a response that is kept, in bytes; null if nobody wants one.</summary>
    public virtual long? MaxDataSetLength => null;

    /// <summary>Completes when the next response may be read; completed as long as there is room for it.</summary>
    public virtual Task WhenRoom => Task.CompletedTask;

    public abstract void OnAnswer(in Answer answer);

    public abstract void OnEnded(AssociationEnd end);
}

/// <summary>A request whose caller awaits its one answer.</summary>
internal sealed class AwaitedOperation(
    CommandField response, byte contextId, DicomUid sopClass, DicomUid sopInstance = default, long maxDataSetLength = 0, TimeSpan? responseTimeout = null) : PendingOperation(response, contextId)
{
    // The waiter must not run on the reading loop: it may block, and the loop would not see an abort.
    private readonly TaskCompletionSource<Answer> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<Answer> Task => _completion.Task;

    public override DicomUid SopClassUid => sopClass;

    public override DicomUid SopInstanceUid => sopInstance;

    public override TimeSpan? ResponseTimeout => responseTimeout;

    public override long? MaxDataSetLength => maxDataSetLength;

    public override void OnAnswer(in Answer answer) => _completion.TrySetResult(answer);

    public override void OnEnded(AssociationEnd end)
    {
        _completion.TrySetException(end.ToException());
        // Where nobody waits any more the exception has been told through the association's end.
        _ = _completion.Task.Exception;
    }
}

/// <summary>The requests of this side that have no response yet, by Message ID (PS3.7 section 6.3.2).</summary>
internal sealed class PendingOperations
{
    private readonly Lock _gate = new();
    private readonly Dictionary<ushort, PendingOperation> _operations = [];
    private ushort _lastMessageId;
    private AssociationEnd? _ended;
    private volatile bool _isEmpty = true;

    /// <summary>Whether nothing waits; read without the lock, for those who only want to know whether it is worth looking.</summary>
    public bool IsEmpty => _isEmpty;

    /// <summary>Whether there is a request of which something is sent and that has no answer.</summary>
    public bool HasOpen
    {
        get
        {
            lock (_gate)
            {
                foreach (PendingOperation operation in _operations.Values)
                {
                    if (operation.State >= PendingState.Sending)
                        return true;
                }

                return false;
            }
        }
    }

    /// <summary>How long the peer has for the next response: the longest that a request, sent whole and without answer, gives it; zero for ever. Null if it owes none.</summary>
    public TimeSpan? LongestTimeout(TimeSpan usual)
    {
        lock (_gate)
        {
            TimeSpan? longest = null;
            foreach (PendingOperation operation in _operations.Values)
            {
                if (operation.State != PendingState.Sent)
                    continue;
                TimeSpan timeout = operation.ResponseTimeout ?? usual;
                if (timeout <= TimeSpan.Zero)
                    return TimeSpan.Zero;
                if (longest is null || timeout > longest)
                    longest = timeout;
            }

            return longest;
        }
    }

    /// <summary>Gives the next free Message ID and waits for responses to it.</summary>
    /// <exception cref="AssociationEndedException">The association has ended.</exception>
    public void Register(PendingOperation operation)
    {
        lock (_gate)
        {
            if (_ended is not null)
                throw _ended.ToException();
            do
            {
                _lastMessageId++;
            }
            while (_lastMessageId == 0 || _operations.ContainsKey(_lastMessageId));

            operation.MessageId = _lastMessageId;
            _operations.Add(_lastMessageId, operation);
            _isEmpty = false;
        }
    }

    /// <summary>The operation a response belongs to.</summary>
    /// <exception cref="PduViolationException">There is none, or the response does not fit its request: nobody can tell what the peer meant.</exception>
    public PendingOperation Match(CommandSet response, NegotiatedContext context)
    {
        ushort messageId = response.MessageIdBeingRespondedTo;
        lock (_gate)
        {
            if (!_operations.TryGetValue(messageId, out PendingOperation? operation) || operation.State == PendingState.Registered)
                throw Wrong(response, messageId, "which waits for no response");
            if (operation.Response != response.Command)
                throw Wrong(response, messageId, $"which waits for {operation.Response}");
            if (operation.ContextId != context.Id)
                throw Wrong(response, messageId, $"which was sent on presentation context {operation.ContextId}, not {context.Id}");
            // A peer that names the class of the context, where the request named a member of it, means the same.
            if (!Fits(response, CommandTags.AffectedSopClassUid, operation.SopClassUid) && !Fits(response, CommandTags.AffectedSopClassUid, context.AbstractSyntax))
                throw Wrong(response, messageId, $"with another Affected SOP Class UID than {operation.SopClassUid}");
            if (!Fits(response, CommandTags.AffectedSopInstanceUid, operation.SopInstanceUid))
                throw Wrong(response, messageId, "with another Affected SOP Instance UID than the request");
            if (response.HasDataSet && !operation.TakesDataSet)
                throw Wrong(response, messageId, "with a data set, which it must not have (PS3.7 sections 9.3 and 10.3)");
            return operation;
        }
    }

    public void Remove(PendingOperation operation)
    {
        lock (_gate)
        {
            _operations.Remove(operation.MessageId);
            _isEmpty = _operations.Count == 0;
        }

        operation.StopMeasuring(null);
    }

    /// <summary>Fails everything that waits, and everything that would.</summary>
    public void End(AssociationEnd end)
    {
        PendingOperation[] waiting;
        lock (_gate)
        {
            _ended = end;
            waiting = [.. _operations.Values];
            _operations.Clear();
            _isEmpty = true;
        }

        foreach (PendingOperation operation in waiting)
        {
            operation.StopMeasuring(null);
            operation.OnEnded(end);
        }
    }

    // PS3.7 sections 9.1 and 10.1: "if included, equal to the request". Compared as bytes, since this is done for each object stored.
    private static bool Fits(CommandSet response, DicomTag tag, DicomUid expected)
    {
        if (expected.IsNone || !response.TryGetValue(tag, out ReadOnlySpan<byte> value))
            return true;
        value = value.Trim("\0 "u8);
        return value.IsEmpty || expected.TextEquals(value);
    }

    private static PduViolationException Wrong(CommandSet response, ushort messageId, string why) =>
        new(AbortReason.NotSpecified, $"{response.Command} to message {messageId}, {why}");
}
