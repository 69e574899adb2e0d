using System.Diagnostics;
using Microsoft.Win32.SafeHandles;

namespace NetDicom.Archive;

/// <summary>Held while something is named and committed, or deleted: one of them at a time, within this process and between those that have joined the archive (<see cref="DicomArchive.Join"/>).</summary>
internal sealed class ArchiveTurn : IDisposable
{
    private const string FileName = ".turn";

    private static readonly TimeSpan s_between = TimeSpan.FromMilliseconds(5);

    /// <summary>How long another process is waited for. It holds the turn for a group of instances; one that was stopped in the middle must not stop the others for ever.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private readonly SemaphoreSlim _within = new(1);
    private readonly SafeFileHandle? _between;

    public ArchiveTurn(string folder)
    {
        if (ArchiveLock.CanShare)
            _between = ArchiveLock.Open(Path.Join(folder, FileName));
    }

    /// <exception cref="IOException">Another process does not give it back.</exception>
    public async Task TakeAsync(CancellationToken cancellationToken = default)
    {
        await _within.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            long began = Stopwatch.GetTimestamp();
            while (_between is not null && !ArchiveLock.TryLock(_between))
            {
                if (Stopwatch.GetElapsedTime(began) > s_patience)
                    throw new IOException("another program works on the archive and does not come to an end");
                await Task.Delay(s_between, cancellationToken).ConfigureAwait(false);
            }
        }
        catch
        {
            _within.Release();
            throw;
        }
    }

    public void Give()
    {
        if (_between is not null)
            ArchiveLock.Unlock(_between);
        _within.Release();
    }

    public void Dispose()
    {
        _between?.Dispose();
        _within.Dispose();
    }
}
