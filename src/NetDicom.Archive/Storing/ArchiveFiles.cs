using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace NetDicom.Archive;

/// <summary>What the archive asks of the file system. A class of its own so that tests can let each call fail.</summary>
internal class ArchiveFiles
{
    /// <summary>Makes a file that is not there yet.</summary>
    public virtual SafeFileHandle Create(string path) => File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read);

    public virtual void Write(SafeFileHandle handle, IReadOnlyList<ReadOnlyMemory<byte>> pieces, long offset) => RandomAccess.Write(handle, pieces, offset);

    /// <summary>Closes a file that was written.</summary>
    /// <exception cref="IOException">What was written may not be there. The handle is closed all the same.</exception>
    public virtual void Close(SafeFileHandle handle) => FileClose.Close(handle);

    /// <summary>Takes the bytes of one file to the device.</summary>
    public virtual void Flush(SafeFileHandle handle) => FileFlush.Flush(handle);

    /// <summary>Takes everything written to the file system of <paramref name="root"/> to the device, if there is a call for it.</summary>
    public virtual bool TryFlushVolume(SafeFileHandle root) => VolumeFlush.TryFlush(root);

    public virtual void Rename(string from, string to) => FileRename.Replace(from, to);

    /// <summary>Makes a folder and those above it.</summary>
    /// <returns>The folders whose entries changed: the parents of what was made.</returns>
    public virtual IReadOnlyList<string> CreateFolder(string path) => DirectoryFlush.CreateFolder(path);

    /// <summary>Takes the names in a folder to the device.</summary>
    public virtual void FlushFolder(string path) => DirectoryFlush.Flush(path);

    public virtual void Delete(string path) => File.Delete(path);

    public virtual bool Exists(string path) => File.Exists(path);

    /// <summary>Bytes of a file; null if it is not there.</summary>
    public virtual long? LengthOf(string path) => new FileInfo(path) is { Exists: true } file ? file.Length : null;

    /// <summary>Takes an empty folder away.</summary>
    /// <returns>Whether it was empty and is gone.</returns>
    public virtual bool TryDeleteFolder(string path)
    {
        try
        {
            Directory.Delete(path, recursive: false);
            return true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Not empty, or gone already.
            return false;
        }
    }

    /// <summary>Free bytes of the file system of a folder for this user; null if it cannot be told.</summary>
    public virtual long? FreeBytes(string folder)
    {
        try
        {
            return new DriveInfo(folder).AvailableFreeSpace;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }
}

/// <summary>One flush for all files of a file system: many instances share it.</summary>
internal static class VolumeFlush
{
    /// <summary>Opens a folder for <see cref="TryFlush"/>. To be done before the writing: the flush then tells of errors that came since (Linux 5.8).</summary>
    public static SafeFileHandle? Open(string folder)
    {
        if (!OperatingSystem.IsLinux())
            return null;
        int descriptor = PosixCalls.Open(Encoding.UTF8.GetBytes(folder + '\0'), 0 /* O_RDONLY */);
        return descriptor < 0 ? null : new SafeFileHandle(descriptor, ownsHandle: true);
    }

    /// <summary>Flushes, if the platform has the call and reports errors by it.</summary>
    /// <exception cref="IOException">The device fails.</exception>
    public static bool TryFlush(SafeFileHandle folder)
    {
        // Before Linux 5.8 syncfs returned success whatever became of the bytes: then each file is flushed by itself.
        if (!OperatingSystem.IsLinux() || Environment.OSVersion.Version < new Version(5, 8))
            return false;
        bool held = false;
        try
        {
            folder.DangerousAddRef(ref held);
            if (PosixCalls.SyncFileSystem((int)folder.DangerousGetHandle()) == 0)
                return true;
            int error = Marshal.GetLastPInvokeError();
            throw new IOException($"syncfs failed: {Marshal.GetPInvokeErrorMessage(error)}", error);
        }
        finally
        {
            if (held)
                folder.DangerousRelease();
        }
    }
}
