namespace NetDicom.Protocol;

/// <summary>Asynchronous operations window, sub-item 53H (PS3.7 annex D.3.3.3). Both numbers are seen from the requestor, in request and reply; 0 means unlimited.</summary>
/// <param name="Invoked">Operations the requestor may have outstanding as their invoker.</param>
/// <param name="Performed">Operations the requestor performs at one time for the acceptor.</param>
public readonly record struct AsynchronousOperationsWindow(ushort Invoked, ushort Performed)
{
    /// <summary>One at a time both ways: what holds when nothing was negotiated.</summary>
    public static AsynchronousOperationsWindow Synchronous { get; } = new(1, 1);

    /// <summary>The reply of an acceptor that allows <paramref name="limit"/> at most (0: unlimited) to this offer: each number the smaller of the two.</summary>
    public AsynchronousOperationsWindow Within(AsynchronousOperationsWindow limit) => new(Smaller(Invoked, limit.Invoked), Smaller(Performed, limit.Performed));

    // 0 counts as infinite: one below it wraps to the largest number there is.
    private static ushort Smaller(ushort left, ushort right) => (ushort)(Math.Min((ushort)(left - 1), (ushort)(right - 1)) + 1);
}
