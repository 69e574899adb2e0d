using System.Runtime.CompilerServices;
using NetDicom.Interop.Tests.Support;
using NetDicom.Network;
using NetDicom.Protocol;

namespace NetDicom.Interop.Tests;

/// <summary>Archives that answer badly: what the query tools say, and how they end. The archive is ours, and does what it is told.</summary>
public class QueryFailureTests
{
    private static readonly string[] s_study = ["-S", "-k", "QueryRetrieveLevel=STUDY", "-k", "StudyInstanceUID=1.2.3"];

    private static async Task<DicomServer> ServeAsync(Action<ApplicationEntity> handlers, DicomServerOptions? options = null)
    {
        var entity = new ApplicationEntity("ARCHIVE");
        entity.AddSupportedContexts(PresentationContexts.QueryRetrieve);
        handlers(entity);
        return await entity.StartServerAsync(0, options);
    }

    private static DicomDataSet Match(int number) => new() { { DicomTags.QueryRetrieveLevel, "STUDY" }, { DicomTags.StudyInstanceUID, $"1.2.{number}" } };

    private static async IAsyncEnumerable<FindMatch> FailAsync(DimseStatus status, string? comment, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        yield return Match(1);
        await Task.Yield();
        yield return FindMatch.Final(status, comment);
    }

    private static async IAsyncEnumerable<FindMatch> NeverEndAsync(TaskCompletionSource<CancellationCause> cause, FindRequest request, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        yield return Match(1);
        try
        {
            await new TaskCompletionSource().Task.WaitAsync(cancellationToken);
        }
        finally
        {
            cause.TrySetResult(request.CancellationCause);
        }
    }

    [Theory]
    [InlineData(0xA700, "Out of Resources"), InlineData(0xA900, "0xA900"), InlineData(0xC000, "0xC000"), InlineData(0x0122, "0x0122")]
    public async Task A_failure_status_of_a_query_is_4_after_the_answers_that_came(int code, string says)
    {
        await using DicomServer server = await ServeAsync(entity => entity.OnFind((_, stop) => FailAsync(new DimseStatus((ushort)code), "because of the test", stop)));
        Lines lines = await Lines.RunAsync(4, "findscu", [.. s_study, "127.0.0.1", $"{server.Port}"]);
        Assert.Single(lines.Of("match"));
        Assert.Equal($"{code:X4}", lines.Summary.GetProperty("status").GetString());
        Assert.Equal("because of the test", lines.Summary.GetProperty("comment").GetString());
        Assert.Contains(lines.Ended.ErrorLines, l => l.StartsWith("E: Find SCP Result: ", StringComparison.Ordinal) && l.Contains(says, StringComparison.OrdinalIgnoreCase) && l.Contains("because of the test", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("getscu"), InlineData("movescu")]
    public async Task A_failure_status_of_a_retrieval_is_4(string tool)
    {
        await using DicomServer server = await ServeAsync(entity =>
        {
            entity.OnGet((_, _) => throw new DimseStatusException(new DimseStatus(0xA701), "too many"));
            entity.OnMove((_, _) => throw new DimseStatusException(new DimseStatus(0xA701), "too many"), (_, _) => ValueTask.FromResult<MoveDestination?>(new MoveDestination("127.0.0.1", 1)));
            entity.AddSupportedContexts(s_delivered);
        });
        using var folder = new TemporaryFolder();
        Lines lines = await Lines.RunAsync(4, tool, [.. s_study, "127.0.0.1", $"{server.Port}", .. tool == "getscu" ? ["-od", folder.Path] : Array.Empty<string>()]);
        Assert.Equal("A701", lines.Summary.GetProperty("status").GetString());
        Assert.Contains("too many", lines.Ended.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_abort_in_the_middle_of_a_query_is_5_after_the_answers_that_came()
    {
        await using DicomServer server = await ServeAsync(entity => entity.OnFind((request, stop) => AbortAsync(request, stop)));
        Lines lines = await Lines.RunAsync(5, "findscu", [.. s_study, "127.0.0.1", $"{server.Port}"]);
        Assert.Contains("aborted by the peer", lines.Ended.Error, StringComparison.OrdinalIgnoreCase);
        Assert.False(lines.Summary.TryGetProperty("status", out _));

        static async IAsyncEnumerable<FindMatch> AbortAsync(FindRequest request, [EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            yield return Match(1);
            await request.Association.AbortAsync();
            cancellationToken.ThrowIfCancellationRequested();
            yield return Match(2);
        }
    }

    private static readonly IReadOnlyList<PresentationContext> s_delivered = PresentationContexts.WithRoles(PresentationContexts.Storage, scu: false, scp: true);

    [Theory]
    [InlineData("getscu"), InlineData("movescu")]
    public async Task An_abort_in_the_middle_of_a_retrieval_is_5(string tool)
    {
        await using DicomServer server = await ServeAsync(entity =>
        {
            entity.AddSupportedContexts(s_delivered);
            entity.OnGet((request, _) => AbortAsync(request));
            entity.OnMove((request, _) => AbortAsync(request), (_, _) => ValueTask.FromResult<MoveDestination?>(new MoveDestination("127.0.0.1", 1)));
        });
        using var folder = new TemporaryFolder();
        Lines lines = await Lines.RunAsync(5, tool, [.. s_study, "127.0.0.1", $"{server.Port}", .. tool == "getscu" ? ["-od", folder.Path] : Array.Empty<string>()]);
        Assert.Contains("aborted by the peer", lines.Ended.Error, StringComparison.OrdinalIgnoreCase);

        static async ValueTask<RetrieveObjects> AbortAsync(ServiceRequest request)
        {
            await request.Association.AbortAsync();
            return Array.Empty<StorageObject>();
        }
    }

    [Fact]
    public async Task A_signal_cancels_a_retrieval_at_the_peer_and_what_came_is_kept()
    {
        var cause = new TaskCompletionSource<CancellationCause>();
        await using DicomServer server = await ServeAsync(entity =>
        {
            entity.AddSupportedContexts(s_delivered);
            entity.OnGet((request, stop) => ValueTask.FromResult(RetrieveObjects.From(OneAndNoMoreAsync(request, stop), 2)));
        });
        using var folder = new TemporaryFolder();
        await using ChildProcess tool = NetDicomProgram.Start(["getscu", "--json", .. s_study, "-od", folder.Path, "127.0.0.1", $"{server.Port}"]);
        await tool.WaitForLineAsync("\"type\":\"stored\"");
        tool.Signal(Signals.Interrupt);
        Lines lines = Lines.Read(await tool.EndAsync());
        Assert.Equal(130, lines.Ended.ExitCode);
        Assert.Equal(1, lines.Summary.GetProperty("stored").GetInt32());
        Assert.Equal(CancellationCause.CancelRequested, await cause.Task);
        Assert.Single(Directory.GetFiles(folder.Path));

        async IAsyncEnumerable<StorageObject> OneAndNoMoreAsync(GetRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            yield return StorageObject.FromFile(RealFiles.CtSmall);
            try
            {
                await new TaskCompletionSource().Task.WaitAsync(cancellationToken);
            }
            finally
            {
                cause.TrySetResult(request.CancellationCause);
            }
        }
    }

    [Fact]
    public async Task A_peer_that_does_not_answer_a_query_is_5_after_the_DIMSE_timeout()
    {
        var cause = new TaskCompletionSource<CancellationCause>();
        await using DicomServer server = await ServeAsync(entity => entity.OnFind((request, stop) => NeverEndAsync(cause, request, stop)));
        Lines lines = await Lines.RunAsync(5, "findscu", [.. s_study, "127.0.0.1", $"{server.Port}", "-td", "0.3"]);
        Assert.Contains("DIMSE timeout reached while waiting for message", lines.Ended.Error, StringComparison.Ordinal);
        Assert.Single(lines.Of("match"));
    }

    [Theory]
    [InlineData(Signals.Interrupt, 130), InlineData(Signals.Terminate, 143)]
    public async Task A_signal_cancels_the_query_at_the_peer(int signal, int exitCode)
    {
        var cause = new TaskCompletionSource<CancellationCause>();
        await using DicomServer server = await ServeAsync(entity => entity.OnFind((request, stop) => NeverEndAsync(cause, request, stop)));
        await using ChildProcess tool = NetDicomProgram.Start(["findscu", "--json", .. s_study, "127.0.0.1", $"{server.Port}"]);
        await tool.WaitForLineAsync("\"type\":\"match\"");
        tool.Signal(signal);
        Lines lines = Lines.Read(await tool.EndAsync());
        Assert.Equal(exitCode, lines.Ended.ExitCode);
        Assert.Equal(CancellationCause.CancelRequested, await cause.Task);
    }

    [Fact]
    public async Task A_rejection_is_1_and_one_error_line()
    {
        await using DicomServer server = await ServeAsync(_ => { }, new DicomServerOptions { RequireCalledAETitle = true });
        foreach (string tool in (string[])["findscu", "getscu", "movescu", "mwlscu"])
        {
            Ended ended = await NetDicomProgram.RunAsync([tool, "-ll", "error", .. tool == "mwlscu" ? s_study[1..] : s_study, "127.0.0.1", $"{server.Port}"]);
            Assert.True(ended.ExitCode == 1, ended.ToString());
            Assert.Contains("-aec", Assert.Single(ended.ErrorLines), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("findscu 127.0.0.1 104", "nothing to ask for")]
    [InlineData("findscu 127.0.0.1 104 -k NoSuchKeyword=1", "no path")]
    [InlineData("findscu 127.0.0.1 104 -k PatientID -P -S", "exclude")]
    [InlineData("findscu 127.0.0.1 104 -f /nonexistent/query.dcm", "Cannot read")]
    [InlineData("findscu -W 127.0.0.1 104 -k PatientID --relational-query", "--relational-query")]
    [InlineData("getscu 127.0.0.1 104 -k PatientID=1 --class NoClass", "--class")]
    [InlineData("movescu 127.0.0.1 104 -k PatientID=1 -od x", "--store")]
    [InlineData("upsscu 127.0.0.1 104 dance", "dance")]
    [InlineData("mppsscu 127.0.0.1 104 complete 1.2.x", "no UID")]
    public async Task Wrong_arguments_are_2_and_one_line(string line, string says)
    {
        Ended ended = await NetDicomProgram.RunAsync(line.Split(' '));
        Assert.True(ended.ExitCode == 2, ended.ToString());
        Assert.Contains(says, Assert.Single(ended.ErrorLines, l => l.StartsWith("E: ", StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Extended_negotiation_is_sent_and_what_is_not_granted_is_said()
    {
        QueryExtendedNegotiation? seen = null;
        await using DicomServer server = await ServeAsync(entity => entity.OnFind((_, stop) => FailAsync(DimseStatus.Success, null, stop)), new DicomServerOptions
        {
            OnNegotiate = (negotiation, _) =>
            {
                DicomUid find = SopClasses.StudyRootQueryRetrieveInformationModelFind;
                if (negotiation.FindExtendedNegotiation(find) is { } item)
                {
                    seen = QueryExtendedNegotiation.From(item);
                    negotiation.Answer(find, new QueryExtendedNegotiation(RelationalQueries: true));
                }

                return ValueTask.CompletedTask;
            },
        });
        Lines granted = await Lines.RunAsync(0, "findscu", [.. s_study, "--relational-query", "127.0.0.1", $"{server.Port}"]);
        Assert.Equal(new QueryExtendedNegotiation(RelationalQueries: true), seen);
        Assert.DoesNotContain("W: ", granted.Ended.Error, StringComparison.Ordinal);
        Lines partly = await Lines.RunAsync(0, "findscu", [.. s_study, "--relational-query", "--fuzzy-names", "127.0.0.1", $"{server.Port}"]);
        Assert.Equal(new QueryExtendedNegotiation(RelationalQueries: true, FuzzyNameMatching: true), seen);
        Assert.Contains("W: The peer did not grant all", partly.Ended.Error, StringComparison.Ordinal);
    }
}
