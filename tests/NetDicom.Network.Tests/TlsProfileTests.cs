using System.Net.Security;

namespace NetDicom.Network.Tests;

public class TlsProfileTests
{
    [Fact]
    public void The_modified_profile_has_the_suites_of_the_standards_closed_list_and_no_other()
    {
        string[] allowed = [.. Rows().Where(row => row[3] is "optional" || row[3].StartsWith("required", StringComparison.Ordinal)).Select(row => row[1]).Order(StringComparer.Ordinal)];
        Assert.Equal(28, allowed.Length);
        Assert.Equal(allowed, TlsProfiles.ModifiedBcp195Suites.Select(suite => suite.ToString()).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_other_profile_has_forward_secrecy_and_authenticated_encryption_throughout()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows decides on cipher suites by its own policy");
        if (OperatingSystem.IsWindows() || OperatingSystem.IsAndroid())
            return;
        foreach (TlsCipherSuite suite in TlsProfiles.CipherSuites(TlsProfile.Bcp195).AllowedCipherSuites)
        {
            string name = suite.ToString();
            Assert.True(name.Contains("ECDHE", StringComparison.Ordinal) || !name.Contains("WITH", StringComparison.Ordinal), name);
            Assert.True(name.Contains("GCM", StringComparison.Ordinal) || name.Contains("POLY1305", StringComparison.Ordinal), name);
        }
    }

    private static IEnumerable<string[]> Rows()
    {
        using var reader = new StreamReader(typeof(TlsProfileTests).Assembly.GetManifestResourceStream("tls-cipher-suites.tsv")!);
        reader.ReadLine();
        while (reader.ReadLine() is { } line)
            yield return line.Split('\t');
    }
}
