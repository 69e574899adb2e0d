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
}
