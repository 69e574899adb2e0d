namespace NetDicom.Interop.Tests.Support;

/// <summary>
/// Our program, with system calls that strace lets fail: strace looks at certain paths only (<c>-P</c>), which are known, since the program keeps its number (<c>-D</c>) and counts its temporary files.
/// </summary>
internal static class StracedProgram
{
    /// <summary>strace, or the test is skipped.</summary>
    public static string Strace()
    {
        const string Program = "/usr/bin/strace";
        Assert.SkipUnless(File.Exists(Program), "strace is not installed");
        return Program;
    }

    /// <summary>Starts it.</summary>
    /// <param name="at">The path that strace looks at; <c>PID</c> stands for the program's number in hexadecimal.</param>
    /// <param name="injections">What strace does, such as <c>inject=fsync:error=EIO</c>.</param>
    /// <param name="calls">The calls it looks at, with commas.</param>
    /// <param name="arguments">Those of the program.</param>
    /// <param name="trace">Where the calls are written: each line is there before the call returns.</param>
    public static ChildProcess Start(string at, IEnumerable<string> injections, string calls, string[] arguments, string trace = "/dev/null")
    {
        // The shell's number is the program's: strace -D is its grandchild.
        const string Script = """at=$(echo "$1" | sed "s/PID/$(printf %x $$)/"); shift; exec "$0" -D -f --seccomp-bpf -qq -P "$at" "$@" """;
        return ChildProcess.Start("/bin/sh", ["-c", Script, Strace(), at, "-o", trace, "-e", $"trace={calls}", .. injections.SelectMany(one => (string[])["-e", one]), NetDicomProgram.File, .. arguments]);
    }
}
