namespace NetDicom.Cli.Sending;

/// <summary>One path found, or one that could not be looked at.</summary>
internal readonly record struct ScannedPath(string Path, string? Problem);

/// <summary>The files that the user named: files, folders, and lines of standard input. Nothing is collected, so a million paths cost no memory.</summary>
internal static class InputScanner
{
    /// <param name="paths">Files and folders.</param>
    /// <param name="recurse">Folders within folders too; links to folders are not followed, since they can form a circle.</param>
    /// <param name="more">Further paths, one a line; null: none.</param>
    public static IEnumerable<ScannedPath> Scan(IEnumerable<string> paths, bool recurse, TextReader? more)
    {
        foreach (string path in paths)
        {
            foreach (ScannedPath found in Expand(path, recurse))
                yield return found;
        }

        while (more?.ReadLine() is { } line)
        {
            if (line.Length == 0)
                continue;
            foreach (ScannedPath found in Expand(line, recurse))
                yield return found;
        }
    }

    private static IEnumerable<ScannedPath> Expand(string path, bool recurse)
    {
        if (!Directory.Exists(path))
        {
            yield return new ScannedPath(path, File.Exists(path) ? null : $"Cannot access path: {path}");
            yield break;
        }

        var folders = new Stack<string>([path]);
        while (folders.TryPop(out string? folder))
        {
            IEnumerator<FileSystemInfo>? entries = Open(folder, out string? problem);
            if (entries is null)
            {
                yield return new ScannedPath(folder, problem);
                continue;
            }

            using (entries)
            {
                while (Next(entries, folder, out problem))
                {
                    if (entries.Current is FileInfo)
                        yield return new ScannedPath(Path.Combine(folder, entries.Current.Name), null);
                    else if (recurse && entries.Current.LinkTarget is null)
                        folders.Push(Path.Combine(folder, entries.Current.Name));
                }

                if (problem is not null)
                    yield return new ScannedPath(folder, problem);
            }
        }
    }

    private static IEnumerator<FileSystemInfo>? Open(string folder, out string? problem)
    {
        try
        {
            problem = null;
            return new DirectoryInfo(folder).EnumerateFileSystemInfos("*", new EnumerationOptions { AttributesToSkip = 0, IgnoreInaccessible = false }).GetEnumerator();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            problem = $"Cannot access path: {folder}: {e.Message}";
            return null;
        }
    }

    private static bool Next(IEnumerator<FileSystemInfo> entries, string folder, out string? problem)
    {
        try
        {
            problem = null;
            return entries.MoveNext();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            problem = $"Cannot access path: {folder}: {e.Message}";
            return false;
        }
    }
}
