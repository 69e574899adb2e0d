using System.Reflection;
using Microsoft.Extensions.Logging;
using NetDicom.Network.Tests.Support;

namespace NetDicom.Network.Tests;

/// <summary>Event ids, levels and texts are what operators filter and alert by: docs/promises/log-events.txt lists them.</summary>
public class LogEventTests
{
    [Fact]
    public void The_log_events_are_the_listed_ones()
    {
        string listed = Path.Combine(Repository.Root, "docs", "promises", "log-events.txt");
        string now = string.Concat(Events().Select(line => line + "\n"));
        if (Environment.GetEnvironmentVariable("NETDICOM_UPDATE_PROMISES") == "1")
            File.WriteAllText(listed, now);
        Assert.Equal(File.ReadAllText(listed), now);
    }

    [Fact]
    public void No_two_events_share_an_id()
    {
        string[] ids = [.. Events().Select(line => line[..line.IndexOf(' ', StringComparison.Ordinal)])];
        Assert.NotEmpty(ids);
        Assert.Equal(ids.Length, ids.Distinct().Count());
    }

    private static IEnumerable<string> Events() => typeof(Association).Assembly.GetTypes()
        .SelectMany(type => type.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic))
        .Select(method => (method, attribute: method.GetCustomAttribute<LoggerMessageAttribute>()))
        .Where(pair => pair.attribute is not null)
        .OrderBy(pair => pair.attribute!.EventId)
        .Select(pair => $"{pair.attribute!.EventId} {pair.attribute.Level} {pair.method.Name}: {pair.attribute.Message}");
}
