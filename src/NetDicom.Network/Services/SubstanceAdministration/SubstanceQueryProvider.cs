namespace NetDicom.Network;

/// <summary>Makes an entity a provider of Substance Administration Query (PS3.4 annex V).</summary>
public static class SubstanceQueryProvider
{
    /// <summary>Answers C-FIND of Product Characteristics Query: A900H for an identifier that <see cref="SubstanceQueryRules.CheckProduct"/> does not take.</summary>
    /// <param name="entity">The entity; servers that it starts afterwards have the service.</param>
    /// <param name="find">The response identifiers for an identifier, made as they are sent: <see cref="SubstanceCatalog.FindProducts"/>, or one of the owner's.</param>
    public static void AddProductCharacteristicsProvider(this ApplicationEntity entity, Func<DicomDataSet, IEnumerable<DicomDataSet>> find) =>
        entity.AddFindProvider(SopClasses.ProductCharacteristicsQuery, SubstanceQueryRules.CheckProduct, find);

    /// <summary>Answers C-FIND of Substance Approval Query: A900H for an identifier that <see cref="SubstanceQueryRules.CheckApproval"/> does not take.</summary>
    /// <param name="entity">The entity; servers that it starts afterwards have the service.</param>
    /// <param name="find">The response identifiers for an identifier, made as they are sent: <see cref="SubstanceCatalog.FindApprovals"/>, or one of the owner's.</param>
    public static void AddSubstanceApprovalProvider(this ApplicationEntity entity, Func<DicomDataSet, IEnumerable<DicomDataSet>> find) =>
        entity.AddFindProvider(SopClasses.SubstanceApprovalQuery, SubstanceQueryRules.CheckApproval, find);
}
