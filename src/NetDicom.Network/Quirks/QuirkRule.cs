using NetDicom.Protocol;

namespace NetDicom.Network;

/// <summary>Quirks under a name, and the peers they are for. A rule that names no peer is for asking by name only.</summary>
public sealed record QuirkRule
{
    /// <summary>The name, as <see cref="QuirkTable.Find(string)"/> takes it.</summary>
    public required string Name { get; init; }

    /// <summary>What is done otherwise.</summary>
    public required PeerQuirks Quirks { get; init; }

    /// <summary>The peer's AE title, the called one for a requestor and the calling one for an acceptor; none for any.</summary>
    public AETitle AETitle { get; init; }

    /// <summary>The peer's implementation class UID, or the components it begins with; none for any.</summary>
    public DicomUid ImplementationClassUid { get; init; }

    /// <summary>How the peer's implementation version name begins, capitals and small letters alike; null for any.</summary>
    public string? ImplementationVersionName { get; init; }

    /// <summary>Why: what was seen, and where.</summary>
    public string Reason { get; init; } = "";

    /// <summary>For every peer that meets the criteria, also where there is none. Default false.</summary>
    public bool EveryPeer { get; init; }

    /// <summary>Whether it applies by itself.</summary>
    public bool NamesPeers => EveryPeer || !AETitle.IsNone || !ImplementationClassUid.IsNone || ImplementationVersionName is not null;

    /// <summary>Whether the rule is for a peer; all its criteria must be met. What is not known of the peer meets none.</summary>
    public bool Matches(AETitle title, DicomUid implementationClassUid, string? implementationVersionName) =>
        (AETitle.IsNone || AETitle == title)
        && (ImplementationClassUid.IsNone || IsWithin(implementationClassUid.ToString(), ImplementationClassUid.ToString()))
        && (ImplementationVersionName is not { } name || implementationVersionName?.StartsWith(name, StringComparison.OrdinalIgnoreCase) == true);

    // 1.2.3 is the root of 1.2.3.4, not of 1.2.34.
    private static bool IsWithin(string uid, string root) =>
        uid.StartsWith(root, StringComparison.Ordinal) && (uid.Length == root.Length || uid[root.Length] == '.');
}
