using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace NetDicom.Network;

/// <summary>The DICOM servers that run in a host, a singleton of its services: for their ports and counts.</summary>
[SuppressMessage("Naming", "CA1711", Justification = "not a collection's suffix")]
public sealed class HostedDicomServers
{
    private readonly ConcurrentDictionary<DicomServer, byte> _running = new();

    /// <summary>Those that run now, in no order.</summary>
    public IReadOnlyCollection<DicomServer> Running => [.. _running.Keys];

    internal void Add(DicomServer server) => _running.TryAdd(server, 0);

    internal void Remove(DicomServer server) => _running.TryRemove(server, out _);
}
