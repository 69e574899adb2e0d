using System.Buffers;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using NetDicom.Fuzz.Corpus;
using NetDicom.Fuzz.Mutation;
using NetDicom.Network;
using NetDicom.Protocol;

namespace NetDicom.Fuzz.Targets;

/// <summary>
/// A server on loopback with handlers for every service, and a peer that sends the whole conversation damaged, then closes its direction. The server ends the connection, answers in whole PDUs, logs no
/// error (what a peer does is none), serves an honest C-ECHO, and is no larger at the end.
/// </summary>
internal sealed class ServerTarget : FuzzTarget
{
    private const int EchoEvery = 20, MeasureEvery = 2000;
    private const long MaxGrowth = 48L << 20;

    // Seconds that each wait for the server may take; counted one by one, so that a machine that stands still for minutes uses up one of them.
    private const int Patience = 60;

    private readonly FaultLog _faults = new();
    private readonly Ends _ends = new();
    private readonly DicomServer _server;
    private readonly ApplicationEntity _scu = new("HONEST");
    private int _turns;
    private long _heap;

    public ServerTarget()
    {
        var entity = new ApplicationEntity("FUZZ");
        foreach (DicomUid syntax in Conversations.AbstractSyntaxes)
            entity.AddSupportedContext(syntax, [TransferSyntax.ExplicitVRLittleEndian, TransferSyntax.ImplicitVRLittleEndian]);
        entity.OnStore(StoreAsync);
        entity.OnFind(Find);
        entity.OnGet((_, _) => ValueTask.FromResult<RetrieveObjects>(new[] { Instance() }));
        entity.OnMove((_, _) => ValueTask.FromResult<RetrieveObjects>(new[] { Instance() }), (_, _) => ValueTask.FromResult<MoveDestination?>(null));
        // Who leaves the instance to us is told which it is (PS3.7 section 10.1.5.1.4).
        entity.OnNCreate((_, _) => ValueTask.FromResult(new NResponse { AffectedSopInstanceUid = DicomUid.Generate() }));
        entity.OnNSet((_, _) => ValueTask.FromResult<NResponse>(DimseStatus.Success));
        entity.OnNGet((_, _) => ValueTask.FromResult(new NResponse { DataSet = new DicomDataSet { { DicomTags.PatientID, "F" } } }));
        entity.OnNAction((_, _) => ValueTask.FromResult<NResponse>(DimseStatus.Success));
        entity.OnNDelete((_, _) => ValueTask.FromResult<NResponse>(DimseStatus.Success));
        entity.OnNEventReport((_, _) => ValueTask.FromResult<NResponse>(DimseStatus.Success));
        // The damaged peer ends its direction itself. ARTIM is for the honest one beside it, which a busy machine may hold up.
        var second = TimeSpan.FromSeconds(1);
        _server = entity.StartServerAsync(0, new DicomServerOptions
        {
            BindAddress = IPAddress.Loopback, MaxPduLength = 16_384, ArtimTimeout = 30 * second, NetworkTimeout = 30 * second, LoggerFactory = _faults, Observer = _ends,
        }).GetAwaiter().GetResult();
        _scu.AddRequestedContext(SopClasses.Verification, [TransferSyntax.ImplicitVRLittleEndian, TransferSyntax.ExplicitVRLittleEndian]);
        TaskScheduler.UnobservedTaskException += _faults.Unobserved;
        Echo();
    }

    public override string Name => "server";

    public override IReadOnlyList<byte[]> Seeds { get; } = Conversations.All;

    public override byte[] Mutate(byte[] seed, byte[] donor, Random random) =>
        random.Next(5) == 0 ? base.Mutate(seed, donor, random) : TreeMutator.Mutate(PduTree.Parse(seed), PduTree.Parse(donor), random);

    public override void Run(byte[] input)
    {
        byte[] answer = Converse(input, Choices(input));
        CheckAnswer(answer);
        if (_turns++ % EchoEvery == 0)
            Echo();
        if (_faults.TryTake(out string? fault))
            throw new FuzzFailure($"the server logs an error: {fault}");
        if (_turns % MeasureEvery == 0)
            Measure();
    }

    public override void Finish()
    {
        lock (_ends)
        {
            for (int i = 0; _server.AssociationCount > 0; i++)
            {
                FuzzFailure.Unless(i < Patience, $"{_server.AssociationCount} associations are open though every peer is gone");
                // Until a connection ends; a place that is given back a moment after that is seen a second later.
                Monitor.Wait(_ends, 1000);
            }
        }

        Measure();
        Echo();
    }

    public override void Dispose()
    {
        TaskScheduler.UnobservedTaskException -= _faults.Unobserved;
        _server.DisposeAsync().AsTask().GetAwaiter().GetResult();
        _faults.Dispose();
    }

    private void Measure()
    {
        long heap = GC.GetTotalMemory(forceFullCollection: true);
        if (_heap == 0)
            _heap = heap;
        FuzzFailure.Unless(heap < _heap + MaxGrowth, $"the heap has grown from {_heap} to {heap} bytes in {_turns} conversations");
    }

    private byte[] Converse(byte[] input, Random choices)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, ReceiveTimeout = 1000 };
        socket.Connect(IPAddress.Loopback, _server.Port);
        var answer = new MemoryStream();
        byte[] buffer = new byte[16 * 1024];
        try
        {
            int cut = choices.Next(3) == 0 ? choices.Next(input.Length + 1) : input.Length;
            socket.Send(input, 0, cut, SocketFlags.None);
            socket.Send(input, cut, input.Length - cut, SocketFlags.None);
            socket.Shutdown(SocketShutdown.Send);
            for (int seconds = 0; ;)
            {
                try
                {
                    int read = socket.Receive(buffer);
                    if (read == 0)
                        break;
                    answer.Write(buffer, 0, read);
                }
                catch (SocketException late) when (late.SocketErrorCode is SocketError.TimedOut or SocketError.WouldBlock)
                {
                    FuzzFailure.Unless(++seconds < Patience, $"the server has not ended the connection {Patience} s after its peer did");
                }
            }
        }
        catch (SocketException)
        {
            // It ended the connection first; what we still sent made that a reset.
        }

        return answer.ToArray();
    }

    /// <summary>What came from the server is whole PDUs; the last may be cut off by a reset.</summary>
    private static void CheckAnswer(byte[] answer)
    {
        var bytes = new ReadOnlySequence<byte>(answer);
        var reader = new PduReader();
        var assembler = new PdvAssembler();
        try
        {
            PduToken token;
            while ((token = reader.Read(ref bytes)) != PduToken.NeedMoreData)
            {
                if (token == PduToken.PdvFragment && assembler.Accept(reader) == MessageToken.Command)
                    FuzzFailure.Unless(assembler.Command.FindViolation() is null, $"the server sent a message that lacks something: {assembler.Command.FindViolation()}");
            }
        }
        catch (PduViolationException violation)
        {
            throw new FuzzFailure($"the server sent {Convert.ToHexString(answer)}: {violation.Message}");
        }
    }

    private void Echo() => EchoAsync().GetAwaiter().GetResult();

    private async Task EchoAsync()
    {
        var options = new AssociationOptions { ConnectTimeout = TimeSpan.FromSeconds(Patience), AcseTimeout = TimeSpan.FromMinutes(10), DimseTimeout = TimeSpan.FromMinutes(10), CalledAETitle = "FUZZ" };
        await using Association association = await _scu.AssociateAsync("127.0.0.1", _server.Port, options);
        FuzzFailure.Unless(await association.EchoAsync() == DimseStatus.Success, "an honest C-ECHO failed");
        await association.ReleaseAsync();
    }

    private static async ValueTask<DimseStatus> StoreAsync(StoreRequest request, CancellationToken cancellationToken)
    {
        while (!(await request.ReadAsync(cancellationToken)).IsEmpty)
        {
        }

        return DimseStatus.Success;
    }

    private static async IAsyncEnumerable<FindMatch> Find(FindRequest request, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        // Read, and not given back: text that its own character set does not hold cannot be written, which is the handler's fault and logged as one.
        _ = request.Identifier.GetStringOrDefault(DicomTags.QueryRetrieveLevel);
        for (int i = 0; i < 3; i++)
            yield return new DicomDataSet { { DicomTags.PatientID, $"F{i}" }, { DicomTags.QueryRetrieveLevel, "STUDY" } };
    }

    private static StorageObject Instance() => StorageObject.FromStream(
        "fuzz", new MemoryStream(new DicomDataSet { { DicomTags.PatientID, "F" } }.ToArray(TransferSyntax.ExplicitVRLittleEndian)), SopClasses.CTImageStorage, new DicomUid("1.2.3"), TransferSyntax.ExplicitVRLittleEndian);

    /// <summary>Wakes who waits for the end of a connection.</summary>
    private sealed class Ends : AssociationObserver
    {
        public override void ConnectionClosed(ObservedAssociation at)
        {
            lock (this)
                Monitor.PulseAll(this);
        }
    }

    /// <summary>Keeps what is logged as an error, and exceptions of tasks that nobody looked at.</summary>
    private sealed class FaultLog : ILoggerFactory, ILogger
    {
        private readonly ConcurrentQueue<string> _faults = new();

        public bool TryTake(out string? fault) => _faults.TryDequeue(out fault);

        public void Unobserved(object? sender, UnobservedTaskExceptionEventArgs e) => _faults.Enqueue($"unobserved: {e.Exception}");

        public ILogger CreateLogger(string categoryName) => this;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
                _faults.Enqueue($"{formatter(state, exception)} {exception}");
        }

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public void AddProvider(ILoggerProvider provider)
        {
        }

        public void Dispose()
        {
        }
    }
}
