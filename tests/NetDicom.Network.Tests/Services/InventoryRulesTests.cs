using NetDicom.Protocol;

namespace NetDicom.Network.Tests;

/// <summary>PS3.4 annex KK: the states of the production of an inventory, its requests, scopes and events.</summary>
public class InventoryRulesTests
{
    private static DicomTag Tag(string keyword) => DicomTagPath.Parse(keyword).Tag;

    private static InventoryRequest Request() => new() { TransactionUid = new DicomUid("1.2.77"), Level = InventoryLevel.Series, Purpose = "migration", StatusInterval = 5 };

    private static RuleResult Read(DicomDataSet information, InventoryCapabilities? capabilities = null) => InventoryRules.Read(information, capabilities ?? new InventoryCapabilities(), out _);

    private static DicomDataSet WithScope(params IEnumerable<(DicomTag Sequence, DicomElement Key)> keys)
    {
        var scope = new DicomDataSet();
        foreach ((DicomTag sequence, DicomElement key) in keys)
            scope.Set(sequence, new DicomDataSet().Set(key));
        return scope;
    }

    // By figure KK.2-1. s: success without a change; the letters are the new states; 1: 0115H; 0: 0110H. Columns: none, PROCESSING, PAUSED, COMPLETE, FAILURE, CANCELED.
    [Theory]
    [InlineData(InventoryAction.Initiate, "R11111")]
    [InlineData(InventoryAction.RequestStatus, "1sssss")]
    [InlineData(InventoryAction.Cancel, "1CC000")]
    [InlineData(InventoryAction.Pause, "1Ps000")]
    [InlineData(InventoryAction.Resume, "1sR000")]
    public void Each_action_does_in_each_state_what_the_figure_of_the_standard_shows(InventoryAction action, string cells)
    {
        InventoryState?[] states = [null, .. Enum.GetValues<InventoryState>()];
        for (int i = 0; i < states.Length; i++)
        {
            InventoryTransition expected = cells[i] switch
            {
                'R' => new(DimseStatus.Success, InventoryState.Processing),
                'P' => new(DimseStatus.Success, InventoryState.Paused),
                'C' => new(DimseStatus.Success, InventoryState.Canceled),
                's' => new(DimseStatus.Success),
                '1' => new(DimseStatus.InvalidArgumentValue),
                _ => new(DimseStatus.ProcessingFailure),
            };
            Assert.Equal(expected, InventoryTransition.Find(action, states[i]));
        }
    }

    [Theory]
    [InlineData("PROCESSING", InventoryState.Processing, false)]
    [InlineData("PAUSED", InventoryState.Paused, false)]
    [InlineData("COMPLETE", InventoryState.Complete, true)]
    [InlineData("FAILURE", InventoryState.Failure, true)]
    [InlineData("CANCELED", InventoryState.Canceled, true)]
    public void The_states_have_their_terms_and_three_are_the_end(string term, InventoryState state, bool isTerminal)
    {
        Assert.Equal((term, isTerminal), (state.ToTerm(), state.IsTerminal()));
        Assert.True(InventoryStates.TryParse(term, out InventoryState parsed));
        Assert.Equal(state, parsed);
        Assert.False(InventoryStates.TryParse(term + "D", out _));
    }

    [Fact]
    public void An_action_is_on_the_well_known_instance_of_a_known_type_and_has_its_attributes()
    {
        DicomUid known = new("1.2.840.10008.5.1.4.1.1.201.1.1");
        Assert.True(InventoryRules.CheckAction(known, 11, Request().ToDataSet()).IsDone);
        Assert.Equal(0x0112, InventoryRules.CheckAction(new DicomUid("1.2.3"), 11, Request().ToDataSet()).Status.Code);
        Assert.Equal(0x0123, InventoryRules.CheckAction(known, 16, Request().ToDataSet()).Status.Code);
        Assert.Equal(0x0123, InventoryRules.CheckAction(known, 10, Request().ToDataSet()).Status.Code);
        foreach (ushort action in (ushort[])[11, 12, 13, 14, 15])
            Assert.Equal((0x0114, true), (InventoryRules.CheckAction(known, action, null).Status.Code, InventoryRules.CheckAction(known, action, null).Elements.Contains(DicomTags.TransactionUID)));
    }

    [Fact]
    public void A_request_is_read_as_it_was_written()
    {
        DicomDataSet scope = WithScope((DicomTags.GeneralMatchingSequence, DicomElement.Create(DicomTags.ModalitiesInStudy, DicomVR.CS, "NM")));
        InventoryRequest written = Request() with { Scope = scope };
        Assert.True(InventoryRules.Read(written.ToDataSet(), new InventoryCapabilities(), out InventoryRequest? read).IsDone);
        Assert.Equal(written with { Scope = null }, read! with { Scope = null });
        Assert.True(read.Scope!.ContentEquals(scope));
        // No item, or an empty one: every study.
        Assert.True(InventoryRules.Read(Request().ToDataSet(), new InventoryCapabilities(), out read).IsDone && read!.Scope is null);
        Assert.True(InventoryRules.Read((Request() with { Scope = [] }).ToDataSet(), new InventoryCapabilities(), out read).IsDone && read!.Scope is null);
    }

    [Theory]
    [InlineData("level of no name", 0x0115)]
    [InlineData("two scopes", 0x0115)]
    [InlineData("transaction of no UID", 0x0115)]
    [InlineData("level", 0x0212)]
    [InlineData("mechanism", 0x0212)]
    [InlineData("character set", 0x0212)]
    [InlineData("key", 0xB010)]
    public void What_is_wrong_or_not_supported_in_a_request_has_its_status(string what, int status)
    {
        DicomDataSet scope = WithScope((DicomTags.GeneralMatchingSequence, DicomElement.Create(DicomTags.PatientID, DicomVR.LO, "P1")));
        var capabilities = new InventoryCapabilities { Levels = new HashSet<InventoryLevel> { InventoryLevel.Series }, IsKeySupported = tag => tag != DicomTags.PatientID || what != "key" };
        DicomDataSet information = (Request() with { Scope = scope }).ToDataSet();
        Assert.Equal(what == "key" ? 0xB010 : 0, Read(information, capabilities).Status.Code);
        DicomTag blamed = what switch
        {
            "level of no name" => Blame(information.Set(DicomTags.InventoryLevel, "PATIENT"), DicomTags.InventoryLevel),
            "two scopes" => Blame(information.Set(DicomTags.ScopeOfInventorySequence, [scope.Clone(), scope.Clone()]), DicomTags.ScopeOfInventorySequence),
            "transaction of no UID" => Blame(information.Set(DicomElement.Create(DicomTags.TransactionUID, DicomVR.UI, "1.x")), DicomTags.TransactionUID),
            "level" => Blame(information.Set(DicomTags.InventoryLevel, "INSTANCE"), DicomTags.InventoryLevel),
            "mechanism" => Blame(information.Set(DicomTags.ScopeOfInventorySequence, scope.Clone().Set(DicomTags.ExtendedMatchingMechanisms, "TIMEZONE_ADJUST")), DicomTags.ExtendedMatchingMechanisms),
            "character set" => Blame(information.Set(DicomTags.ScopeOfInventorySequence, scope.Clone().Set(DicomTags.SpecificCharacterSet, "ISO_IR 999")), DicomTags.SpecificCharacterSet),
            _ => DicomTags.PatientID,
        };
        RuleResult result = Read(information, capabilities);
        Assert.Equal((status, blamed), (result.Status.Code, Assert.Single(result.Elements)));
        Assert.Equal(status == 0xB010, result.IsDone);

        static DicomTag Blame(DicomDataSet _, DicomTag tag) => tag;
    }

    [Fact]
    public void What_is_supported_is_not_refused()
    {
        DicomDataSet scope = WithScope().Set(DicomTags.ExtendedMatchingMechanisms, "TIMEZONE_ADJUST", "RELATIONAL").Set(DicomTags.SpecificCharacterSet, "ISO_IR 192");
        var capabilities = new InventoryCapabilities { MatchingMechanisms = new HashSet<string> { "TIMEZONE_ADJUST", "RELATIONAL" } };
        Assert.Equal(DimseStatus.Success, Read((Request() with { Scope = scope }).ToDataSet(), capabilities).Status);
    }

    [Theory]
    [InlineData("Y", true, 0)]
    [InlineData("N", false, 0)]
    [InlineData("MAYBE", false, 0x0115)]
    public void A_cancel_says_whether_instances_are_retained(string term, bool retain, int status)
    {
        RuleResult result = InventoryRules.ReadCancel(new DicomDataSet().Set(DicomTags.RetainInstances, term), out bool read);
        Assert.Equal((status, retain), (result.Status.Code, read));
    }

    [Theory]
    [InlineData("StudyDate", "20200101-20201231", "RangeMatchingSequence", "20200101\\20201231")]
    [InlineData("StudyDate", "-20201231", "RangeMatchingSequence", "\\20201231")]
    [InlineData("StudyDate", "20200101-", "RangeMatchingSequence", "20200101\\")]
    [InlineData("StudyDate", "20200101", "GeneralMatchingSequence", "20200101")]
    [InlineData("StudyUpdateDateTime", "20200101100000-0500", "GeneralMatchingSequence", "20200101100000-0500")]
    [InlineData("StudyUpdateDateTime", "20200101100000-0500-20210101", "RangeMatchingSequence", "20200101100000-0500\\20210101")]
    [InlineData("StudyInstanceUID", "1.2.3\\1.2.4", "ListOfUIDMatchingSequence", "1.2.3\\1.2.4")]
    [InlineData("StudyInstanceUID", "1.2.3", "GeneralMatchingSequence", "1.2.3")]
    [InlineData("AccessionNumber", "\"\"", "EmptyValueMatchingSequence", "")]
    [InlineData("PatientName", "DOE*", "GeneralMatchingSequence", "DOE*")]
    public void A_key_of_a_query_goes_into_the_sequence_of_its_kind_of_matching_and_comes_back(string keyword, string value, string sequence, string written)
    {
        DicomTag tag = Tag(keyword), holder = Tag(sequence);
        DicomDictionary.TryGet(tag, out DictionaryEntry entry);
        DicomDataSet scope = InventoryScope.FromIdentifier(new DicomDataSet().Set(DicomElement.Create(tag, entry.VR, value.Split('\\'))).Set(DicomTags.PatientID, "").Set(DicomTags.QueryRetrieveLevel, "STUDY"));
        Assert.Equal([holder], scope.Select(element => element.Tag));
        DicomElement key = Assert.Single(scope.GetSequence(holder)!)[tag];
        Assert.Equal(written, string.Join('\\', key.GetStrings()));
        Assert.Equal([tag], InventoryScope.KeysOf(scope));
        Assert.True(InventoryScope.TryCreateIdentifier(scope, out DicomDataSet identifier).IsDone);
        Assert.Equal(value, string.Join('\\', Assert.Single(identifier).GetStrings()));
    }

    [Fact]
    public void Character_set_time_zone_and_mechanisms_stand_beside_the_keys()
    {
        DicomDataSet query = new DicomDataSet().Set(DicomTags.SpecificCharacterSet, "ISO_IR 192").Set(DicomTags.TimezoneOffsetFromUTC, "+0100").Set(DicomTags.PatientName, "Müller");
        DicomDataSet scope = InventoryScope.FromIdentifier(query, "TIMEZONE_ADJUST");
        Assert.Equal(("ISO_IR 192", "+0100", "TIMEZONE_ADJUST"),
            (scope.GetString(DicomTags.SpecificCharacterSet), scope.GetString(DicomTags.TimezoneOffsetFromUTC), scope.GetString(DicomTags.ExtendedMatchingMechanisms)));
        Assert.True(InventoryScope.TryCreateIdentifier(scope, out DicomDataSet identifier).IsDone);
        Assert.True(identifier.ContentEquals(query));
    }

    [Theory]
    [InlineData("RangeMatchingSequence", "PatientID", "A\\B")]
    [InlineData("RangeMatchingSequence", "StudyDate", "20200101")]
    [InlineData("RangeMatchingSequence", "StudyDate", "20200101\\20200102\\20200103")]
    [InlineData("ListOfUIDMatchingSequence", "StudyInstanceUID", "1.2.3\\1.x")]
    [InlineData("ListOfUIDMatchingSequence", "PatientID", "P1")]
    [InlineData("EmptyValueMatchingSequence", "StudyInstanceUID", "")]
    public void A_key_that_does_not_fit_its_sequence_is_refused_with_0115H(string sequence, string keyword, string value)
    {
        DicomTag tag = Tag(keyword);
        DicomDictionary.TryGet(tag, out DictionaryEntry entry);
        RuleResult result = InventoryScope.TryCreateIdentifier(WithScope((Tag(sequence), DicomElement.Create(tag, entry.VR, value.Split('\\')))), out DicomDataSet identifier);
        Assert.Equal((0x0115, tag, 0), (result.Status.Code, Assert.Single(result.Elements), identifier.Count));
    }

    private static InventoryProduct Product() => new() { SopInstanceUid = new DicomUid("1.2.9"), StudyRecords = 3, RetrieveAETitles = ["ARCHIVE"] };

    [Theory]
    [InlineData(InventoryEventType.TerminatedWithInstances, "TransactionUID TransactionStatus ReferencedSOPClassUID ReferencedSOPInstanceUID TotalNumberOfStudyRecords RetrieveAETitle")]
    [InlineData(InventoryEventType.Status, "TransactionUID TransactionStatus TotalNumberOfStudyRecords")]
    [InlineData(InventoryEventType.TerminatedWithoutInstances, "TransactionUID TransactionStatus")]
    public void An_event_has_the_attributes_of_its_type_and_lacks_none(InventoryEventType type, string required)
    {
        DicomDataSet Information() => new InventoryEvent(type, new DicomUid("1.2.77"), InventoryState.Complete)
        {
            Product = type == InventoryEventType.TerminatedWithInstances ? Product() : null, StudyRecords = type == InventoryEventType.Status ? 3 : null,
        }.ToDataSet();
        Assert.True(InventoryRules.CheckEvent((ushort)type, Information()).IsDone);
        Assert.Equal(required.Split(' ').Select(word => Tag(word)).Order(), Information().Select(element => element.Tag).Order());
        foreach (DicomTag tag in required.Split(' ').Select(word => Tag(word)))
        {
            DicomDataSet information = Information();
            information.Remove(tag);
            RuleResult missing = InventoryRules.CheckEvent((ushort)type, information);
            Assert.Equal((0x0114, true), (missing.Status.Code, missing.Elements.Contains(tag)));
        }

        Assert.Equal(0x0113, InventoryRules.CheckEvent(14, Information()).Status.Code);
    }

    [Fact]
    public void An_event_is_read_as_it_was_written()
    {
        var written = new InventoryEvent(InventoryEventType.TerminatedWithInstances, new DicomUid("1.2.77"), InventoryState.Canceled)
        {
            Comment = "half of it", Product = Product() with { RetrieveUrl = "https://example.org/dicom", Expiration = new DicomDataSet().Set(DicomTags.ExpirationDateTime, "20300101").GetDateTime(DicomTags.ExpirationDateTime) },
        };
        Assert.True(InventoryEvent.Read(11, written.ToDataSet(), out InventoryEvent? read).IsDone);
        Assert.Equal((written.TransactionUid, InventoryState.Canceled, "half of it", 3L), (read!.TransactionUid, read.State, read.Comment, read.StudyRecords));
        Assert.Equal(("1.2.9", "ARCHIVE", "https://example.org/dicom", "20300101"),
            (read.Product!.SopInstanceUid.ToString(), Assert.Single(read.Product.RetrieveAETitles), read.Product.RetrieveUrl, read.Product.Expiration.ToString()));
        Assert.Equal(0x0113, InventoryEvent.Read(1, written.ToDataSet(), out _).Status.Code);
        Assert.Equal(0x0114, InventoryEvent.Read(12, null, out _).Status.Code);
        Assert.Equal(0x0115, InventoryEvent.Read(12, written.ToDataSet().Set(DicomTags.TransactionStatus, "LATE"), out _).Status.Code);
        DicomDataSet nameless = written.ToDataSet();
        nameless.Remove(DicomTags.ReferencedSOPInstanceUID);
        Assert.Equal(0x0115, InventoryEvent.Read(11, nameless, out _).Status.Code);
    }

    [Fact]
    public void The_statuses_of_Initiate_are_those_of_the_standard()
    {
        HashSet<int> codes = [.. StatusDefinition.For("Inventory Creation", "N-ACTION").Select(one => (int)one.Code)];
        Assert.Superset(new HashSet<int> { 0x0000, 0x0110, 0x0124, 0x0212, 0x0213, 0xB010 }, codes);
    }
}
