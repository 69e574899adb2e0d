using NetDicom.Protocol;

namespace NetDicom.Network;

// What happens when a time limit passes.
internal sealed partial class UpperLayer
{
    // Under the lock. The machine says when ARTIM runs; the watchdog only wakes us.
    private void WatchArtim()
    {
        if (_machine.ArtimDeadline is { } deadline)
            Watchdog.Set(TimeoutKind.Artim, deadline - Watchdog.Now is var left && left > TimeSpan.Zero ? left : TimeSpan.FromTicks(1));
        else
            Watchdog.Clear(TimeoutKind.Artim);
    }

    private void OnExpired(TimeoutKind kind)
    {
        switch (kind)
        {
            case TimeoutKind.Artim:
                TryEnd(new AssociationEnd { Kind = AssociationEndKind.TimedOut, Timeout = TimeoutKind.Artim });
                _ = ExpireArtimAsync();
                break;
            case Watchdog.Quiet:
                _receiver.Rest();
                break;
            case TimeoutKind.ReceiveRate when !_receiver.IsReceiving:
                break;
            case TimeoutKind.NetworkIdle when !_receiver.IsReceiving || (!MidPdu && IsWaitingForPeer?.Invoke() == false):
                // Nobody reads, or nothing is owed: it is not the peer that is slow. The next receive starts the limit anew.
                break;
            case TimeoutKind.NetworkSend when !_sending:
                // The write was done when it was told to hurry.
                break;
            case TimeoutKind.NetworkSend when !_hurried && _transport.BytesTaken is { } taken && taken != _takenBefore:
                // It takes what it gets, though not yet all of this write.
                _takenBefore = taken;
                Watchdog.Set(TimeoutKind.NetworkSend, _networkTimeout);
                break;
            case TimeoutKind.NetworkSend:
                // The write cannot be taken back and A-ABORT cannot overtake it: close.
                TryEnd(new AssociationEnd { Kind = AssociationEndKind.TimedOut, Timeout = kind });
                CloseTransport();
                break;
            default:
                _ = ExpireAsync(kind);
                break;
        }
    }

    private async Task ExpireArtimAsync()
    {
        try
        {
            await ApplyAsync(UlEvent.Evt18, null, AbortReason.NotSpecified).ConfigureAwait(false);
        }
        catch (AssociationEndedException)
        {
            // Told through Ended already.
        }
    }

    private async Task ExpireAsync(TimeoutKind kind)
    {
        try
        {
            await AbortAsync(new AssociationEnd { Kind = AssociationEndKind.TimedOut, Timeout = kind, AbortSource = AbortSource.ServiceUser }).ConfigureAwait(false);
        }
        catch (AssociationEndedException)
        {
            // Told through Ended already.
        }
    }
}
