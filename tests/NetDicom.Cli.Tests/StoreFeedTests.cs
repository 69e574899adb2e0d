using System.Globalization;
using NetDicom.Cli.Sending;
using NetDicom.Network;

namespace NetDicom.Cli.Tests;

/// <summary>How far the feed of storescu looks ahead, and what it leaves open.</summary>
public sealed class StoreFeedTests : IAsyncLifetime
{
    private const int LookAhead = 1000;
    private StorageFile _file = null!;
    private readonly CancellationTokenSource _stop = new();
    private readonly List<(string Path, bool KeepOpen)> _looks = [];

    public async ValueTask InitializeAsync()
    {
        string path = Path.GetTempFileName();
        var dataSet = new DicomDataSet { { DicomTags.SOPClassUID, SopClasses.CTImageStorage.ToString() }, { DicomTags.SOPInstanceUID, "1.2.3" } };
        await new DicomFile(dataSet, TransferSyntax.ExplicitVRLittleEndian).SaveAsync(path);
        _file = StorageFile.Read(path);
        File.Delete(path);
    }

    public ValueTask DisposeAsync()
    {
        _stop.Dispose();
        return default;
    }

    [Fact]
    public async Task Files_come_in_their_order_and_after_the_first_thousand_one_is_looked_at_when_it_is_asked_for()
    {
        StoreFeed feed = Feed(Enumerable.Range(0, LookAhead + 5), canBlock: false);
        Task ahead = await feed.BeginAsync();
        await ahead;
        Assert.Equal(LookAhead, _looks.Count);
        Assert.All(_looks, look => Assert.False(look.KeepOpen));
        for (int i = 0; i < LookAhead + 5; i++)
        {
            Assert.Equal($"{i}", (await feed.TakeAsync(keepOpen: true))?.Path);
            Assert.Equal(Math.Max(LookAhead, i + 1), _looks.Count);
        }

        Assert.Null(await feed.TakeAsync(keepOpen: true));
        Assert.All(_looks.Skip(LookAhead), look => Assert.True(look.KeepOpen));
    }

    [Fact]
    public async Task What_is_not_to_be_sent_is_passed_over_and_what_nobody_sends_is_not_left_open()
    {
        StoreFeed feed = Feed(Enumerable.Range(0, LookAhead + 10), canBlock: false, refuse: path => path.EndsWith('3'));
        await await feed.BeginAsync();
        int taken = 0;
        while (await feed.TakeAsync(keepOpen: false) is { } file)
        {
            Assert.False(file.Path.EndsWith('3'));
            taken++;
        }

        Assert.Equal((LookAhead + 10) * 9 / 10, taken);
        Assert.All(_looks, look => Assert.False(look.KeepOpen));
    }

    [Fact]
    public async Task Several_senders_get_each_file_once()
    {
        StoreFeed feed = Feed(Enumerable.Range(0, 3000), canBlock: false);
        await feed.BeginAsync();
        string[][] taken = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            var mine = new List<string>();
            while (await feed.TakeAsync(keepOpen: true) is { } file)
                mine.Add(file.Path);
            return mine.ToArray();
        })));
        Assert.Equal(Enumerable.Range(0, 3000), taken.SelectMany(paths => paths).Select(path => int.Parse(path, CultureInfo.InvariantCulture)).Order());
    }

    [Fact]
    public async Task Paths_that_others_give_are_waited_for_by_nobody_but_who_asks()
    {
        using var more = new SemaphoreSlim(0);
        StoreFeed feed = Feed(Slow(more), canBlock: true);
        await feed.BeginAsync();
        Assert.Equal("0", (await feed.TakeAsync(keepOpen: true))?.Path);
        ValueTask<StoreFile?> next = feed.TakeAsync(keepOpen: true);
        Assert.False(next.IsCompleted);
        Assert.Null(feed.TakeKnown());
        more.Release();
        Assert.Equal("1", (await next)?.Path);
        await _stop.CancelAsync();
        more.Release();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await feed.TakeAsync(keepOpen: true));

        static IEnumerable<int> Slow(SemaphoreSlim more)
        {
            for (int i = 0; ; i++)
            {
                yield return i;
                more.Wait();
            }
        }
    }

    private StoreFeed Feed(IEnumerable<int> numbers, bool canBlock, Predicate<string>? refuse = null) =>
        new(numbers.Select(number => new ScannedPath(number.ToString(CultureInfo.InvariantCulture), null)), canBlock, (path, keepOpen) =>
        {
            lock (_looks)
                _looks.Add((path.Path, keepOpen));
            return refuse?.Invoke(path.Path) == true ? null : new StoreFile(path.Path, _file);
        }, _stop.Token);
}
