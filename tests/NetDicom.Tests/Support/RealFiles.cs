namespace NetDicom.Tests.Support;

/// <summary>The real files of the Debian package python3-pydicom; tests over them are skipped where it is not installed.</summary>
public static class RealFiles
{
    private const string Root = "/usr/lib/python3/dist-packages/pydicom/data";

    /// <summary>Every file of the package that may be DICOM, by path below the package's data folder.</summary>
    public static IReadOnlyList<string> All { get; } = Find();

    /// <summary>Those that are no DICOM files: two texts, and one whose first byte is damaged (20 08 instead of 08 00), which DCMTK refuses too.</summary>
    public static IReadOnlyList<string> Others { get; } = ["palettes/README.md", "test_files/dicomdirtests/TINY_ALPHA/README", "test_files/no_meta.dcm"];

    /// <summary>The DICOM files as rows of a theory; one row that is skipped if there are none.</summary>
    public static IEnumerable<TheoryDataRow<string>> Rows => All.Count == 0
        ? [new TheoryDataRow<string>("") { Skip = "python3-pydicom is not installed (apt-get install python3-pydicom)" }]
        : All.Except(Others).Select(name => new TheoryDataRow<string>(name));

    /// <summary>The bytes of a file named by <see cref="All"/>.</summary>
    public static byte[] Bytes(string name) => File.ReadAllBytes(PathOf(name));

    /// <summary>Where it lies.</summary>
    public static string PathOf(string name) => Path.Combine(Root, name);

    /// <summary>Skips the running test if the package is not installed.</summary>
    public static void Require() => Assert.SkipWhen(All.Count == 0, "python3-pydicom is not installed (apt-get install python3-pydicom)");

    private static string[] Find() => !Directory.Exists(Root)
        ? []
        : [.. new[] { "test_files", "charset_files", "palettes" }
            .Select(folder => Path.Combine(Root, folder))
            .Where(Directory.Exists)
            .SelectMany(folder => Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
            .Where(path => Path.GetExtension(path) is not (".txt" or ".json" or ".dump" or ".gz" or ".py" or ".pyc"))
            .Select(path => Path.GetRelativePath(Root, path))
            .Order(StringComparer.Ordinal)];
}
