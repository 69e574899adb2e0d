using System.Security.Cryptography;
using System.Text;
using NetDicom.Cli.Output;
using NetDicom.Network;
using NetDicom.Protocol;

namespace NetDicom.Cli.Archiving;

/// <summary>
/// Performed procedure steps (PS3.4 annex F) as DICOM files, <c>{two digits of a hash}/{UID}.dcm</c>: each is written before its request is answered, and read when the next one asks for it. So
/// there is no limit but the disk, and a restart changes nothing.
/// </summary>
/// <param name="folder">The folder; it is made when it is needed.</param>
/// <param name="durability">How safe a step is when it is answered.</param>
/// <param name="log">Told of what cannot be kept.</param>
internal sealed class ProcedureFolder(string folder, Durability durability, ToolLog log)
{
    // One request at a time for a step; steps share them by hash.
    private readonly SemaphoreSlim[] _gates = [.. Enumerable.Range(0, 64).Select(_ => new SemaphoreSlim(1))];

    /// <summary>Answers N-CREATE and N-SET of the class, and N-GET of its Retrieve class.</summary>
    public void AddTo(ApplicationEntity entity)
    {
        foreach (DicomUid sopClass in (DicomUid[])[SopClasses.ModalityPerformedProcedureStep, SopClasses.ModalityPerformedProcedureStepRetrieve])
            entity.AddSupportedContext(sopClass);
        entity.OnNCreate(SopClasses.ModalityPerformedProcedureStep, (request, stop) =>
            AnswerAsync(request.AffectedSopInstanceUid.IsNone ? DicomUid.Generate() : request.AffectedSopInstanceUid, uid => CreateAsync(uid, request.AttributeList ?? []), stop));
        entity.OnNSet(SopClasses.ModalityPerformedProcedureStep, (request, stop) =>
            AnswerAsync(request.RequestedSopInstanceUid, uid => SetAsync(uid, request.ModificationList), stop));
        entity.OnNGet(SopClasses.ModalityPerformedProcedureStepRetrieve, (request, stop) =>
            AnswerAsync(request.RequestedSopInstanceUid, uid => GetAsync(uid, request.AttributeIdentifierList), stop));
    }

    /// <summary>N-CREATE (PS3.4 section F.7.2.1): 0111H if there is such a step.</summary>
    public async Task<RuleResult> CreateAsync(DicomUid uid, DicomDataSet attributes)
    {
        RuleResult result = MppsRules.CheckCreate(attributes);
        if (!result.IsDone)
            return result;
        if (File.Exists(PathOf(uid)))
            return RuleResult.Of(DimseStatus.DuplicateSopInstance, "there is such a step");
        await WriteAsync(uid, result.Attributes!);
        return result with { Attributes = null, InstanceUid = uid };
    }

    /// <summary>N-SET (PS3.4 section F.7.2.2): 0112H for a step that is not there.</summary>
    public async Task<RuleResult> SetAsync(DicomUid uid, DicomDataSet changes)
    {
        if (await ReadAsync(uid) is not { } present)
            return Unknown;
        RuleResult result = MppsRules.CheckSet(present, changes);
        if (!result.IsDone)
            return result;
        await WriteAsync(uid, result.Attributes!);
        return result with { Attributes = null };
    }

    /// <summary>N-GET of the Retrieve class (PS3.4 section F.8.2): 0112H for a step that is not there.</summary>
    public async Task<RuleResult> GetAsync(DicomUid uid, IReadOnlyList<DicomTag> attributes) => await ReadAsync(uid) is { } step ? MppsRules.Get(step, attributes) : Unknown;

    private static RuleResult Unknown => RuleResult.Of(DimseStatus.NoSuchSopInstance, "no such performed procedure step");

    private async ValueTask<NResponse> AnswerAsync(DicomUid uid, Func<DicomUid, Task<RuleResult>> answer, CancellationToken cancellationToken)
    {
        SemaphoreSlim gate = _gates[(uint)uid.GetHashCode() % _gates.Length];
        await gate.WaitAsync(cancellationToken);
        try
        {
            return (await answer(uid)).ToResponse();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or DicomDataException)
        {
            log.Error($"A performed procedure step cannot be kept or read: {error.Message}");
            return RuleResult.Of(DimseStatus.ProcessingFailure, "the step cannot be kept or read").ToResponse();
        }
        finally
        {
            gate.Release();
        }
    }

    private async Task<DicomDataSet?> ReadAsync(DicomUid uid)
    {
        try
        {
            DicomDataSet step = DicomFile.Read(await File.ReadAllBytesAsync(PathOf(uid))).DataSet;
            // Of the file, not of the step: the class and its UID are in the command.
            step.Remove(DicomTags.SOPClassUID);
            step.Remove(DicomTags.SOPInstanceUID);
            return step;
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    private async Task WriteAsync(DicomUid uid, DicomDataSet step)
    {
        string path = PathOf(uid);
        DicomDataSet kept = step.Clone().Set(DicomTags.SOPClassUID, SopClasses.ModalityPerformedProcedureStep).Set(DicomTags.SOPInstanceUID, uid);
        byte[] bytes = await new DicomFile(kept, TransferSyntax.ExplicitVRLittleEndian).ToArrayAsync();
        InstanceFileWriter.CreateFolder(Path.GetDirectoryName(path)!, durability);
        using InstanceFileWriter writer = InstanceFileWriter.Create(path, bytes, durability);
        writer.Commit();
    }

    // A UID is digits and dots: the only thing from the network in the path. The folders keep each from growing for years.
    private string PathOf(DicomUid uid) => Path.Join(folder, Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(uid.ToString())).AsSpan(0, 1)), uid + ".dcm");
}
