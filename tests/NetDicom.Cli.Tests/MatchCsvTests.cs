using NetDicom.Cli.Querying;

namespace NetDicom.Cli.Tests;

public class MatchCsvTests
{
    private static readonly DicomDataSet s_query = new()
    {
        { DicomTags.SpecificCharacterSet, "ISO_IR 192" },
        { DicomTags.PatientName, "" },
        { DicomTags.ModalitiesInStudy, "" },
        { DicomTags.ScheduledProcedureStepSequence, [new DicomDataSet { { DicomTags.Modality, "CT" } }] },
    };

    [Fact]
    public void The_asked_keys_are_the_columns_and_the_character_set_is_none() =>
        Assert.Equal("ModalitiesInStudy,PatientName,ScheduledProcedureStepSequence[0].Modality", new MatchCsv(s_query).Header);

    [Fact]
    public void Values_are_quoted_where_they_have_to_be()
    {
        var match = new DicomDataSet
        {
            { DicomTags.PatientName, "O\"Neil, Anne" },
            { DicomTags.ModalitiesInStudy, "CT", "MR" },
            { DicomTags.ScheduledProcedureStepSequence, [new DicomDataSet { { DicomTags.Modality, "CT" } }, new DicomDataSet { { DicomTags.Modality, "PT" } }] },
        };
        Assert.Equal("CT\\MR,\"O\"\"Neil, Anne\",CT\\PT", new MatchCsv(s_query).Row(match));
    }

    [Fact]
    public void What_a_match_leaves_out_is_an_empty_field() => Assert.Equal("CT,,", new MatchCsv(s_query).Row(new DicomDataSet { { DicomTags.ModalitiesInStudy, "CT" } }));

    [Fact]
    public void A_first_field_that_is_empty_keeps_its_comma() => Assert.Equal(",A,", new MatchCsv(s_query).Row(new DicomDataSet { { DicomTags.PatientName, "A" } }));
}
