using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using NetDicom.Cli.Invocation;

namespace NetDicom.Cli.Sending;

/// <summary>
/// What a peer acknowledged (<c>--resume FILE</c>): a line for each object, written before the next one counts as done. A second run with
/// the same file sends the rest. An object is known again by its path, size and time of change.
/// </summary>
/// <remarks>
/// Text, so that people can read it: a first line that names the receiver, then <c>path TAB size TAB ticks</c>. A last line without an end
/// (the process was killed while it wrote) is cut off, so its object is sent again, which a receiver takes.
/// In memory an object is 16 bytes of a hash: some 30 MB for a million.
/// </remarks>
internal sealed class Journal : IDisposable
{
    private const string Heading = "# netdicom storescu journal 1 ";

    private readonly Lock _gate = new();
    private readonly FileStream _file;
    private readonly HashSet<UInt128> _done = [];
    private bool _isBroken;

    private Journal(FileStream file) => _file = file;

    /// <summary>Objects acknowledged in earlier runs and this one.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
                return _done.Count;
        }
    }

    /// <exception cref="UsageException">The file cannot be used, is in use, or belongs to another receiver.</exception>
    public static Journal Open(string path, string receiver)
    {
        FileStream? file = null;
        try
        {
            // No buffer: a line is in the kernel when Add returns, so it outlives a kill of this process.
            file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
            var journal = new Journal(file);
            journal.Load(path, receiver);
            return journal;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            file?.Dispose();
            throw new UsageException($"Cannot use the journal {path}: {e.Message}");
        }
        catch
        {
            file?.Dispose();
            throw;
        }
    }

    public bool Contains(string path, long size, DateTime changedUtc)
    {
        lock (_gate)
            return _done.Contains(Key(Line(path, size, changedUtc)));
    }

    /// <returns>Null; or, once, why the journal cannot be written any more: the disk is full, or gone. Nothing more is written then, or a line would follow half of another.</returns>
    public string? Add(string path, long size, DateTime changedUtc)
    {
        string line = Line(path, size, changedUtc);
        lock (_gate)
        {
            if (_isBroken || !_done.Add(Key(line)))
                return null;
            try
            {
                _file.Write(Encoding.UTF8.GetBytes(line + "\n"));
                return null;
            }
            catch (IOException e)
            {
                _isBroken = true;
                return e.Message;
            }
        }
    }

    public void Dispose() => _file.Dispose();

    private static string Line(string path, long size, DateTime changedUtc) => string.Create(CultureInfo.InvariantCulture,
        $"{Path.GetFullPath(path).Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal).Replace("\t", "\\t", StringComparison.Ordinal)}\t{size}\t{changedUtc.Ticks}");

    // Sixteen bytes of SHA-256: paths come from the user, but two of them must not be taken for one by chance.
    private static UInt128 Key(string line) => BinaryPrimitives.ReadUInt128LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(line)));

    private void Load(string path, string receiver)
    {
        string heading = Heading + receiver;
        using var reader = new StreamReader(_file, Encoding.UTF8, detectEncodingFromByteOrderMarks: false, leaveOpen: true);
        long end = 0;
        bool first = true;
        while (ReadWholeLine(reader) is { } line)
        {
            if (first && line != heading)
                throw new UsageException(line.StartsWith(Heading, StringComparison.Ordinal)
                    ? $"the journal {path} is of another receiver, {line[Heading.Length..]}: name another file for {receiver}"
                    : $"{path} is not a journal of storescu: name another file");
            if (!first)
                _done.Add(Key(line));
            first = false;
            end += Encoding.UTF8.GetByteCount(line) + 1;
        }

        if (first && _file.Length > 0 && !CouldBeCutHeading(heading))
            throw new UsageException($"{path} is not a journal of storescu: name another file");
        _file.SetLength(end);
        _file.Position = end;
        if (first)
            _file.Write(Encoding.UTF8.GetBytes(heading + "\n"));
    }

    private bool CouldBeCutHeading(string heading)
    {
        _file.Position = 0;
        Span<byte> there = new byte[Math.Min(_file.Length, heading.Length + 1)];
        _file.ReadExactly(there);
        return Encoding.UTF8.GetBytes(heading).AsSpan().StartsWith(there);
    }

    // A line counts only with its end: the last one of a killed run may be cut.
    private static string? ReadWholeLine(StreamReader reader)
    {
        var line = new StringBuilder();
        while (reader.Read() is var c and >= 0)
        {
            if (c == '\n')
                return line.ToString();
            line.Append((char)c);
        }

        return null;
    }
}
