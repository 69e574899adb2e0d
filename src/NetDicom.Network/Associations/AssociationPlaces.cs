using System.Net;

namespace NetDicom.Network;

/// <summary>The places of a server: so many associations in all, so many from one address. Zero or less for the second means no limit of its own.</summary>
internal sealed class AssociationPlaces(int all, int perAddress)
{
    private readonly Dictionary<IPAddress, int> _byAddress = [];
    private readonly Lock _gate = new();
    private int _taken;

    /// <summary>Places taken now.</summary>
    public int Taken => Volatile.Read(ref _taken);

    /// <summary>Takes a place; false if there is none. It must be given back.</summary>
    public bool TryTake(IPAddress? address)
    {
        // Both counts at once: one that is refused for its address must not take the last place from another meanwhile.
        lock (_gate)
        {
            if (_taken >= all || !TryCount(address))
                return false;
            _taken++;
            return true;
        }
    }

    public void GiveBack(IPAddress? address)
    {
        lock (_gate)
        {
            _taken--;
            if (perAddress > 0 && address is not null && --_byAddress[address] == 0)
                _byAddress.Remove(address);
        }
    }

    // Under the lock.
    private bool TryCount(IPAddress? address)
    {
        if (perAddress <= 0 || address is null)
            return true;
        int open = _byAddress.GetValueOrDefault(address);
        if (open >= perAddress)
            return false;
        _byAddress[address] = open + 1;
        return true;
    }
}
