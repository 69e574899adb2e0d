using NetDicom.Network;
using NetDicom.Protocol;

namespace NetDicom.Cli.Receiving;

/// <summary>How storescp misbehaves on purpose, so that an integrator can see what a sender does then.</summary>
internal sealed record FaultPlan
{
    /// <summary>Wait before each C-STORE response.</summary>
    public TimeSpan ResponseDelay { get; init; }

    /// <summary>Answer every C-STORE with this and keep nothing, unless it is a success or warning.</summary>
    public DimseStatus? Status { get; init; }

    /// <summary>A-ABORT instead of the response, once this many objects of the association were answered; null: never.</summary>
    public int? AbortAfter { get; init; }

    /// <summary>A-ABORT in the middle of the first data set of an association.</summary>
    public bool AbortDuring { get; init; }

    /// <summary>Aborts in the middle of the data set: its first bytes are here, its end is not.</summary>
    public static async Task AbortAsync(StoreRequest request, CancellationToken cancellationToken)
    {
        await request.ReadAsync(cancellationToken);
        await request.Association.AbortAsync();
    }
}
