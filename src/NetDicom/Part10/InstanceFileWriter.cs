using Microsoft.Win32.SafeHandles;

namespace NetDicom;

/// <summary>
/// Writes one instance so that its name never stands for half a file: the bytes go to a temporary name in the same folder and take
/// the final name when all of them are there.
/// </summary>
/// <remarks>
/// Not thread safe. Writes are synchronous: they go to the page cache, and the platform's asynchronous file operations are the same
/// calls on another thread. An instance that is disposed before <see cref="Commit"/> leaves nothing behind.
/// </remarks>
public sealed class InstanceFileWriter : IDisposable
{
    /// <summary>Temporary files begin with this; a file of that name with no process behind it is what a crash left.</summary>
    public const string TemporaryPrefix = ".netdicom-";

    /// <summary>Temporary files end with this.</summary>
    public const string TemporarySuffix = ".part";

    private static readonly Lock s_folders = new();

    private static int s_counter;

    private readonly string _path;
    private readonly string _temporaryPath;
    private readonly Durability _durability;
    private readonly ExistingFile _existing;
    private SafeFileHandle? _handle;
    private ReadOnlyMemory<byte> _head;

    private InstanceFileWriter(string path, string temporaryPath, SafeFileHandle handle, Durability durability, ExistingFile existing)
    {
        _path = path;
        _temporaryPath = temporaryPath;
        _handle = handle;
        _durability = durability;
        _existing = existing;
    }

    /// <summary>Bytes written so far, the file meta information included.</summary>
    public long Length { get; private set; }

    /// <summary>
    /// Makes a folder and those above it, if they are missing. With <see cref="Durability.Full"/> their names are safe when it returns: a file in a folder that a loss of power takes away is gone with it.
    /// </summary>
    /// <exception cref="IOException">A folder cannot be made, or the device fails.</exception>
    /// <exception cref="UnauthorizedAccessException">A folder may not be made.</exception>
    public static void CreateFolder(string path, Durability durability = Durability.None)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (durability != Durability.Full)
        {
            Directory.CreateDirectory(path);
            return;
        }

        // Who finds a folder made by another thread has to find it safe.
        lock (s_folders)
        {
            string made = Path.GetFullPath(path);
            IReadOnlyList<string> changed = DirectoryFlush.CreateFolder(made);
            try
            {
                foreach (string folder in changed)
                    DirectoryFlush.Flush(folder);
            }
            catch (IOException)
            {
                // Who comes next must not find them and take them for safe.
                RemoveFolders(made, changed.Count);
                throw;
            }
        }
    }

    /// <summary>Makes the temporary file. The folder must exist.</summary>
    /// <param name="path">The final path. The caller has made sure that nothing from the network stands in it unchecked.</param>
    /// <param name="head">Written before everything else: preamble and file meta information. The memory must stay as it is until the first <see cref="Write"/>.</param>
    /// <param name="durability">How far <see cref="Commit"/> goes.</param>
    /// <param name="existing">What to do when the final name is taken at <see cref="Commit"/>.</param>
    /// <exception cref="IOException">The file cannot be made.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder cannot be written to.</exception>
    public static InstanceFileWriter Create(string path, ReadOnlyMemory<byte> head, Durability durability = Durability.None, ExistingFile existing = ExistingFile.Replace)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        SafeFileHandle handle = CreateTemporary(Path.GetDirectoryName(path) ?? "", FileOptions.None, out string temporary);
        return new InstanceFileWriter(path, temporary, handle, durability, existing) { _head = head };
    }

    /// <summary>Makes a temporary file in a folder.</summary>
    internal static SafeFileHandle CreateTemporary(string folder, FileOptions options, out string path)
    {
        while (true)
        {
            // Process and count make the name unique among running writers; CreateNew guards against what an earlier process left.
            string name = $"{TemporaryPrefix}{Environment.ProcessId:x}-{Interlocked.Increment(ref s_counter):x}{TemporarySuffix}";
            path = folder.Length == 0 ? name : Path.Join(folder, name);
            try
            {
                return File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read, options);
            }
            catch (IOException) when (File.Exists(path))
            {
                // The next number.
            }
        }
    }

    /// <summary>Appends bytes.</summary>
    /// <exception cref="IOException">The device is full or fails.</exception>
    public void Write(ReadOnlyMemory<byte> bytes)
    {
        SafeFileHandle handle = _handle ?? throw new ObjectDisposedException(nameof(InstanceFileWriter));
        if (_head.IsEmpty)
        {
            RandomAccess.Write(handle, bytes.Span, Length);
            Length += bytes.Length;
            return;
        }

        // One gathering write for the head and the first piece: most small instances need no second one.
        RandomAccess.Write(handle, [_head, bytes], Length);
        Length += _head.Length + bytes.Length;
        _head = default;
    }

    /// <summary>Makes the bytes as safe as asked and gives the file its name.</summary>
    /// <returns><see langword="false"/> if the name was taken and the old file was kept.</returns>
    /// <exception cref="IOException">The device is full or fails; the instance is not there.</exception>
    public bool Commit()
    {
        SafeFileHandle handle = _handle ?? throw new ObjectDisposedException(nameof(InstanceFileWriter));
        if (!_head.IsEmpty)
            Write(default);
        if (_durability != Durability.None)
            FileFlush.Flush(handle);
        _handle = null;
        bool named = true;
        try
        {
            FileClose.Close(handle);
            if (_existing == ExistingFile.Replace)
                FileRename.Replace(_temporaryPath, _path);
            else
                named = TryMoveWithoutReplacing();
        }
        catch
        {
            TryDelete();
            throw;
        }

        if (named && _durability == Durability.Full)
            DirectoryFlush.Flush(Path.GetDirectoryName(Path.GetFullPath(_path))!);
        return named;
    }

    /// <summary>Closes the file; without an earlier <see cref="Commit"/> the temporary file is deleted.</summary>
    public void Dispose()
    {
        if (_handle is null)
            return;
        _handle.Dispose();
        _handle = null;
        TryDelete();
    }

    private static void RemoveFolders(string path, int levels)
    {
        try
        {
            for (; levels > 0; levels--, path = Path.GetDirectoryName(path)!)
                Directory.Delete(path);
        }
        catch (IOException)
        {
            // Another process has put something there; or the device fails altogether.
        }
        catch (UnauthorizedAccessException)
        {
        }
    }

    private bool TryMoveWithoutReplacing()
    {
        try
        {
            File.Move(_temporaryPath, _path, overwrite: false);
            return true;
        }
        catch (IOException) when (File.Exists(_path))
        {
            TryDelete();
            return false;
        }
    }

    // The error that led here is the one worth telling; what cannot be deleted is recognised by its name later.
    private void TryDelete()
    {
        try
        {
            File.Delete(_temporaryPath);
        }
        catch (IOException)
        {
        }
        catch (UnauthorizedAccessException)
        {
        }
    }
}
