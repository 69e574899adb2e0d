using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace NetDicom.Archive;

/// <summary>Another program has an archive open.</summary>
public sealed class ArchiveInUseException : IOException
{
    /// <summary>An exception with what is in use.</summary>
    public ArchiveInUseException(string message) : base(message)
    {
    }
}

/// <summary>Lets one process write to an archive. The lock goes with the process, however it ends; what is written in the file is a word to those who find it taken.</summary>
internal sealed class ArchiveLock : IDisposable
{
    /// <summary>What the file says when its holder lets others delete beside it: it takes turns by <see cref="ArchiveTurn"/>, and looks things up again that others may have changed.</summary>
    public const string Shared = "netdicom archive: shared 1";

    private const string FileName = ".lock";

    /// <summary>How often a lock that is taken is tried again: somebody who only looked whether it is taken (<see cref="IsTaken"/>) holds it for a moment.</summary>
    private const int Tries = 5;

    private static readonly TimeSpan s_between = TimeSpan.FromMilliseconds(20);

    private readonly SafeFileHandle _handle;

    private ArchiveLock(SafeFileHandle handle) => _handle = handle;

    /// <summary>Whether programs can take turns at all: by locks that the system gives to a process and takes back when it ends.</summary>
    public static bool CanShare => OperatingSystem.IsLinux() || OperatingSystem.IsMacOS();

    /// <summary>Takes the lock of a folder.</summary>
    /// <exception cref="ArchiveInUseException">Another process, or another archive of this one, has it.</exception>
    public static ArchiveLock Take(string folder)
    {
        for (int left = Tries; ; left--)
        {
            if (TryTake(Path.Join(folder, FileName)) is { } handle)
                return new ArchiveLock(handle);
            if (left == 1)
                throw new ArchiveInUseException($"the archive in {folder} is in use by another program");
            Thread.Sleep(s_between);
        }
    }

    /// <summary>Whether somebody has the lock of a folder.</summary>
    public static bool IsTaken(string folder)
    {
        using SafeFileHandle? handle = TryTake(Path.Join(folder, FileName));
        return handle is null;
    }

    /// <summary>What the holder says; empty if nothing, or it cannot be read.</summary>
    public static string Read(string folder)
    {
        try
        {
            using SafeFileHandle handle = Open(Path.Join(folder, FileName));
            byte[] text = new byte[256];
            return Encoding.ASCII.GetString(text, 0, RandomAccess.Read(handle, text, 0));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    /// <summary>Says something to others; empty to take it back.</summary>
    public void Say(string text)
    {
        try
        {
            RandomAccess.SetLength(_handle, 0);
            RandomAccess.Write(_handle, Encoding.ASCII.GetBytes(text), 0);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // A full disk, for one: then nobody joins.
        }
    }

    public void Dispose() => _handle.Dispose();

    /// <summary>Opens a file and locks it; null if it is locked already.</summary>
    internal static SafeFileHandle? TryTake(string path)
    {
        if (!CanShare)
        {
            try
            {
                return File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (File.Exists(path))
            {
                return null;
            }
        }

        SafeFileHandle handle = Open(path);
        bool isTaken = false;
        try
        {
            isTaken = TryLock(handle);
            return isTaken ? handle : null;
        }
        finally
        {
            if (!isTaken)
                handle.Dispose();
        }
    }

    /// <summary>Opens a file that may be locked, and makes it if it is not there. Where programs can take turns.</summary>
    // By the call itself: .NET locks whatever it opens, for as long as that is open, unless a program has switched that off (as netdicom has), and would find locks of its own here.
    internal static SafeFileHandle Open(string path)
    {
        if (!File.Exists(path))
        {
            try
            {
                File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write, FileShare.ReadWrite).Dispose();
            }
            catch (IOException) when (File.Exists(path))
            {
                // Somebody else was first.
            }
        }

        int descriptor = PosixCalls.Open(Encoding.UTF8.GetBytes(path + '\0'), 2 /* O_RDWR */);
        if (descriptor >= 0)
            return new SafeFileHandle(descriptor, ownsHandle: true);
        int error = Marshal.GetLastPInvokeError();
        string message = $"{Marshal.GetPInvokeErrorMessage(error)} : '{path}'";
        throw error is 1 or 13 or 30 /* EPERM, EACCES, EROFS */ ? new UnauthorizedAccessException(message) : new IOException(message, error);
    }

    /// <returns>False if another program has the lock.</returns>
    /// <exception cref="IOException">The file system has no locks, or none left.</exception>
    internal static bool TryLock(SafeFileHandle handle)
    {
        if (Call(handle, 2 | 4 /* LOCK_EX | LOCK_NB */) == 0)
            return true;
        int error = Marshal.GetLastPInvokeError();
        if (error == (OperatingSystem.IsMacOS() ? 35 : 11) /* EWOULDBLOCK */)
            return false;
        throw new IOException($"the archive cannot be locked (flock): {Marshal.GetPInvokeErrorMessage(error)}", error);
    }

    internal static void Unlock(SafeFileHandle handle) => Call(handle, 8 /* LOCK_UN */);

    private static int Call(SafeFileHandle handle, int operation)
    {
        bool held = false;
        try
        {
            handle.DangerousAddRef(ref held);
            return PosixCalls.Lock((int)handle.DangerousGetHandle(), operation);
        }
        finally
        {
            if (held)
                handle.DangerousRelease();
        }
    }
}
