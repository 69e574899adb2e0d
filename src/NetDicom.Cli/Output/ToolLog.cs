using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace NetDicom.Cli.Output;

/// <summary>
/// The log on standard error: one line an event, <c>E: W: I: D: T:</c> in front as both toolkits write it, or one JSON object a line.
/// The library writes into it as well as the tool.
/// </summary>
internal sealed class ToolLog(TextWriter error, LogLevel lowest, LogFormat format, TimeProvider? time = null) : ILoggerFactory, ILogger
{
    private readonly Lock _gate = new();
    private readonly TimeProvider _time = time ?? TimeProvider.System;
    private Action<string>? _printAbove;

    /// <summary>While something live is drawn on the terminal, lines go through <paramref name="print"/> so that they do not break it; null ends that.</summary>
    public void PrintThrough(Action<string>? print)
    {
        lock (_gate)
            _printAbove = print;
    }

    public void Error(string message) => Write(LogLevel.Error, message);

    public void Warn(string message) => Write(LogLevel.Warning, message);

    public void Info(string message) => Write(LogLevel.Information, message);

    public void Debug(string message) => Write(LogLevel.Debug, message);

    public bool IsEnabled(LogLevel logLevel) => logLevel >= lowest && logLevel != LogLevel.None;

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException("The tools have one log: standard error");

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        ArgumentNullException.ThrowIfNull(formatter);
        if (!IsEnabled(logLevel))
            return;
        string message = formatter(state, exception);
        if (exception is not null)
            message = lowest <= LogLevel.Debug ? $"{message} {exception}" : $"{message} ({exception.Message})";
        Write(logLevel, message, eventId.Id);
    }

    public void Dispose()
    {
    }

    private void Write(LogLevel level, string message, int eventId = 0)
    {
        if (!IsEnabled(level))
            return;
        // What comes from a peer may hold line breaks and terminal sequences: neither may reach the terminal.
        string line = format == LogFormat.Json ? Json(level, message, eventId) : $"{Letter(level)}: {SafeText.OneLine(message)}";
        lock (_gate)
        {
            if (_printAbove is not null)
                _printAbove(line);
            else
                error.WriteLine(line);
        }
    }

    private string Json(LogLevel level, string message, int eventId)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, JsonLines.Options))
        {
            json.WriteStartObject();
            json.WriteString("time", _time.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
            json.WriteString("level", Name(level));
            if (eventId != 0)
                json.WriteNumber("event", eventId);
            json.WriteString("message", message);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }

    private static char Letter(LogLevel level) => level switch
    {
        LogLevel.Trace => 'T',
        LogLevel.Debug => 'D',
        LogLevel.Information => 'I',
        LogLevel.Warning => 'W',
        _ => 'E',
    };

    private static string Name(LogLevel level) => level switch
    {
        LogLevel.Trace => "trace",
        LogLevel.Debug => "debug",
        LogLevel.Information => "info",
        LogLevel.Warning => "warn",
        LogLevel.Error => "error",
        _ => "critical",
    };
}
