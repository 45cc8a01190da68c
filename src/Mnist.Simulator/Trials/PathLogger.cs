using Microsoft.Extensions.Logging;

namespace Mnist.Simulator.Trials;

/// <summary>Counts what the grains log: each message marks a path of the code that was reached.</summary>
internal sealed class PathLogger(Coverage coverage, Action<string>? say) : ILoggerProvider
{
    public ILogger CreateLogger(string categoryName) =>
        categoryName.StartsWith("Mnist.Grains.", StringComparison.Ordinal)
            ? new Logger(categoryName[(categoryName.LastIndexOf('.') + 1)..], coverage, say)
            : Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance;

    public void Dispose()
    {
    }

    private sealed class Logger(string grain, Coverage coverage, Action<string>? say) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var name = eventId.Name ?? "";
            coverage.Add(CoverageNames.Path + grain + (name.StartsWith("Log", StringComparison.Ordinal) ? "." + name[3..] : ""));
            var cause = exception is null ? "" : $": {exception.GetType().Name}: {exception.Message}";
            say?.Invoke(formatter(state, null) + cause);
        }
    }
}
