using Microsoft.Win32.SafeHandles;

namespace NetDicom.Archive.Tests.Storing;

/// <summary>A file system that fails where it is told to.</summary>
internal sealed class FaultyFiles : ArchiveFiles
{
    public Exception? OnCreate { get; set; }

    public Exception? OnWrite { get; set; }

    public Exception? OnClose { get; set; }

    public Exception? OnFlush { get; set; }

    public Exception? OnRename { get; set; }

    public Exception? OnFlushFolder { get; set; }

    /// <summary>Free bytes; null for those of the disk.</summary>
    public long? Free { get; set; }

    public override long? FreeBytes(string folder) => Free ?? base.FreeBytes(folder);

    /// <summary>What was done, in order: "flush", "rename", "folder".</summary>
    public List<string> Done { get; } = [];

    /// <summary>The first flush waits for this, so that others gather behind it.</summary>
    public ManualResetEventSlim? HoldFlush { get; set; }

    public override SafeFileHandle Create(string path) => OnCreate is null ? base.Create(path) : throw OnCreate;

    public override void Write(SafeFileHandle handle, IReadOnlyList<ReadOnlyMemory<byte>> pieces, long offset)
    {
        if (OnWrite is not null)
            throw OnWrite;
        base.Write(handle, pieces, offset);
    }

    public override void Close(SafeFileHandle handle)
    {
        // As the system does: closed, and told that it failed.
        base.Close(handle);
        if (OnClose is not null)
            throw OnClose;
    }

    public override void Flush(SafeFileHandle handle)
    {
        Note("flush");
        HoldFlush?.Wait();
        if (OnFlush is not null)
            throw OnFlush;
        base.Flush(handle);
    }

    /// <summary>Which files cannot be deleted.</summary>
    public Predicate<string>? Holds { get; set; }

    public override void Delete(string path)
    {
        if (Holds?.Invoke(path) == true)
            throw new IOException("Device or resource busy");
        base.Delete(path);
    }

    public override bool TryFlushVolume(SafeFileHandle root)
    {
        Note("volume");
        if (OnFlush is not null)
            throw OnFlush;
        return base.TryFlushVolume(root);
    }

    public override void Rename(string from, string to)
    {
        Note("rename");
        if (OnRename is not null)
            throw OnRename;
        base.Rename(from, to);
    }

    public override void FlushFolder(string path)
    {
        Note("folder");
        if (OnFlushFolder is not null)
            throw OnFlushFolder;
        base.FlushFolder(path);
    }

    private void Note(string what)
    {
        lock (Done)
            Done.Add(what);
    }
}
