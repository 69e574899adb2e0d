namespace NetDicom.Network.Tests.Support;

/// <summary>Where the lists and pages lie that tests compare with.</summary>
internal static class Repository
{
    public static string Root { get; } = Find();

    private static string Find()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "NetDicom.slnx")))
                return folder.FullName;
        }

        throw new InvalidOperationException("the repository's root was not found above the test assembly");
    }
}
