using NetDicom.Protocol;

namespace NetDicom.Network;

/// <summary>An inventory that is being made, as its maker sees it. Safe for several threads.</summary>
public sealed class InventoryProduction
{
    private readonly Lock _gate = new();
    private readonly Action<InventoryProduction> _onStateChanged;
    private TaskCompletionSource? _resumed;

    internal InventoryProduction(InventoryRequest request, AETitle user, Action<InventoryProduction> onStateChanged)
    {
        Request = request;
        User = user;
        _onStateChanged = onStateChanged;
    }

    /// <summary>What is wanted.</summary>
    public InventoryRequest Request { get; }

    /// <summary>Who wants it.</summary>
    public AETitle User { get; }

    /// <summary>The state now.</summary>
    public InventoryState State { get; private set; }

    /// <summary>Transaction Status Comment of the reports; null for none.</summary>
    public string? Comment { get; private set; }

    /// <summary>Study records so far.</summary>
    public long StudyRecords { get; private set; }

    /// <summary>After a Cancel: whether what was made so far is to be kept and returned. Otherwise it is the maker's to remove.</summary>
    public bool RetainInstances { get; private set; }

    /// <summary>Says how far it is, and waits as long as the production is paused.</summary>
    /// <exception cref="OperationCanceledException">The production was canceled, or the token has fired. Nothing is noted then: what is told of an ended production is how it ended.</exception>
    public async ValueTask ReportAsync(long studyRecords, string? comment = null, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(studyRecords);
        cancellationToken.ThrowIfCancellationRequested();
        Task? resumed;
        lock (_gate)
        {
            ThrowIfOver();
            StudyRecords = studyRecords;
            Comment = comment ?? Comment;
            resumed = _resumed?.Task;
        }

        while (resumed is not null)
        {
            await resumed.WaitAsync(cancellationToken).ConfigureAwait(false);
            lock (_gate)
            {
                ThrowIfOver();
                resumed = _resumed?.Task;
            }
        }
    }

    /// <summary>Pauses it from within, for instance for want of resources; false if it is not PROCESSING.</summary>
    public bool Pause(string? comment = null) => TryChange(InventoryAction.Pause, comment, out _);

    /// <summary>Goes on, whoever has paused it; false if it is not PAUSED.</summary>
    public bool Resume(string? comment = null) => TryChange(InventoryAction.Resume, comment, out _);

    /// <summary>Applies an action by figure KK.2-1.</summary>
    /// <returns>Whether the state has changed.</returns>
    internal bool TryChange(InventoryAction action, string? comment, out InventoryTransition transition, bool retainInstances = false)
    {
        lock (_gate)
        {
            transition = InventoryTransition.Find(action, State);
            if (transition.NewState is not { } state)
                return false;
            RetainInstances = retainInstances;
            Set(state, comment);
        }

        return true;
    }

    /// <summary>Ends it, unless a Cancel has.</summary>
    internal void End(InventoryState state, string? comment, long? studyRecords)
    {
        lock (_gate)
        {
            StudyRecords = studyRecords ?? StudyRecords;
            if (!State.IsTerminal())
                Set(state, comment);
        }
    }

    // Called with the lock held. Cancel changes the state before the token fires: a maker that reports in between must not overwrite what the user is told.
    private void ThrowIfOver()
    {
        if (State.IsTerminal())
            throw new OperationCanceledException($"the production is {State.ToTerm()}");
    }

    // Called with the lock held, so that the reports are in the order of the changes.
    private void Set(InventoryState state, string? comment)
    {
        State = state;
        Comment = comment;
        if (state == InventoryState.Paused)
        {
            _resumed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
        else
        {
            _resumed?.TrySetResult();
            _resumed = null;
        }

        _onStateChanged(this);
    }
}
