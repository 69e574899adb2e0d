namespace NetDicom.Network;

/// <summary>The sub-operations of a C-GET or C-MOVE as a response counts them (PS3.7 annex E.1); null where the response does not say.</summary>
/// <param name="Remaining">Number of Remaining Sub-operations (0000,1020).</param>
/// <param name="Completed">Number of Completed Sub-operations (0000,1021).</param>
/// <param name="Failed">Number of Failed Sub-operations (0000,1022).</param>
/// <param name="Warning">Number of Warning Sub-operations (0000,1023).</param>
public readonly record struct SubOperationProgress(int? Remaining, int? Completed, int? Failed, int? Warning);
