namespace NetDicom.Network;

/// <summary>What a provider of inventories can do: what it cannot is answered 0212H, or B010H for keys (PS3.4 section KK.2.2.3).</summary>
public sealed record InventoryCapabilities
{
    /// <summary>Inventory levels. Default all.</summary>
    public IReadOnlySet<InventoryLevel> Levels { get; init; } = new HashSet<InventoryLevel> { InventoryLevel.Study, InventoryLevel.Series, InventoryLevel.Instance };

    /// <summary>Terms of Extended Matching Mechanisms (0008,040F), such as <c>RELATIONAL</c> and <c>TIMEZONE_ADJUST</c> (PS3.3 section C.38.2). Default none: the baseline of queries.</summary>
    public IReadOnlySet<string> MatchingMechanisms { get; init; } = new HashSet<string>(StringComparer.Ordinal);

    /// <summary>Whether a key of the scope is matched. Default: all are.</summary>
    public Func<DicomTag, bool>? IsKeySupported { get; init; }

    /// <summary>Whether a term of Specific Character Set (0008,0005) can be read. Default: those that this library reads, which are all of the standard's.</summary>
    public Func<string, bool>? IsCharacterSetSupported { get; init; }
}
