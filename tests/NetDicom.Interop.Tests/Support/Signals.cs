using System.Runtime.InteropServices;

namespace NetDicom.Interop.Tests.Support;

/// <summary>kill(2): .NET can only end a process, not interrupt it.</summary>
internal static partial class Signals
{
    public const int Interrupt = 2;
    public const int Kill = 9;
    public const int Terminate = 15;

    public static void Send(int process, int signal) => _ = KillProcess(process, signal);

    /// <summary>To every process of the group, so that forked children end too.</summary>
    public static void SendToGroup(int group, int signal) => _ = KillProcess(-group, signal);

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int KillProcess(int process, int signal);
}
