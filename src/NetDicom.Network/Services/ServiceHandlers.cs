using NetDicom.Protocol;

namespace NetDicom.Network;

/// <summary>What an entity answers, service by service.</summary>
internal sealed class ServiceHandlers
{
    /// <summary>The entity's title, for associations it opens while it answers (C-MOVE).</summary>
    public AETitle Title { get; init; }

    public ServiceOptions Options { get; set; } = new();

    public Func<EchoRequest, CancellationToken, ValueTask<DimseStatus>>? Echo { get; set; }

    public HandlerTable<Func<StoreRequest, CancellationToken, ValueTask<DimseStatus>>> Store { get; init; } = new();

    public HandlerTable<Func<FindRequest, CancellationToken, IAsyncEnumerable<FindMatch>>> Find { get; init; } = new();

    public HandlerTable<Func<GetRequest, CancellationToken, ValueTask<RetrieveObjects>>> Get { get; init; } = new();

    public HandlerTable<MoveHandler> Move { get; init; } = new();

    public HandlerTable<Func<NEventReportIndication, CancellationToken, ValueTask<NResponse>>> NEventReport { get; init; } = new();

    public HandlerTable<Func<NGetIndication, CancellationToken, ValueTask<NResponse>>> NGet { get; init; } = new();

    public HandlerTable<Func<NSetIndication, CancellationToken, ValueTask<NResponse>>> NSet { get; init; } = new();

    public HandlerTable<Func<NActionIndication, CancellationToken, ValueTask<NResponse>>> NAction { get; init; } = new();

    public HandlerTable<Func<NCreateIndication, CancellationToken, ValueTask<NResponse>>> NCreate { get; init; } = new();

    public HandlerTable<Func<NDeleteIndication, CancellationToken, ValueTask<NResponse>>> NDelete { get; init; } = new();

    /// <summary>Is told of an association that was accepted, before its first message: how a provider finds those it may report events on.</summary>
    public Action<Association>? Established { get; set; }

    public ServiceHandlers Copy() => new()
    {
        Established = Established,
        Title = Title,
        Options = Options,
        Echo = Echo,
        Store = Store.Copy(),
        Find = Find.Copy(),
        Get = Get.Copy(),
        Move = Move.Copy(),
        NEventReport = NEventReport.Copy(),
        NGet = NGet.Copy(),
        NSet = NSet.Copy(),
        NAction = NAction.Copy(),
        NCreate = NCreate.Copy(),
        NDelete = NDelete.Copy(),
    };
}

/// <summary>What answers C-MOVE: the objects, and where a Move Destination is.</summary>
internal sealed record MoveHandler(
    Func<MoveRequest, CancellationToken, ValueTask<RetrieveObjects>> Objects, Func<MoveRequest, CancellationToken, ValueTask<MoveDestination?>> Destination);

/// <summary>The handlers of one service: one for each SOP class that has its own, and one for all others.</summary>
internal sealed class HandlerTable<THandler> where THandler : class
{
    private THandler? _general;
    private Dictionary<DicomUid, THandler>? _byClass;

    /// <summary>Whether there is none at all.</summary>
    public bool IsEmpty => _general is null && _byClass is null;

    /// <summary>The handler for a SOP class; null if there is none.</summary>
    public THandler? Find(DicomUid sopClass) => _byClass is not null && _byClass.TryGetValue(sopClass, out THandler? found) ? found : _general;

    public void Set(THandler handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        _general = handler;
    }

    public void Set(DicomUid sopClass, THandler handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        if (sopClass.IsNone)
            throw new ArgumentException("A SOP class is needed", nameof(sopClass));
        (_byClass ??= [])[sopClass] = handler;
    }

    public HandlerTable<THandler> Copy() => new() { _general = _general, _byClass = _byClass is null ? null : new Dictionary<DicomUid, THandler>(_byClass) };
}
