namespace NetDicom.Network;

/// <summary>Transaction Status (0008,0417) of the production of an inventory (PS3.4 section KK.2.1.1).</summary>
public enum InventoryProductionStatus
{
    /// <summary>PROCESSING: under way.</summary>
    Processing,

    /// <summary>PAUSED: by a request or by itself, to go on later.</summary>
    Paused,

    /// <summary>COMPLETE: there is an inventory.</summary>
    Complete,

    /// <summary>FAILURE.</summary>
    Failure,

    /// <summary>CANCELED: by a request or by itself.</summary>
    Canceled,
}

/// <summary>How the root instance of an inventory is reached (PS3.4 table KK.2-2).</summary>
/// <param name="Instance">Referenced SOP Class UID and Referenced SOP Instance UID.</param>
/// <param name="RetrieveAETitle">Retrieve AE Title (0008,0054); null where <paramref name="RetrieveUrl"/> is given.</param>
/// <param name="RetrieveUrl">Retrieve URL (0008,1190); null where <paramref name="RetrieveAETitle"/> is given.</param>
/// <param name="Expiration">Expiration DateTime (0008,0416), a DT value; null if it is not known.</param>
public sealed record InventoryReference(SopReference Instance, string? RetrieveAETitle, string? RetrieveUrl = null, string? Expiration = null);

/// <summary>The production of an inventory as it is.</summary>
/// <param name="TransactionUid">Transaction UID (0008,1195).</param>
/// <param name="User">AE title of who asked.</param>
/// <param name="Request">The action information of Initiate: scope, level, purpose. A copy.</param>
/// <param name="Status">The status.</param>
/// <param name="StudyRecords">Total Number of Study Records (0008,0428) so far.</param>
/// <param name="Comment">Transaction Status Comment (0008,0418); null without one.</param>
public sealed record InventoryProduction(DicomUid TransactionUid, string User, DicomDataSet Request, InventoryProductionStatus Status, long StudyRecords, string? Comment)
{
    /// <summary>The root instance, once there is one.</summary>
    public InventoryReference? Inventory { get; init; }

    /// <summary>Requested Status Interval (0008,0414) of the latest request that had one; null for none. Its unit is that of PS3.3 table C.38.3-1; who keeps to it calls <c>ReportStatus</c>.</summary>
    public int? StatusInterval { get; init; }

    /// <summary>Retain Instances (0008,0415) of a Cancel request is YES: what was produced is kept.</summary>
    public bool RetainInstances { get; init; }
}

/// <summary>An event of Inventory Creation that is to go to a user.</summary>
/// <param name="User">AE title of who asked.</param>
/// <param name="EventTypeId">11, 12 or 13.</param>
/// <param name="Information">Event information.</param>
public sealed record InventoryEvent(string User, ushort EventTypeId, DicomDataSet Information);
