using NetDicom.Protocol;

namespace NetDicom.Network;

/// <summary>How <see cref="StoreRequest.SaveAsync"/> writes.</summary>
public sealed record SaveOptions
{
    /// <summary>How far the file is safe when the call returns. Default <see cref="Durability.None"/>.</summary>
    public Durability Durability { get; init; }

    /// <summary>What happens when the name is taken. Default <see cref="ExistingFile.Replace"/>.</summary>
    public ExistingFile Existing { get; init; }
}

/// <summary>
/// A C-STORE request as a handler sees it (PS3.7 section 9.1.1): the identity from the command set, and the data set as it arrives.
/// </summary>
/// <remarks>
/// The data set is not held: reading it takes bytes off the connection, so a handler that reads slowly slows the peer and costs no memory.
/// What a handler leaves unread is passed over before its status is sent.
/// </remarks>
public sealed class StoreRequest
{
    private readonly IncomingDataSet _dataSet;

    internal StoreRequest(Association association, CommandSet command, NegotiatedContext context, IncomingDataSet dataSet)
    {
        Association = association;
        Context = context;
        AffectedSopClassUid = command.AffectedSopClassUid;
        AffectedSopInstanceUid = command.AffectedSopInstanceUid;
        MessageId = command.MessageId;
        Priority = command.Priority;
        MoveOriginatorAETitle = command.MoveOriginatorAETitle;
        MoveOriginatorMessageId = command.MoveOriginatorMessageId;
        _dataSet = dataSet;
    }

    /// <summary>The association it came on.</summary>
    public Association Association { get; }

    /// <summary>The presentation context it came on.</summary>
    public NegotiatedContext Context { get; }

    /// <summary>Affected SOP Class UID. Never none.</summary>
    public DicomUid AffectedSopClassUid { get; }

    /// <summary>Affected SOP Instance UID. Never none: a request without a valid one was answered before it came here, so it is safe in a file name.</summary>
    public DicomUid AffectedSopInstanceUid { get; }

    /// <summary>How the data set is encoded: the transfer syntax of the presentation context.</summary>
    public TransferSyntax TransferSyntax => new(Context.TransferSyntax);

    /// <summary>Message ID.</summary>
    public ushort MessageId { get; }

    /// <summary>Priority the peer asked for.</summary>
    public Priority Priority { get; }

    /// <summary>AE title of the C-MOVE requestor this is a sub-operation for; none otherwise.</summary>
    public AETitle MoveOriginatorAETitle { get; }

    /// <summary>Message ID of that C-MOVE; null if the peer sent none.</summary>
    public ushort? MoveOriginatorMessageId { get; }

    /// <summary>Why the handler's token has fired; none as long as it has not. A C-STORE is not cancelled by C-CANCEL-RQ.</summary>
    public CancellationCause CancellationCause => CancellationCauses.Of(Association);

    /// <summary>Takes the next bytes of the data set, as many as are there; empty at the end. The memory is good until the next call.</summary>
    /// <exception cref="AssociationEndedException">The association ended before the data set did.</exception>
    public ValueTask<ReadOnlyMemory<byte>> ReadAsync(CancellationToken cancellationToken = default) => _dataSet.ReadAsync(cancellationToken);

    /// <summary>The rest of the data set as a read-only stream that cannot seek.</summary>
    public Stream AsStream() => new IncomingDataSetStream(_dataSet);

    /// <summary>The file meta information that makes the data set a file (PS3.10 section 7.1).</summary>
    public FileMetaInformation CreateFileMetaInformation() => new()
    {
        MediaStorageSopClassUid = AffectedSopClassUid,
        MediaStorageSopInstanceUid = AffectedSopInstanceUid,
        TransferSyntax = TransferSyntax,
        ImplementationClassUid = Implementation.ClassUid,
        ImplementationVersionName = Implementation.VersionName,
        SourceApplicationEntityTitle = NullIfEmpty(Association.CallingAETitle.ToString()),
        SendingApplicationEntityTitle = NullIfEmpty(Association.CallingAETitle.ToString()),
        ReceivingApplicationEntityTitle = NullIfEmpty(Association.CalledAETitle.ToString()),
    };

    /// <summary>
    /// Writes the data set to a Part 10 file, bytes as received. They go to a temporary name in the same folder and take
    /// <paramref name="path"/> when all have arrived: half a file is never seen under its name.
    /// </summary>
    /// <param name="path">The file; its folder must exist. Build it from <see cref="DicomUid"/>s, which are safe, not from other text of a peer.</param>
    /// <param name="options">Durability and what to do when the name is taken.</param>
    /// <param name="cancellationToken">Stops waiting for the peer's bytes.</param>
    /// <returns>False if the name was taken and <see cref="ExistingFile.Keep"/> was asked for.</returns>
    /// <exception cref="IOException">The file cannot be written. Unhandled, the peer gets A700H (out of resources).</exception>
    /// <exception cref="AssociationEndedException">The association ended before the data set did; nothing is left behind.</exception>
    public async ValueTask<bool> SaveAsync(string path, SaveOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= s_saveDefaults;
        using var writer = InstanceFileWriter.Create(path, CreateFileMetaInformation().GetBytes(), options.Durability, options.Existing);
        while (true)
        {
            ReadOnlyMemory<byte> piece = await _dataSet.ReadAsync(cancellationToken).ConfigureAwait(false);
            if (piece.IsEmpty)
                break;
            writer.Write(piece);
        }

        // A flush takes as long as the device takes: not on a thread that other associations may be waiting for.
        return options.Durability == Durability.None ? writer.Commit() : await Task.Run(writer.Commit, CancellationToken.None).ConfigureAwait(false);
    }

    private static readonly SaveOptions s_saveDefaults = new();

    private static string? NullIfEmpty(string text) => text.Length == 0 ? null : text;
}
