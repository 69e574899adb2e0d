using System.Runtime.InteropServices;
using System.Text;

namespace NetDicom;

/// <summary>Gives a file its final name in one step.</summary>
internal static class FileRename
{
    /// <summary>Renames <paramref name="source"/> to <paramref name="target"/>, which is replaced if it is there.</summary>
    /// <remarks><see cref="File.Move(string, string, bool)"/> looks at the source first; on Unix that is one more walk along the path for each object received.</remarks>
    /// <exception cref="IOException">The file cannot be renamed.</exception>
    public static void Replace(string source, string target)
    {
        if (OperatingSystem.IsWindows())
        {
            File.Move(source, target, overwrite: true);
            return;
        }

        if (PosixCalls.Rename(Terminated(source), Terminated(target)) == 0)
            return;
        int error = Marshal.GetLastPInvokeError();
        throw new IOException($"'{source}' could not be renamed to '{target}': {Marshal.GetPInvokeErrorMessage(error)}", error);
    }

    private static byte[] Terminated(string path)
    {
        byte[] bytes = new byte[Encoding.UTF8.GetByteCount(path) + 1];
        Encoding.UTF8.GetBytes(path, bytes);
        return bytes;
    }
}
