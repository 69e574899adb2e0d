using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace NetDicom;

/// <summary>Takes a file's bytes to the device, and tells when that failed.</summary>
/// <remarks>
/// <see cref="RandomAccess.FlushToDisk"/> of .NET 10 passes over an fsync that fails with EIO on Linux (shown with <c>strace -e inject=fsync:error=EIO</c>, bench/bad-machine.sh):
/// an object would be acknowledged that the device refused.
/// </remarks>
internal static class FileFlush
{
    /// <exception cref="IOException">The device fails. The bytes may be gone from the system's cache too: to flush again proves nothing.</exception>
    public static void Flush(SafeFileHandle handle)
    {
        if (!OperatingSystem.IsLinux())
        {
            // Elsewhere it is more than fsync: F_FULLFSYNC on macOS.
            RandomAccess.FlushToDisk(handle);
            return;
        }

        bool held = false;
        try
        {
            handle.DangerousAddRef(ref held);
            if (PosixCalls.FSync((int)handle.DangerousGetHandle()) == 0)
                return;
            int error = Marshal.GetLastPInvokeError();
            throw new IOException($"the file could not be flushed to the device: {Marshal.GetPInvokeErrorMessage(error)}", error);
        }
        finally
        {
            if (held)
                handle.DangerousRelease();
        }
    }
}
