using Microsoft.Win32.SafeHandles;

namespace NetDicom.Tests.Part10;

public class FileFlushTests
{
    [Fact]
    public void A_flush_that_fails_is_told()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "fsync is called on Linux");
        // No file is open under that number: fsync answers EBADF.
        using var none = new SafeFileHandle(1_000_000, ownsHandle: false);
        Assert.Throws<IOException>(() => FileFlush.Flush(none));
    }

    [Fact]
    public void A_flush_that_succeeds_is_quiet()
    {
        string path = Path.GetTempFileName();
        using (SafeFileHandle handle = File.OpenHandle(path, FileMode.Open, FileAccess.Write))
        {
            RandomAccess.Write(handle, [1, 2, 3], 0);
            FileFlush.Flush(handle);
        }

        Assert.Equal(3, new FileInfo(path).Length);
        File.Delete(path);
    }

    [Fact]
    public void The_folders_whose_names_are_to_be_flushed_are_those_above_what_was_made()
    {
        string root = Directory.CreateTempSubdirectory("netdicom-folders-").FullName;
        string deep = Path.Combine(root, "a", "b");
        Assert.Equal([Path.Combine(root, "a"), root], DirectoryFlush.CreateFolder(deep));
        Assert.Empty(DirectoryFlush.CreateFolder(deep));
        InstanceFileWriter.CreateFolder(Path.Combine(root, "c", "d"), Durability.Full);
        Assert.True(Directory.Exists(Path.Combine(root, "c", "d")));
        File.WriteAllText(Path.Combine(root, "file"), "");
        Assert.ThrowsAny<IOException>(() => InstanceFileWriter.CreateFolder(Path.Combine(root, "file", "e"), Durability.Full));
        Directory.Delete(root, recursive: true);
    }
}
