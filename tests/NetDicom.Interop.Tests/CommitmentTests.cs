using System.Globalization;
using NetDicom.Interop.Tests.Support;
using NetDicom.Network;
using NetDicom.Protocol;

namespace NetDicom.Interop.Tests;

/// <summary>stgcmtscu against Orthanc, which reports on an association of its own, and against a server of ours, which reports on the same one.</summary>
public class CommitmentTests
{
    [Fact]
    public async Task Orthanc_commits_itself_to_what_it_has_and_not_to_what_it_has_not()
    {
        int report = Ports.Free();
        await using Orthanc orthanc = await Orthanc.StartAsync(new Dictionary<string, int> { ["STGCMTSCU"] = report });
        Assert.Equal(0, (await Sent.RunAsync("127.0.0.1", orthanc.Port, RealFiles.CtSmall)).Ended.ExitCode);
        string[] address = ["127.0.0.1", orthanc.Port, "-aec", "ORTHANC", "--report-port", report.ToString(CultureInfo.InvariantCulture)];

        Lines all = await Lines.RunAsync(0, "stgcmtscu", [.. address, RealFiles.CtSmall]);
        Assert.Equal("committed", Assert.Single(all.Of("commitment")).GetProperty("outcome").GetString());

        Lines some = await Lines.RunAsync(4, "stgcmtscu", [.. address, "--release", RealFiles.CtSmall, RealFiles.MrSmall]);
        Assert.Equal(1, some.Summary.GetProperty("committed").GetInt32());
        Assert.Equal(1, some.Summary.GetProperty("failed").GetInt32());
        // PS3.3 section C.14.1.1: 0112H is no such object instance.
        Assert.Equal("0112", some.Of("commitment").Single(l => l.GetProperty("path").GetString() == RealFiles.MrSmall).GetProperty("reason").GetString());
        Assert.Contains("E: Not committed: " + RealFiles.MrSmall, some.Ended.Error, StringComparison.Ordinal);
    }

    private static async Task<DicomServer> ServeAsync(Func<NActionIndication, Task> act)
    {
        var entity = new ApplicationEntity("ARCHIVE");
        entity.AddSupportedContexts(PresentationContexts.StorageCommitment);
        entity.OnNAction((request, stop) =>
        {
            // Beside the answer: the report is a request of its own.
            Task report = act(request);
            stop.ThrowIfCancellationRequested();
            return report.IsFaulted ? throw report.Exception : ValueTask.FromResult<NResponse>(DimseStatus.Success);
        });
        return await entity.StartServerAsync(0);
    }

    [Fact]
    public async Task A_report_on_the_same_association_is_taken_and_objects_it_forgets_are_failures()
    {
        await using DicomServer server = await ServeAsync(async request =>
        {
            await Task.Yield();
            DicomDataSet first = request.ActionInformation!.GetSequence(DicomTags.ReferencedSOPSequence)![0];
            await request.Association.NEventReportAsync(SopClasses.StorageCommitmentPushModel, request.RequestedSopInstanceUid, 1, new DicomDataSet
            {
                { DicomTags.TransactionUID, request.ActionInformation.GetUid(DicomTags.TransactionUID) },
                { DicomTags.ReferencedSOPSequence, [first.Clone()] },
            });
        });
        Lines lines = await Lines.RunAsync(4, "stgcmtscu", "127.0.0.1", $"{server.Port}", "--report-port", $"{Ports.Free()}", RealFiles.CtSmall, RealFiles.MrSmall);
        Assert.Equal(["committed", "not-reported"], lines.Of("commitment").Select(l => l.GetProperty("outcome").GetString()).Order());
    }

    [Fact]
    public async Task An_object_that_a_report_calls_both_kept_and_failed_is_a_failure()
    {
        await using DicomServer server = await ServeAsync(async request =>
        {
            await Task.Yield();
            DicomDataSet only = request.ActionInformation!.GetSequence(DicomTags.ReferencedSOPSequence)![0];
            await request.Association.NEventReportAsync(SopClasses.StorageCommitmentPushModel, request.RequestedSopInstanceUid, 2, new DicomDataSet
            {
                { DicomTags.TransactionUID, request.ActionInformation.GetUid(DicomTags.TransactionUID) },
                { DicomTags.ReferencedSOPSequence, [only.Clone()] },
                { DicomTags.FailedSOPSequence, [only.Clone().Set(DicomTags.FailureReason, 0x0112L)] },
            });
        });
        Lines lines = await Lines.RunAsync(4, "stgcmtscu", "127.0.0.1", $"{server.Port}", "--report-port", $"{Ports.Free()}", RealFiles.CtSmall);
        Assert.Equal("failed", Assert.Single(lines.Of("commitment")).GetProperty("outcome").GetString());
    }

    [Fact]
    public async Task No_report_is_5_after_the_wait_and_says_what_to_look_at()
    {
        await using DicomServer server = await ServeAsync(_ => Task.CompletedTask);
        Lines lines = await Lines.RunAsync(5, "stgcmtscu", "127.0.0.1", $"{server.Port}", "--report-port", $"{Ports.Free()}", "--wait", "0.3", RealFiles.CtSmall);
        Assert.Contains("--report-port", lines.Ended.ErrorLines[0], StringComparison.Ordinal);
        Assert.Equal("unknown", Assert.Single(lines.Of("commitment")).GetProperty("outcome").GetString());
    }
}
