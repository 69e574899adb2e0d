using Microsoft.Extensions.Logging;

namespace NetDicom.Network.Tests.Support;

/// <summary>Tells when an event was logged so many times.</summary>
internal sealed class EventLog(int eventId, int times, TaskCompletionSource seen) : ILoggerFactory, ILogger
{
    private int _count;

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider)
    {
    }

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId id, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (id.Id == eventId && Interlocked.Increment(ref _count) == times)
            seen.TrySetResult();
    }

    public void Dispose()
    {
    }
}
