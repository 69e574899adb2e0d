namespace NetDicom.Archive;

/// <summary>
/// An identifier of C-FIND made ready: read once, then asked of any number of entities (PS3.4 section C.2.2.2). Safe for use by several threads at once.
/// </summary>
/// <remarks>
/// Whether the keys are those the SOP class allows at its level is another question, answered before (QueryRetrieveRules in NetDicom.Network); every key there is, is taken.
/// </remarks>
public sealed class AttributeQuery
{
    private readonly ItemQuery _root;
    private readonly MatchingOptions _options;

    private AttributeQuery(DicomDataSet identifier, ItemQuery root, MatchingOptions options)
    {
        Identifier = identifier;
        _root = root;
        _options = options;
        HasUnsupportedKeys = root.Keys.Any(key => key.Matching == KeyMatching.Unsupported);
    }

    /// <summary>The keys in the order of their tags.</summary>
    public IReadOnlyList<QueryKey> Keys => _root.Keys;

    /// <summary>Whether a key is not supported: each match is then answered FF01H (PS3.4 table C.4-1).</summary>
    public bool HasUnsupportedKeys { get; }

    /// <summary>Whether everything matches.</summary>
    public bool IsUniversal => _root.IsUniversal;

    internal DicomDataSet Identifier { get; }

    /// <summary>Reads an identifier. It must not be changed afterwards.</summary>
    /// <exception cref="DicomDataException">A date or time is none, a sequence has several items, or a limit is passed; <see cref="DicomDataException.Tag"/> is the offending element for A900H.</exception>
    public static AttributeQuery Compile(DicomDataSet identifier, MatchingOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(identifier);
        options ??= MatchingOptions.Default;
        return new AttributeQuery(identifier, new QueryCompiler(options).Compile(identifier), options);
    }

    /// <summary>Whether all keys match an entity: the attributes of an instance, or of a patient, study or series.</summary>
    public bool IsMatch(DicomDataSet entity)
    {
        ArgumentNullException.ThrowIfNull(entity);
        return _root.IsMatch(entity);
    }

    /// <summary>
    /// The identifier of the response for a matching entity: the requested attributes, empty where there is no value; of a sequence the items that matched, with the requested attributes
    /// (PS3.4 sections C.2.2.2.6 and C.4.1.1.3.2).
    /// </summary>
    /// <returns>A data set that shares no items with the entity.</returns>
    public DicomDataSet BuildResponse(DicomDataSet entity, QueryResponseOptions? response = null)
    {
        ArgumentNullException.ThrowIfNull(entity);
        return ResponseBuilder.Build(this, _root, entity, response ?? QueryResponseOptions.Default);
    }
}
