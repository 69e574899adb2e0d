using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace NetDicom;

/// <summary>Closes a file that was written, and tells when that failed.</summary>
/// <remarks>
/// A file system over a network, or one with quotas, may tell of a write that failed only at close(2) (its manual page, "Dealing with error returns from close()"); a <see cref="SafeHandle"/> passes
/// over it. Who flushed before has been told already.
/// </remarks>
internal static class FileClose
{
    private const int EIntr = 4;

    /// <exception cref="IOException">What was written may not be there. The handle is closed all the same.</exception>
    public static void Close(SafeFileHandle handle)
    {
        if (OperatingSystem.IsWindows())
        {
            handle.Dispose();
            return;
        }

        int descriptor = (int)handle.DangerousGetHandle();
        // From here on nobody else may close the number: the system may have given it to another file.
        handle.SetHandleAsInvalid();
        int result = Close(descriptor);
        int error = Marshal.GetLastPInvokeError();
        if (result != 0 && error != EIntr)
            throw new IOException($"the file could not be closed: {Marshal.GetPInvokeErrorMessage(error)}", error);
    }

#pragma warning disable SYSLIB1054 // Blittable arguments only: nothing for a marshalling generator to do, and no unsafe code is switched on for it.
    [DllImport("libc", EntryPoint = "close", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Close(int descriptor);
#pragma warning restore SYSLIB1054
}
