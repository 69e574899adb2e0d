using System.IO.Enumeration;

namespace NetDicom.Cli.Sending;

/// <summary>One path found, with its length in bytes where that is known; or one that could not be looked at.</summary>
internal readonly record struct ScannedPath(string Path, string? Problem, long Length = 0);

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

        string? problem = null;
        while (more is not null && ReadLine(more, out problem) is { } line)
        {
            if (line.Length == 0)
                continue;
            foreach (ScannedPath found in Expand(line, recurse))
                yield return found;
        }

        // An input that breaks is not one that ends: there may be paths that nobody has seen.
        if (problem is not null)
            yield return new ScannedPath("-", problem);
    }

    private static string? ReadLine(TextReader more, out string? problem)
    {
        try
        {
            problem = null;
            return more.ReadLine();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            problem = $"Cannot read standard input: {e.Message}";
            return null;
        }
    }

    private static IEnumerable<ScannedPath> Expand(string path, bool recurse)
    {
        if (!Directory.Exists(path))
        {
            // Asked first: what can be no path at all is no file, and FileInfo would throw.
            yield return File.Exists(path) ? new ScannedPath(path, null, Math.Max(LengthOf(new FileInfo(path)), 0)) : new ScannedPath(path, $"Cannot access path: {path}");
            yield break;
        }

        var folders = new Stack<string>([path]);
        while (folders.TryPop(out string? folder))
        {
            IEnumerator<Entry>? entries = Open(folder, out string? problem);
            if (entries is null)
            {
                yield return new ScannedPath(folder, problem);
                continue;
            }

            using (entries)
            {
                while (Next(entries, folder, out problem))
                {
                    (string name, bool isFolder, bool isLink, long length) = entries.Current;
                    string entry = Path.Combine(folder, name);
                    if (!isFolder)
                        yield return new ScannedPath(entry, length == 0 ? $"Cannot read input file {entry}: it is empty, or no regular file" : null, Math.Max(length, 0));
                    else if (recurse && !isLink)
                        folders.Push(entry);
                }

                if (problem is not null)
                    yield return new ScannedPath(folder, problem);
            }
        }
    }

    // A pipe or a device among the files has no length, and opening a pipe would wait for its other end for ever. Of a file that went away meanwhile none is known: who opens it says so.
    private static Entry EntryOf(ref FileSystemEntry entry)
    {
        string name = entry.FileName.ToString();
        return entry.IsDirectory ? new Entry(name, true, (entry.Attributes & FileAttributes.ReparsePoint) != 0, 0) : new Entry(name, false, false, LengthOf(ref entry));
    }

    private static long LengthOf(FileInfo file)
    {
        try
        {
            return file.Length;
        }
        catch (IOException)
        {
            return -1;
        }
    }

    private static long LengthOf(ref FileSystemEntry entry)
    {
        try
        {
            return entry.Length;
        }
        catch (IOException)
        {
            return -1;
        }
    }

    private static IEnumerator<Entry>? Open(string folder, out string? problem)
    {
        try
        {
            problem = null;
            return new FileSystemEnumerable<Entry>(folder, EntryOf, new EnumerationOptions { AttributesToSkip = 0, IgnoreInaccessible = false }).GetEnumerator();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            problem = $"Cannot access path: {folder}: {e.Message}";
            return null;
        }
    }

    private static bool Next(IEnumerator<Entry> entries, string folder, out string? problem)
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

    /// <summary>What is in a folder; the length of a file only.</summary>
    private readonly record struct Entry(string Name, bool IsFolder, bool IsLink, long Length);
}
