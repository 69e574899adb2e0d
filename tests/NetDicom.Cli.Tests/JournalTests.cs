using System.Diagnostics;
using NetDicom.Cli.Invocation;
using NetDicom.Cli.Sending;

namespace NetDicom.Cli.Tests;

public sealed class JournalTests : IDisposable
{
    private static readonly DateTime s_changed = new(2024, 5, 6, 7, 8, 9, DateTimeKind.Utc);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("netdicom-test-");

    private string File => Path.Combine(_folder.FullName, "journal");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void A_second_run_knows_what_the_first_one_sent()
    {
        using (Journal first = Journal.Open(File, "A@host:104"))
        {
            Assert.False(first.Contains("/a/1.dcm", 10, s_changed));
            first.Add("/a/1.dcm", 10, s_changed);
            first.Add("/a/with\nline\tand tab\\n", 11, s_changed);
        }

        using Journal second = Journal.Open(File, "A@host:104");
        Assert.Equal(2, second.Count);
        Assert.True(second.Contains("/a/1.dcm", 10, s_changed));
        Assert.True(second.Contains("/a/with\nline\tand tab\\n", 11, s_changed));
        Assert.False(second.Contains("/a/1.dcm", 12, s_changed));
        Assert.False(second.Contains("/a/1.dcm", 10, s_changed.AddTicks(1)));
    }

    [Fact]
    public async Task A_line_is_in_the_file_as_soon_as_it_is_added()
    {
        using Journal journal = Journal.Open(File, "A@host:104");
        journal.Add("/a/1.dcm", 10, s_changed);
        // Another process looks: within this one the journal's lock would keep a reader out.
        using Process cat = Process.Start(new ProcessStartInfo("cat", [File]) { RedirectStandardOutput = true })!;
        string seen = await cat.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        Assert.EndsWith($"/a/1.dcm\t10\t{s_changed.Ticks}\n", seen, StringComparison.Ordinal);
    }

    [Fact]
    public void A_line_cut_off_by_a_kill_does_not_count_and_is_written_again()
    {
        using (Journal first = Journal.Open(File, "A@host:104"))
        {
            first.Add("/a/1.dcm", 10, s_changed);
            first.Add("/a/2.dcm", 10, s_changed);
        }

        byte[] whole = System.IO.File.ReadAllBytes(File);
        System.IO.File.WriteAllBytes(File, whole[..^3]);
        using (Journal second = Journal.Open(File, "A@host:104"))
        {
            Assert.True(second.Contains("/a/1.dcm", 10, s_changed));
            Assert.False(second.Contains("/a/2.dcm", 10, s_changed));
            second.Add("/a/2.dcm", 10, s_changed);
        }

        Assert.Equal(whole, System.IO.File.ReadAllBytes(File));
    }

    [Fact]
    public void A_heading_cut_off_by_a_kill_is_written_again()
    {
        using (Journal.Open(File, "A@host:104"))
        {
        }

        byte[] whole = System.IO.File.ReadAllBytes(File);
        System.IO.File.WriteAllBytes(File, whole[..5]);
        using (Journal.Open(File, "A@host:104"))
        {
        }

        Assert.Equal(whole, System.IO.File.ReadAllBytes(File));
    }

    [Fact]
    public void Another_receiver_is_refused()
    {
        Journal.Open(File, "A@host:104").Dispose();
        Assert.Contains("another receiver, A@host:104", Assert.Throws<UsageException>(() => Journal.Open(File, "B@host:104")).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("something else\n")]
    [InlineData("something else")]
    public void A_file_that_is_no_journal_is_left_alone(string content)
    {
        System.IO.File.WriteAllText(File, content);
        Assert.Contains("not a journal", Assert.Throws<UsageException>(() => Journal.Open(File, "A@host:104")).Message, StringComparison.Ordinal);
        Assert.Equal(content, System.IO.File.ReadAllText(File));
    }

    [Fact]
    public void Two_runs_cannot_use_one_journal_at_a_time()
    {
        using Journal first = Journal.Open(File, "A@host:104");
        Assert.Throws<UsageException>(() => Journal.Open(File, "A@host:104"));
    }
}
