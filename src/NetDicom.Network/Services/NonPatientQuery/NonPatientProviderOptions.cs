using NetDicom.Protocol;

namespace NetDicom.Network;

/// <summary>What a provider of objects that are of no patient is made of: the owner's store, as functions. A service whose function is null is not offered.</summary>
public sealed record NonPatientProviderOptions
{
    /// <summary>
    /// Answers C-FIND: the response identifiers, one an object. <c>NonPatientObjectStore.Find</c> of NetDicom.Archive does it, or a question to a database. A <see cref="DicomDataException"/>
    /// before the first of them is answered A900H with its tag.
    /// </summary>
    public Func<NonPatientFind, CancellationToken, IAsyncEnumerable<DicomDataSet>>? Find { get; init; }

    /// <summary>
    /// The objects that answer a C-GET or C-MOVE: those of these instances that there are, each once. Instances that are not there are no failure: nothing matches them (PS3.4 section C.4.2.2.1).
    /// </summary>
    public Func<IReadOnlyList<DicomUid>, CancellationToken, ValueTask<RetrieveObjects>>? Select { get; init; }

    /// <summary>Where a C-MOVE destination is; an answer of null is A801H. C-MOVE is offered only with it and <see cref="Select"/>.</summary>
    public Func<MoveRequest, CancellationToken, ValueTask<MoveDestination?>>? Destination { get; init; }

    /// <summary>
    /// Takes an object of one of the model's storage classes that came by C-STORE: its data set, whose SOP Class UID and SOP Instance UID are those of the request. Its status is the answer.
    /// </summary>
    public Func<DicomDataSet, CancellationToken, ValueTask<RuleResult>>? Store { get; init; }

    /// <summary>Whether a key that PS3.4 does not list for the model is supported by <see cref="Find"/>; the responses are FF01H if one is not. Default: all are.</summary>
    public Func<DicomTag, bool>? IsOptionalKeySupported { get; init; }

    /// <summary>Most instances in one C-GET or C-MOVE; more are answered A900H. Default 10,000.</summary>
    public int MaxInstances { get; init; } = 10_000;

    /// <summary>Longest object taken by C-STORE, in bytes; a longer one is answered A700H. Default 64 MiB: these objects are tables and text, implant templates have surfaces.</summary>
    public int MaxObjectLength { get; init; } = 64 * 1024 * 1024;
}
