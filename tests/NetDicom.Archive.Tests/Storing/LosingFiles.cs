using System.Runtime.CompilerServices;
using Microsoft.Win32.SafeHandles;

namespace NetDicom.Archive.Tests.Storing;

/// <summary>
/// A file system that can lose its power: bytes that were not flushed and names whose folder was not flushed are gone then, as POSIX allows. The n-th call is where that happens: it and all later ones do nothing but fail.
/// </summary>
internal sealed class LosingFiles : ArchiveFiles
{
    private readonly Lock _gate = new();
    private readonly ConditionalWeakTable<SafeFileHandle, string> _paths = [];
    private readonly HashSet<string> _unflushedBytes = [];
    private readonly List<(string From, string To)> _unflushedNames = [];
    private readonly List<string> _unflushedFolders = [];
    private int _calls;

    public int LoseAt { get; set; } = -1;

    public bool IsDown { get; private set; }

    public int Calls => _calls;

    public override SafeFileHandle Create(string path)
    {
        Step();
        SafeFileHandle handle = base.Create(path);
        lock (_gate)
        {
            _paths.Add(handle, path);
            _unflushedBytes.Add(path);
        }

        return handle;
    }

    public override void Write(SafeFileHandle handle, IReadOnlyList<ReadOnlyMemory<byte>> pieces, long offset)
    {
        Step();
        base.Write(handle, pieces, offset);
        lock (_gate)
            _unflushedBytes.Add(PathOf(handle));
    }

    public override void Close(SafeFileHandle handle)
    {
        base.Close(handle);
        Step();
    }

    public override void Flush(SafeFileHandle handle)
    {
        Step();
        lock (_gate)
            _unflushedBytes.Remove(PathOf(handle));
    }

    public override bool TryFlushVolume(SafeFileHandle root)
    {
        Step();
        lock (_gate)
        {
            _unflushedBytes.Clear();
            _unflushedNames.Clear();
            _unflushedFolders.Clear();
        }

        return true;
    }

    public override void Rename(string from, string to)
    {
        Step();
        base.Rename(from, to);
        lock (_gate)
        {
            if (_unflushedBytes.Remove(from))
                _unflushedBytes.Add(to);
            _unflushedNames.Add((from, to));
        }
    }

    public override IReadOnlyList<string> CreateFolder(string path)
    {
        Step();
        var made = new List<string>();
        for (string at = path; !Directory.Exists(at); at = Path.GetDirectoryName(at)!)
            made.Add(at);
        IReadOnlyList<string> changed = base.CreateFolder(path);
        lock (_gate)
            _unflushedFolders.AddRange(made);
        return changed;
    }

    public override void FlushFolder(string path)
    {
        Step();
        lock (_gate)
        {
            _unflushedNames.RemoveAll(name => Path.GetDirectoryName(name.To) == path);
            _unflushedFolders.RemoveAll(folder => Path.GetDirectoryName(folder) == path);
        }
    }

    public override void Delete(string path)
    {
        Step();
        base.Delete(path);
        lock (_gate)
            _unflushedBytes.Remove(path);
    }

    public void Step()
    {
        lock (_gate)
        {
            if (_calls++ == LoseAt)
                IsDown = true;
            if (IsDown)
                throw new IOException("the power is gone");
        }
    }

    /// <summary>What the disk holds when the power comes back.</summary>
    /// <param name="keepsNames">Names may have got to the disk by themselves, or not: both have to do.</param>
    public void LosePower(bool keepsNames)
    {
        foreach (string path in _unflushedBytes.Where(File.Exists))
        {
            // Half of it is worse than nothing of it: it looks like something.
            using FileStream file = File.OpenWrite(path);
            file.SetLength(file.Length / 2);
        }

        if (keepsNames)
            return;
        foreach ((string from, string to) in Enumerable.Reverse(_unflushedNames))
        {
            if (File.Exists(to))
                File.Move(to, from, overwrite: true);
        }

        foreach (string folder in _unflushedFolders.OrderByDescending(folder => folder.Length).Where(Directory.Exists))
            Directory.Delete(folder, recursive: true);
    }

    private string PathOf(SafeFileHandle handle) => _paths.TryGetValue(handle, out string? path) ? Renamed(path) : "";

    private string Renamed(string path) => _unflushedNames.FindLast(name => name.From == path) is { To: { } to } ? to : path;
}
