using System.Diagnostics.Metrics;
using NetDicom.Archive.Tests.Storing;

namespace NetDicom.Archive.Tests.Care;

/// <summary>Names, units and texts of the archive's instruments are a promise.</summary>
public class TelemetryListTests
{
    [Fact]
    public async Task The_instruments_are_the_promised_ones()
    {
        var lines = new SortedSet<string>(StringComparer.Ordinal);
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, _) =>
        {
            if (instrument.Meter.Name == ArchiveTelemetry.MeterName)
                lines.Add($"{instrument.Name} {instrument.GetType().Name.Split('`')[0]} {instrument.Unit}: {instrument.Description}");
        };
        await using (var fixture = new ArchiveFixture())
        {
            await using DicomArchive archive = await fixture.OpenAsync();
            await ArchiveFixture.StoreAsync(archive, Index.Made.DataSet(1, 1, 1));
        }

        listener.Start();
        string path = Path.Combine(AppContext.BaseDirectory, "..", "..", "..", "..", "..", "docs", "promises", "archive-telemetry.txt");
        string now = string.Concat(lines.Select(line => line + "\n"));
        if (Environment.GetEnvironmentVariable("NETDICOM_UPDATE_PROMISES") == "1")
            File.WriteAllText(path, now);
        Assert.Equal(File.ReadAllText(path), now);
    }
}
