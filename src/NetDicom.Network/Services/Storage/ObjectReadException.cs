namespace NetDicom.Network;

/// <summary>An object became unreadable when part of its message was out already. Never leaves the library.</summary>
internal sealed class ObjectReadException(Exception cause) : Exception(cause.Message, cause);
