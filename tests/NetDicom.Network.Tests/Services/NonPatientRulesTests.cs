using NetDicom.Protocol;

namespace NetDicom.Network.Tests;

/// <summary>PS3.4 annexes U, X, BB, HH, II and JJ: the models of objects that are of no patient, and the rules of their identifiers.</summary>
public class NonPatientRulesTests
{
    private static readonly IReadOnlyList<Dictionary<string, string>> s_rows = [.. RuleFacts.Read("query-keys.tsv").Where(row => row["model"] != "Relevant Patient Information")];

    private static NonPatientModel ModelOf(string name) => Assert.Single(NonPatientModel.All, model => model.Name == name);

    public static TheoryData<string> Models() => [.. NonPatientModel.All.Select(model => model.Name)];

    public static TheoryData<string, string, string, string> Keys() => [.. s_rows.Select(row => new TheoryDataRow<string, string, string, string>(row["model"], row["path"], row["match_type"], row["return_type"]))];

    [Theory, MemberData(nameof(Models))]
    public void Each_model_has_three_classes_of_its_own_and_storage_classes(string name)
    {
        NonPatientModel model = ModelOf(name);
        Assert.Contains(s_rows, row => row["model"] == name);
        foreach (DicomUid sopClass in (DicomUid[])[model.FindClass, model.MoveClass, model.GetClass])
        {
            Assert.Same(model, NonPatientModel.Of(sopClass));
            Assert.Equal(QueryRetrieveModel.SingleLevel, QueryRetrieveModels.Of(sopClass));
        }

        Assert.True(SopClasses.TryGet(model.FindClass, out SopClassInfo find) && find.Services.HasFlag(DimseServices.CFind));
        Assert.True(SopClasses.TryGet(model.MoveClass, out SopClassInfo move) && move.Services.HasFlag(DimseServices.CMove));
        Assert.True(SopClasses.TryGet(model.GetClass, out SopClassInfo get) && get.Services.HasFlag(DimseServices.CGet));
        Assert.All(model.StorageClasses, uid => Assert.True(SopClasses.TryGet(uid, out SopClassInfo info) && info.ServiceClass == "Non-Patient Object Storage"));
        Assert.Equal(model.StorageClasses, model.CreateRequestedContexts().Where(context => context.ScpRole == true).Select(context => context.AbstractSyntax).Distinct());
    }

    [Fact]
    public void Every_single_level_class_but_none_other_has_a_model()
    {
        foreach (SopClassInfo info in SopClasses.All)
            Assert.Equal(QueryRetrieveModels.Of(info.Uid) == QueryRetrieveModel.SingleLevel, NonPatientModel.Of(info.Uid) is not null);
    }

    [Theory, MemberData(nameof(Keys))]
    public void A_key_has_the_matching_and_return_type_that_the_standard_lists(string name, string path, string match, string back)
    {
        NonPatientModel model = ModelOf(name);
        DicomTagPath key = RuleFacts.Path(path);
        Assert.Equal(match == "R", model.RequiredKeys.Contains(key));
        Assert.Equal(back == "1", model.Type1ReturnKeys.Contains(key));
        Assert.True(model.IsListed(RuleFacts.Tags(path)[0]));
        Assert.Equal(match == "U", key == NonPatientModel.UniqueKey);
        Assert.True(model.CreateIdentifier().Contains(key));
    }

    [Fact]
    public void An_identifier_with_a_Query_Retrieve_Level_is_refused()
    {
        DicomDataSet identifier = new DicomDataSet().Set(DicomTags.SOPInstanceUID, "1.2.3").Set(DicomTags.QueryRetrieveLevel, "IMAGE");
        foreach (RuleResult result in (RuleResult[])[NonPatientRules.CheckFind(identifier), NonPatientRules.CheckRetrieve(identifier)])
            Assert.Equal((0xA900, DicomTags.QueryRetrieveLevel), (result.Status.Code, Assert.Single(result.Elements)));
    }

    [Fact]
    public void A_sequence_key_has_one_item_at_any_depth()
    {
        DicomDataSet Regions(int count) => new DicomDataSet().Set(DicomTags.HangingProtocolDefinitionSequence,
            new DicomDataSet().Set(DicomTags.AnatomicRegionSequence, [.. Enumerable.Range(0, count).Select(_ => new DicomDataSet().Set(DicomTags.CodeValue, "T-1"))]));
        Assert.True(NonPatientRules.CheckFind(Regions(1)).IsDone);
        RuleResult two = NonPatientRules.CheckFind(Regions(2));
        Assert.Equal((0xA900, DicomTags.AnatomicRegionSequence), (two.Status.Code, Assert.Single(two.Elements)));
        DicomDataSet definitions = new DicomDataSet().Set(DicomTags.HangingProtocolDefinitionSequence, [new DicomDataSet(), new DicomDataSet()]);
        Assert.Equal(DicomTags.HangingProtocolDefinitionSequence, Assert.Single(NonPatientRules.CheckFind(definitions).Elements));
    }

    [Theory]
    [InlineData("1.2.3", 0)]
    [InlineData("1.2.3\\1.2.4", 0)]
    [InlineData("1.2.3\\1.2.4\\1.2.5", 0xA900)]
    [InlineData("", 0xA900)]
    [InlineData("1.2*", 0xA900)]
    [InlineData(null, 0xA900)]
    public void A_retrieve_names_instances_by_one_UID_or_a_list(string? uids, int status)
    {
        DicomDataSet identifier = uids is null ? [] : new DicomDataSet().Set(DicomElement.Create(DicomTags.SOPInstanceUID, DicomVR.UI, uids.Split('\\')));
        RuleResult result = NonPatientRules.CheckRetrieve(identifier, maxInstances: 2);
        Assert.Equal(status, result.Status.Code);
        if (status != 0)
            Assert.Equal(DicomTags.SOPInstanceUID, Assert.Single(result.Elements));
    }

    [Fact]
    public void The_identifier_of_a_retrieve_lists_its_instances() =>
        Assert.Equal(["1.2.3", "1.2.4"], NonPatientModel.CreateRetrieveIdentifier(new DicomUid("1.2.3"), new DicomUid("1.2.4")).GetStrings(DicomTags.SOPInstanceUID));

    [Fact]
    public void A_value_in_a_key_for_return_only_is_not_matched()
    {
        DicomDataSet identifier = new DicomDataSet().Set(DicomTags.HangingProtocolName, "CT*").Set(DicomTags.HangingProtocolDescription, "chest")
            .Set(DicomTags.NominalScreenDefinitionSequence, new DicomDataSet().Set(DicomTags.NumberOfVerticalPixels, 1L));
        DicomDataSet prepared = NonPatientRules.Prepare(NonPatientModel.HangingProtocol, identifier, null, out bool unsupported);
        Assert.False(unsupported);
        Assert.Equal("CT*", prepared.GetString(DicomTags.HangingProtocolName));
        Assert.True(prepared[DicomTags.HangingProtocolDescription].IsEmpty);
        Assert.True(prepared.GetSequence(DicomTags.NominalScreenDefinitionSequence)![0][DicomTags.NumberOfVerticalPixels].IsEmpty);
        Assert.Equal("chest", identifier.GetString(DicomTags.HangingProtocolDescription));
    }

    [Fact]
    public void An_optional_key_that_is_not_supported_is_left_out_and_told()
    {
        DicomDataSet identifier = new DicomDataSet().Set(DicomTags.SpecificCharacterSet, "ISO_IR 100").Set(DicomTags.ContentLabel, "RED").Set(DicomTags.Manufacturer, "M").Set(DicomTags.InstitutionName, "I");
        DicomDataSet prepared = NonPatientRules.Prepare(NonPatientModel.ColorPalette, identifier, tag => tag == DicomTags.Manufacturer, out bool unsupported);
        Assert.True(unsupported);
        Assert.Equal([DicomTags.SpecificCharacterSet, DicomTags.Manufacturer, DicomTags.ContentLabel], prepared.Select(element => element.Tag));
        NonPatientRules.Prepare(NonPatientModel.ColorPalette, prepared, tag => tag == DicomTags.Manufacturer, out unsupported);
        Assert.False(unsupported);
    }

    [Theory, MemberData(nameof(Models))]
    public void A_response_lacks_no_attribute_of_return_type_1(string name)
    {
        NonPatientModel model = ModelOf(name);
        DicomDataSet request = model.CreateIdentifier();
        DicomDataSet response = RuleFacts.Build(s_rows.Where(row => row["model"] == name), _ => true);
        Assert.Empty(NonPatientRules.CheckResponse(model, request, response));
        response.Remove(DicomTags.SOPClassUID);
        response.Set(DicomElement.CreateEmpty(DicomTags.SOPInstanceUID, DicomVR.UI));
        Assert.Equal([DicomTags.SOPClassUID, DicomTags.SOPInstanceUID], NonPatientRules.CheckResponse(model, request, response));
        Assert.Equal(DicomTags.SOPClassUID, Assert.Single(NonPatientRules.CheckResponse(model, new DicomDataSet().Set(DicomTags.SOPClassUID, ""), response)));
    }
}
