using System.CommandLine;
using Mnist.Benchmarks.Load;
using Mnist.Coordinator;
using Mnist.Coordinator.CommandLine;
using Mnist.Coordinator.Output;

namespace Mnist.Benchmarks.CommandLine;

/// <summary><c>mnist-benchmarks load</c>: a coordinator that trains while many watch and ask.</summary>
internal static class LoadCommand
{
    private const int DefaultReaders = 200;
    private const int DefaultPredictions = 100;
    private const int DefaultTurns = 3;
    private const double DefaultTurnSeconds = 10;
    private const double DefaultSoakSeconds = 600;

    /// <summary>How it is used.</summary>
    public static string[] Examples { get; } =
    [
        "mnist-benchmarks load",
        "mnist-benchmarks load --readers 50 --turns 1 --turn-seconds 5 --soak-seconds 20",
    ];

    /// <summary>Makes the command.</summary>
    public static Command Create(Interruption interruption)
    {
        var readers = OptionFactory.WholeNumber("--readers", "N", $"Readers of the event stream [default: {DefaultReaders}]", 1, 1500);
        var predictions = OptionFactory.WholeNumber(
            "--predictions", "N", $"Predictions asked for each second [default: {DefaultPredictions}]", 1, 500);
        var turns = OptionFactory.WholeNumber(
            "--turns", "N", $"How often training is measured alone and under load, by turns [default: {DefaultTurns}]", 0, 100);
        var turnSeconds = Seconds("--turn-seconds", $"Length of such a measurement [default: {DefaultTurnSeconds}]");
        var soakSeconds = Seconds("--soak-seconds", $"How long memory is watched under load afterwards [default: {DefaultSoakSeconds}]");
        var command = new Command("load", "Measure what watchers and predictions cost a coordinator that trains")
        {
            readers, predictions, turns, turnSeconds, soakSeconds, GlobalOptions.Data,
        };
        command.SetAction((result, _) => RunAsync(
            new LoadOptions(
                result.GetValue(readers) ?? DefaultReaders,
                result.GetValue(predictions) ?? DefaultPredictions,
                result.GetValue(turns) ?? DefaultTurns,
                result.GetValue(turnSeconds) ?? DefaultTurnSeconds,
                result.GetValue(soakSeconds) ?? DefaultSoakSeconds),
            result.GetValue(GlobalOptions.Data),
            Terminal.Mode(result.GetValue(GlobalOptions.Json)),
            interruption.Token));
        return command;
    }

    private static Option<double?> Seconds(string name, string description) => OptionFactory.Number<double>(
        name, "N", description, "a number from 1 to 3600", value => value is >= 1 and <= 3600);

    private static async Task<int> RunAsync(LoadOptions options, string? data, OutputMode mode, CancellationToken cancellationToken)
    {
        var dataset = await DatasetLoader.LoadAsync(data, mode, cancellationToken);
        var isJson = mode == OutputMode.Json;
        if (!isJson)
        {
            Console.WriteLine($"{About.Machine}; {options.Readers} readers, {options.PredictionsPerSecond} predictions a second");
        }

        var test = new LoadTest(options, dataset, turn => Write(turn, isJson), memory => Write(memory, isJson));
        var folder = Directory.CreateTempSubdirectory("mnist-load-");
        try
        {
            await test.RunAsync(folder.FullName, data, cancellationToken);
        }
        finally
        {
            folder.Delete(recursive: true);
        }

        return ExitCode.Success;
    }

    private static void Write(TurnEvent turn, bool isJson)
    {
        if (isJson)
        {
            JsonLines.Write(turn, LoadJsonContext.Default.TurnEvent);
            return;
        }

        Console.WriteLine(
            $"turn {turn.Turn}  alone {turn.Alone:N0} steps/s  under load {turn.Loaded:N0}  {turn.Loaded / turn.Alone:P0}  "
            + $"{turn.PredictionsPerSecond:N0} predictions/s  {turn.Failures} failures");
    }

    private static void Write(MemoryEvent memory, bool isJson)
    {
        if (isJson)
        {
            JsonLines.Write(memory, LoadJsonContext.Default.MemoryEvent);
            return;
        }

        Console.WriteLine(
            $"{memory.Seconds,6:N0} s  {memory.ResidentMegabytes:N0} MB resident  {memory.ManagedMegabytes:N0} MB managed  "
            + $"{memory.PredictionsPerSecond:N0} predictions/s  {memory.Failures} failures");
    }
}
