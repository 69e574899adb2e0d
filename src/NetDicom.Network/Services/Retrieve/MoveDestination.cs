namespace NetDicom.Network;

/// <summary>Where the application entity is that a C-MOVE names.</summary>
/// <param name="Host">Host name or address.</param>
/// <param name="Port">TCP port, 1 to 65535.</param>
/// <param name="Options">
/// Limits, TLS, log and the rest of the association to it; null for the defaults. Its contexts and called AE title are not used: the contexts are taken from the objects, the title is the Move Destination.
/// </param>
public sealed record MoveDestination(string Host, int Port, AssociationOptions? Options = null);
