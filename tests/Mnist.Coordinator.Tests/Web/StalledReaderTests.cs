using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Mnist.Coordinator.Service;
using Mnist.Coordinator.Service.Runs;
using Mnist.Coordinator.Tests.Support;

namespace Mnist.Coordinator.Tests.Web;

/// <summary>Somebody who asks for events over a real connection and then reads none.</summary>
public sealed class StalledReaderTests : IDisposable
{
    private const int Events = 1000;
    private const int EventLength = 20_000;

    /// <summary>The 256 that the log remembers, as many that a reader has fetched and not sent, and some room.</summary>
    private const int MostKept = 600;
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_reader_that_stops_reading_is_dropped_and_nothing_is_kept_for_it()
    {
        var drops = new Drops();
        await using var coordinator = await TestCoordinator.StartAsync(
            _folder,
            change: options => options with { ReaderTimeout = TimeSpan.FromSeconds(2) },
            listen: builder => builder.Logging.SetMinimumLevel(LogLevel.Information).AddProvider(drops));
        using var client = coordinator.CreateClient();
        var runId = await client.BeginAsync("""{"recipe": "tiny", "epochs": 2000}""");
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4096 };
        await socket.ConnectAsync("127.0.0.1", coordinator.Url!.Port);
        await socket.SendAsync(Encoding.ASCII.GetBytes($"GET /api/runs/{runId}/events HTTP/1.1\r\nHost: localhost\r\n\r\n"));

        // More than fits into the buffers of a connection, however large the system makes them.
        var run = coordinator.Services.GetRequiredService<RunRegistry>().Get(runId);
        var published = new List<WeakReference>();
        var lastId = 0L;
        while (published.Count < Events)
        {
            run.Publish(RunEventTypes.Note, new { message = new string('x', EventLength) });
            (lastId, var next) = await NextAsync(run, lastId);
            published.Add(next);
        }

        // Counted one by one, since the memory of this process holds what other tests do, too.
        GC.Collect();
        var kept = published.Count(happened => happened.IsAlive);
        Assert.Contains(runId, await drops.First.Task.WaitAsync(TestCoordinator.Patience), StringComparison.Ordinal);
        var received = await ReadToEndAsync(socket);
        TestContext.Current.TestOutputHelper!.WriteLine($"{received:N0} of {Events * EventLength:N0} bytes were sent; {kept} events kept");
        Assert.InRange(received, 1, (Events - 1) * EventLength);
        Assert.InRange(kept, 1, MostKept);

        // Who reads is served as if nothing had been.
        _ = await client.ReadEventsAsync(runId, happened => happened.GetProperty("id").GetInt64() > Events);
    }

    /// <summary>The event after one that is known, without keeping it.</summary>
    private static async Task<(long Id, WeakReference Event)> NextAsync(RunEntry run, long knownId)
    {
        await using var events = run.WatchAsync(knownId, TestContext.Current.CancellationToken)
            .GetAsyncEnumerator(TestContext.Current.CancellationToken);
        await events.MoveNextAsync();
        return (events.Current.Id, new WeakReference(events.Current));
    }

    private static async Task<long> ReadToEndAsync(Socket socket)
    {
        var buffer = new byte[1 << 16];
        var total = 0L;
        using var patience = new CancellationTokenSource(TestCoordinator.Patience);
        try
        {
            while (await socket.ReceiveAsync(buffer, patience.Token) is var count and > 0)
            {
                total += count;
            }
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.ConnectionReset)
        {
            // As an aborted connection ends.
        }

        return total;
    }

    /// <summary>Waits for the first reader that is dropped.</summary>
    private sealed class Drops : ILoggerProvider, ILogger
    {
        public TaskCompletionSource<string> First { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (formatter(state, exception) is var text && text.Contains("dropped a reader", StringComparison.Ordinal))
            {
                First.TrySetResult(text);
            }
        }

        public void Dispose()
        {
        }
    }
}
