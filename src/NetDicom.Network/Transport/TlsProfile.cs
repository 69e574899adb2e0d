using System.Net.Security;
using System.Runtime.Versioning;
using System.Security.Authentication;

namespace NetDicom.Network;

/// <summary>The current secure transport connection profiles of DICOM (PS3.15 annexes B.12 and B.13).</summary>
public enum TlsProfile
{
    /// <summary>BCP 195 RFC 8996, 9325 TLS Secure Transport Connection Profile (B.12): TLS 1.2 and 1.3 with the cipher suites that RFC 9325 section 4.2 recommends.</summary>
    Bcp195,

    /// <summary>Modified BCP 195 RFC 8996, 9325 TLS Secure Transport Connection Profile (B.13): TLS 1.2 and 1.3 with a closed list of cipher suites.</summary>
    ModifiedBcp195,
}

/// <summary>What a profile asks of the TLS settings.</summary>
public static class TlsProfiles
{
    // RFC 9325 section 4.2, and the suites of TLS 1.3, all of which it allows.
    private static readonly TlsCipherSuite[] s_bcp195 =
    [
        TlsCipherSuite.TLS_AES_256_GCM_SHA384,
        TlsCipherSuite.TLS_CHACHA20_POLY1305_SHA256,
        TlsCipherSuite.TLS_AES_128_GCM_SHA256,
        TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
        TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
        TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
        TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
    ];

    // PS3.15 table B.13-1 and the lists below it: required ones first, then optional ones. What the platform's library lacks (often CCM and Camellia) it leaves out.
    internal static readonly TlsCipherSuite[] ModifiedBcp195Suites =
    [
        TlsCipherSuite.TLS_AES_128_GCM_SHA256,
        TlsCipherSuite.TLS_AES_256_GCM_SHA384,
        TlsCipherSuite.TLS_CHACHA20_POLY1305_SHA256,
        TlsCipherSuite.TLS_AES_128_CCM_SHA256,
        TlsCipherSuite.TLS_AES_128_CCM_8_SHA256,
        TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
        TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
        TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
        TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
        TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_CCM,
        TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_CCM,
        TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_CCM_8,
        TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_CCM_8,
        TlsCipherSuite.TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
        TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256,
        TlsCipherSuite.TLS_DHE_RSA_WITH_AES_128_GCM_SHA256,
        TlsCipherSuite.TLS_DHE_RSA_WITH_AES_256_GCM_SHA384,
        TlsCipherSuite.TLS_DHE_RSA_WITH_CAMELLIA_128_GCM_SHA256,
        TlsCipherSuite.TLS_DHE_RSA_WITH_CAMELLIA_256_GCM_SHA384,
        TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_CAMELLIA_128_GCM_SHA256,
        TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_CAMELLIA_256_GCM_SHA384,
        TlsCipherSuite.TLS_ECDHE_RSA_WITH_CAMELLIA_128_GCM_SHA256,
        TlsCipherSuite.TLS_ECDHE_RSA_WITH_CAMELLIA_256_GCM_SHA384,
        TlsCipherSuite.TLS_DHE_RSA_WITH_AES_128_CCM,
        TlsCipherSuite.TLS_DHE_RSA_WITH_AES_256_CCM,
        TlsCipherSuite.TLS_DHE_RSA_WITH_AES_128_CCM_8,
        TlsCipherSuite.TLS_DHE_RSA_WITH_AES_256_CCM_8,
        TlsCipherSuite.TLS_DHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
    ];

    /// <summary>TLS 1.2 and 1.3, which both profiles ask for and nothing below.</summary>
    public static SslProtocols Protocols => SslProtocols.Tls12 | SslProtocols.Tls13;

    /// <summary>The cipher suites of a profile, as settings of <see cref="SslStream"/> take them.</summary>
    /// <exception cref="PlatformNotSupportedException">The platform decides by its own policy which suites are used (Windows).</exception>
    [UnsupportedOSPlatform("windows")]
    [UnsupportedOSPlatform("android")]
    public static CipherSuitesPolicy CipherSuites(TlsProfile profile) => new(profile switch
    {
        TlsProfile.Bcp195 => s_bcp195,
        TlsProfile.ModifiedBcp195 => ModifiedBcp195Suites,
        _ => throw new ArgumentOutOfRangeException(nameof(profile), profile, "no such profile"),
    });
}
