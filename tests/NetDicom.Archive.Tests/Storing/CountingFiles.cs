using Microsoft.Win32.SafeHandles;

namespace NetDicom.Archive.Tests.Storing;

/// <summary>A file system that counts every call of the store, and fails or stops at the n-th.</summary>
internal sealed class CountingFiles : ArchiveFiles
{
    private readonly Lock _gate = new();

    /// <summary>The calls, in order, by name.</summary>
    public List<string> Calls { get; } = [];

    /// <summary>Which call fails, from 0; -1: none.</summary>
    public int FailAt { get; set; } = -1;

    public Exception Error { get; set; } = new IOException("No space left on device");

    /// <summary>Whether every later call fails too: the disk stays full, or the process is gone.</summary>
    public bool StaysBroken { get; set; }

    public override SafeFileHandle Create(string path)
    {
        Step("create");
        return base.Create(path);
    }

    public override void Write(SafeFileHandle handle, IReadOnlyList<ReadOnlyMemory<byte>> pieces, long offset)
    {
        Step("write");
        base.Write(handle, pieces, offset);
    }

    public override void Close(SafeFileHandle handle)
    {
        base.Close(handle);
        Step("close");
    }

    public override void Flush(SafeFileHandle handle)
    {
        // The device is not waited for: what is looked at is which call fails.
        Step("flush");
    }

    public override bool TryFlushVolume(SafeFileHandle root)
    {
        Step("volume");
        return true;
    }

    public override void Rename(string from, string to)
    {
        Step("rename");
        base.Rename(from, to);
    }

    public override IReadOnlyList<string> CreateFolder(string path)
    {
        Step("folder");
        return base.CreateFolder(path);
    }

    public override void FlushFolder(string path)
    {
        Step("flush folder");
    }

    public override void Delete(string path)
    {
        Step("delete");
        base.Delete(path);
    }

    /// <summary>A call of the index, which counts as one of the store.</summary>
    public void Step(string what)
    {
        lock (_gate)
        {
            int call = Calls.Count;
            Calls.Add(what);
            if (FailAt >= 0 && (call == FailAt || StaysBroken && call > FailAt))
                throw what == "index" && Error is IOException ? new ArchiveIndexException("database or disk is full") : Error;
        }
    }
}
