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
        if (PosixCalls.Close(descriptor) == 0 || PosixCalls.WasInterrupted)
            return;
        int error = Marshal.GetLastPInvokeError();
        throw new IOException($"the file could not be closed: {Marshal.GetPInvokeErrorMessage(error)}", error);
    }
}
