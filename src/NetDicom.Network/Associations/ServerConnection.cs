using System.Net;
using System.Net.Sockets;
using NetDicom.Protocol;

namespace NetDicom.Network;

/// <summary>One connection of a server, from its acceptance to its end.</summary>
internal sealed class ServerConnection(long number, Socket socket, AssociationPlaces places, Action stoppedPending)
{
    private readonly IPAddress? _address = (socket.RemoteEndPoint as IPEndPoint)?.Address;
    private int _pending = 1;
    private int _hasPlace;

    public long Number => number;

    public Socket Socket => socket;

    public EndPoint? RemoteEndPoint { get; } = socket.RemoteEndPoint;

    public UpperLayer? UpperLayer { get; set; }

    public Task Serving { get; set; } = Task.CompletedTask;

    /// <summary>True until it has an association, or is over.</summary>
    public bool IsPending => Volatile.Read(ref _pending) != 0;

    public void StopPending()
    {
        if (Interlocked.Exchange(ref _pending, 0) != 0)
            stoppedPending();
    }

    public bool TryTakePlace()
    {
        if (!places.TryTake(_address))
            return false;
        _hasPlace = 1;
        // From here on it is an association: its first message may be at work before its acceptance returns.
        StopPending();
        return true;
    }

    public void GiveBackPlace()
    {
        if (Interlocked.Exchange(ref _hasPlace, 0) != 0)
            places.GiveBack(_address);
    }

    public async Task AbortAsync()
    {
        if (UpperLayer is not { } upperLayer)
        {
            Close();
            return;
        }

        try
        {
            await upperLayer.AbortAsync(new AssociationEnd { Kind = AssociationEndKind.AbortedLocally, AbortSource = AbortSource.ServiceUser }).ConfigureAwait(false);
        }
        catch (AssociationEndedException)
        {
            // It had ended by itself.
        }
    }

    public void Close()
    {
        UpperLayer?.CloseTransport();
        socket.Dispose();
    }
}
