using NetDicom.Network.Tests.Support;
using NetDicom.Protocol;

namespace NetDicom.Network.Tests;

/// <summary>Substance Administration Query (PS3.4 annex V) and Display System (annex EE).</summary>
public class SubstanceQueryTests
{
    private static DicomDataSet Code(string value, string scheme) => new DicomDataSet().Set(DicomTags.CodeValue, value).Set(DicomTags.CodingSchemeDesignator, scheme).Set(DicomTags.CodeMeaning, "meaning");

    private static SubstanceCatalog Catalog()
    {
        var catalog = new SubstanceCatalog();
        catalog.AddProduct(new DicomDataSet().Set(DicomTags.ProductPackageIdentifier, "0123").Set(DicomTags.ProductName, "GADOX").Set(DicomTags.ProductTypeCodeSequence, Code("1", "RXNORM")).Set(DicomTags.Manufacturer, "MAKER"));
        catalog.AddProduct(new DicomDataSet().Set(DicomTags.ProductPackageIdentifier, "4567").Set(DicomTags.ProductName, "IODX"));
        catalog.AddApproval(new DicomDataSet().Set(DicomTags.PatientID, "P1").Set(DicomTags.AdmissionID, "A1").Set(DicomTags.ProductPackageIdentifier, "0123")
            .Set(DicomTags.AdministrationRouteCodeSequence, Code("47625008", "SCT")).Set(DicomTags.SubstanceAdministrationApproval, "APPROVED"));
        return catalog;
    }

    [Theory]
    [InlineData("all", null)]
    [InlineData("no product", "00440001")]
    [InlineData("wild card", "00440001")]
    [InlineData("a level", "00080052")]
    public void A_product_is_asked_for_by_one_identifier_or_A900H(string what, string? blamed)
    {
        DicomDataSet keys = SubstanceQueryOperations.ProductKeys(what == "wild card" ? "01*" : "0123");
        if (what == "no product")
            keys.Set(DicomTags.ProductPackageIdentifier, "");
        else if (what == "a level")
            keys.Set(DicomTags.QueryRetrieveLevel, "STUDY");
        AssertRefused(SubstanceQueryRules.CheckProduct(keys), blamed);
    }

    [Theory]
    [InlineData("all", null)]
    [InlineData("patient only", null)]
    [InlineData("admission only", null)]
    [InlineData("nobody", "00100020")]
    [InlineData("any patient", "00100020")]
    [InlineData("any admission", "00380010")]
    [InlineData("no product", "00440001")]
    [InlineData("no route", "00540302")]
    [InlineData("a route without code", "00080100")]
    [InlineData("a route without scheme", "00080102")]
    [InlineData("a level", "00080052")]
    public void An_approval_is_asked_for_by_patient_product_and_route_or_A900H(string what, string? blamed)
    {
        DicomDataSet keys = SubstanceQueryOperations.ApprovalKeys("P1", "A1", "0123", "47625008", "SCT");
        (DicomTag, string)? change = what switch
        {
            "patient only" => (DicomTags.AdmissionID, ""),
            "admission only" or "nobody" => (DicomTags.PatientID, ""),
            "any patient" => (DicomTags.PatientID, "P*"),
            "any admission" => (DicomTags.AdmissionID, "A?"),
            "no product" => (DicomTags.ProductPackageIdentifier, ""),
            "a level" => (DicomTags.QueryRetrieveLevel, "PATIENT"),
            _ => null,
        };
        if (change is var (tag, value))
            keys.Set(tag, value);
        if (what == "nobody")
            keys.Set(DicomTags.AdmissionID, "");
        else if (what == "no route")
            keys.Set(DicomElement.CreateEmpty(DicomTags.AdministrationRouteCodeSequence, DicomVR.SQ));
        else if (what.StartsWith("a route", StringComparison.Ordinal))
            keys.GetSequence(DicomTags.AdministrationRouteCodeSequence)![0].Remove(what.EndsWith("code", StringComparison.Ordinal) ? DicomTags.CodeValue : DicomTags.CodingSchemeDesignator);
        AssertRefused(SubstanceQueryRules.CheckApproval(keys), blamed);
    }

    private static void AssertRefused(RuleResult result, string? blamed) =>
        Assert.Equal((blamed is null ? 0 : 0xA900, blamed is null ? default : DicomTag.Parse(blamed)), (result.Status.Code, result.Elements.Count > 0 ? result.Elements[0] : default));

    [Fact]
    public void Nobody_cannot_be_asked_about() => Assert.Throws<ArgumentException>(() => SubstanceQueryOperations.ApprovalKeys(null, null, "0123", "1", "SCT"));

    [Fact]
    public async Task Products_and_approvals_are_found_with_the_keys_that_were_asked_for()
    {
        SubstanceCatalog catalog = Catalog();
        ApplicationEntity entity = Queries.Scp();
        entity.AddProductCharacteristicsProvider(catalog.FindProducts);
        entity.AddSubstanceApprovalProvider(catalog.FindApprovals);
        await using DicomServer server = await entity.StartServerAsync(0);
        DicomUid products = SopClasses.ProductCharacteristicsQuery, approvals = SopClasses.SubstanceApprovalQuery;
        await using Association association = await Queries.Scu(products, approvals).AssociateAsync(server);
        DicomDataSet product = Assert.Single(await association.FindAsync(products, SubstanceQueryOperations.ProductKeys("0123")).ToListAsync());
        Assert.Equal(("GADOX", "1", false, true), (product.GetString(DicomTags.ProductName), product.GetSequence(DicomTags.ProductTypeCodeSequence)![0].GetString(DicomTags.CodeValue),
            product.Contains(DicomTags.Manufacturer), product.Contains(DicomTags.ProductExpirationDateTime)));
        Assert.Empty(await association.FindAsync(products, SubstanceQueryOperations.ProductKeys("9999")).ToListAsync());
        DimseStatusException refused = await Assert.ThrowsAsync<DimseStatusException>(() => association.FindAsync(products, SubstanceQueryOperations.ProductKeys("*")).ToListAsync());
        Assert.Equal((0xA900, DicomTags.ProductPackageIdentifier), (refused.Status.Code, Assert.Single(refused.OffendingElements)));

        DicomDataSet approval = Assert.Single(await association.FindAsync(approvals, SubstanceQueryOperations.ApprovalKeys("P1", null, "0123", "47625008", "SCT")).ToListAsync());
        DicomDataSet route = approval.GetSequence(DicomTags.AdministrationRouteCodeSequence)![0];
        Assert.Equal(("APPROVED", "A1", "47625008", false),
            (approval.GetString(DicomTags.SubstanceAdministrationApproval), approval.GetString(DicomTags.AdmissionID), route.GetString(DicomTags.CodeValue), route.Contains(DicomTags.CodeMeaning)));
        foreach (DicomDataSet other in (DicomDataSet[])[
            SubstanceQueryOperations.ApprovalKeys("P2", null, "0123", "47625008", "SCT"), SubstanceQueryOperations.ApprovalKeys("P1", "A2", "0123", "47625008", "SCT"),
            SubstanceQueryOperations.ApprovalKeys("P1", null, "4567", "47625008", "SCT"), SubstanceQueryOperations.ApprovalKeys("P1", null, "0123", "1", "SCT")])
            Assert.Empty(await association.FindAsync(approvals, other).ToListAsync());
    }

    [Fact]
    public async Task A_display_system_tells_of_itself()
    {
        bool broken = false;
        ApplicationEntity entity = Queries.Scp();
        entity.AddDisplaySystemProvider(_ => broken ? throw new IOException("sensor") : ValueTask.FromResult(new DicomDataSet().Set(DicomTags.Manufacturer, "MAKER").Set(DicomTags.NumberOfDisplaySubsystems, 1L)
            .Set(DicomTags.DisplaySubsystemSequence, new DicomDataSet().Set(DicomTags.DisplaySubsystemID, 1L))));
        await using DicomServer server = await entity.StartServerAsync(0);
        await using Association association = await Queries.Scu(SopClasses.DisplaySystem).AssociateAsync(server);
        NResponse all = await association.GetDisplaySystemAsync();
        Assert.Equal((0, (int?)1), (all.Status.Code, all.DataSet!.GetSequence(DicomTags.DisplaySubsystemSequence)![0].GetInt32OrDefault(DicomTags.DisplaySubsystemID)));
        NResponse some = await association.GetDisplaySystemAsync([DicomTags.Manufacturer, DicomTags.QAResultsSequence]);
        Assert.Equal((0, "MAKER", 2, true), (some.Status.Code, some.DataSet!.GetString(DicomTags.Manufacturer), some.DataSet.Count, some.DataSet[DicomTags.QAResultsSequence].IsEmpty));
        NResponse strange = await association.GetDisplaySystemAsync([DicomTags.Manufacturer, DicomTags.PatientID]);
        Assert.Equal((0x0107, DicomTags.PatientID), (strange.Status.Code, Assert.Single(strange.AttributeIdentifierList)));
        Assert.Equal(0x0112, (await association.NGetAsync(SopClasses.DisplaySystem, new DicomUid("1.2.3"))).Status.Code);
        broken = true;
        Assert.Equal(DimseStatus.ProcessingFailure, (await association.GetDisplaySystemAsync()).Status);
    }
}
