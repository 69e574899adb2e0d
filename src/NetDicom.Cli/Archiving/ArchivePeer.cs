using System.Net;
using NetDicom.Network;

namespace NetDicom.Cli.Archiving;

/// <summary>What a peer of the archive may do besides C-ECHO.</summary>
[Flags]
internal enum PeerRights
{
    None = 0,

    /// <summary>C-STORE.</summary>
    Store = 1,

    /// <summary>C-FIND.</summary>
    Query = 2,

    /// <summary>C-GET, and C-MOVE to any peer with an address.</summary>
    Retrieve = 4,

    /// <summary>N-ACTION of Storage Commitment.</summary>
    Commit = 8,

    /// <summary>C-FIND of Modality Worklist.</summary>
    Worklist = 16,

    /// <summary>N-CREATE, N-SET and N-GET of Modality Performed Procedure Step.</summary>
    Procedures = 32,

    All = Store | Query | Retrieve | Commit | Worklist | Procedures,
}

/// <summary>A peer of the archive by its AE title.</summary>
internal sealed record ArchivePeer
{
    public required string Title { get; init; }

    /// <summary>Where it listens, for C-MOVE and for reports of commitment; null for one that is not called.</summary>
    public string? Host { get; init; }

    public int Port { get; init; }

    public PeerRights Rights { get; init; } = PeerRights.All;

    /// <summary>Whether it has its rights only when it comes from an address of <see cref="Host"/>: a title is a claim, not a proof.</summary>
    public bool CheckAddress { get; init; }

    /// <summary>Whether it is sent to by TLS.</summary>
    public bool Tls { get; init; }

    /// <summary>What is done otherwise for it, in both directions.</summary>
    public PeerQuirks Quirks { get; init; } = PeerQuirks.None;

    /// <summary>Whether a connection comes from where the peer is.</summary>
    public async ValueTask<bool> IsFromAsync(EndPoint? remote, CancellationToken cancellationToken)
    {
        if (!CheckAddress)
            return true;
        if (remote is not IPEndPoint { Address: { } address } || Host is null)
            return false;
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        return (await Dns.GetHostAddressesAsync(Host, cancellationToken)).Contains(address);
    }
}
