using Microsoft.Extensions.Logging;
using NetDicom.Network.Tests.Support;
using NetDicom.Protocol;

namespace NetDicom.Network.Tests;

/// <summary>What outlives the call it came from: a message on its way when its caller leaves, the loop of an association.</summary>
public class LeftOperationTests
{
    /// <summary>Holds the sender of the second C-STORE-RQ, just before it leaves.</summary>
    private sealed class HoldingLog : ILoggerFactory, ILogger
    {
        private int _stores;

        public TaskCompletionSource Reached { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public ManualResetEventSlim Release { get; } = new();

        public ILogger CreateLogger(string categoryName) => this;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (eventId.Id != 1301 || !formatter(state, exception).Contains("Store", StringComparison.Ordinal) || ++_stores != 2)
                return;
            Reached.SetResult();
            Release.Wait(CancellationToken.None);
        }

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public void AddProvider(ILoggerProvider provider)
        {
        }

        public void Dispose() => Release.Set();
    }

    private sealed class NoticedStream(byte[] bytes, TaskCompletionSource read) : MemoryStream(bytes)
    {
        public override int Read(Span<byte> buffer)
        {
            read.TrySetResult();
            return base.Read(buffer);
        }

        public override int Read(byte[] buffer, int offset, int count)
        {
            read.TrySetResult();
            return base.Read(buffer, offset, count);
        }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            read.TrySetResult();
            return base.ReadAsync(buffer, cancellationToken);
        }
    }

    [Fact]
    public async Task Leaving_a_store_waits_for_the_message_that_has_just_got_its_place()
    {
        using var log = new HoldingLog();
        ApplicationEntity user = Queries.Scu(SopClasses.CTImageStorage, SopClasses.Verification);
        (Association association, RawPeer peer) = await RawPeer.AnswerAsync(user, new AssociationOptions { LoggerFactory = log });
        using (peer)
        {
            (IAsyncEnumerator<StoreOutcome> storing, Task<DimseStatus> echo) = await StoreFirstOfTwoAsync(association, peer);
            ushort id = (await peer.ReadCommandAsync()).MessageId;
            await peer.SendAsync(3, new CEchoResponse { MessageIdBeingRespondedTo = id, AffectedSopClassUid = SopClasses.Verification });
            await log.Reached.Task.WaitAsync(RawPeer.Patience);
            // The place is given, nothing is out yet.
            ValueTask leaving = storing.DisposeAsync();
            Assert.False(leaving.IsCompleted, "the caller may go on, and the object is sent after all");
            log.Release.Set();
            await leaving.AsTask().WaitAsync(RawPeer.Patience);
            // It was on its way: let go, and out before the caller went on.
            id = await peer.ReadStoreAsync();
            await peer.SendAsync(1, new CStoreResponse { MessageIdBeingRespondedTo = id, AffectedSopClassUid = SopClasses.CTImageStorage });
            Assert.Equal(DimseStatus.Success, await echo.WaitAsync(RawPeer.Patience));
            await association.AbortAsync();
        }
    }

    /// <summary>Stores two objects up to where the first is stored, an echo waits for the only place, and the second object behind it.</summary>
    private static async Task<(IAsyncEnumerator<StoreOutcome> Storing, Task<DimseStatus> Echo)> StoreFirstOfTwoAsync(Association association, RawPeer peer)
    {
        var second = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var read = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        IAsyncEnumerator<StoreOutcome> storing = association.StoreAsync(Objects(second.Task, read)).GetAsyncEnumerator();
        Task<bool> moving = storing.MoveNextAsync().AsTask();
        ushort id = await peer.ReadStoreAsync();
        Task<DimseStatus> echo = association.EchoAsync();
        second.SetResult();
        await read.Task.WaitAsync(RawPeer.Patience);
        await peer.SendAsync(1, new CStoreResponse { MessageIdBeingRespondedTo = id, AffectedSopClassUid = SopClasses.CTImageStorage });
        Assert.True(await moving.WaitAsync(RawPeer.Patience));
        Assert.True(storing.Current.IsStored);
        return (storing, echo);
    }

    private static async IAsyncEnumerable<StorageObject> Objects(Task second, TaskCompletionSource read)
    {
        yield return Queries.Instance(1);
        await second;
        yield return StorageObject.FromStream("2", new NoticedStream(Queries.Match(2).Bytes(), read), SopClasses.CTImageStorage, new DicomUid("1.2.2"), Queries.Explicit);
    }

    [Fact]
    public async Task A_store_left_while_its_next_object_waits_for_its_place_sends_nothing_more()
    {
        ApplicationEntity user = Queries.Scu(SopClasses.CTImageStorage, SopClasses.Verification);
        (Association association, RawPeer peer) = await RawPeer.AnswerAsync(user);
        using (peer)
        {
            (IAsyncEnumerator<StoreOutcome> storing, Task<DimseStatus> echo) = await StoreFirstOfTwoAsync(association, peer);
            await storing.DisposeAsync();
            Task<DimseStatus> next = association.EchoAsync();
            foreach (Task<DimseStatus> one in (Task<DimseStatus>[])[echo, next])
            {
                CommandSet command = await peer.ReadCommandAsync();
                Assert.Equal(CommandField.CEchoRequest, command.Command);
                await peer.SendAsync(3, new CEchoResponse { MessageIdBeingRespondedTo = command.MessageId, AffectedSopClassUid = SopClasses.Verification });
                Assert.Equal(DimseStatus.Success, await one.WaitAsync(RawPeer.Patience));
            }

            await association.AbortAsync();
        }
    }

    private static readonly AsyncLocal<string?> s_current = new();

    [Fact]
    public async Task Handlers_of_an_association_do_not_run_in_the_context_of_who_asked_for_it()
    {
        ApplicationEntity user = Queries.Scu(SopClasses.Printer);
        var seen = new TaskCompletionSource<string?>(TaskCreationOptions.RunContinuationsAsynchronously);
        user.OnNEventReport((_, _) =>
        {
            seen.SetResult(s_current.Value);
            return ValueTask.FromResult<NResponse>(DimseStatus.Success);
        });
        s_current.Value = "the request of who asked";
        (Association association, RawPeer peer) = await RawPeer.AnswerAsync(user);
        using (peer)
        {
            await peer.SendAsync(1, new NEventReportRequest { MessageId = 1, AffectedSopClassUid = SopClasses.Printer, AffectedSopInstanceUid = Uids.PrinterInstance, EventTypeId = 1 });
            Assert.Null(await seen.Task.WaitAsync(RawPeer.Patience));
            Assert.Equal("the request of who asked", s_current.Value);
            await association.AbortAsync();
        }
    }
}
