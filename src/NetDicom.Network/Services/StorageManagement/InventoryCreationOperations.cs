namespace NetDicom.Network;

/// <summary>
/// Inventory Creation as its user (PS3.4 annex KK). The responses are values, whatever their status; the events come to the entity's handler of N-EVENT-REPORT, where
/// <see cref="InventoryCreationRules.ReadEvent"/> reads them, on this association or on one that the provider opens.
/// </summary>
public static class InventoryCreationOperations
{
    /// <summary>Initiate: an inventory is to be produced.</summary>
    /// <param name="association">With a context of the class.</param>
    /// <param name="transactionUid">Transaction UID (0008,1195), a new one.</param>
    /// <param name="level">Inventory Level (0008,0403): STUDY, SERIES or INSTANCE.</param>
    /// <param name="scope">The item of Scope of Inventory Sequence (0008,0400); null for all studies.</param>
    /// <param name="statusInterval">Requested Status Interval (0008,0414); null leaves it out.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public static Task<NResponse> InitiateInventoryAsync(
        this Association association, DicomUid transactionUid, string level, DicomDataSet? scope = null, int? statusInterval = null, CancellationToken cancellationToken = default)
    {
        DicomDataSet information = new DicomDataSet().Set(DicomTags.TransactionUID, transactionUid).Set(DicomTags.InventoryLevel, level);
        information.Set(DicomTags.ScopeOfInventorySequence, [.. scope is null ? (DicomDataSet[])[] : [scope.Clone()]]);
        if (statusInterval is { } interval)
            information.Set(DicomTags.RequestedStatusInterval, (long)interval);
        return ActAsync(association, InventoryCreationRules.Initiate, information, cancellationToken);
    }

    /// <summary>Request Status: an event Inventory Status is to follow.</summary>
    public static Task<NResponse> RequestInventoryStatusAsync(this Association association, DicomUid transactionUid, CancellationToken cancellationToken = default) =>
        ActAsync(association, InventoryCreationRules.RequestStatus, Of(transactionUid), cancellationToken);

    /// <summary>Cancel: production is to end.</summary>
    /// <param name="association">With a context of the class.</param>
    /// <param name="transactionUid">Transaction UID (0008,1195).</param>
    /// <param name="retainInstances">Whether what was produced so far is to be kept.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public static Task<NResponse> CancelInventoryAsync(this Association association, DicomUid transactionUid, bool retainInstances, CancellationToken cancellationToken = default) =>
        ActAsync(association, InventoryCreationRules.Cancel, Of(transactionUid).Set(DicomTags.RetainInstances, retainInstances ? "YES" : "NO"), cancellationToken);

    /// <summary>Pause: production is to rest.</summary>
    public static Task<NResponse> PauseInventoryAsync(this Association association, DicomUid transactionUid, CancellationToken cancellationToken = default) =>
        ActAsync(association, InventoryCreationRules.Pause, Of(transactionUid), cancellationToken);

    /// <summary>Resume: production is to go on.</summary>
    public static Task<NResponse> ResumeInventoryAsync(this Association association, DicomUid transactionUid, CancellationToken cancellationToken = default) =>
        ActAsync(association, InventoryCreationRules.Resume, Of(transactionUid), cancellationToken);

    private static DicomDataSet Of(DicomUid transactionUid) => new DicomDataSet().Set(DicomTags.TransactionUID, transactionUid);

    private static Task<NResponse> ActAsync(Association association, ushort actionTypeId, DicomDataSet information, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(association);
        return association.NActionAsync(SopClasses.InventoryCreation, Uids.StorageManagementInstance, actionTypeId, information, null, cancellationToken);
    }
}
