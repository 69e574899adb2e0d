namespace NetDicom.Archive;

/// <summary>A stretch of keys, in the order of their Unicode code points.</summary>
/// <param name="From">The first key within; null if there is no lower end.</param>
/// <param name="To">The last key within, or where <see cref="IsPrefix"/>, the beginning of all of them; null if there is no upper end.</param>
/// <param name="IsPrefix">Whether the keys that begin with <see cref="To"/> are within: <see cref="From"/> is then the same.</param>
public readonly record struct IndexRange(string? From, string? To, bool IsPrefix = false)
{
    /// <summary>Whether one key is within, and no other.</summary>
    public bool IsSingle => !IsPrefix && From is not null && From == To;
}

/// <summary>
/// What entities that match a query have to fulfil: the attribute has a key in one of the stretches, or <see cref="IndexKeys.Open"/>. It narrows the search; more may fulfil it than match.
/// </summary>
/// <param name="Level">Level of the attribute.</param>
/// <param name="Tag">The attribute.</param>
/// <param name="Ranges">Stretches of keys, one at least.</param>
public sealed record IndexCondition(ArchiveLevel Level, DicomTag Tag, IReadOnlyList<IndexRange> Ranges);
