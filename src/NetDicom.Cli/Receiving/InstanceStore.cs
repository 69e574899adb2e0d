using NetDicom.Cli.Invocation;
using NetDicom.Network;

namespace NetDicom.Cli.Receiving;

/// <summary>What happens when a file of that name is there already (<c>--existing</c>).</summary>
internal enum ExistingChoice
{
    Replace,
    Keep,
    Both,
}

/// <summary>Where one object went.</summary>
/// <param name="Path">The file; null if the one that was there was kept.</param>
/// <param name="Study">The Study Instance UID, when it was looked for.</param>
internal readonly record struct SavedObject(string? Path, DicomUid Study);

/// <summary>Writes received objects below a folder, bytes as received, each under its name only when it is whole.</summary>
internal sealed class InstanceStore
{
    private readonly string _folder;
    private readonly InstanceLayout _layout;
    private readonly ExistingChoice _existing;
    private readonly Durability _durability;
    private readonly bool _needsStudy;
    private readonly Lock _gate = new();
    private volatile string? _lastFolder;
    private readonly HashSet<string> _beingWritten = new(StringComparer.Ordinal);

    /// <param name="folder">Made when it is missing.</param>
    /// <param name="layout">Names below it.</param>
    /// <param name="existing">What happens when a name is taken.</param>
    /// <param name="durability">How far a file is safe when it counts as stored.</param>
    /// <param name="needsStudy">The study is of interest even if the layout does not name it.</param>
    /// <exception cref="UsageException">The folder cannot be written to.</exception>
    public InstanceStore(string folder, InstanceLayout layout, ExistingChoice existing, Durability durability, bool needsStudy)
    {
        _folder = folder;
        _layout = layout;
        _existing = existing;
        _durability = durability;
        _needsStudy = needsStudy || layout.NeedsStudy;
        Prepare(folder, durability);
    }

    /// <exception cref="IOException">It cannot be written; nothing is left of it.</exception>
    public async Task<SavedObject> SaveAsync(StoreRequest request, CancellationToken cancellationToken)
    {
        ObjectHead? head = _needsStudy ? await ObjectHead.ReadAsync(request, cancellationToken) : null;
        string path = Path.Combine(_folder, _layout.PathOf(
            new InstanceIdentity(request.AffectedSopClassUid, request.AffectedSopInstanceUid, head?.Study ?? default, head?.Series ?? default)));
        MakeFolder(Path.GetDirectoryName(path)!);
        if (_existing == ExistingChoice.Both)
            path = ReserveFreeName(path);
        try
        {
            bool named;
            try
            {
                named = await WriteAsync(request, head, path, cancellationToken);
            }
            catch (DirectoryNotFoundException)
            {
                // Somebody took the folder away. Nothing more of the object was read: the file is made first.
                InstanceFileWriter.CreateFolder(Path.GetDirectoryName(path)!, _durability);
                named = await WriteAsync(request, head, path, cancellationToken);
            }

            if (!named && _existing == ExistingChoice.Both)
                throw new IOException($"{path} was made by another process meanwhile");
            return new SavedObject(named ? path : null, head?.Study ?? default);
        }
        finally
        {
            if (_existing == ExistingChoice.Both)
                Release(path);
        }
    }

    private async Task<bool> WriteAsync(StoreRequest request, ObjectHead? head, string path, CancellationToken cancellationToken)
    {
        ExistingFile existing = _existing == ExistingChoice.Replace ? ExistingFile.Replace : ExistingFile.Keep;
        if (head is null)
            return await request.SaveAsync(path, new SaveOptions { Durability = _durability, Existing = existing }, cancellationToken);

        using InstanceFileWriter writer = InstanceFileWriter.Create(path, request.CreateFileMetaInformation().GetBytes(), _durability, existing);
        writer.Write(head.Bytes);
        while (await request.ReadAsync(cancellationToken) is { IsEmpty: false } piece)
            writer.Write(piece);
        return writer.Commit();
    }

    // Objects of one series come one after the other: their folder is looked at once.
    private void MakeFolder(string folder)
    {
        if (folder == _lastFolder)
            return;
        InstanceFileWriter.CreateFolder(folder, _durability);
        _lastFolder = folder;
    }

    private string ReserveFreeName(string path)
    {
        lock (_gate)
        {
            string free = path;
            for (int number = 1; File.Exists(free) || !_beingWritten.Add(free); number++)
                free = Path.Combine(Path.GetDirectoryName(path)!, $"{WithoutSuffix(path)}-{number}{Suffix(path)}");
            return free;
        }
    }

    private void Release(string path)
    {
        lock (_gate)
            _beingWritten.Remove(path);
    }

    // The end of a UID is no suffix: of "CT.1.2.3" the ".3" belongs to the name.
    private static string Suffix(string path) => path.EndsWith(".dcm", StringComparison.Ordinal) ? ".dcm" : "";

    private static string WithoutSuffix(string path) => Path.GetFileName(path)[..^Suffix(path).Length];

    // The folder must take files now, not when the first object has crossed the network.
    private static void Prepare(string folder, Durability durability)
    {
        try
        {
            InstanceFileWriter.CreateFolder(folder, durability);
            InstanceFileWriter.Create(Path.Combine(folder, "probe"), default).Dispose();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"Cannot write to the output folder {folder}: {e.Message}");
        }
    }
}
