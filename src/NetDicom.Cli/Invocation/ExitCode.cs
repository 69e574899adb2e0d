namespace NetDicom.Cli.Invocation;

/// <summary>The exit codes, the same in every tool. Listed in docs/promises/exit-codes.txt.</summary>
internal static class ExitCode
{
    public const int Success = 0;
    public const int NotEstablished = 1;
    public const int Usage = 2;
    public const int InputNotRead = 3;
    public const int OperationFailed = 4;
    public const int AssociationLost = 5;
    public const int Interrupted = 130;
    public const int Terminated = 143;

    /// <summary>Every code with its meaning, for the help and for the list of promises.</summary>
    public static readonly (int Code, string Meaning)[] All =
    [
        (Success, "all done and every status success (warnings too)"),
        (NotEstablished, "association not established: no connection, rejected, aborted before, no context accepted"),
        (Usage, "usage: wrong or missing arguments, or a folder or file that the tool itself needs cannot be used"),
        (InputNotRead, "some input could not be read (the rest was done)"),
        (OperationFailed, "some operations ended with a failure status, or had no accepted context; diff: the files differ; dump --validate: something was found"),
        (AssociationLost, "association aborted, lost or timed out during the work"),
        (Interrupted, "ended by SIGINT (Ctrl-C)"),
        (Terminated, "ended by SIGTERM"),
    ];
}
