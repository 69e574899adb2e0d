using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace NetDicom.Bench.Rows;

/// <summary>A certificate of its own for the TLS row.</summary>
internal static class Certificates
{
    public static (string Key, string Certificate) Make(string folder)
    {
        Directory.CreateDirectory(folder);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        using X509Certificate2 certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddYears(1));
        string keyFile = Path.Combine(folder, "key.pem"), certificateFile = Path.Combine(folder, "certificate.pem");
        File.WriteAllText(keyFile, key.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(certificateFile, certificate.ExportCertificatePem());
        return (keyFile, certificateFile);
    }
}
