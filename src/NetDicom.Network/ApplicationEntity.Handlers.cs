using NetDicom.Protocol;

namespace NetDicom.Network;

// What the entity answers. For each service but C-ECHO there may be a handler for each SOP class and one for all others. Rules common to all:
// - handlers run beside the reading of the association, as many at a time as the asynchronous operations window grants;
// - their token fires at a C-CANCEL-RQ, at A-ABORT, when the connection is lost and when the server aborts; CancellationCause of the request tells which;
// - a DimseStatusException answers its status; any other exception answers a failure status, and the association lives on;
// - without a handler the answer is 0211H (unrecognized operation), or where there are handlers for other SOP classes only, 0122H or 0118H (SOP class not supported).
public sealed partial class ApplicationEntity
{
    /// <summary>Is told of each association that a server of the entity accepts, before its first message. Must be quick and not throw.</summary>
    internal void OnEstablished(Action<Association> handler) => _handlers.Established += handler;

    /// <summary>Sets what answers C-ECHO. Without it every C-ECHO is answered with success (PS3.4 annex A).</summary>
    public void OnEcho(Func<EchoRequest, CancellationToken, ValueTask<DimseStatus>> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        _handlers.Echo = handler;
    }

    /// <summary>
    /// Sets what answers C-STORE. The handler runs beside the reading of the association; its token fires when the association ends.
    /// The status it answers is sent to the peer; an exception becomes a failure status and the association lives on.
    /// </summary>
    /// <remarks>
    /// It begins on the thread that reads the association, and small objects are there whole: a handler that blocks holds that thread until its first await that has to wait. Where a process runs
    /// continuations on the threads of its sockets (DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS), it holds other associations too, and should go to the pool first.
    /// </remarks>
    public void OnStore(Func<StoreRequest, CancellationToken, ValueTask<DimseStatus>> handler) => _handlers.Store.Set(handler);

    /// <summary>Sets what answers C-STORE of one SOP class.</summary>
    public void OnStore(DicomUid sopClass, Func<StoreRequest, CancellationToken, ValueTask<DimseStatus>> handler) => _handlers.Store.Set(sopClass, handler);

    /// <summary>
    /// Sets what answers C-FIND (PS3.7 section 9.1.2): a stream of matches, each sent when it is yielded and before the next is asked for, so that a slow peer slows the handler and nothing
    /// piles up. The final status is success, that of a <see cref="FindMatch.Final"/> yielded last, or of a <see cref="DimseStatusException"/> thrown; Cancel after a C-CANCEL-RQ.
    /// </summary>
    public void OnFind(Func<FindRequest, CancellationToken, IAsyncEnumerable<FindMatch>> handler) => _handlers.Find.Set(handler);

    /// <summary>Sets what answers C-FIND of one SOP class.</summary>
    public void OnFind(DicomUid sopClass, Func<FindRequest, CancellationToken, IAsyncEnumerable<FindMatch>> handler) => _handlers.Find.Set(sopClass, handler);

    /// <summary>
    /// Sets what answers C-GET (PS3.7 section 9.1.3): the objects to send. They are sent on the same association, with Pending responses meanwhile and the counts and failed instances in the
    /// final one. An object without a presentation context on which the peer is the SCP counts as failed.
    /// </summary>
    public void OnGet(Func<GetRequest, CancellationToken, ValueTask<RetrieveObjects>> handler) => _handlers.Get.Set(handler);

    /// <summary>Sets what answers C-GET of one SOP class.</summary>
    public void OnGet(DicomUid sopClass, Func<GetRequest, CancellationToken, ValueTask<RetrieveObjects>> handler) => _handlers.Get.Set(sopClass, handler);

    /// <summary>
    /// Sets what answers C-MOVE (PS3.7 section 9.1.4): the objects to send, and where a Move Destination is. They are sent on an association of their own, with Pending responses meanwhile and
    /// the counts and failed instances in the final one.
    /// </summary>
    /// <param name="handler">The objects.</param>
    /// <param name="destination">The address of the request's Move Destination; null for one it does not know, which is answered with A801H before the objects are looked for.</param>
    public void OnMove(Func<MoveRequest, CancellationToken, ValueTask<RetrieveObjects>> handler, Func<MoveRequest, CancellationToken, ValueTask<MoveDestination?>> destination)
    {
        ArgumentNullException.ThrowIfNull(handler);
        ArgumentNullException.ThrowIfNull(destination);
        _handlers.Move.Set(new MoveHandler(handler, destination));
    }

    /// <summary>Sets what answers C-MOVE of one SOP class.</summary>
    public void OnMove(
        DicomUid sopClass, Func<MoveRequest, CancellationToken, ValueTask<RetrieveObjects>> handler, Func<MoveRequest, CancellationToken, ValueTask<MoveDestination?>> destination)
    {
        ArgumentNullException.ThrowIfNull(handler);
        ArgumentNullException.ThrowIfNull(destination);
        _handlers.Move.Set(sopClass, new MoveHandler(handler, destination));
    }

    /// <summary>Sets what answers N-EVENT-REPORT (PS3.7 section 10.1.1), which the SCP of a SOP class sends to its SCU.</summary>
    public void OnNEventReport(Func<NEventReportIndication, CancellationToken, ValueTask<NResponse>> handler) => _handlers.NEventReport.Set(handler);

    /// <summary>Sets what answers N-EVENT-REPORT of one SOP class.</summary>
    public void OnNEventReport(DicomUid sopClass, Func<NEventReportIndication, CancellationToken, ValueTask<NResponse>> handler) => _handlers.NEventReport.Set(sopClass, handler);

    /// <summary>Sets what answers N-GET (PS3.7 section 10.1.2).</summary>
    public void OnNGet(Func<NGetIndication, CancellationToken, ValueTask<NResponse>> handler) => _handlers.NGet.Set(handler);

    /// <summary>Sets what answers N-GET of one SOP class.</summary>
    public void OnNGet(DicomUid sopClass, Func<NGetIndication, CancellationToken, ValueTask<NResponse>> handler) => _handlers.NGet.Set(sopClass, handler);

    /// <summary>Sets what answers N-SET (PS3.7 section 10.1.3).</summary>
    public void OnNSet(Func<NSetIndication, CancellationToken, ValueTask<NResponse>> handler) => _handlers.NSet.Set(handler);

    /// <summary>Sets what answers N-SET of one SOP class.</summary>
    public void OnNSet(DicomUid sopClass, Func<NSetIndication, CancellationToken, ValueTask<NResponse>> handler) => _handlers.NSet.Set(sopClass, handler);

    /// <summary>Sets what answers N-ACTION (PS3.7 section 10.1.4).</summary>
    public void OnNAction(Func<NActionIndication, CancellationToken, ValueTask<NResponse>> handler) => _handlers.NAction.Set(handler);

    /// <summary>Sets what answers N-ACTION of one SOP class.</summary>
    public void OnNAction(DicomUid sopClass, Func<NActionIndication, CancellationToken, ValueTask<NResponse>> handler) => _handlers.NAction.Set(sopClass, handler);

    /// <summary>
    /// Sets what answers N-CREATE (PS3.7 section 10.1.5). Where the request names no instance a success must: <see cref="NResponse.AffectedSopInstanceUid"/>; without it the peer gets 0110H.
    /// </summary>
    public void OnNCreate(Func<NCreateIndication, CancellationToken, ValueTask<NResponse>> handler) => _handlers.NCreate.Set(handler);

    /// <summary>Sets what answers N-CREATE of one SOP class.</summary>
    public void OnNCreate(DicomUid sopClass, Func<NCreateIndication, CancellationToken, ValueTask<NResponse>> handler) => _handlers.NCreate.Set(sopClass, handler);

    /// <summary>Sets what answers N-DELETE (PS3.7 section 10.1.6).</summary>
    public void OnNDelete(Func<NDeleteIndication, CancellationToken, ValueTask<NResponse>> handler) => _handlers.NDelete.Set(handler);

    /// <summary>Sets what answers N-DELETE of one SOP class.</summary>
    public void OnNDelete(DicomUid sopClass, Func<NDeleteIndication, CancellationToken, ValueTask<NResponse>> handler) => _handlers.NDelete.Set(sopClass, handler);
}
