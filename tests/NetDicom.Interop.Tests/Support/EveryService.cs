using System.Globalization;
using System.Runtime.CompilerServices;
using NetDicom.Network;
using NetDicom.Protocol;

namespace NetDicom.Interop.Tests.Support;

/// <summary>A server of ours that answers whatever the client tools ask, half well and half badly, so that each of them says all it can say.</summary>
internal sealed class EveryService : IAsyncDisposable
{
    private const string Comment = "because of the test";

    private readonly string _reports;
    private readonly DicomServer _server;

    private EveryService(DicomServer server, string reports) => (_server, _reports) = (server, reports);

    public static async Task<EveryService> StartAsync()
    {
        string reports = Ports.Free().ToString(CultureInfo.InvariantCulture);
        var entity = new ApplicationEntity("EVERY");
        entity.AddSupportedContexts(
        [
            .. PresentationContexts.QueryRetrieve, .. PresentationContexts.ModalityWorklist, .. PresentationContexts.ProcedureStep, .. PresentationContexts.StorageCommitment,
            .. PresentationContexts.UnifiedProcedureStep, .. PresentationContexts.InstanceAvailability, .. PresentationContexts.PrintManagement,
            .. PresentationContexts.WithRoles(PresentationContexts.Storage, scu: false, scp: true),
        ]);
        entity.OnFind((_, stop) => FindAsync(stop));
        entity.OnGet((_, _) => ValueTask.FromResult<RetrieveObjects>(new[] { StorageObject.FromFile(RealFiles.CtSmall), StorageObject.FromFile(RealFiles.MrSmall) }));
        entity.OnMove((_, _) => throw new DimseStatusException(new DimseStatus(0xA701), Comment), (_, _) => ValueTask.FromResult<MoveDestination?>(new MoveDestination("127.0.0.1", 1)));
        entity.OnNCreate((request, _) => ValueTask.FromResult(new NResponse
        {
            Status = request.AffectedSopClassUid == SopClasses.BasicFilmBox || request.AffectedSopClassUid == SopClasses.BasicFilmSession ? DimseStatus.Success : new DimseStatus(0xB600),
            ErrorComment = request.AffectedSopClassUid == SopClasses.BasicFilmSession ? null : Comment,
            DataSet = request.AffectedSopClassUid == SopClasses.BasicFilmBox
                ? new DicomDataSet { { DicomTags.ReferencedImageBoxSequence, [new DicomDataSet { { DicomTags.ReferencedSOPInstanceUID, "1.2.3" } }] } }
                : null,
        }));
        entity.OnNGet((_, _) => ValueTask.FromResult(new NResponse { DataSet = new DicomDataSet { { DicomTags.PrinterStatus, "NORMAL" } } }));
        entity.OnNSet((_, _) => ValueTask.FromResult<NResponse>(DimseStatus.Success));
        entity.OnNDelete((_, _) => ValueTask.FromResult<NResponse>(DimseStatus.Success));
        entity.OnNAction((request, _) =>
        {
            Task report = request switch
            {
                { RequestedSopClassUid: var c } when c == SopClasses.StorageCommitmentPushModel => CommitAsync(request),
                { ActionTypeId: 3 } => TellAsync(int.Parse(reports, CultureInfo.InvariantCulture)),
                _ => Task.CompletedTask,
            };
            return report.IsFaulted ? throw report.Exception : ValueTask.FromResult<NResponse>(DimseStatus.Success);
        });
        return new EveryService(await entity.StartServerAsync(0), reports);
    }

    /// <summary>The tools and their arguments, after --json.</summary>
    public IEnumerable<(string Tool, string[] Arguments)> Runs(TemporaryFolder folder, string notDicom)
    {
        string[] address = ["127.0.0.1", _server.Port.ToString(CultureInfo.InvariantCulture)];
        string[] study = ["-S", "-k", "QueryRetrieveLevel=STUDY", "-k", "StudyInstanceUID=1.2.3"];
        yield return ("findscu", [.. study, "-w", "-od", folder.Folder("answers"), .. address]);
        yield return ("mwlscu", [.. address]);
        yield return ("getscu", [.. study, "--class", "CTImageStorage", "-od", folder.Folder("got"), .. address]);
        yield return ("movescu", [.. study, .. address]);
        yield return ("mppsscu", [.. address, "create", "-k", "Modality=CT"]);
        yield return ("stgcmtscu", [.. address, "--report-port", _reports, RealFiles.CtSmall, RealFiles.MrSmall, notDicom]);
        yield return ("ianscu", [.. address, RealFiles.CtSmall, notDicom]);
        yield return ("upsscu", [.. address, "get", "1.2.3"]);
        yield return ("upsscu", [.. address, "claim", "1.2.3"]);
        yield return ("upsscu", [.. address, "watch", "--report-port", _reports, "--events", "1"]);
        yield return ("printscu", address);
        yield return ("printscu", [.. address, RealFiles.CtSmall]);
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private static async IAsyncEnumerable<FindMatch> FindAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.Yield();
        yield return new DicomDataSet { { DicomTags.PatientID, "1" } };
        cancellationToken.ThrowIfCancellationRequested();
        yield return FindMatch.Final(new DimseStatus(0xC001), Comment);
    }

    // One object is kept, the other one not.
    private static async Task CommitAsync(NActionIndication request)
    {
        await Task.Yield();
        DicomSequence objects = request.ActionInformation!.GetSequence(DicomTags.ReferencedSOPSequence)!;
        await request.Association.NEventReportAsync(SopClasses.StorageCommitmentPushModel, request.RequestedSopInstanceUid, 2, new DicomDataSet
        {
            { DicomTags.TransactionUID, request.ActionInformation.GetUid(DicomTags.TransactionUID) },
            { DicomTags.ReferencedSOPSequence, [objects[0].Clone()] },
            { DicomTags.FailedSOPSequence, [objects[1].Clone().Set(DicomTags.FailureReason, 0x0112L)] },
        });
    }

    private static async Task TellAsync(int port)
    {
        var manager = new ApplicationEntity("MANAGER");
        await using Association association = await manager.AssociateAsync("127.0.0.1", port, new AssociationOptions
        {
            RequestedContexts = PresentationContexts.WithRoles([new PresentationContext(SopClasses.UnifiedProcedureStepEvent, [TransferSyntax.ExplicitVRLittleEndian.Uid])], scu: false, scp: true),
        });
        await association.NEventReportAsync(SopClasses.UnifiedProcedureStepPush, DicomUid.Generate(), 1, new DicomDataSet { { DicomTags.ProcedureStepState, "COMPLETED" } },
            new NServiceOptions { AbstractSyntax = SopClasses.UnifiedProcedureStepEvent });
        await association.ReleaseAsync();
    }
}
