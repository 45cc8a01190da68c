using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Mnist.Coordinator.Tests.Support;

namespace Mnist.Cluster.Tests.Processes;

/// <summary>A step that a parameter server applied.</summary>
/// <param name="At">When, by the silo's own word: lines that it writes are read when there is a processor for it.</param>
/// <param name="Step">Number of the step, from 1.</param>
internal readonly record struct AppliedStep(TimeSpan At, long Step);

/// <summary>A coordinator that trains, and silos that come and go, all of them processes.</summary>
internal sealed partial class TestCluster : IAsyncDisposable
{
    /// <summary>
    /// Steps in which a silo that has just joined compiles its code; for some seconds before it has no worker that could be missed.
    /// </summary>
    public const int StepsOfRest = 300;

    private static readonly TimeSpan UsualTime = TimeSpan.FromSeconds(1);

    /// <summary>Steps before a signal in which nothing happens: more than the server remembers the durations of.</summary>
    private const int StepsOfCalm = 40;

    /// <summary>Steps in which nothing but the signal happens.</summary>
    private const int StepsOfMourning = 20;

    /// <summary>Steps of all that belongs to a signal: a calm with one that does nothing, another calm, and what comes then.</summary>
    private const int StepsOfSignal = (2 * StepsOfCalm) + StepsOfMourning;
    private readonly TemporaryFolder _folder;
    private readonly string _address;
    private string _siloAddress;
    private readonly Dictionary<string, string> _variables = [];
    private readonly List<ChildProcess> _silos = [];
    private readonly List<ChildProcess> _coordinators = [];
    private ChildProcess? _database;
    private Func<Task<ChildProcess>> _startDatabase = () => throw new InvalidOperationException("this cluster has no database");

    private TestCluster(TemporaryFolder folder, string address) =>
        (_folder, _address, _siloAddress, Data) = (folder, address, address, folder.At("data"));

    /// <summary>Folder of the data set that silos load.</summary>
    public string Data { get; set; }

    /// <summary>The newest coordinator.</summary>
    public ChildProcess Coordinator => _coordinators[^1];

    /// <summary>Everything that was started here, whether it has ended or not.</summary>
    public IEnumerable<ChildProcess> Processes => ((ChildProcess?[])[.. _coordinators, .. _silos, _database]).OfType<ChildProcess>();

    /// <summary>Silos that have not ended, in the order of their start.</summary>
    public IReadOnlyList<ChildProcess> Silos => [.. _silos.Where(silo => !silo.HasExited)];

    /// <summary>The silo with the newest parameter server.</summary>
    public ChildProcess ServerSilo => _silos
        .SelectMany(silo => silo.Lines, (silo, line) => (silo, line))
        .Where(pair => pair.line.Text.Contains("serving from round", StringComparison.Ordinal))
        .MaxBy(pair => pair.line.At).silo;

    /// <summary>A silo that has no parameter server.</summary>
    public ChildProcess OtherSilo => Silos.First(silo => silo != ServerSilo);

    /// <summary>Steps that parameter servers applied, in the order of time.</summary>
    public IReadOnlyList<AppliedStep> Steps => [.. _silos
        .SelectMany(silo => silo.Lines)
        .Select(line => AppliedPattern().Match(line.Text))
        .Where(match => match.Success)
        .Select(match => new AppliedStep(
            ChildProcess.At(TimeSpan.Parse(match.Groups["at"].Value, CultureInfo.InvariantCulture)), StepOf(match)))
        .OrderBy(step => step.At)];

    /// <summary>Steps that were applied a second time, after a server had gone back to a checkpoint.</summary>
    public int RepeatedSteps
    {
        get
        {
            // Taken once: silos may be at work.
            var steps = Steps;
            return steps.Count - steps.Select(step => step.Step).Distinct().Count();
        }
    }

    /// <summary>A cluster whose coordinator is the primary silo.</summary>
    /// <param name="folder">Where its files go.</param>
    /// <param name="address">IP address of the coordinator.</param>
    public static TestCluster Development(TemporaryFolder folder, string address = "127.0.0.1") =>
        new(folder, $"primary://{address}:{Programs.FreePort()}");

    /// <summary>A cluster whose membership and state are in Redis; the coordinator is its client.</summary>
    public static async Task<TestCluster> RedisAsync(TemporaryFolder folder)
    {
        var port = Programs.FreePort();
        return new TestCluster(folder, $"redis://127.0.0.1:{port}")
        {
            _database = await RedisProcess.StartAsync(folder.Path, port),
            _startDatabase = () => RedisProcess.StartAsync(folder.Path, port),
        };
    }

    /// <summary>A cluster whose membership and state are in PostgreSQL; the coordinator is its client.</summary>
    /// <param name="folder">Where its files go.</param>
    /// <param name="scripts">Folder of Orleans' own scripts, which make its tables.</param>
    public static async Task<TestCluster> PostgresAsync(TemporaryFolder folder, string scripts)
    {
        var (path, port) = (folder.At("postgres"), Programs.FreePort());
        return new TestCluster(folder, "configuration")
        {
            _database = await PostgresProcess.CreateAsync(path, port, scripts),
            _startDatabase = () => PostgresProcess.StartAsync(path, port),
            _variables =
            {
                ["Orleans__Clustering__ProviderType"] = Clustering.ClusterProviders.AdoNet,
                ["Orleans__Clustering__ConnectionString"] = PostgresProcess.Connection(port),
            },
        };
    }

    /// <summary>A cluster whose first silo is the primary one; the coordinator is a client of that silo's gateway.</summary>
    /// <param name="folder">Where its files go.</param>
    public static TestCluster BehindGateway(TemporaryFolder folder)
    {
        var (primary, gateway) = (Programs.FreePort(), Programs.FreePort());
        var cluster = new TestCluster(folder, $"gateway://127.0.0.1:{gateway}") { _siloAddress = $"primary://127.0.0.1:{primary}" };
        cluster.StartSilo(["--Orleans:Endpoints:SiloPort", $"{primary}", "--Orleans:Endpoints:GatewayPort", $"{gateway}"]);
        return cluster;
    }

    /// <summary>Starts training; it waits for silos.</summary>
    public void StartCoordinator(params IEnumerable<string> arguments) => _coordinators.Add(ChildProcess.Start(
        $"coordinator {_coordinators.Count + 1}",
        _folder.Path,
        _variables,
        Programs.Dotnet,
        [.. Programs.Coordinator, "train", "--json", "--cluster", _address, .. arguments]));

    /// <summary>Starts a silo with one worker slot.</summary>
    /// <param name="arguments">More of its arguments.</param>
    /// <param name="networkNamespace">The network it lives in; null for this machine's.</param>
    public ChildProcess StartSilo(string[]? arguments = null, string? networkNamespace = null)
    {
        string[] program =
        [
            .. networkNamespace is null ? [] : (string[])[Programs.Find("ip")!, "netns", "exec", networkNamespace],
            Programs.Dotnet, .. Programs.Silo, "--cluster", _siloAddress, "--workers", "1", "--data", Data,
            "--Orleans:Endpoints:AdvertisedIPAddress", "127.0.0.1", "--Logging:LogLevel:Mnist.Grains.Grains.ParameterServerGrain", "Trace",
            "--Logging:Console:FormatterOptions:TimestampFormat", "HH:mm:ss.ffffff ",
            .. _database is null ? (string[])["--state", _folder.At("state")] : [], .. arguments ?? [],
        ];
        _silos.Add(ChildProcess.Start($"silo {_silos.Count + 1}", _folder.Path, _variables, program[0], program[1..]));
        return _silos[^1];
    }

    /// <summary>Ends the database without giving it a chance to do anything, and starts it again where it was.</summary>
    /// <param name="pause">How long there is none.</param>
    public async Task RestartDatabaseAsync(TimeSpan pause)
    {
        await _database!.KillAsync(withChildren: true);
        await Task.Delay(pause, TestContext.Current.CancellationToken);
        await _database.DisposeAsync();
        _database = await _startDatabase();
    }

    /// <summary>Waits until a silo is a member.</summary>
    public static Task<OutputLine> JoinedAsync(ChildProcess silo) =>
        silo.WaitForLineAsync("its joining", line => line.Contains("joined: ", StringComparison.Ordinal));

    /// <summary>Waits until training has passed a step and every silo is a member.</summary>
    public async Task TrainedToAsync(long step)
    {
        await Task.WhenAll(Silos.Select(JoinedAsync));
        await PassedAsync(step);
    }

    /// <summary>Waits until the server has heard of a worker of every silo, and for some steps more.</summary>
    /// <param name="steps">How many.</param>
    public async Task AllTrainedForAsync(int steps)
    {
        var server = ServerSilo;
        foreach (var silo in Silos)
        {
            var port = PortPattern().Match((await JoinedAsync(silo)).Text).Groups["port"].Value;
            await server.WaitForLineAsync(
                $"a worker of {silo.Name}", line => Regex.IsMatch(line, $@"worker \d+ is in silo S[\d.]+:{port}:"));
        }

        await PassedAsync(Steps[^1].Step + steps);
    }

    /// <summary>Waits until a server has applied a step.</summary>
    /// <exception cref="InvalidOperationException">The run is over, and had no such step.</exception>
    public async Task PassedAsync(long step)
    {
        var ended = EndedBeforeAsync(step);
        List<Task> waiting = [ended, .. Silos.Select(silo => PassedAsync(silo, step))];
        while (true)
        {
            var first = await Task.WhenAny(waiting);
            waiting.Remove(first);
            if (first.IsCompletedSuccessfully || first == ended || waiting.Count == 1)
            {
                await first;
                return;
            }

            // That silo has ended, and another one serves.
        }
    }

    /// <summary>Waits until the server of a silo has applied a step.</summary>
    public static Task PassedAsync(ChildProcess silo, long step) => silo.WaitForLineAsync(
        $"step {step}", line => AppliedPattern().Match(line) is { Success: true } match && StepOf(match) >= step);

    /// <summary>
    /// Sends a signal to a silo without a parameter server, between steps of one epoch in which nothing else happens: going through what
    /// the silos wrote, starting others, and reporting an epoch take a processor from them.
    /// </summary>
    /// <param name="signal">One of <see cref="Signals"/>.</param>
    /// <param name="stepsPerEpoch">Steps of an epoch.</param>
    /// <returns>The silo, and when the signal was sent.</returns>
    public async Task<(ChildProcess Silo, TimeSpan At)> SignalInCalmAsync(int signal, int stepsPerEpoch)
    {
        var (server, silo) = (ServerSilo, OtherSilo);
        var last = Steps[^1].Step;
        var left = stepsPerEpoch - (last % stepsPerEpoch);
        if (left < StepsOfSignal)
        {
            await PassedAsync(server, last + left);
        }

        var steps = Steps;
        var times = steps.Zip(steps.Skip(1), (before, after) => after.At - before.At).TakeLast(StepsOfCalm).Order();
        var usual = times.ElementAt(StepsOfCalm / 2);
        var at = default(TimeSpan);
        await ChildProcess.KeepQuietAsync(() =>
        {
            // The first time for nothing: to compile this, and to find the system's function, takes milliseconds of a processor.
            foreach (var sent in (int[])[Signals.None, signal])
            {
                Thread.Sleep(StepsOfCalm * usual);
                at = silo.Signal(sent);
            }

            Thread.Sleep(StepsOfMourning * usual);
        });
        await PassedAsync(server, steps[^1].Step + StepsOfSignal);
        return (silo, at);
    }

    /// <summary>The longest time without a step between a moment and a number of seconds later.</summary>
    public TimeSpan LongestStandstill(TimeSpan from, double seconds = 20)
    {
        var (first, last) = (from - TimeSpan.FromSeconds(0.1), from + TimeSpan.FromSeconds(seconds));
        var around = Steps.Where(step => step.At >= first && step.At <= last).ToArray();
        return around.Zip(around.Skip(1), (before, after) => after.At - before.At).DefaultIfEmpty().Max();
    }

    /// <summary>
    /// What a fault cost: how much longer than usual the step took that was under way, or the next one, where the fault came too late for
    /// the first; no more than passed from the fault to the end of that step, which may have been late already. Usual is the median of a
    /// second before. A step that follows an evaluation is left out.
    /// </summary>
    /// <param name="fault">When it came.</param>
    /// <param name="stepsPerEpoch">Steps of an epoch.</param>
    public (TimeSpan Usual, TimeSpan Extra) CostOf(TimeSpan fault, int stepsPerEpoch)
    {
        var steps = Steps;
        var times = steps.Zip(steps.Skip(1), (last, step) => (Begun: last.At, Ended: step.At, Time: step.At - last.At, Follows: last.Step))
            .Where(step => step.Follows % stepsPerEpoch != 0)
            .ToArray();
        var before = times.Where(step => step.Ended < fault && step.Begun > fault - UsualTime).Select(step => step.Time).Order().ToArray();
        var usual = before[before.Length / 2];
        var after = times.Where(step => step.Ended > fault).Take(2);
        return (usual, after.Max(step => TimeSpan.FromTicks(Math.Min((step.Time - usual).Ticks, (step.Ended - fault).Ticks))));
    }

    /// <summary>Waits for the end of the training.</summary>
    /// <returns>What it came to.</returns>
    public async Task<JsonObject> CompletedAsync()
    {
        var exitCode = await Coordinator.WaitForExitAsync();
        Assert.True(exitCode == 0, $"the coordinator ended with {exitCode}\n{Coordinator.Describe()}\n{DescribeSilos()}");
        var line = Coordinator.Lines.Single(line => line.Text.Contains("\"event\":\"completed\"", StringComparison.Ordinal));
        return JsonNode.Parse(line.Text)!.AsObject();
    }

    public string DescribeSilos() => string.Join('\n', _silos.Select(silo => silo.Describe()));

    public async ValueTask DisposeAsync()
    {
        foreach (var process in Processes)
        {
            await process.DisposeAsync();
        }
    }

    private async Task EndedBeforeAsync(long step)
    {
        await Coordinator.WaitForExitAsync();
        if (Steps.All(applied => applied.Step < step))
        {
            throw new InvalidOperationException($"the coordinator ended before step {step}\n{Coordinator.Describe()}");
        }
    }

    private static long StepOf(Match applied) => long.Parse(applied.Groups["step"].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^(?<at>[\d:.]+) .*: step (?<step>\d+) applied$")]
    private static partial Regex AppliedPattern();

    [GeneratedRegex(@"joined: port (?<port>\d+)")]
    private static partial Regex PortPattern();
}
