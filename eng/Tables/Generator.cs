namespace NetDicom.Tables;

/// <summary>A file to be checked in: path from the root of the project, and what it holds.</summary>
public sealed record GeneratedFile(string Path, string Content);

/// <summary>All the generated files of the project.</summary>
public static class Generator
{
    /// <summary>Makes every file from the tables under <paramref name="root"/>; writes nothing.</summary>
    public static IEnumerable<GeneratedFile> All(string root)
    {
        yield return new("src/NetDicom/Dictionary/DictionaryTable.g.cs", DictionaryFiles.Table(root));
        yield return new("src/NetDicom/Dictionary/DicomTags.g.cs", DictionaryFiles.Tags(root));
        yield return new("src/NetDicom/Values/DicomVR.g.cs", VRFile.Make(root));
        yield return new("src/NetDicom/Uids/UidTable.g.cs", UidFiles.Table(root));
        yield return new("src/NetDicom/Uids/Uids.g.cs", UidFiles.WellKnown(root));
        yield return new("src/NetDicom/Uids/SopClasses.g.cs", UidFiles.SopClasses(root));
        yield return new("src/NetDicom/Uids/SopClassTable.g.cs", UidFiles.SopClassTable(root));
        yield return new("src/NetDicom/Uids/TransferSyntax.g.cs", UidFiles.TransferSyntaxes(root));
        yield return new("src/NetDicom.Archive/Matching/TextFolding.g.cs", BaseLetters.Make(root));
        yield return new("src/NetDicom.Archive/Matching/TextComposition.g.cs", Decompositions.Make(root));
        const string services = "src/NetDicom.Network/Services/";
        yield return new(services + "ModalityPerformedProcedureStep/MppsTable.g.cs", AttributeTables.Mpps(root));
        yield return new(services + "UnifiedProcedureStep/UpsTable.g.cs", AttributeTables.Ups(root));
        yield return new(services + "ModalityWorklist/WorklistTable.g.cs", AttributeTables.Worklist(root));
        yield return new(services + "QueryRetrieve/QueryRetrieveTable.g.cs", AttributeTables.QueryRetrieve(root));
        yield return new(services + "QueryRetrieve/SingleLevelQueryTable.g.cs", AttributeTables.SingleLevelQuery(root));
        yield return new(services + "PrintManagement/PrintTable.g.cs", AttributeTables.Print(root));
        yield return new(services + "Rules/ServiceAttributeTable.g.cs", AttributeTables.Services(root));
        yield return new(services + "Rules/ActionEventTable.g.cs", AttributeTables.ActionsAndEvents(root));
        yield return new("src/NetDicom.Protocol/Tables/StatusTable.g.cs", StatusFile.Make(root));
    }
}
