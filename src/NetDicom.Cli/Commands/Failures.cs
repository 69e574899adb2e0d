using NetDicom.Cli.Invocation;
using NetDicom.Network;

namespace NetDicom.Cli.Commands;

/// <summary>What a failed operation is called on the one line that the user gets, and the exit code it leads to.</summary>
internal static class Failures
{
    /// <summary>Whether this is a failure of the network or the peer, and not a mistake of ours.</summary>
    public static bool IsExpected(Exception e) => e is DicomException or IOException;

    /// <summary>The line, in the words that scripts for both toolkits look for.</summary>
    public static string Describe(Exception e) => e switch
    {
        ConnectionFailedException c => $"Association request failed: unable to connect to remote: TCP Initialisation Error: {c.Message}; is the peer running, and are address and port right?",
        AssociationRejectedException r => $"{r.Message}{Advice(r)}",
        _ => e.Message,
    };

    /// <param name="e">What ended the work.</param>
    /// <param name="established">Whether the association stood before.</param>
    public static int ExitCodeOf(Exception e, bool established) => e switch
    {
        NoPresentationContextException => ExitCode.NotEstablished,
        // The peer answered, and the answer is a failure or cannot be read: the association stands.
        Protocol.DimseStatusException or DicomDataException when established => ExitCode.OperationFailed,
        _ => established ? ExitCode.AssociationLost : ExitCode.NotEstablished,
    };

    private static string Advice(AssociationRejectedException r) => r.Reason switch
    {
        3 when r.RejectSource == Protocol.RejectSource.ServiceUser => "; the peer wants another calling title: give it with -aet",
        7 when r.RejectSource == Protocol.RejectSource.ServiceUser => "; the peer has another title: give it with -aec",
        _ => "",
    };
}
