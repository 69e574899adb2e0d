namespace NetDicom.Archive;

/// <summary>Whether an error says that there is no room left, for which something can be done.</summary>
internal static class DiskFull
{
    // ENOSPC of Linux and macOS; EDQUOT of Linux and of macOS; ERROR_DISK_FULL and ERROR_HANDLE_DISK_FULL of Windows.
    public static bool Is(Exception error) => error is ArchiveIndexException { IsFull: true }
        || error is IOException && error.HResult is 28 or 122 or 69 or unchecked((int)0x80070070) or unchecked((int)0x80070027);
}
