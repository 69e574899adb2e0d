using System.IO.MemoryMappedFiles;
using System.Text;

namespace NetDicom.Fuzz;

/// <summary>What each job runs, in a mapped file: a stack that overflows ends the process without a word, and the file says where.</summary>
internal static class CrashNotes
{
    /// <summary>Most jobs: each has its place in the file.</summary>
    public const int Count = 1024;

    private const int Length = 64;

    private static MemoryMappedViewAccessor? s_view;

    /// <summary>Begins a file of notes, one line of text for each job.</summary>
    public static void Open(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, new byte[Count * Length]);
        s_view = MemoryMappedFile.CreateFromFile(path, FileMode.Open).CreateViewAccessor();
    }

    public static void Write(int job, string target, long turn)
    {
        if (s_view is not { } view)
            return;
        byte[] line = Encoding.ASCII.GetBytes($"--only {target} --turn {turn}\n".PadRight(Length, ' '));
        view.WriteArray(job * Length, line, 0, Length);
    }
}
