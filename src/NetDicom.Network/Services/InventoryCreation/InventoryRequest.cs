namespace NetDicom.Network;

/// <summary>Inventory Level (0008,0403): which records an inventory has.</summary>
public enum InventoryLevel
{
    /// <summary>STUDY.</summary>
    Study,

    /// <summary>SERIES: studies and series.</summary>
    Series,

    /// <summary>INSTANCE: studies, series and instances.</summary>
    Instance,
}

/// <summary>The information of Initiate (N-ACTION 11 of PS3.4 table KK.2-1): an inventory that is wanted.</summary>
public sealed record InventoryRequest
{
    /// <summary>Transaction UID (0008,1195): made by the user, by which requests and events belong together.</summary>
    public required DicomUid TransactionUid { get; init; }

    /// <summary>Inventory Level (0008,0403).</summary>
    public required InventoryLevel Level { get; init; }

    /// <summary>Inventory Purpose (0008,0401); null for none.</summary>
    public string? Purpose { get; init; }

    /// <summary>
    /// The item of Scope of Inventory Sequence (0008,0400): keys that the studies must match (PS3.3 section C.38.2); null for every study of the repository. <see cref="InventoryScope"/> makes
    /// and reads it.
    /// </summary>
    public DicomDataSet? Scope { get; init; }

    /// <summary>Requested Status Interval (0008,0414), as it is written; null or 0 for no reports but those of changes.</summary>
    public ushort? StatusInterval { get; init; }

    /// <summary>The Action Information.</summary>
    public DicomDataSet ToDataSet()
    {
        DicomDataSet information = new DicomDataSet().Set(DicomTags.TransactionUID, TransactionUid).Set(DicomTags.InventoryLevel, Level.ToTerm());
        if (Scope is null)
            information.Set(DicomElement.CreateEmpty(DicomTags.ScopeOfInventorySequence, DicomVR.SQ));
        else
            information.Set(DicomTags.ScopeOfInventorySequence, Scope.Clone());
        if (Purpose is not null)
            information.Set(DicomTags.InventoryPurpose, Purpose);
        if (StatusInterval is { } interval)
            information.Set(DicomTags.RequestedStatusInterval, (long)interval);
        return information;
    }
}

/// <summary>The terms of the levels.</summary>
public static class InventoryLevels
{
    /// <summary>As it is written in (0008,0403).</summary>
    public static string ToTerm(this InventoryLevel level) => level switch { InventoryLevel.Study => "STUDY", InventoryLevel.Series => "SERIES", _ => "INSTANCE" };

    /// <summary>Reads a term.</summary>
    public static bool TryParse(string? term, out InventoryLevel level)
    {
        level = term switch { "STUDY" => InventoryLevel.Study, "SERIES" => InventoryLevel.Series, _ => InventoryLevel.Instance };
        return term is "STUDY" or "SERIES" or "INSTANCE";
    }
}
