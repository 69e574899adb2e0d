namespace NetDicom.Archive;

/// <summary>What a response identifier has besides the requested attributes (PS3.4 section C.4.1.1.3.2).</summary>
public sealed record QueryResponseOptions
{
    /// <summary>Nothing besides.</summary>
    public static QueryResponseOptions Default { get; } = new();

    /// <summary>Retrieve AE Title (0008,0054); null for none. It is needed in Query/Retrieve unless the media are named; not in worklists.</summary>
    public IReadOnlyList<string>? RetrieveAETitles { get; init; }

    /// <summary>Asked for Instance Availability (0008,0056) of the entity: ONLINE, NEARLINE, OFFLINE, UNAVAILABLE, the least of its instances. Null leaves the element out; it is never empty.</summary>
    public Func<DicomDataSet, string?>? InstanceAvailability { get; init; }

    /// <summary>Storage Media File-Set ID (0088,0130) and UID (0088,0140), where the entity is on media.</summary>
    public (string Id, DicomUid Uid)? FileSet { get; init; }

    /// <summary>Attributes returned though not asked for, such as the unique keys of the levels above in a relational query.</summary>
    public IReadOnlyList<DicomTag> AlsoReturn { get; init; } = [];

    /// <summary>Character sets to write in if they hold all text, best first, after that of the request. Default: the entity's own. UTF-8 comes last in any case.</summary>
    public IReadOnlyList<SpecificCharacterSet> CharacterSets { get; init; } = [];
}
