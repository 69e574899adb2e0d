using NetDicom.Protocol;

namespace NetDicom.Network;

/// <summary>A response as the requestor of a single-response service needs it.</summary>
internal readonly record struct Answer(DimseStatus Status, string? ErrorComment);

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

    public ushort MessageId { get; set; }

    public PendingState State { get; set; }

    public abstract void OnAnswer(Answer answer);

    public abstract void OnEnded(AssociationEnd end);
}

/// <summary>A request whose caller awaits its answer.</summary>
internal sealed class AwaitedOperation(CommandField response, byte contextId) : PendingOperation(response, contextId)
{
    // The waiter must not run on the reading loop: it may block, and the loop would not see an abort.
    private readonly TaskCompletionSource<Answer> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<Answer> Task => _completion.Task;

    public override void OnAnswer(Answer answer) => _completion.TrySetResult(answer);

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

    /// <summary>Requests of which something is sent and that have no answer.</summary>
    public int Open => Count(PendingState.Sending);

    /// <summary>Requests that are sent whole and have no answer: the peer owes us something.</summary>
    public int Awaited => Count(PendingState.Sent);

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
        }
    }

    /// <summary>The operation a response belongs to.</summary>
    /// <exception cref="PduViolationException">There is none, or the response does not fit its request: nobody can tell what the peer meant.</exception>
    public PendingOperation Match(CommandSet response, byte contextId)
    {
        ushort messageId = response.MessageIdBeingRespondedTo;
        lock (_gate)
        {
            if (!_operations.TryGetValue(messageId, out PendingOperation? operation) || operation.State == PendingState.Registered)
                throw new PduViolationException(AbortReason.NotSpecified, $"{response.Command} to message {messageId}, which waits for no response");
            if (operation.Response != response.Command)
                throw new PduViolationException(AbortReason.NotSpecified, $"{response.Command} to message {messageId}, which waits for {operation.Response}");
            if (operation.ContextId != contextId)
                throw new PduViolationException(AbortReason.NotSpecified, $"{response.Command} to message {messageId} on presentation context {contextId}, not {operation.ContextId}");
            return operation;
        }
    }

    public void Remove(PendingOperation operation)
    {
        lock (_gate)
            _operations.Remove(operation.MessageId);
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
        }

        foreach (PendingOperation operation in waiting)
            operation.OnEnded(end);
    }

    private int Count(PendingState least)
    {
        lock (_gate)
        {
            int count = 0;
            foreach (PendingOperation operation in _operations.Values)
                count += operation.State >= least ? 1 : 0;
            return count;
        }
    }
}
