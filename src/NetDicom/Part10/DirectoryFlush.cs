using System.Runtime.InteropServices;
using System.Text;

namespace NetDicom;

/// <summary>Makes a renamed file's name safe: on Unix a folder is flushed like a file; .NET has no call for it.</summary>
internal static class DirectoryFlush
{
    /// <summary>Makes a folder and those above it.</summary>
    /// <returns>The folders whose entries changed: the parents of what was made.</returns>
    public static IReadOnlyList<string> CreateFolder(string path)
    {
        var changed = new List<string>();
        for (string at = path; !Directory.Exists(at); at = Path.GetDirectoryName(at)!)
            changed.Add(Path.GetDirectoryName(at)!);
        if (changed.Count > 0)
            Directory.CreateDirectory(path);
        return changed;
    }

    /// <summary>Flushes the entries of <paramref name="folder"/> to the device. Does nothing on Windows, where renames are journalled by the file system.</summary>
    /// <exception cref="IOException">The folder cannot be opened or the device fails.</exception>
    public static void Flush(string folder)
    {
        if (OperatingSystem.IsWindows())
            return;
        byte[] path = Encoding.UTF8.GetBytes(folder + '\0');
        int descriptor = PosixCalls.Open(path, 0 /* O_RDONLY */);
        if (descriptor < 0)
            throw Failure("open", folder);
        try
        {
            if (PosixCalls.FSync(descriptor) != 0)
                throw Failure("fsync", folder);
        }
        finally
        {
            _ = PosixCalls.Close(descriptor);
        }
    }

    private static IOException Failure(string call, string folder)
    {
        int error = Marshal.GetLastPInvokeError();
        return new IOException($"{call} of folder '{folder}' failed: {Marshal.GetPInvokeErrorMessage(error)}", error);
    }
}
