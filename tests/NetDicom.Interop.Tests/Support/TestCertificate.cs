using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace NetDicom.Interop.Tests.Support;

/// <summary>A key and a certificate that signs itself, for the loopback address, as PEM files.</summary>
internal sealed class TestCertificate
{
    // One key for each name in all tests, made once: that takes a third of a second of the processor, and there are a hundred certificates.
    private static readonly ConcurrentDictionary<string, Lazy<string>> s_keys = new(StringComparer.Ordinal);

    public TestCertificate(TemporaryFolder folder, string name, bool isExpired = false, string? dnsName = null)
    {
        using var key = RSA.Create();
        key.ImportFromPem(s_keys.GetOrAdd(name, _ => new Lazy<string>(MakeKey)).Value);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        if (dnsName is null)
            names.AddIpAddress(IPAddress.Loopback);
        names.AddDnsName(dnsName ?? "localhost");
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        using X509Certificate2 certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-3), DateTimeOffset.UtcNow.AddDays(isExpired ? -1 : 2));
        Key = folder.File($"{name}.key");
        Certificate = folder.File($"{name}.pem");
        File.WriteAllText(Key, key.ExportRSAPrivateKeyPem());
        File.WriteAllText(Certificate, certificate.ExportCertificatePem());
    }

    public string Key { get; }

    public string Certificate { get; }

    private static string MakeKey()
    {
        using var key = RSA.Create(2048);
        return key.ExportRSAPrivateKeyPem();
    }
}
