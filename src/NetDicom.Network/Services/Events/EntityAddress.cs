namespace NetDicom.Network;

/// <summary>Where an application entity is that is to be told of something: what a provider resolves an AE title to.</summary>
/// <param name="Host">Host name or address.</param>
/// <param name="Port">TCP port, 1 to 65535.</param>
/// <param name="Options">Limits, TLS, log and the rest of the association to it; null for the defaults. Its contexts and called AE title are not used.</param>
public sealed record EntityAddress(string Host, int Port, AssociationOptions? Options = null);
