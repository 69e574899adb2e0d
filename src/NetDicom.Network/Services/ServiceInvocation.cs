using NetDicom.Protocol;

namespace NetDicom.Network;

/// <summary>A request that is being answered, with its data set in memory; what a C-CANCEL-RQ finds by its Message ID.</summary>
internal sealed class ServiceInvocation(AssociationEngine engine, Association association, CommandSet command, NegotiatedContext context, CancellationToken ended)
{
    // Made only where somebody may cancel: an N service's token is that of the association.
    private readonly CancellationTokenSource? _cancel = IsCancellable(command.Command) ? CancellationTokenSource.CreateLinkedTokenSource(ended) : null;
    private volatile bool _cancelRequested;
    private TaskCompletionSource? _answered;

    public AssociationEngine Engine => engine;

    public Association Association => association;

    /// <summary>The command set, a copy.</summary>
    public CommandSet Command => command;

    public NegotiatedContext Context => context;

    public TransferSyntax TransferSyntax => new(context.TransferSyntax);

    /// <summary>The data set as it came; null without one, or if it was too long.</summary>
    public ReadOnlyMemory<byte>? Encoded { get; init; }

    /// <summary>There was a data set, longer than the limit.</summary>
    public bool IsDataSetTooLong => command.HasDataSet && Encoded is null;

    /// <summary>The data set, once it was read.</summary>
    public DicomDataSet? DataSet { get; set; }

    /// <summary>Another request with its Message ID was at work when it came.</summary>
    public bool IsDuplicate { get; set; }

    /// <summary>There was no place for it, and its peer seems to be gone.</summary>
    public bool IsOverdue { get; set; }

    /// <summary>Fires at C-CANCEL-RQ and when the association has ended.</summary>
    public CancellationToken Token => _cancel?.Token ?? ended;

    public bool IsCancelRequested => _cancelRequested;

    public static bool IsCancellable(CommandField command) => command is CommandField.CFindRequest or CommandField.CGetRequest or CommandField.CMoveRequest;

    /// <summary>A C-CANCEL-RQ has come. Called on the reading loop: the handler's own code does not run on it.</summary>
    public void RequestCancel()
    {
        _cancelRequested = true;
        if (_cancel is not null)
            _ = _cancel.CancelAsync();
    }

    /// <summary>It is answered: the token no longer hangs on that of the association.</summary>
    public void Close()
    {
        _cancel?.Dispose();
        _answered?.TrySetResult();
    }

    /// <summary>Completes when the response is sent, or cannot be any more: what is to follow the response waits for it. Asked for by the handler, before it answers.</summary>
    public Task WhenAnswered => (_answered ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    /// <summary>Called before the final response leaves: from then on its Message ID may come again, and a C-CANCEL-RQ is too late.</summary>
    public Action<ServiceInvocation>? OnAnswering { get; init; }

    /// <summary>The status of the final response; null until it is sent.</summary>
    public DimseStatus? FinalStatus { get; private set; }

    public async ValueTask SendAsync(DimseResponse response, OpenedStorageObject? dataSet = null)
    {
        if (!response.Status.IsPending)
            OnAnswering?.Invoke(this);
        await engine.SendMessageAsync(context.Id, response, dataSet, CancellationToken.None).ConfigureAwait(false);
        if (!response.Status.IsPending)
            FinalStatus = response.Status;
    }
}
