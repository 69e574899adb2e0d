using System.Runtime.InteropServices;

namespace NetDicom.Cli.Invocation;

/// <summary>SIGINT and SIGTERM: the first one asks the tool to stop cleanly, the second one ends the process at once.</summary>
internal sealed class Interruption : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly PosixSignalRegistration[] _registrations;
    private int _exitCode;

    public Interruption()
    {
        _registrations =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGINT, context => Handle(context, Invocation.ExitCode.Interrupted)),
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => Handle(context, Invocation.ExitCode.Terminated)),
        ];
    }

    /// <summary>Fires when the first signal came.</summary>
    public CancellationToken Token => _stop.Token;

    /// <summary>130 or 143 once a signal came, null before.</summary>
    public int? ExitCode => Volatile.Read(ref _exitCode) is var code and not 0 ? code : null;

    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations)
            registration.Dispose();
        _stop.Dispose();
    }

    private void Handle(PosixSignalContext context, int exitCode)
    {
        context.Cancel = true;
        if (Interlocked.CompareExchange(ref _exitCode, exitCode, 0) != 0)
            Environment.Exit(exitCode);
        // The handlers of the token may take their time (an A-ABORT is written): not on the thread that delivers signals.
        ThreadPool.QueueUserWorkItem(static source => source.Cancel(), _stop, preferLocal: false);
    }
}
