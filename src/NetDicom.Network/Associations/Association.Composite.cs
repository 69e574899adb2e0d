using NetDicom.Protocol;

namespace NetDicom.Network;

// C-FIND, C-GET and C-MOVE as their SCU (PS3.7 section 9.1). Nothing is sent before the operation is enumerated or completed.
public sealed partial class Association
{
    /// <summary>A C-FIND (PS3.7 section 9.1.2): <c>await foreach (DicomDataSet match in association.FindAsync(…))</c> sends it and yields the matches.</summary>
    /// <param name="sopClass">The query model, such as <see cref="SopClasses.StudyRootQueryRetrieveInformationModelFind"/>.</param>
    /// <param name="identifier">Keys to match and to return; sent as it is.</param>
    /// <param name="options">Priority, time limit, presentation context.</param>
    /// <param name="cancellationToken">Cancels: C-CANCEL-RQ is sent, and its final response awaited for the DIMSE time limit at most.</param>
    /// <exception cref="NoPresentationContextException">No context for the SOP class on which this side is the SCU.</exception>
    public FindOperation FindAsync(DicomUid sopClass, DicomDataSet identifier, FindOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(identifier);
        options ??= new FindOptions();
        return new FindOperation(_engine, FindContextFor(sopClass, options.AbstractSyntax, asScp: false), sopClass, identifier, options, cancellationToken);
    }

    /// <summary>
    /// A C-GET (PS3.7 section 9.1.3): the objects come as C-STORE on this association. The contexts of the storage classes must have been proposed with the SCP role
    /// (<see cref="PresentationContext.ScpRole"/>) and been accepted so.
    /// </summary>
    /// <param name="sopClass">The retrieve model, such as <see cref="SopClasses.StudyRootQueryRetrieveInformationModelGet"/>.</param>
    /// <param name="identifier">Level and unique keys; sent as it is.</param>
    /// <param name="onStore">Takes the objects; null for the entity's own handler (<see cref="ApplicationEntity.OnStore(Func{StoreRequest, CancellationToken, ValueTask{DimseStatus}})"/>).</param>
    /// <param name="options">Priority, time limit, presentation context.</param>
    /// <param name="cancellationToken">Cancels: C-CANCEL-RQ is sent, and its final response awaited for the DIMSE time limit at most.</param>
    /// <exception cref="NoPresentationContextException">No context for the SOP class on which this side is the SCU, or none on which it is the SCP of any object.</exception>
    /// <exception cref="InvalidOperationException">There is no handler for the objects.</exception>
    public RetrieveOperation GetAsync(
        DicomUid sopClass, DicomDataSet identifier, Func<StoreRequest, CancellationToken, ValueTask<DimseStatus>>? onStore = null, RetrieveOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(identifier);
        options ??= new RetrieveOptions();
        NegotiatedContext context = FindContextFor(sopClass, options.AbstractSyntax, asScp: false);
        if (onStore is null && _engine.Services.Store.IsEmpty)
            throw new InvalidOperationException("C-GET needs a handler for the objects: give one with the call, or to the application entity (OnStore)");
        if (!Contexts.Any(other => other.IsAccepted && other.ScpRole && other.AbstractSyntax != context.AbstractSyntax))
            throw new NoPresentationContextException(sopClass, default, "no storage class was accepted with the SCP role for this side, so nothing could be delivered (PS3.7 annex D.3.3.4)");
        return new RetrieveOperation(
            _engine, context, CommandField.CGetResponse, sopClass, identifier, options,
            id => new CGetRequest { MessageId = id, AffectedSopClassUid = sopClass, Priority = options.Priority }, onStore, cancellationToken);
    }

    /// <summary>A C-MOVE (PS3.7 section 9.1.4): the peer sends the objects to another application entity, which it knows by its title.</summary>
    /// <param name="sopClass">The retrieve model, such as <see cref="SopClasses.StudyRootQueryRetrieveInformationModelMove"/>.</param>
    /// <param name="identifier">Level and unique keys; sent as it is.</param>
    /// <param name="destination">AE title of the receiver.</param>
    /// <param name="options">Priority, time limit, presentation context.</param>
    /// <param name="cancellationToken">Cancels: C-CANCEL-RQ is sent, and its final response awaited for the DIMSE time limit at most.</param>
    /// <exception cref="NoPresentationContextException">No context for the SOP class on which this side is the SCU.</exception>
    /// <exception cref="ArgumentException">The destination is none.</exception>
    public RetrieveOperation MoveAsync(
        DicomUid sopClass, DicomDataSet identifier, AETitle destination, RetrieveOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(identifier);
        if (destination.IsNone)
            throw new ArgumentException("A Move Destination is needed", nameof(destination));
        options ??= new RetrieveOptions();
        return new RetrieveOperation(
            _engine, FindContextFor(sopClass, options.AbstractSyntax, asScp: false), CommandField.CMoveResponse, sopClass, identifier, options,
            id => new CMoveRequest { MessageId = id, AffectedSopClassUid = sopClass, MoveDestination = destination, Priority = options.Priority }, null, cancellationToken);
    }
}
