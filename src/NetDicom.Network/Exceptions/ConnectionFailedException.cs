namespace NetDicom.Network;

/// <summary>No connection: the peer's host or port could not be reached, or the TLS handshake failed. No association was asked for.</summary>
public sealed class ConnectionFailedException : DicomNetworkException
{
    internal ConnectionFailedException(string host, int port, string reason, Exception? innerException = null)
        : base($"No connection to {host}:{port}: {reason}", innerException)
    {
        Host = host;
        Port = port;
    }

    /// <summary>The host as the caller gave it.</summary>
    public string Host { get; }

    /// <summary>The TCP port.</summary>
    public int Port { get; }

    /// <inheritdoc/>
    public override bool IsTransient => true;
}
