namespace NetDicom.Interop.Tests.Support;

/// <summary>The files that Debian's python3-pydicom brings: real ones of many makers, and some that are broken on purpose.</summary>
internal static class RealFiles
{
    /// <summary>Installed by the package.</summary>
    private const string Place = "/usr/lib/python3/dist-packages/pydicom/data";

    /// <summary>The folder; the test is skipped when it is not there.</summary>
    public static string Folder
    {
        get
        {
            if (!Directory.Exists(Place))
                Assert.Skip("pydicom's files are not installed (Debian package python3-pydicom)");
            return Place;
        }
    }

    /// <summary>One file, by its name.</summary>
    public static string File(string name) => Path.Combine(Folder, "test_files", name);

    public static string CtSmall => File("CT_small.dcm");

    public static string MrSmall => File("MR_small.dcm");

    /// <summary>The ten slices of a series: small objects of one class and syntax.</summary>
    public static string Series => File(Path.Combine("dicomdirtests", "98892003"));
}
