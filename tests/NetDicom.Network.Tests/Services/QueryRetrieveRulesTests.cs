using NetDicom.Protocol;

namespace NetDicom.Network.Tests;

/// <summary>PS3.4 C.4.1 to C.4.3, Y.3, Z.3 and the tables of keys.</summary>
public class QueryRetrieveRulesTests
{
    private static readonly Dictionary<string, DicomTag> _unique = new()
    {
        ["P"] = DicomTags.PatientID, ["T"] = DicomTags.StudyInstanceUID, ["S"] = DicomTags.SeriesInstanceUID, ["I"] = DicomTags.SOPInstanceUID,
    };

    /// <summary>An identifier by the letters of its unique keys: P one patient, T one study, TT two, t an empty key, T* a wild card.</summary>
    private static DicomDataSet Identifier(string level, string keys)
    {
        DicomDataSet identifier = level.Length == 0 ? [] : new DicomDataSet().Set(DicomTags.QueryRetrieveLevel, level);
        foreach (string key in keys.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            DicomTag tag = _unique[key[..1].ToUpperInvariant()];
            if (char.IsLower(key[0]))
                identifier.Set(DicomElement.CreateEmpty(tag, tag == DicomTags.PatientID ? DicomVR.LO : DicomVR.UI));
            else
                identifier.Set(tag, key.Length == 1 ? ["1.2.3"] : key[1] == '*' ? ["1.2*"] : ["1.2.3", "1.2.4"]);
        }

        return identifier;
    }

    [Theory]
    [InlineData(QueryRetrieveModel.PatientRoot, "PATIENT", "p", 0)]
    [InlineData(QueryRetrieveModel.PatientRoot, "PATIENT", "P", 0)]
    [InlineData(QueryRetrieveModel.PatientRoot, "PATIENT", "P*", 0)]
    [InlineData(QueryRetrieveModel.PatientRoot, "STUDY", "P t", 0)]
    [InlineData(QueryRetrieveModel.PatientRoot, "STUDY", "P TT", 0)]
    [InlineData(QueryRetrieveModel.PatientRoot, "STUDY", "t", 0x00100020)]
    [InlineData(QueryRetrieveModel.PatientRoot, "STUDY", "p t", 0x00100020)]
    [InlineData(QueryRetrieveModel.PatientRoot, "STUDY", "P* t", 0x00100020)]
    [InlineData(QueryRetrieveModel.PatientRoot, "STUDY", "PP t", 0x00100020)]
    [InlineData(QueryRetrieveModel.PatientRoot, "SERIES", "P T s", 0)]
    [InlineData(QueryRetrieveModel.PatientRoot, "SERIES", "P s", 0x0020000D)]
    [InlineData(QueryRetrieveModel.PatientRoot, "SERIES", "P TT s", 0x0020000D)]
    [InlineData(QueryRetrieveModel.PatientRoot, "SERIES", "P T* s", 0x0020000D)]
    [InlineData(QueryRetrieveModel.PatientRoot, "IMAGE", "P T S i", 0)]
    [InlineData(QueryRetrieveModel.PatientRoot, "IMAGE", "P T i", 0x0020000E)]
    [InlineData(QueryRetrieveModel.PatientRoot, "FRAME", "P T S I", 0x00080052)]
    [InlineData(QueryRetrieveModel.PatientRoot, "", "P", 0x00080052)]
    [InlineData(QueryRetrieveModel.PatientRoot, "study", "P", 0x00080052)]
    [InlineData(QueryRetrieveModel.PatientRoot, "PATIENT", "p T", 0x0020000D)]
    [InlineData(QueryRetrieveModel.StudyRoot, "STUDY", "t", 0)]
    [InlineData(QueryRetrieveModel.StudyRoot, "STUDY", "p t", 0)]
    [InlineData(QueryRetrieveModel.StudyRoot, "STUDY", "", 0)]
    [InlineData(QueryRetrieveModel.StudyRoot, "SERIES", "T s", 0)]
    [InlineData(QueryRetrieveModel.StudyRoot, "SERIES", "s", 0x0020000D)]
    [InlineData(QueryRetrieveModel.StudyRoot, "IMAGE", "T S", 0)]
    [InlineData(QueryRetrieveModel.StudyRoot, "IMAGE", "S", 0x0020000D)]
    [InlineData(QueryRetrieveModel.StudyRoot, "PATIENT", "P", 0x00080052)]
    [InlineData(QueryRetrieveModel.PatientStudyOnly, "STUDY", "P t", 0)]
    [InlineData(QueryRetrieveModel.PatientStudyOnly, "SERIES", "P T s", 0x00080052)]
    [InlineData(QueryRetrieveModel.Repository, "SERIES", "P T s", 0)]
    [InlineData(QueryRetrieveModel.SingleLevel, "", "i", 0)]
    [InlineData(QueryRetrieveModel.SingleLevel, "IMAGE", "i", 0x00080052)]
    public void A_hierarchical_query_has_one_value_in_each_unique_key_above_its_level(QueryRetrieveModel model, string level, string keys, int offending)
    {
        RuleResult result = QueryRetrieveRules.CheckFind(model, Identifier(level, keys));
        Assert.Equal(offending == 0 ? 0 : 0xA900, result.Status.Code);
        if (offending != 0)
            Assert.Equal(new DicomTag((uint)offending), Assert.Single(result.Elements));
    }

    [Theory]
    [InlineData("STUDY", "")]
    [InlineData("SERIES", "s")]
    [InlineData("IMAGE", "I")]
    [InlineData("IMAGE", "TT i")]
    public void A_relational_query_may_leave_out_the_keys_above(string level, string keys)
    {
        Assert.True(QueryRetrieveRules.CheckFind(QueryRetrieveModel.PatientRoot, Identifier(level, keys), new IdentifierOptions { Relational = true }).IsDone);
        Assert.False(QueryRetrieveRules.CheckFind(QueryRetrieveModel.PatientRoot, Identifier(level, keys)).IsDone);
    }

    [Fact]
    public void Other_keys_of_a_level_above_are_passed_over_or_refused()
    {
        DicomDataSet identifier = Identifier("SERIES", "T s").Set(DicomTags.StudyDate, "20200101").Set(DicomTags.Modality, "CT").Set(DicomTags.PatientName, "A*");
        Assert.True(QueryRetrieveRules.CheckFind(QueryRetrieveModel.StudyRoot, identifier).IsDone);
        RuleResult strict = QueryRetrieveRules.CheckFind(QueryRetrieveModel.StudyRoot, identifier, new IdentifierOptions { AllowKeysAbove = false });
        Assert.Equal((0xA900, "(0008,0020) (0010,0010)"), (strict.Status.Code, string.Join(' ', strict.Elements)));
    }

    [Fact]
    public void The_unique_key_of_the_level_may_be_demanded()
    {
        var options = new IdentifierOptions { AllowMissingUniqueKey = false };
        Assert.Equal(DicomTags.StudyInstanceUID, Assert.Single(QueryRetrieveRules.CheckFind(QueryRetrieveModel.StudyRoot, Identifier("STUDY", ""), options).Elements));
        Assert.True(QueryRetrieveRules.CheckFind(QueryRetrieveModel.StudyRoot, Identifier("STUDY", "t"), options).IsDone);
    }

    [Theory]
    [InlineData(QueryRetrieveModel.CompositeInstanceRoot)]
    [InlineData(QueryRetrieveModel.WithoutBulkData)]
    public void A_retrieve_model_has_no_queries(QueryRetrieveModel model) =>
        Assert.Equal(DimseStatus.SopClassNotSupported, QueryRetrieveRules.CheckFind(model, Identifier("IMAGE", "I")).Status);

    [Theory]
    [InlineData(QueryRetrieveModel.PatientRoot, "PATIENT", "P", 0)]
    [InlineData(QueryRetrieveModel.PatientRoot, "PATIENT", "p", 0x00100020)]
    [InlineData(QueryRetrieveModel.PatientRoot, "PATIENT", "PP", 0x00100020)]
    [InlineData(QueryRetrieveModel.PatientRoot, "PATIENT", "P*", 0x00100020)]
    [InlineData(QueryRetrieveModel.PatientRoot, "STUDY", "P T", 0)]
    [InlineData(QueryRetrieveModel.PatientRoot, "STUDY", "P TT", 0)]
    [InlineData(QueryRetrieveModel.PatientRoot, "STUDY", "P t", 0x0020000D)]
    [InlineData(QueryRetrieveModel.PatientRoot, "STUDY", "P T*", 0x0020000D)]
    [InlineData(QueryRetrieveModel.PatientRoot, "STUDY", "T", 0x00100020)]
    [InlineData(QueryRetrieveModel.StudyRoot, "STUDY", "T", 0)]
    [InlineData(QueryRetrieveModel.StudyRoot, "STUDY", "TT", 0)]
    [InlineData(QueryRetrieveModel.StudyRoot, "STUDY", "", 0x0020000D)]
    [InlineData(QueryRetrieveModel.StudyRoot, "SERIES", "T SS", 0)]
    [InlineData(QueryRetrieveModel.StudyRoot, "SERIES", "S", 0x0020000D)]
    [InlineData(QueryRetrieveModel.StudyRoot, "IMAGE", "T S II", 0)]
    [InlineData(QueryRetrieveModel.StudyRoot, "IMAGE", "TT S II", 0x0020000D)]
    [InlineData(QueryRetrieveModel.StudyRoot, "STUDY", "T S", 0x0020000E)]
    [InlineData(QueryRetrieveModel.CompositeInstanceRoot, "IMAGE", "II", 0)]
    [InlineData(QueryRetrieveModel.CompositeInstanceRoot, "STUDY", "T", 0x00080052)]
    [InlineData(QueryRetrieveModel.WithoutBulkData, "IMAGE", "II", 0)]
    [InlineData(QueryRetrieveModel.WithoutBulkData, "IMAGE", "", 0x00080018)]
    [InlineData(QueryRetrieveModel.SingleLevel, "", "II", 0)]
    [InlineData(QueryRetrieveModel.SingleLevel, "", "i", 0x00080018)]
    public void A_retrieve_names_one_value_above_its_level_and_a_list_at_it(QueryRetrieveModel model, string level, string keys, int offending)
    {
        RuleResult result = QueryRetrieveRules.CheckRetrieve(model, Identifier(level, keys));
        Assert.Equal(offending == 0 ? 0 : 0xA900, result.Status.Code);
        if (offending != 0)
            Assert.Equal(new DicomTag((uint)offending), Assert.Single(result.Elements));
    }

    [Fact]
    public void A_relational_retrieve_may_leave_out_the_keys_above()
    {
        var options = new IdentifierOptions { Relational = true };
        Assert.True(QueryRetrieveRules.CheckRetrieve(QueryRetrieveModel.PatientRoot, Identifier("IMAGE", "I"), options).IsDone);
        Assert.False(QueryRetrieveRules.CheckRetrieve(QueryRetrieveModel.PatientRoot, Identifier("IMAGE", "TT I"), options).IsDone);
    }

    [Theory]
    [InlineData("1\\3\\5", "", "", 0)]
    [InlineData("3\\1", "", "", 0x00081161)]
    [InlineData("1\\1", "", "", 0x00081161)]
    [InlineData("0", "", "", 0x00081161)]
    [InlineData("", "1\\9\\2", "", 0)]
    [InlineData("", "1\\9\\2\\10\\4294967295\\1", "", 0)]
    [InlineData("", "1\\9", "", 0x00081162)]
    [InlineData("", "1\\9\\2\\5\\20\\1", "", 0x00081162)]
    [InlineData("", "9\\1\\1", "", 0x00081162)]
    [InlineData("", "", "0.5\\1.5", 0)]
    [InlineData("", "", "1.5\\0.5", 0x00081163)]
    [InlineData("", "", "1.5", 0x00081163)]
    [InlineData("", "", "", 0x00081161)]
    public void A_retrieve_of_frames_has_exactly_one_list_in_rising_order(string simple, string calculated, string range, int offending)
    {
        DicomDataSet identifier = Identifier("FRAME", "I");
        foreach ((DicomTag tag, string text) in ((DicomTag, string)[])[(DicomTags.SimpleFrameList, simple), (DicomTags.CalculatedFrameList, calculated), (DicomTags.TimeRange, range)])
        {
            if (text.Length > 0)
                identifier.Set(tag, text.Split('\\'));
        }

        RuleResult result = QueryRetrieveRules.CheckRetrieve(QueryRetrieveModel.CompositeInstanceRoot, identifier);
        Assert.Equal(offending == 0 ? "" : new DicomTag((uint)offending).ToString(), string.Join(' ', result.Elements));
    }

    [Fact]
    public void Two_frame_lists_are_refused()
    {
        DicomDataSet identifier = Identifier("FRAME", "I").Set(DicomTags.SimpleFrameList, 1L).Set(DicomTags.TimeRange, 0.5, 1.0);
        Assert.Equal(2, QueryRetrieveRules.CheckRetrieve(QueryRetrieveModel.CompositeInstanceRoot, identifier).Elements.Count);
        Assert.False(QueryRetrieveRules.CheckRetrieve(QueryRetrieveModel.CompositeInstanceRoot, Identifier("FRAME", "II").Set(DicomTags.SimpleFrameList, 1L)).IsDone);
    }

    [Theory]
    [InlineData("CLASSIC", true, true)]
    [InlineData("ENHANCED", true, true)]
    [InlineData("OTHER", true, false)]
    [InlineData("CLASSIC", false, false)]
    public void A_view_is_one_of_two_and_negotiated(string view, bool negotiated, bool allowed)
    {
        DicomDataSet identifier = Identifier("STUDY", "T").Set(DicomTags.QueryRetrieveView, view);
        Assert.Equal(allowed, QueryRetrieveRules.CheckFind(QueryRetrieveModel.StudyRoot, identifier, new IdentifierOptions { Views = negotiated }).IsDone);
        Assert.Equal(allowed, QueryRetrieveRules.CheckRetrieve(QueryRetrieveModel.StudyRoot, identifier, new IdentifierOptions { Views = negotiated }).IsDone);
    }

    /// <summary>Rows of qr-keys.tsv at the outermost level.</summary>
    public static TheoryData<string, string, string, string> Keys() => [.. RuleFacts.Read("qr-keys.tsv").Where(row => !row["path"].Contains('/', StringComparison.Ordinal))
        .Select(row => new TheoryDataRow<string, string, string, string>(row["level"], row["model"], row["tag"], row["key_type"]))];

    [Theory, MemberData(nameof(Keys))]
    public void A_key_has_the_type_the_standard_lists_for_its_level(string level, string model, string tag, string type)
    {
        Assert.True(QueryRetrieveModels.TryParse(level, out QueryRetrieveLevel parsed));
        QueryRetrieveModel root = model == "study-root" ? QueryRetrieveModel.StudyRoot : QueryRetrieveModel.PatientRoot;
        DicomTag key = DicomTag.Parse(tag);
        Assert.True(QueryRetrieveModels.IsKey(root, parsed, key));
        Assert.Equal(type == "unique", QueryRetrieveModels.UniqueKeyOf(parsed) == key);
        Assert.Equal(type == "required", QueryRetrieveModels.RequiredKeysOf(root, parsed).Contains(key));
    }

    /// <summary>FIND, MOVE and GET classes with their models as sop-classes.tsv has them.</summary>
    public static TheoryData<string, string> Classes() => [.. RuleFacts.Read("sop-classes.tsv")
        .Where(row => row["info_model"] != "-" && row["service_class"].EndsWith("Query/Retrieve", StringComparison.Ordinal)).Select(row => new TheoryDataRow<string, string>(row["uid"], row["info_model"]))];

    [Theory, MemberData(nameof(Classes))]
    public void Every_query_and_retrieve_class_has_a_model(string uid, string model)
    {
        QueryRetrieveModel? found = QueryRetrieveModels.Of(new DicomUid(uid));
        Assert.NotNull(found);
        Assert.Equal(model switch { "Patient Root" => QueryRetrieveModel.PatientRoot, "Study Root" => QueryRetrieveModel.StudyRoot, "Repository" => QueryRetrieveModel.Repository, _ => found }, found);
    }

    [Fact]
    public void Other_classes_have_none()
    {
        Assert.Null(QueryRetrieveModels.Of(SopClasses.Verification));
        Assert.Null(QueryRetrieveModels.Of(SopClasses.ModalityWorklistInformationModelFind));
        Assert.Null(QueryRetrieveModels.Of(new DicomUid("1.2.3")));
    }

    [Fact]
    public void The_worklist_keys_every_provider_must_match_are_those_of_the_standard()
    {
        string[] expected = [.. RuleFacts.Read("mwl-keys.tsv").Where(row => row["match_type"] == "R").Select(row => RuleFacts.Path(row["path"]).ToString()).Order(StringComparer.Ordinal)];
        Assert.Equal(expected, WorklistRules.RequiredMatchingKeys.Select(path => path.ToString()).Order(StringComparer.Ordinal));
        Assert.Equal(8, expected.Length);
    }

    [Fact]
    public void A_worklist_identifier_has_no_level_and_one_step()
    {
        Assert.Equal(DicomTags.QueryRetrieveLevel, Assert.Single(WorklistRules.CheckFind(Identifier("STUDY", "")).Elements));
        Assert.Equal(0xA900, WorklistRules.CheckFind(new DicomDataSet().Set(DicomTags.ScheduledProcedureStepSequence, new DicomDataSet(), new DicomDataSet())).Status.Code);
        Assert.True(WorklistRules.CheckFind(new DicomDataSet().Set(DicomTags.ScheduledProcedureStepSequence, new DicomDataSet())).IsDone);
    }

    [Fact]
    public void A_worklist_response_lacks_no_attribute_of_return_type_1()
    {
        DicomDataSet request = new DicomDataSet().Set(DicomTags.PatientName, "*").Set(DicomTags.PatientID, Array.Empty<string>())
            .Set(DicomTags.ScheduledProcedureStepSequence, new DicomDataSet().Set(DicomTags.Modality, "CT").Set(DicomTags.ScheduledProcedureStepID, Array.Empty<string>()));
        DicomDataSet response = new DicomDataSet().Set(DicomTags.PatientName, "A").Set(DicomTags.PatientID, Array.Empty<string>())
            .Set(DicomTags.ScheduledProcedureStepSequence, new DicomDataSet().Set(DicomTags.Modality, "CT"));
        Assert.Equal([DicomTags.PatientID, DicomTags.ScheduledProcedureStepID], WorklistRules.CheckResponse(request, response));
        response.GetSequence(DicomTags.ScheduledProcedureStepSequence)!.Add([]);
        Assert.Contains(DicomTags.ScheduledProcedureStepSequence, WorklistRules.CheckResponse(request, response));
    }
}
