using System.CommandLine;
using NetDicom.Cli.Commands.Data;

namespace NetDicom.Cli.Commands.Query;

/// <summary>C-FIND of a modality worklist (PS3.4 annex K): findscu -W, which asks for what a modality needs when no keys are given.</summary>
internal sealed class MwlScu() : FindScu("mwlscu", MwlDescription, withModels: false)
{
    public const string MwlDescription = "query a modality worklist (C-FIND); without keys: every entry, with what a modality needs";

    // The return keys of PS3.4 table K.6-1 that every worklist has (types 1 and 2) and modalities use.
    private static readonly string[] s_usual =
    [
        "SpecificCharacterSet", "AccessionNumber", "ReferringPhysicianName", "PatientName", "PatientID", "PatientBirthDate", "PatientSex", "StudyInstanceUID", "RequestedProcedureID",
        "RequestedProcedureDescription", "ScheduledProcedureStepSequence[0].Modality", "ScheduledProcedureStepSequence[0].ScheduledStationAETitle",
        "ScheduledProcedureStepSequence[0].ScheduledProcedureStepStartDate", "ScheduledProcedureStepSequence[0].ScheduledProcedureStepStartTime",
        "ScheduledProcedureStepSequence[0].ScheduledPerformingPhysicianName", "ScheduledProcedureStepSequence[0].ScheduledProcedureStepDescription",
        "ScheduledProcedureStepSequence[0].ScheduledProcedureStepID",
    ];

    public override IReadOnlyList<(string Line, string Meaning)> Examples { get; } =
    [
        ("mwlscu RIS@ris.example:104 -aet CT1", "every entry"),
        ("mwlscu 127.0.0.1 11112 -k PatientName -k ScheduledProcedureStepSequence[0].Modality=CT -w -od worklist", "the CT entries, each as a file for mppsscu --from-worklist"),
    ];

    protected override DicomDataSet Query(ParseResult arguments)
    {
        if (HasQuery(arguments))
            return base.Query(arguments);
        DicomDataSet query = [];
        foreach (string key in s_usual)
            ElementEdit.ParseKey(key).Insert(query);
        return query;
    }
}
