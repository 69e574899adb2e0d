using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using NetDicom.Network;

namespace NetDicom.Cli.Faults;

/// <summary>Plays a scenario against a real peer.</summary>
internal sealed class FaultRunner : IDisposable
{
    private readonly FaultScenario _scenario;
    private readonly FaultSettings _settings;
    private readonly Socket? _listener;
    private readonly CancellationToken _cancellationToken;
    private readonly TimeSpan _patience;
    private readonly FaultSession _session;
    private readonly List<Socket> _held = [];
    private FaultConnection? _connection;
    private bool? _echo;

    private FaultRunner(FaultScenario scenario, FaultSettings settings, Socket? listener, CancellationToken cancellationToken)
    {
        (_scenario, _settings, _listener, _cancellationToken) = (scenario, settings, listener, cancellationToken);
        _patience = scenario.Patience ?? settings.Patience;
        _session = new FaultSession(settings.Called, settings.Calling);
    }

    /// <param name="scenario">Of a client: it connects to the settings' host and port. Of a server: it waits at the listener.</param>
    /// <param name="settings">Where, as whom, how patient.</param>
    /// <param name="listener">For a server's scenarios. Waiting for the first connection is not limited.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<FaultOutcome> RunAsync(FaultScenario scenario, FaultSettings settings, Socket? listener, CancellationToken cancellationToken)
    {
        using var runner = new FaultRunner(scenario, settings, listener, cancellationToken);
        long start = Stopwatch.GetTimestamp();
        FaultOutcome outcome = await runner.PlayAsync();
        return outcome with { Duration = Stopwatch.GetElapsedTime(start) };
    }

    private async Task<FaultOutcome> PlayAsync()
    {
        try
        {
            if (_listener is not null)
                await AcceptAsync(Timeout.InfiniteTimeSpan);
            await PlayAsync(_scenario.Steps);
            return new FaultOutcome(_scenario, FaultReaction.Right, 0, null, null, _echo, default);
        }
        catch (UnmetException unmet)
        {
            // Whatever went wrong: is the other side there for an honest peer?
            Dispose();
            FaultReaction reaction = unmet.Reaction;
            if (reaction != FaultReaction.Gone && _echo is null && _scenario.Steps.Any(step => step is EchoStep))
            {
                _echo = await HonestEchoAsync() is null;
                if (_echo == false)
                    reaction = FaultReaction.Gone;
            }

            return new FaultOutcome(_scenario, reaction, unmet.Line, unmet.Expected, unmet.Message, _echo, default);
        }
    }

    private async Task PlayAsync(IReadOnlyList<FaultStep> steps)
    {
        foreach (FaultStep step in steps)
        {
            try
            {
                await PlayAsync(step);
            }
            catch (TimeoutException e)
            {
                throw new UnmetException(step.Line, (step as ExpectStep)?.Text, e.Message, FaultReaction.Silent);
            }
            catch (FormatException e)
            {
                throw new UnmetException(step.Line, (step as ExpectStep)?.Text, e.Message, FaultReaction.Other);
            }
        }
    }

    private async Task PlayAsync(FaultStep step)
    {
        switch (step)
        {
            case ConnectStep:
                _connection?.Dispose();
                _connection = null;
                await ConnectionAsync(step);
                break;
            case NextStep:
                _connection?.Dispose();
                await AcceptAsync(_patience);
                break;
            case HoldStep hold:
                await HoldAsync(hold);
                break;
            case DropStep:
                DropHeld();
                break;
            case SendStep send:
                await (await ConnectionAsync(step)).SendAsync(Build(send.What), _cancellationToken);
                break;
            case TrickleStep trickle:
                await TrickleAsync(trickle);
                break;
            case FloodStep flood:
                await (await ConnectionAsync(step)).FloodAsync(Build(flood.What), _cancellationToken);
                break;
            case DelayStep delay:
                await Task.Delay(delay.Time, _cancellationToken);
                break;
            case ExpectStep expect:
                await ExpectAsync(expect);
                break;
            case EndStep end:
                (await ConnectionAsync(step)).End(end.Ending);
                break;
            case EchoStep:
                string? failure = await HonestEchoAsync();
                _echo = failure is null;
                if (failure is not null)
                    throw new UnmetException(step.Line, "echo", $"the honest C-ECHO failed: {failure}", FaultReaction.Gone);
                break;
            case RepeatStep repeat:
                for (int i = 0; i < repeat.Count; i++)
                    await PlayAsync(repeat.Steps);
                break;
            default:
                throw new UnreachableException();
        }
    }

    private byte[] Build(Sendable what)
    {
        byte[] bytes = what.Build(_session);
        _session.Announce(bytes);
        return bytes;
    }

    private async Task ExpectAsync(ExpectStep step)
    {
        FaultConnection connection = await ConnectionAsync(step);
        // Who waits for the end of it all does not look into messages: the rest of one may be what is passed over.
        bool asMessage = step.SkipsOthers ? step.Any.Any(expectation => CommandElements.IsMessage(expectation.Name)) : !step.Any.Any(expectation => expectation.Name == "P-DATA-TF");
        Arrival arrival;
        do
            arrival = await connection.ReadAsync(asMessage, _cancellationToken);
        while (step.SkipsOthers && arrival.Name != Arrival.Closed && !step.Any.Any(expectation => expectation.Takes(arrival)));
        if (!step.Any.Any(expectation => expectation.Takes(arrival)))
            throw new UnmetException(step.Line, step.Text, arrival.ToString(), FaultReaction.Other);
        // Who has seen the end ends too: a server that serves one peer at a time waits for that.
        if (arrival.Name == Arrival.Closed)
            connection.End(ConnectionEnding.Close);
    }

    private async Task TrickleAsync(TrickleStep step)
    {
        FaultConnection connection = await ConnectionAsync(step);
        byte[] bytes = Build(step.What);
        for (int at = 0; at < bytes.Length; at += step.Size)
        {
            if (!await connection.SendAsync(bytes.AsMemory(at, Math.Min(step.Size, bytes.Length - at)), _cancellationToken))
                return;
            await Task.Delay(step.Pause, _cancellationToken);
        }
    }

    private async Task HoldAsync(HoldStep step)
    {
        byte[] bytes = step.What is null ? [] : Build(step.What);
        for (int i = 0; i < step.Count; i++)
        {
            Socket socket = await ConnectAsync(step);
            _held.Add(socket);
            try
            {
                if (bytes.Length > 0)
                    await socket.SendAsync(bytes, _cancellationToken);
            }
            catch (SocketException)
            {
                // Turned away: a server may limit how many it takes.
            }
        }
    }

    private async Task<FaultConnection> ConnectionAsync(FaultStep step)
    {
        if (_connection is null)
        {
            _session.NewConnection();
            _connection = new FaultConnection(await ConnectAsync(step), _session, _patience);
        }

        return _connection;
    }

    private async Task<Socket> ConnectAsync(FaultStep step)
    {
        if (_listener is not null)
            throw new UnmetException(step.Line, "a connection", "it was ended", FaultReaction.Other);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(_cancellationToken);
        limit.CancelAfter(_patience);
        try
        {
            await socket.ConnectAsync(_settings.Host, _settings.Port, limit.Token);
            return socket;
        }
        catch (Exception e) when (e is SocketException || (e is OperationCanceledException && !_cancellationToken.IsCancellationRequested))
        {
            socket.Dispose();
            throw new UnmetException(step.Line, "a connection", e is SocketException ? e.Message : "no answer to the connection request", FaultReaction.Gone);
        }
    }

    private async Task AcceptAsync(TimeSpan patience)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(_cancellationToken);
        limit.CancelAfter(patience);
        try
        {
            Socket socket = await _listener!.AcceptAsync(limit.Token);
            socket.NoDelay = true;
            _session.NewConnection();
            _connection = new FaultConnection(socket, _session, _patience);
        }
        catch (OperationCanceledException) when (!_cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"no connection within {_patience.TotalSeconds.ToString(CultureInfo.InvariantCulture)} s");
        }
    }

    /// <summary>Null if it succeeded, else why not.</summary>
    private async Task<string?> HonestEchoAsync()
    {
        var entity = new ApplicationEntity(_settings.Calling);
        entity.AddRequestedContext(SopClasses.Verification);
        try
        {
            await using Association association = await entity.AssociateAsync(
                _settings.Host, _settings.Port,
                new AssociationOptions { CalledAETitle = _settings.Called, ConnectTimeout = _patience, AcseTimeout = _patience, DimseTimeout = _patience, NetworkTimeout = _patience, ReleaseTimeout = _patience },
                _cancellationToken);
            Protocol.DimseStatus status = await association.EchoAsync(_cancellationToken);
            await association.ReleaseAsync(_cancellationToken);
            return status.IsFailure ? $"status {status}" : null;
        }
        catch (DicomNetworkException e)
        {
            return e.Message;
        }
    }

    public void Dispose()
    {
        _connection?.Dispose();
        _connection = null;
        DropHeld();
    }

    private void DropHeld()
    {
        foreach (Socket socket in _held)
            socket.Dispose();
        _held.Clear();
    }

    private sealed class UnmetException(int line, string? expected, string received, FaultReaction reaction) : Exception(received)
    {
        public int Line => line;

        public string? Expected => expected;

        public FaultReaction Reaction => reaction;
    }
}
