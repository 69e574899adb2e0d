using Microsoft.Win32.SafeHandles;

namespace NetDicom.Archive.Tests.Storing;

/// <summary>A disk on which nothing is free but what is given back: files can be written only while the archive has let go of its reserve.</summary>
internal sealed class FullFiles(string folder) : ArchiveFiles
{
    /// <summary>ENOSPC.</summary>
    private const int NoSpace = 28;

    public bool IsFull { get; set; }

    /// <summary>What is told of each file that is deleted.</summary>
    public Action<string>? OnDelete { get; set; }

    public override void Write(SafeFileHandle handle, IReadOnlyList<ReadOnlyMemory<byte>> pieces, long offset)
    {
        if (IsFull && File.Exists(Path.Combine(folder, ".reserve")))
            throw new IOException("No space left on device", NoSpace);
        base.Write(handle, pieces, offset);
    }

    public override void Delete(string path)
    {
        base.Delete(path);
        OnDelete?.Invoke(path);
    }
}
