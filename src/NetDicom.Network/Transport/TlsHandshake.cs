using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;

namespace NetDicom.Network;

/// <summary>The TLS handshake of both sides, under a limit of its own: TLS 1.2 and 1.3 unless the settings name versions, and a failure told in words.</summary>
internal static class TlsHandshake
{
    /// <summary>First byte of a TLS record of the handshake, and of an alert (RFC 8446 section 5.1).</summary>
    private const byte HandshakeRecord = 0x16, AlertRecord = 0x15;

    /// <summary>As the one that connected. Whatever happens, the stream and its socket are then closed or the transport's.</summary>
    /// <exception cref="AuthenticationException">The handshake failed.</exception>
    /// <exception cref="OperationCanceledException">Cancelled, or the time is over.</exception>
    public static Task<TlsTransport> ConnectAsync(Socket socket, SslClientAuthenticationOptions settings, string host, TimeLimit limit) =>
        ShakeHandsAsync(socket, tls => tls.AuthenticateAsClientAsync(ForHost(settings, host), limit.Token));

    /// <summary>As the one that was connected to.</summary>
    /// <inheritdoc cref="ConnectAsync"/>
    public static Task<TlsTransport> AcceptAsync(Socket socket, DicomServerOptions options, TimeLimit limit) => ShakeHandsAsync(socket, tls => options.SelectTls is { } select
        ? tls.AuthenticateAsServerAsync(async (_, hello, _, cancellationToken) => WithVersions(await select(hello, cancellationToken).ConfigureAwait(false)), null, limit.Token)
        : tls.AuthenticateAsServerAsync(WithVersions(options.Tls!), limit.Token));

    private static async Task<TlsTransport> ShakeHandsAsync(Socket socket, Func<SslStream, Task> authenticateAsync)
    {
        socket.NoDelay = true;
        var stream = new TlsSocketStream(socket);
        var tls = new SslStream(stream);
        try
        {
            await authenticateAsync(tls).ConfigureAwait(false);
            return new TlsTransport(tls, stream, socket);
        }
        catch (Exception error)
        {
            await tls.DisposeAsync().ConfigureAwait(false);
            if (error is OperationCanceledException)
                throw;
            throw new AuthenticationException(Reason(error, stream.First), error);
        }
    }

    private static string Reason(Exception error, int? first) => first switch
    {
        null when error is IOException or ObjectDisposedException => "the peer closed the connection without an answer; it may not speak TLS",
        not (null or HandshakeRecord or AlertRecord) => $"the peer does not speak TLS (its first byte is {first:X2}H)",
        _ => error.InnerException is { } inner && !error.Message.Contains(inner.Message, StringComparison.Ordinal) ? $"{error.Message} ({inner.Message})" : error.Message,
    };

    // PS3.15 annex B.12 forbids what is below 1.2; what "the system's choice" allows differs from system to system.
    private static SslProtocols VersionsOf(SslProtocols wanted) => wanted == SslProtocols.None ? TlsProfiles.Protocols : wanted;

    // The caller's settings may serve several hosts: they are not written to.
    private static SslClientAuthenticationOptions ForHost(SslClientAuthenticationOptions settings, string host) => new()
    {
        TargetHost = string.IsNullOrEmpty(settings.TargetHost) ? host : settings.TargetHost,
        AllowRenegotiation = settings.AllowRenegotiation,
        AllowTlsResume = settings.AllowTlsResume,
        ApplicationProtocols = settings.ApplicationProtocols,
        CertificateChainPolicy = settings.CertificateChainPolicy,
        CertificateRevocationCheckMode = settings.CertificateRevocationCheckMode,
        CipherSuitesPolicy = settings.CipherSuitesPolicy,
        ClientCertificateContext = settings.ClientCertificateContext,
        ClientCertificates = settings.ClientCertificates,
        EnabledSslProtocols = VersionsOf(settings.EnabledSslProtocols),
        EncryptionPolicy = settings.EncryptionPolicy,
        LocalCertificateSelectionCallback = settings.LocalCertificateSelectionCallback,
        RemoteCertificateValidationCallback = settings.RemoteCertificateValidationCallback,
    };

    private static SslServerAuthenticationOptions WithVersions(SslServerAuthenticationOptions settings) => settings.EnabledSslProtocols != SslProtocols.None
        ? settings
        : new SslServerAuthenticationOptions
        {
            AllowRenegotiation = settings.AllowRenegotiation,
            AllowTlsResume = settings.AllowTlsResume,
            ApplicationProtocols = settings.ApplicationProtocols,
            CertificateChainPolicy = settings.CertificateChainPolicy,
            CertificateRevocationCheckMode = settings.CertificateRevocationCheckMode,
            CipherSuitesPolicy = settings.CipherSuitesPolicy,
            ClientCertificateRequired = settings.ClientCertificateRequired,
            EnabledSslProtocols = TlsProfiles.Protocols,
            EncryptionPolicy = settings.EncryptionPolicy,
            RemoteCertificateValidationCallback = settings.RemoteCertificateValidationCallback,
            ServerCertificate = settings.ServerCertificate,
            ServerCertificateContext = settings.ServerCertificateContext,
            ServerCertificateSelectionCallback = settings.ServerCertificateSelectionCallback,
        };
}
