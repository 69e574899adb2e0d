namespace NetDicom.Archive;

/// <summary>A query made ready for an index: what is matched, at which level, and what narrows the search.</summary>
public sealed class IndexQuery
{
    private IndexQuery(ArchiveLevel level, ArchiveLevel depth, AttributeQuery attributes, IReadOnlyList<IndexCondition> conditions, IReadOnlySet<DicomTag> computed)
    {
        Level = level;
        Depth = depth;
        Attributes = attributes;
        Conditions = conditions;
        Computed = computed;
    }

    /// <summary>The level of the entities in the answer.</summary>
    public ArchiveLevel Level { get; }

    /// <summary>The lowest level that a key asks of: in a relational query it may lie below <see cref="Level"/>, and an entity matches if one below it does (PS3.4 section C.4.1.3.3).</summary>
    public ArchiveLevel Depth { get; }

    /// <summary>The matching.</summary>
    public AttributeQuery Attributes { get; }

    /// <summary>What every match fulfils. None: all entities have to be looked at.</summary>
    public IReadOnlyList<IndexCondition> Conditions { get; }

    /// <summary>The computed attributes that are asked for: counts, modalities and classes in the study, transfer syntax.</summary>
    public IReadOnlySet<DicomTag> Computed { get; }

    /// <summary>Makes a query ready.</summary>
    /// <param name="level">The level of the answer.</param>
    /// <param name="identifier">The identifier; not to be changed afterwards.</param>
    /// <param name="attributes">The attributes of the index that will be asked.</param>
    /// <param name="options">
    /// What was negotiated. Of it <see cref="MatchingOptions.IsSupported"/> and <see cref="MatchingOptions.UnknownMatches"/> are replaced: what the index has is supported, and
    /// required keys without a value match.
    /// </param>
    /// <param name="isRelational">Whether keys below the level are matched (PS3.4 section C.4.1.3.3); otherwise they are not supported.</param>
    /// <exception cref="DicomDataException">The identifier cannot be used; <see cref="DicomDataException.Tag"/> is the offending element for A900H.</exception>
    public static IndexQuery Create(ArchiveLevel level, DicomDataSet identifier, ArchiveAttributes attributes, MatchingOptions? options = null, bool isRelational = false)
    {
        ArgumentNullException.ThrowIfNull(identifier);
        ArgumentNullException.ThrowIfNull(attributes);
        options = (options ?? MatchingOptions.Default) with
        {
            IsSupported = tag => attributes.LevelOf(tag) is { } own && (isRelational || own <= level),
            UnknownMatches = ArchiveAttributes.RequiredKeys,
        };
        AttributeQuery query = AttributeQuery.Compile(identifier, options);
        ArchiveLevel depth = level;
        var computed = new HashSet<DicomTag>();
        foreach (QueryKey key in query.Keys)
        {
            if (key.Matching is KeyMatching.None or KeyMatching.Unsupported)
                continue;
            if (ArchiveAttributes.Computed.Contains(key.Tag))
                computed.Add(key.Tag);
            if (attributes.LevelOf(key.Tag) is { } own && own > depth)
                depth = own;
        }

        return new IndexQuery(level, depth, query, QueryNarrowing.Of(query, attributes, options), computed);
    }

    /// <summary>Whether a computed attribute is asked for.</summary>
    public bool Needs(DicomTag tag) => Computed.Contains(tag);
}
