using NetDicom.Network.Tests.Support;
using NetDicom.Protocol;

namespace NetDicom.Network.Tests;

/// <summary>Data sets that the providers accept, made from the tables of the standard, and what the tests over sockets have in common.</summary>
internal static class ProviderFacts
{
    private static readonly IReadOnlyList<Dictionary<string, string>> s_mpps = RuleFacts.Read("mpps-attributes.tsv");
    private static readonly IReadOnlyList<Dictionary<string, string>> s_ups = RuleFacts.Read("ups-attributes.tsv");

    /// <summary>A step that begins: its end and its series are not known yet.</summary>
    public static DicomDataSet NewStep() => RuleFacts.Build(s_mpps, row => row["n_create"].Split('/')[0] is "1" or "2").Set(DicomTags.PerformedProcedureStepStatus, "IN PROGRESS")
        .Set(DicomElement.CreateEmpty(DicomTags.PerformedProcedureStepEndDate, DicomVR.DA)).Set(DicomElement.CreateEmpty(DicomTags.PerformedProcedureStepEndTime, DicomVR.TM))
        .Set(DicomElement.CreateEmpty(DicomTags.PerformedSeriesSequence, DicomVR.SQ));

    /// <summary>What a step that has ended says of its end and its series.</summary>
    public static DicomDataSet StepEnd()
    {
        string[] ended = [DicomTags.PerformedProcedureStepEndDate.ToString(), DicomTags.PerformedProcedureStepEndTime.ToString(), DicomTags.PerformedSeriesSequence.ToString()];
        return RuleFacts.Build([.. s_mpps.Where(row => ended.Contains(RuleFacts.Tags(row["path"])[0].ToString()))], _ => true);
    }

    public static DicomDataSet NewUps()
    {
        DicomDataSet ups = RuleFacts.Build(s_ups, row => row["n_create"].Split('/')[0] is "1" or "2").Set(DicomTags.ProcedureStepState, "SCHEDULED");
        ups.Set(DicomElement.CreateEmpty(DicomTags.TransactionUID, DicomVR.UI));
        ups.Set(DicomElement.CreateEmpty(DicomTags.ProcedureStepProgressInformationSequence, DicomVR.SQ));
        ups.Set(DicomElement.CreateEmpty(DicomTags.UnifiedProcedureStepPerformedProcedureSequence, DicomVR.SQ));
        return ups;
    }

    /// <summary>What COMPLETED needs.</summary>
    public static DicomDataSet UpsEnd()
    {
        DicomDataSet ready = RuleFacts.Build(s_ups, row => row["n_create"].Split('/')[0] is "1" or "2" || row["final_state"] is "R" or "P");
        return new DicomDataSet().Set(DicomTags.UnifiedProcedureStepPerformedProcedureSequence, ready.GetSequence(DicomTags.UnifiedProcedureStepPerformedProcedureSequence)![0].Clone());
    }

    public static Task<Association> AssociateAsync(this ApplicationEntity entity, DicomServer server) =>
        entity.AssociateAsync("127.0.0.1", server.Port).WaitAsync(RawPeer.Patience);
}
