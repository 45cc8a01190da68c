using System.CommandLine;
using Mnist.Benchmarks.Comparison;
using Mnist.Coordinator;
using Mnist.Coordinator.CommandLine;
using Mnist.Coordinator.Output;
using Mnist.Learning.Data;

namespace Mnist.Benchmarks.CommandLine;

/// <summary><c>mnist-benchmarks compare</c>: this project and PyTorch in turn, on the same machine and the same work.</summary>
internal static class CompareCommand
{
    private const int DefaultRuns = 5;
    private const int MostRuns = 1000;
    private const double DefaultSeconds = 1.5;
    private const string OnlyThroughput = "throughput";
    private const string OnlyAccuracy = "accuracy";

    /// <summary>How it is used.</summary>
    public static string[] Examples { get; } =
    [
        "mnist-benchmarks compare",
        "mnist-benchmarks compare --networks tiny,mlp --runs 9 --only throughput",
        "mnist-benchmarks compare --only accuracy --runs 3",
        "mnist-benchmarks compare --channels-last --json",
    ];

    /// <summary>Makes the command.</summary>
    public static Command Create(Interruption interruption)
    {
        var networks = NetworkList.CreateOption();
        var runs = OptionFactory.WholeNumber("--runs", "N", $"Runs that medians are taken over [default: {DefaultRuns}]", 1, MostRuns);
        var seconds = OptionFactory.Number<double>(
            "--seconds", "N", $"Length of a measurement of throughput [default: {DefaultSeconds}]",
            "a number from 0.1 to 600", value => value is >= 0.1 and <= 600);
        var only = OptionFactory.Choice(
            "--only",
            $"Only images a second, or only the time of the whole recipe {ComparisonOptions.RaceRecipe} and its accuracy",
            [OnlyThroughput, OnlyAccuracy]);
        var channelsLast = OptionFactory.Flag("--channels-last", "PyTorch keeps activations as (n, y, x, channel)");
        var python = OptionFactory.FilePath("--python", "FILE", "The Python that has PyTorch [default: python3, then /usr/bin/python3]");
        var command = new Command("compare", "Train with 1 and 2 workers and with PyTorch in turn, and print ratios: the work is the same")
        {
            networks, runs, seconds, only, channelsLast, python,
        };
        command.SetAction((result, _) =>
        {
            var part = result.GetValue(only);
            var options = new ComparisonOptions
            {
                Networks = part == OnlyAccuracy ? [] : NetworkList.Parse(result.GetValue(networks)),
                Runs = result.GetValue(runs) ?? DefaultRuns,
                Seconds = result.GetValue(seconds) ?? DefaultSeconds,
                Race = part != OnlyThroughput,
                ChannelsLast = result.GetValue(channelsLast),
                Python = result.GetValue(python),
            };
            return RunAsync(options, Terminal.Mode(result.GetValue(GlobalOptions.Json)), interruption.Token);
        });
        return command;
    }

    private static async Task<int> RunAsync(ComparisonOptions options, OutputMode mode, CancellationToken cancellationToken)
    {
        var isJson = mode == OutputMode.Json;
        var dataset = await DatasetLoader.LoadAsync(directory: null, mode, cancellationToken);
        await using var runner = await ComparisonRunner.StartAsync(options, dataset, CacheFolder.ForUser(), cancellationToken);
        if (isJson)
        {
            JsonLines.Write(
                new ComparedEvent(About.Machine, runner.TorchVersion, options.ChannelsLast), ComparisonJsonContext.Default.ComparedEvent);
        }
        else
        {
            Console.WriteLine($"{About.Machine}; PyTorch {runner.TorchVersion}{(options.ChannelsLast ? ", channels last" : "")}");
        }

        await MeasureAsync(runner, options, isJson, cancellationToken);
        if (options.Race)
        {
            await RaceAsync(runner, isJson, cancellationToken);
        }

        return ExitCode.Success;
    }

    private static async Task MeasureAsync(
        ComparisonRunner runner, ComparisonOptions options, bool isJson, CancellationToken cancellationToken)
    {
        var summaries = new List<NetworkSummary>();
        foreach (var network in options.Networks)
        {
            var measurements = new List<Measurement>();
            await runner.MeasureAsync(
                network,
                measurement =>
                {
                    measurements.Add(measurement);
                    Write(new MeasuredEvent(measurement), ComparisonText.Line(measurement), isJson);
                },
                cancellationToken);
            summaries.Add(NetworkSummary.Of(network, measurements));
        }

        if (isJson)
        {
            summaries.ForEach(summary => JsonLines.Write(new NetworkEvent(summary), ComparisonJsonContext.Default.NetworkEvent));
        }
        else if (summaries.Count > 0)
        {
            WriteTable(ComparisonText.Throughput(summaries));
        }
    }

    private static async Task RaceAsync(ComparisonRunner runner, bool isJson, CancellationToken cancellationToken)
    {
        var recipes = new List<TrainedRecipe>();
        await runner.RaceAsync(
            recipe =>
            {
                recipes.Add(recipe);
                if (isJson)
                {
                    JsonLines.Write(new TrainedEvent(recipe), ComparisonJsonContext.Default.TrainedEvent);
                }
                else
                {
                    Console.WriteLine(ComparisonText.Line(recipe));
                }
            },
            cancellationToken);
        var summary = RaceSummary.Of(recipes);
        if (isJson)
        {
            JsonLines.Write(new RaceEvent(summary), ComparisonJsonContext.Default.RaceEvent);
        }
        else
        {
            WriteTable(ComparisonText.Race(summary));
        }
    }

    private static void Write(MeasuredEvent measured, string line, bool isJson)
    {
        if (isJson)
        {
            JsonLines.Write(measured, ComparisonJsonContext.Default.MeasuredEvent);
        }
        else
        {
            Console.WriteLine(line);
        }
    }

    private static void WriteTable(IReadOnlyList<string> lines)
    {
        Console.WriteLine();
        foreach (var line in lines)
        {
            Console.WriteLine(line);
        }

        Console.WriteLine();
    }
}
