using System.Net;

namespace NetDicom.Network.Tests.Support;

/// <summary>
/// A transport under the hand of a test: bytes come when they are given, sends end when they are let go. Who waits goes on at once, on the stack of the call that
/// ends the waiting: when <see cref="Give"/> returns the code under test waits again, and its limits are set.
/// </summary>
internal sealed class ScriptedTransport : Transport
{
    private readonly Lock _gate = new();
    private readonly List<byte> _given = [];
    private TaskCompletionSource _changed = new();
    private bool _closed;
    private long _taken;

    public override EndPoint? LocalEndPoint => null;

    public override EndPoint? RemoteEndPoint => null;

    public override long? BytesTaken => Interlocked.Read(ref _taken);

    /// <summary>Room that the last receive offered.</summary>
    public int Offered { get; private set; }

    /// <summary>All that was sent.</summary>
    public List<byte> Sent { get; } = [];

    /// <summary>While set, a send waits for it.</summary>
    public TaskCompletionSource? Hold { get; set; }

    /// <summary>Called when a send has begun: the peer has its bytes, though the sender may not know yet.</summary>
    public Action? OnSend { get; set; }

    public bool IsClosed
    {
        get
        {
            lock (_gate)
                return _closed;
        }
    }

    public void Give(params byte[] bytes)
    {
        lock (_gate)
            _given.AddRange(bytes);

        Change();
    }

    /// <summary>The peer takes some more of a send that is held.</summary>
    public void Take(int bytes) => Interlocked.Add(ref _taken, bytes);

    public override async ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                Offered = buffer.Length;
                ObjectDisposedException.ThrowIf(_closed, this);
                cancellationToken.ThrowIfCancellationRequested();
                if (_given.Count > 0)
                {
                    int count = Math.Min(buffer.Length, _given.Count);
                    _given.GetRange(0, count).CopyTo(buffer.Span);
                    _given.RemoveRange(0, count);
                    return count;
                }

                changed = _changed.Task;
            }

            await using (cancellationToken.UnsafeRegister(_ => Change(), null).ConfigureAwait(false))
                await changed.ConfigureAwait(false);
        }
    }

    public override async ValueTask SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        lock (_gate)
            Sent.AddRange(bytes.Span);
        OnSend?.Invoke();
        if (Hold is { } hold)
            await hold.Task.ConfigureAwait(false);
        ObjectDisposedException.ThrowIf(IsClosed, this);
    }

    public override void AcknowledgeNow()
    {
    }

    public override void ShutdownSend()
    {
    }

    public override void Dispose()
    {
        lock (_gate)
            _closed = true;
        Change();
        Hold?.TrySetResult();
    }

    private void Change()
    {
        TaskCompletionSource before;
        lock (_gate)
        {
            before = _changed;
            _changed = new TaskCompletionSource();
        }

        // A context of the test runner would send the continuation to another thread.
        SynchronizationContext? context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        before.TrySetResult();
        SynchronizationContext.SetSynchronizationContext(context);
    }
}
