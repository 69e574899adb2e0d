using System.Runtime.InteropServices;

namespace NetDicom;

/// <summary>
/// The calls of the C library that files are made safe with, where .NET has none or hides how they ended. Each but close is made again when a signal interrupts it: a profiler, a debugger or a
/// file system over a network may do that at any time, and nothing has failed then. The error of the last call is <see cref="Marshal.GetLastPInvokeError"/>.
/// </summary>
internal static class PosixCalls
{
    private const int EIntr = 4;

    /// <summary>Whether the last call was interrupted by a signal.</summary>
    public static bool WasInterrupted => Marshal.GetLastPInvokeError() == EIntr;

    // Nothing here is for the programs that a hook starts.
    private static int CloseOnExec => OperatingSystem.IsLinux() ? 0x80000 : OperatingSystem.IsMacOS() ? 0x1000000 : 0;

    /// <summary>open(2), with O_CLOEXEC.</summary>
    /// <param name="path">UTF-8, ended by a zero byte.</param>
    /// <param name="flags">O_RDONLY (0) or O_RDWR (2).</param>
    /// <returns>The descriptor; less than zero if it failed.</returns>
    public static int Open(byte[] path, int flags)
    {
        int descriptor;
        do
            descriptor = OpenOnce(path, flags | CloseOnExec);
        while (descriptor < 0 && WasInterrupted);
        return descriptor;
    }

    /// <summary>close(2), once: on Linux the descriptor is gone whatever comes back, and its number may be another file's by then.</summary>
    /// <returns>Zero, or less if it failed.</returns>
    public static int Close(int descriptor) => CloseOnce(descriptor);

    /// <summary>fsync(2).</summary>
    /// <returns>Zero, or less if it failed.</returns>
    public static int FSync(int descriptor)
    {
        int result;
        do
            result = FSyncOnce(descriptor);
        while (result != 0 && WasInterrupted);
        return result;
    }

    /// <summary>syncfs(2), which only Linux has.</summary>
    /// <returns>Zero, or less if it failed.</returns>
    public static int SyncFileSystem(int descriptor)
    {
        int result;
        do
            result = SyncFileSystemOnce(descriptor);
        while (result != 0 && WasInterrupted);
        return result;
    }

    /// <summary>flock(2).</summary>
    /// <returns>Zero, or less if it failed.</returns>
    public static int Lock(int descriptor, int operation)
    {
        int result;
        do
            result = LockOnce(descriptor, operation);
        while (result != 0 && WasInterrupted);
        return result;
    }

    /// <summary>rename(2), as .NET makes it: again when it was interrupted.</summary>
    /// <returns>Zero, or less if it failed.</returns>
    public static int Rename(byte[] source, byte[] target)
    {
        int result;
        do
            result = RenameOnce(source, target);
        while (result != 0 && WasInterrupted);
        return result;
    }

#pragma warning disable SYSLIB1054, CA2101 // Blittable arguments only: nothing for a marshalling generator to do, and no unsafe code is switched on for it.
    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int OpenOnce(byte[] path, int flags);

    [DllImport("libc", EntryPoint = "close", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int CloseOnce(int descriptor);

    [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int FSyncOnce(int descriptor);

    [DllImport("libc", EntryPoint = "syncfs", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SyncFileSystemOnce(int descriptor);

    [DllImport("libc", EntryPoint = "flock", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int LockOnce(int descriptor, int operation);

    [DllImport("libc", EntryPoint = "rename", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int RenameOnce(byte[] source, byte[] target);
#pragma warning restore SYSLIB1054, CA2101
}
