namespace NetDicom.Tables;

/// <summary>Where the project lies.</summary>
public static class Repository
{
    /// <summary>The folder at or above <paramref name="start"/> that holds NetDicom.slnx.</summary>
    /// <exception cref="DirectoryNotFoundException">There is none.</exception>
    public static string Find(string start)
    {
        for (DirectoryInfo? at = new(start); at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, "NetDicom.slnx")))
                return at.FullName;
        }

        throw new DirectoryNotFoundException($"no NetDicom.slnx at or above {start}");
    }
}
