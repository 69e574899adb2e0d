namespace NetDicom.Network;

/// <summary>What one connection needs to know of its association's options.</summary>
internal sealed record UpperLayerOptions
{
    public required TimeSpan ArtimTimeout { get; init; }

    public required TimeSpan NetworkTimeout { get; init; }

    public int MinReceiveRate { get; init; } = 240;

    public required uint MaxPduLength { get; init; }

    public required TimeProvider TimeProvider { get; init; }

    public required AssociationLog Log { get; init; }
}
