using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace NetDicom.Archive;

/// <summary>Lets one process write to an archive. The lock goes with the process, however it ends.</summary>
internal sealed class ArchiveLock : IDisposable
{
    private const string FileName = ".lock";

    private readonly SafeFileHandle _handle;

    private ArchiveLock(SafeFileHandle handle) => _handle = handle;

    /// <summary>Takes the lock of a folder.</summary>
    /// <exception cref="IOException">Another process, or another archive of this one, has it.</exception>
    public static ArchiveLock Take(string folder)
    {
        string path = Path.Join(folder, FileName);
        if (!OperatingSystem.IsLinux() && !OperatingSystem.IsMacOS())
            return new ArchiveLock(File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        // .NET's own locks can be switched off for a program (and are, in netdicom): this one is asked for by itself.
        SafeFileHandle handle = File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite);
        bool held = false;
        try
        {
            handle.DangerousAddRef(ref held);
            if (Lock((int)handle.DangerousGetHandle(), 2 | 4 /* LOCK_EX | LOCK_NB */) == 0)
                return new ArchiveLock(handle);
            handle.Dispose();
            throw new IOException($"the archive in {folder} is in use by another program");
        }
        finally
        {
            if (held)
                handle.DangerousRelease();
        }
    }

    public void Dispose() => _handle.Dispose();

#pragma warning disable SYSLIB1054 // Blittable arguments only: nothing for a marshalling generator to do, and no unsafe code is switched on for it.
    [DllImport("libc", EntryPoint = "flock", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Lock(int descriptor, int operation);
#pragma warning restore SYSLIB1054
}
