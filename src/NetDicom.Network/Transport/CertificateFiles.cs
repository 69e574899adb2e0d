using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.Extensions.Logging;

namespace NetDicom.Network;

/// <summary>
/// A certificate with its private key in PEM files, which are read again when they change: a renewed certificate needs no restart. Looked at only when a handshake asks,
/// and not more often than the interval says. While the two files do not fit each other (one is written before the other) the certificate before stays in use.
/// </summary>
public sealed class CertificateFiles
{
    private readonly string _certificateFile;
    private readonly string _keyFile;
    private readonly TimeSpan _checkInterval;
    private readonly TimeProvider _time;
    private readonly AssociationLog _log;
    private readonly Lock _gate = new();
    private (byte[] Certificate, byte[] Key) _read;
    private SslStreamCertificateContext _current;
    private long _checked;

    /// <summary>Reads the files.</summary>
    /// <param name="certificateFile">PEM: the certificate first, then those that lead to its authority, without the root.</param>
    /// <param name="keyFile">PEM: the private key, not encrypted.</param>
    /// <param name="checkInterval">Least time between two looks at the files. Default 10 s.</param>
    /// <param name="loggerFactory">Where a change is logged (events 1006 and 1007). Default: nowhere.</param>
    /// <param name="timeProvider">The clock. Default the system's.</param>
    /// <exception cref="IOException">A file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">A file may not be read.</exception>
    /// <exception cref="CryptographicException">They are no certificate and key, or do not fit each other.</exception>
    public CertificateFiles(string certificateFile, string keyFile, TimeSpan? checkInterval = null, ILoggerFactory? loggerFactory = null, TimeProvider? timeProvider = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(certificateFile);
        ArgumentException.ThrowIfNullOrEmpty(keyFile);
        _certificateFile = certificateFile;
        _keyFile = keyFile;
        _checkInterval = checkInterval ?? TimeSpan.FromSeconds(10);
        _time = timeProvider ?? TimeProvider.System;
        _log = new AssociationLog(loggerFactory);
        _read = ReadFiles();
        _current = Parse(_read);
        _checked = _time.GetTimestamp();
    }

    /// <summary>The certificate in use: the files' own, or the one before while they cannot be used. Takes part of a handshake's time when the files have changed.</summary>
    public SslStreamCertificateContext Current
    {
        get
        {
            lock (_gate)
            {
                if (_time.GetElapsedTime(_checked) >= _checkInterval)
                {
                    Check();
                    _checked = _time.GetTimestamp();
                }

                return _current;
            }
        }
    }

    private void Check()
    {
        try
        {
            (byte[] Certificate, byte[] Key) now = ReadFiles();
            if (now.Certificate.AsSpan().SequenceEqual(_read.Certificate) && now.Key.AsSpan().SequenceEqual(_read.Key))
                return;
            // Kept also if it cannot be used: the same fault is logged once.
            _read = now;
            _current = Parse(now);
            _log.CertificateReloaded(_certificateFile);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or CryptographicException)
        {
            _log.CertificateNotReloaded(_certificateFile, error);
        }
    }

    private (byte[] Certificate, byte[] Key) ReadFiles() => (File.ReadAllBytes(_certificateFile), File.ReadAllBytes(_keyFile));

    private static SslStreamCertificateContext Parse((byte[] Certificate, byte[] Key) pem)
    {
        string certificate = Encoding.ASCII.GetString(pem.Certificate);
        try
        {
            using X509Certificate2 bare = X509Certificate2.CreateFromPem(certificate, Encoding.ASCII.GetString(pem.Key));
            // Through PKCS #12, since Windows does not take a key that exists in memory only.
            X509Certificate2 own = X509CertificateLoader.LoadPkcs12(bare.Export(X509ContentType.Pkcs12), null);
            var chain = new X509Certificate2Collection();
            chain.ImportFromPem(certificate);
            return SslStreamCertificateContext.Create(own, chain, offline: true);
        }
        catch (ArgumentException error)
        {
            // The key is another certificate's.
            throw new CryptographicException(error.Message, error);
        }
    }
}
