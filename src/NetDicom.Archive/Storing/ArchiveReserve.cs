using System.Security.Cryptography;

namespace NetDicom.Archive;

/// <summary>
/// Room that is kept on a disk for deleting on a full one: to delete, a list of the files and the log of the index have to be written first. A file of noise that is given back when there is no other room, and made anew when there is.
/// </summary>
internal static class ArchiveReserve
{
    public const string FileName = ".reserve";

    /// <summary>No more of a small file system than one part in this many.</summary>
    private const int LargestPart = 16;

    /// <summary>Less than this is of no use: one commit of the index takes more.</summary>
    private const long Smallest = 64 * 1024;

    /// <summary>Left to others when the reserve is made on a disk that is nearly full.</summary>
    private const long LeftToOthers = 64 * 1024;

    /// <summary>Whether there is a reserve in a folder.</summary>
    public static bool IsThere(string folder) => new FileInfo(Path.Join(folder, FileName)) is { Exists: true, Length: >= Smallest };

    /// <summary>Makes the reserve if it is not there: as large as was asked for, or as there is room.</summary>
    /// <returns>Whether it is there now.</returns>
    public static bool TryMake(string folder, long bytes)
    {
        if (IsThere(folder))
            return true;
        string path = Path.Join(folder, FileName);
        try
        {
            var drive = new DriveInfo(folder);
            long size = Math.Min(Math.Min(bytes, drive.TotalSize / LargestPart), drive.AvailableFreeSpace - LeftToOthers);
            if (size < Smallest)
                return false;
            // Noise, written: a file system may keep zeros, and a length that was only set, without any room.
            byte[] block = RandomNumberGenerator.GetBytes((int)Smallest);
            using FileStream file = new(path, FileMode.Create, FileAccess.Write, FileShare.Read, 0);
            for (long written = 0; written < size; written += block.Length)
                file.Write(block, 0, (int)Math.Min(block.Length, size - written));
            return true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            Release(folder);
            return false;
        }
    }

    /// <summary>Gives the reserve back.</summary>
    /// <returns>Whether there was one.</returns>
    public static bool Release(string folder)
    {
        try
        {
            string path = Path.Join(folder, FileName);
            bool wasThere = File.Exists(path);
            File.Delete(path);
            return wasThere;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Gives the reserve back if nothing else is free: opening an index takes some room too.</summary>
    public static void ReleaseIfFull(string folder)
    {
        try
        {
            if (new DriveInfo(folder).AvailableFreeSpace < Smallest)
                Release(folder);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            // It cannot be told: what needs room will say so.
        }
    }
}
