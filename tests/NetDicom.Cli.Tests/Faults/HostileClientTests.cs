using NetDicom.Cli.Faults;
using NetDicom.Network;
using NetDicom.Protocol;

namespace NetDicom.Cli.Tests.Faults;

/// <summary>
/// The scenarios of hostile clients against a server of the library: the reaction is the one of PS3.8 Table 9-10 and PS3.7, and the honest C-ECHO that ends each of
/// them succeeds. The same scenarios are played against storescp, the program, in NetDicom.Interop.Tests.
/// </summary>
public sealed class HostileClientTests : IAsyncLifetime
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);
    private DicomServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await StartAsync(new DicomServerOptions { MaxPduLength = 65_536 });

    public async ValueTask DisposeAsync() => await _server.DisposeAsync();

    public static TheoryData<string> Scenarios => [.. BuiltInScenarios.All.Where(scenario => scenario.Role == FaultRole.Client && !IsSlow(scenario)).Select(scenario => scenario.Name)];

    [Theory]
    [MemberData(nameof(Scenarios))]
    public async Task A_hostile_client_gets_the_reaction_of_the_standard_and_an_honest_one_is_served(string name)
    {
        FaultOutcome outcome = await PlayAsync(BuiltInScenarios.Find(name).Single(), _server);
        Assert.True(outcome.Passed, $"line {outcome.Line}: {outcome.Expected}, but {outcome.Received}");
        Assert.True(outcome.Echo, "an honest C-ECHO belongs to each scenario");
    }

    [Fact]
    public async Task Peers_that_are_slow_are_ended_by_the_limits_of_the_server()
    {
        // All wait for it side by side. It is ARTIM for the honest C-ECHO behind each too, which a busy machine may hold up for a while.
        TimeSpan limit = TimeSpan.FromSeconds(4);
        await using DicomServer server = await StartAsync(new DicomServerOptions { ArtimTimeout = limit, NetworkTimeout = limit });
        FaultScenario[] slow = [.. BuiltInScenarios.All.Where(IsSlow)];
        FaultOutcome[] outcomes = await Task.WhenAll(slow.Select(scenario => PlayAsync(scenario, server)));
        Assert.Equal(9, outcomes.Length);
        Assert.All(outcomes, outcome => Assert.True(outcome.Passed, $"{outcome.Scenario.Name} line {outcome.Line}: {outcome.Received}"));
    }

    [Fact]
    public async Task A_reaction_that_is_not_the_standards_is_told_with_its_line()
    {
        FaultScenario wrong = ScenarioParser.Parse("my.fault", "client my/own\n  send A-ASSOCIATE-RQ\n  expect A-ASSOCIATE-RJ\n  echo\n").Single();
        FaultOutcome outcome = await PlayAsync(wrong, _server);
        Assert.Equal((FaultReaction.Other, 3, "expect A-ASSOCIATE-RJ", "A-ASSOCIATE-AC results=0,0", true), (outcome.Reaction, outcome.Line, outcome.Expected, outcome.Received, outcome.Echo));
    }

    [Fact]
    public async Task A_peer_that_is_silent_and_one_that_is_not_there_are_told_apart()
    {
        // The patience is for the connection too, which a busy machine may hold up.
        FaultScenario waits = ScenarioParser.Parse("my.fault", "client my/own\n  patience 2s\n  connect\n  expect closed\n").Single();
        Assert.Equal(FaultReaction.Silent, (await PlayAsync(waits, _server)).Reaction);
        await _server.StopAsync(CancellationToken.None);
        Assert.Equal(FaultReaction.Gone, (await PlayAsync(waits with { Patience = s_patience }, _server)).Reaction);
    }

    [Fact]
    public async Task What_a_peer_sends_over_the_maximum_that_was_announced_is_found()
    {
        // The library keeps to it; so the announcement is made behind its back, in a PDU whose type is patched after it was built.
        FaultScenario tooLong = ScenarioParser.Parse("my.fault", "client my/own\n  send A-ASSOCIATE-RQ\n  expect A-ASSOCIATE-AC\n  send C-ECHO-RQ\n  send A-ASSOCIATE-RQ maximum=8\n  expect C-ECHO-RSP\n").Single();
        FaultOutcome outcome = await PlayAsync(tooLong, _server);
        Assert.Equal((FaultReaction.Other, 6), (outcome.Reaction, outcome.Line));
        Assert.EndsWith("where 8 were the most we take", outcome.Received, StringComparison.Ordinal);
    }

    private static bool IsSlow(FaultScenario scenario) => scenario.Name.StartsWith("slow/", StringComparison.Ordinal);

    private static Task<FaultOutcome> PlayAsync(FaultScenario scenario, DicomServer server) =>
        FaultRunner.RunAsync(scenario, new FaultSettings("127.0.0.1", server.Port, "TEST", "FAULT", s_patience), null, TestContext.Current.CancellationToken);

    private static Task<DicomServer> StartAsync(DicomServerOptions options)
    {
        var entity = new ApplicationEntity("TEST");
        entity.AddSupportedContexts(PresentationContexts.Verification);
        entity.AddSupportedContexts(PresentationContexts.Storage);
        entity.OnStore(async (request, cancellationToken) =>
        {
            while (!(await request.ReadAsync(cancellationToken)).IsEmpty)
            {
            }

            return DimseStatus.Success;
        });
        return entity.StartServerAsync(0, options);
    }
}
