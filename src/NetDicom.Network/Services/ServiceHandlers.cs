using NetDicom.Protocol;

namespace NetDicom.Network;

/// <summary>What an entity answers, service by service.</summary>
internal sealed class ServiceHandlers
{
    public Func<EchoRequest, CancellationToken, ValueTask<DimseStatus>>? Echo { get; set; }

    public Func<StoreRequest, CancellationToken, ValueTask<DimseStatus>>? Store { get; set; }

    public ServiceHandlers Copy() => new() { Echo = Echo, Store = Store };
}
