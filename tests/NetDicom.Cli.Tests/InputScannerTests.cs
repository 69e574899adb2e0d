using NetDicom.Cli.Sending;

namespace NetDicom.Cli.Tests;

public sealed class InputScannerTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("netdicom-test-");

    public InputScannerTests()
    {
        foreach (string file in (string[])["a", "b", "sub/c", "sub/deep/d"])
        {
            string path = Path.Combine(_folder.FullName, file);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, "x");
        }
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private string[] Scan(bool recurse, TextReader? more, params string[] paths) =>
        [.. InputScanner.Scan(paths, recurse, more).Select(f => f.Problem ?? Path.GetRelativePath(_folder.FullName, f.Path)).Order(StringComparer.Ordinal)];

    [Fact]
    public void A_folder_gives_its_direct_files() => Assert.Equal(["a", "b"], Scan(false, null, _folder.FullName));

    [Fact]
    public void With_recursion_it_gives_all_below() => Assert.Equal(["a", "b", "sub/c", "sub/deep/d"], Scan(true, null, _folder.FullName));

    [Fact]
    public void A_link_to_a_folder_is_not_followed_so_a_circle_ends()
    {
        Directory.CreateSymbolicLink(Path.Combine(_folder.FullName, "sub", "circle"), _folder.FullName);
        Assert.Equal(["a", "b", "sub/c", "sub/deep/d"], Scan(true, null, _folder.FullName));
    }

    [Fact]
    public void What_is_not_there_is_a_problem_and_the_rest_goes_on()
    {
        string missing = Path.Combine(_folder.FullName, "missing");
        Assert.Equal([$"Cannot access path: {missing}", "a"], Scan(false, null, missing, Path.Combine(_folder.FullName, "a")));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a\0b")]
    public void What_can_be_no_path_is_a_problem_and_no_exception(string path) => Assert.Equal([$"Cannot access path: {path}"], Scan(false, null, path));

    [Fact]
    public void A_pipe_among_the_files_is_not_opened_which_would_wait_for_ever()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/mkfifo"), "mkfifo is not installed");
        string pipe = Path.Combine(_folder.FullName, "pipe");
        using (var mkfifo = System.Diagnostics.Process.Start("/usr/bin/mkfifo", [pipe]))
            mkfifo.WaitForExit();
        Assert.Equal([$"Cannot read input file {pipe}: it is empty, or no regular file", "a", "b"], Scan(false, null, _folder.FullName));
    }

    [Fact]
    public void A_standard_input_that_breaks_is_a_problem_and_no_end() => Assert.Equal(["Cannot read standard input: it broke", "a"],
        Scan(false, new BrokenReader(Path.Combine(_folder.FullName, "a"))));

    private sealed class BrokenReader(string first) : TextReader
    {
        private string? _line = first;

        public override string? ReadLine()
        {
            string line = _line ?? throw new IOException("it broke");
            _line = null;
            return line;
        }
    }

    [Fact]
    public void Lines_of_standard_input_are_paths_too() => Assert.Equal(["a", "sub/c"],
        Scan(false, new StringReader($"{Path.Combine(_folder.FullName, "sub", "c")}\n\n"), Path.Combine(_folder.FullName, "a")));
}
