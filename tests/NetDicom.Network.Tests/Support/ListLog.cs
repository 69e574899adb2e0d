using Microsoft.Extensions.Logging;

namespace NetDicom.Network.Tests.Support;

/// <summary>Keeps what is logged, message and exception in one text, by event id.</summary>
internal sealed class ListLog : ILoggerFactory, ILogger
{
    private readonly Lock _gate = new();
    private readonly List<(int Id, string Text)> _events = [];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The first event with that id, now or later.</summary>
    public async Task<string> WhenLoggedAsync(int id)
    {
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                if (_events.Find(one => one.Id == id).Text is { } text)
                    return text;
                changed = _changed.Task;
            }

            await changed.WaitAsync(RawPeer.Patience);
        }
    }

    public ILogger CreateLogger(string categoryName) => this;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        lock (_gate)
        {
            _events.Add((eventId.Id, $"{formatter(state, exception)} {exception?.Message}"));
            _changed.TrySetResult();
            _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public void AddProvider(ILoggerProvider provider)
    {
    }

    public void Dispose()
    {
    }
}
