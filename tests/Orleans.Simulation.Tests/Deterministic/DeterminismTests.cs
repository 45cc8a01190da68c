using System.Diagnostics;
using System.Globalization;

namespace Orleans.Simulation.Tests;

public sealed class DeterminismTests
{
    private const string HashFile = "ORLEANS_SIMULATION_TEST_HASHES";

    [Fact]
    public void The_same_seed_gives_the_same_run()
    {
        string[] hashes = [.. Enumerable.Range(1, 5).Select(seed => Hash((ulong)seed))];

        Assert.Equal(hashes, Enumerable.Range(1, 5).Select(seed => Hash((ulong)seed)));
        if (Environment.GetEnvironmentVariable(HashFile) is { } file)
        {
            File.WriteAllLines(file, hashes);
        }
    }

    [Fact]
    public void Different_seeds_give_different_runs() =>
        Assert.Equal(20, Enumerable.Range(1, 20).Select(seed => Hash((ulong)seed)).Distinct().Count());

    [Fact]
    public void A_run_does_not_depend_on_the_culture()
    {
        string expected = Hash(3);
        var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        culture.NumberFormat.NumberDecimalSeparator = ",";
        culture.NumberFormat.NegativeSign = "~";
        culture.DateTimeFormat.TimeSeparator = "h";
        var before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = culture;
            Assert.Equal(expected, Hash(3));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public async Task A_run_is_the_same_in_another_process()
    {
        if (Environment.GetEnvironmentVariable(HashFile) is not null)
        {
            return;
        }

        string file = Path.GetTempFileName();
        try
        {
            var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet")
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            start.Environment[HashFile] = file;
            foreach (string argument in (string[])
                ["exec", typeof(DeterminismTests).Assembly.Location, "-method", $"*.{nameof(The_same_seed_gives_the_same_run)}"])
            {
                start.ArgumentList.Add(argument);
            }

            using var process = Process.Start(start)!;
            var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);

            Assert.True(process.ExitCode == 0, await output + await errors);
            Assert.Equal(
                Enumerable.Range(1, 5).Select(seed => Hash((ulong)seed)),
                await File.ReadAllLinesAsync(file, TestContext.Current.CancellationToken));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void What_one_stream_draws_changes_nothing_for_another()
    {
        var one = new SimulatedRandom(7, "one");
        var other = new SimulatedRandom(7, "other");
        ulong[] alone = [one.NextUInt64(), one.NextUInt64(), one.NextUInt64()];

        one = new SimulatedRandom(7, "one");
        ulong[] between = new ulong[3];
        for (int i = 0; i < between.Length; i++)
        {
            between[i] = one.NextUInt64();
            Assert.DoesNotContain(other.NextUInt64(), alone);
        }

        Assert.Equal(alone, between);
    }

    [Fact]
    public void Random_numbers_stay_as_they_are()
    {
        // Published seeds must still give the same runs: change these numbers only together with all of them.
        var random = new SimulatedRandom(1, "pinned");

        ulong[] drawn = [random.NextUInt64(), random.NextUInt64()];
        Assert.Equal(Pinned, drawn);
    }

    [Fact]
    public void A_run_stays_as_it_is() =>

        // What is added to the simulation must not change runs that do not use it. Change this only together with published seeds.
        Assert.Equal("56a5a7cc4b5074ce 1272", Hash(1));

    [Fact]
    public void An_observer_sees_every_event_and_changes_none()
    {
        List<SimulationEvent> events = [];
        string hash = Hash(4, cluster => cluster.Observed += events.Add);

        Assert.Equal(Hash(4), hash);
        var counted = events.Where(one => one.Kind != SimulationEventKind.ActivationEnded);
        Assert.Equal(Enumerable.Range(1, counted.Count()).Select(number => (long)number), counted.Select(one => one.Number));
        Assert.Contains(events, one => one.Kind == SimulationEventKind.ActivationEnded);
        Assert.Contains(events, one => one.Kind == SimulationEventKind.MessageLost);
        Assert.Contains(events, one => one is { Kind: SimulationEventKind.Turn, Silo: "a" });
    }

    private static readonly ulong[] Pinned = [5009236935532867580, 14631191274616917082];

    /// <summary>A run with some of everything.</summary>
    private static string Hash(ulong seed, Action<SimulatedCluster>? observe = null)
    {
        using var run = new Simulated(seed);
        var cluster = run.Cluster;
        observe?.Invoke(cluster);
        cluster.StartSilos("a", "b", "c");
        cluster.Network.LossProbability = 0.05;
        cluster.Storage.AcknowledgementLossProbability = 0.05;
        cluster.Storage.ConflictProbability = 0.05;
        cluster.MembershipConditions.DuplicateProbability = 0.3;
        for (int i = 0; i < 8; i++)
        {
            string key = $"counter {i}";
            _ = cluster.Start(async grains =>
            {
                for (int n = 0; n < 10; n++)
                {
                    await grains.GetGrain<IPlainCounter>(key).Increment().ContinueWith(_ => { }, TaskScheduler.Current);
                    await Task.Delay(TimeSpan.FromSeconds(1), cluster.Time);
                }
            });
        }

        cluster.After(TimeSpan.FromSeconds(3), () => cluster.CrashSilo("b"));
        cluster.After(TimeSpan.FromSeconds(5), () => cluster.PauseSilo("c"));
        cluster.After(TimeSpan.FromSeconds(25), () => cluster.ResumeSilo("c"));
        cluster.After(TimeSpan.FromSeconds(30), () => cluster.StartSilo("b"));
        run.Run(120);
        return string.Create(CultureInfo.InvariantCulture, $"{cluster.EventHash:x16} {cluster.EventCount}");
    }
}
