using NetDicom.Archive.Tests.Index;
using NetDicom.Archive.Tests.Storing;
using NetDicom.TestSupport;

namespace NetDicom.Archive.Tests.Care;

public class RetentionTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly List<RetentionDeletion> _deleted = [];
    private readonly List<RetentionRule> _unmet = [];

    private RetentionOptions Options => new() { TimeProvider = _clock, OnDeleted = _deleted.Add, OnUnmet = _unmet.Add };

    private string[] Deleted => [.. _deleted.Select(deletion => deletion.Study.StudyInstanceUid.ToString())];

    /// <summary>Five studies, a day apart; Study Dates the other way round: the first that came is the youngest by them. Study 5 has none.</summary>
    private async Task<DicomArchive> FiveAsync(ArchiveFixture fixture)
    {
        DicomArchive archive = await DicomArchive.OpenAsync(new ArchiveOptions { Folder = fixture.Folder, TimeProvider = _clock }, fixture.Index, fixture.Files, CancellationToken.None);
        _clock.Advance(TimeSpan.FromDays(10_000));
        for (int i = 1; i <= 5; i++)
        {
            string date = i == 5 ? "" : DateOnly.FromDateTime(_clock.GetUtcNow().UtcDateTime.AddDays(-100 * i)).ToString("yyyyMMdd", System.Globalization.CultureInfo.InvariantCulture);
            await ArchiveFixture.StoreAsync(archive, Made.DataSet(i, 1, 1, (DicomTags.StudyDate, date)));
            await ArchiveFixture.StoreAsync(archive, Made.DataSet(i, 1, 2, (DicomTags.StudyDate, date)));
            _clock.Advance(TimeSpan.FromDays(1));
        }

        return archive;
    }

    [Fact]
    public async Task Without_a_rule_nothing_goes()
    {
        await using var fixture = new ArchiveFixture();
        await using DicomArchive archive = await FiveAsync(fixture);
        Assert.Equal(0, await ArchiveRetention.ApplyAsync(archive, Options));
        Assert.Equal(10, fixture.Names().Length);
        Assert.Throws<ArgumentException>(() => ArchiveRetention.Start(archive, Options));
        Assert.Throws<ArgumentOutOfRangeException>(() => ArchiveRetention.Start(archive, Options with { MaxAge = TimeSpan.FromDays(1), Interval = TimeSpan.Zero }));
    }

    [Fact]
    public async Task Studies_over_the_age_go_and_a_younger_instance_keeps_its_study()
    {
        await using var fixture = new ArchiveFixture();
        await using DicomArchive archive = await FiveAsync(fixture);
        await ArchiveFixture.StoreAsync(archive, Made.DataSet(1, 2, 1));
        Assert.Equal(2, await ArchiveRetention.ApplyAsync(archive, Options with { MaxAge = TimeSpan.FromDays(2.5) }));
        Assert.Equal(["1.2.3.2", "1.2.3.3"], Deleted);
        Assert.All(_deleted, deletion => Assert.Equal((RetentionRule.Age, 2L, 2L), (deletion.Rule, deletion.Report.Instances, deletion.Study.Instances)));
        Assert.Equal(0, await ArchiveRetention.ApplyAsync(archive, Options with { MaxAge = TimeSpan.FromDays(2.5) }));
    }

    [Fact]
    public async Task By_Study_Date_the_oldest_examination_goes_and_what_has_no_date_goes_by_when_it_came()
    {
        await using var fixture = new ArchiveFixture();
        await using DicomArchive archive = await FiveAsync(fixture);
        Assert.Equal(2, await ArchiveRetention.ApplyAsync(archive, Options with { Order = StudyOrder.StudyDate, AgeOrder = StudyOrder.StudyDate, MaxAge = TimeSpan.FromDays(250) }));
        Assert.Equal(["1.2.3.4", "1.2.3.3"], Deleted);
    }

    [Fact]
    public async Task By_Study_Date_an_old_examination_that_came_today_stays_until_it_is_old_here_too()
    {
        await using var fixture = new ArchiveFixture();
        await using DicomArchive archive = await FiveAsync(fixture);
        // Ten years old, fetched for comparison.
        await ArchiveFixture.StoreAsync(archive, Made.DataSet(6, 1, 1, (DicomTags.StudyDate, "19870101")));
        RetentionOptions rule = Options with { Order = StudyOrder.StudyDate, MaxAge = TimeSpan.FromDays(30) };
        Assert.Equal(0, await ArchiveRetention.ApplyAsync(archive, rule));
        _clock.Advance(TimeSpan.FromDays(28));
        Assert.Equal(3, await ArchiveRetention.ApplyAsync(archive, rule));
        Assert.Equal(["1.2.3.1", "1.2.3.2", "1.2.3.3"], Deleted);
        _clock.Advance(TimeSpan.FromDays(3));
        Assert.Equal(3, await ArchiveRetention.ApplyAsync(archive, rule));
        Assert.Equal(6, _deleted.Count);
        Assert.All(_deleted, deletion => Assert.Equal(RetentionRule.Age, deletion.Rule));
    }

    [Fact]
    public async Task Age_and_room_have_orders_of_their_own()
    {
        await using var fixture = new ArchiveFixture();
        await using DicomArchive archive = await FiveAsync(fixture);
        long bytes = (await archive.Index.GetStatisticsAsync()).Bytes;
        // For its age the one that came first, for room the oldest examination.
        Assert.Equal(2, await ArchiveRetention.ApplyAsync(archive, Options with { Order = StudyOrder.StudyDate, AgeOrder = StudyOrder.Received, MaxAge = TimeSpan.FromDays(4.5), MaxBytes = bytes * 3 / 5 + 1 }));
        Assert.Equal([("1.2.3.1", RetentionRule.Age), ("1.2.3.4", RetentionRule.Bytes)], _deleted.Select(deletion => (deletion.Study.StudyInstanceUid.ToString(), deletion.Rule)));
    }

    [Fact]
    public async Task Over_the_limit_of_bytes_the_oldest_go_until_it_is_kept()
    {
        await using var fixture = new ArchiveFixture();
        await using DicomArchive archive = await FiveAsync(fixture);
        long bytes = (await archive.Index.GetStatisticsAsync()).Bytes;
        Assert.Equal(2, await ArchiveRetention.ApplyAsync(archive, Options with { MaxBytes = bytes * 3 / 5 + 1 }));
        Assert.Equal(["1.2.3.1", "1.2.3.2"], Deleted);
        Assert.True((await archive.Index.GetStatisticsAsync()).Bytes <= bytes * 3 / 5 + 1);
        Assert.Empty(_unmet);
    }

    [Fact]
    public async Task When_others_fill_the_disk_what_is_new_is_spared_and_said()
    {
        await using var fixture = new ArchiveFixture();
        await using DicomArchive archive = await FiveAsync(fixture);
        fixture.Files.Free = 1000;
        Assert.Equal(3, await ArchiveRetention.ApplyAsync(archive, Options with { MinFreeBytes = 2000, Spared = TimeSpan.FromDays(2.5) }));
        Assert.Equal(["1.2.3.1", "1.2.3.2", "1.2.3.3"], Deleted);
        Assert.Equal([RetentionRule.FreeSpace], _unmet);
        fixture.Files.Free = 3000;
        Assert.Equal(0, await ArchiveRetention.ApplyAsync(archive, Options with { MinFreeBytes = 2000 }));
    }

    [Fact]
    public async Task However_many_old_examinations_came_today_one_that_came_long_ago_makes_room()
    {
        await using var fixture = new ArchiveFixture();
        await using DicomArchive archive = await FiveAsync(fixture);
        _clock.Advance(TimeSpan.FromDays(10));
        for (int i = 10; i < 70; i++)
            await ArchiveFixture.StoreAsync(archive, Made.DataSet(i, 1, 1, (DicomTags.StudyDate, "19700101")));
        fixture.Files.Free = 1000;
        Assert.Equal(5, await ArchiveRetention.ApplyAsync(archive, Options with { MinFreeBytes = 2000, Order = StudyOrder.StudyDate }));
        Assert.Equal(["1.2.3.1", "1.2.3.2", "1.2.3.3", "1.2.3.4", "1.2.3.5"], Deleted.Order(StringComparer.Ordinal));
        Assert.Equal([RetentionRule.FreeSpace], _unmet);
    }

    [Fact]
    public async Task The_rules_are_applied_again_at_every_interval()
    {
        await using var fixture = new ArchiveFixture();
        await using DicomArchive archive = await FiveAsync(fixture);
        var gone = new System.Threading.Channels.UnboundedChannelOptions();
        var channel = System.Threading.Channels.Channel.CreateUnbounded<string>(gone);
        await using var retention = ArchiveRetention.Start(archive, Options with
        {
            MaxAge = TimeSpan.FromDays(5.5), Interval = TimeSpan.FromHours(6), OnDeleted = deletion => channel.Writer.TryWrite(deletion.Study.StudyInstanceUid.ToString()),
        });
        await _clock.WhenTimerWithin(TimeSpan.FromHours(6));
        Assert.False(channel.Reader.TryRead(out _));
        for (int i = 1; i <= 2; i++)
        {
            for (int hours = 0; hours < 24; hours += 6)
            {
                await _clock.WhenTimerWithin(TimeSpan.FromHours(6));
                _clock.Advance(TimeSpan.FromHours(6));
            }

            Assert.Equal($"1.2.3.{i}", await channel.Reader.ReadAsync(TestContext.Current.CancellationToken));
        }
    }
}
