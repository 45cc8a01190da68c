using System.CommandLine;
using Mnist.Coordinator.CommandLine;
using Mnist.Grains.Protocol;
using Mnist.Learning;
using Mnist.Learning.Files;
using Mnist.Learning.Models;
using Mnist.Learning.Specification;

namespace Mnist.Simulator.Planning;

/// <summary><c>mnist-simulator plan</c>: predicts what clusters do, and how far the prediction is to be trusted.</summary>
internal static class PlanCommand
{
    private const int DefaultRepeats = 5;
    private const int MeasuredSlices = 8;
    private const int TrainingImages = 60_000;

    private static readonly Option<string?> Recipe = OptionFactory.Choice(
        "--recipe", "What is trained [default: tiny]", Recipes.Names);

    private static readonly Option<string?> Workers = OptionFactory.FilePath(
        "--workers", "LIST", "Numbers of workers, ranges by doubling: 1,2,4,8..1000 [default: from 1 to as many as there are slices]");

    private static readonly Option<int?> Slices = OptionFactory.WholeNumber<int>(
        "--slices", "N", "Slices of a step, a power of two: at most so many workers compute [default: the recipe's]",
        1, RunSpecValidator.MaxSlices);

    private static readonly Option<int?> Batch = OptionFactory.WholeNumber<int>(
        "--batch", "N", "Images of a step [default: as many in a slice as in the recipe]", 1, RunSpecValidator.MaxGlobalBatch);

    private static readonly Option<int?> PerSilo = OptionFactory.WholeNumber<int>(
        "--workers-per-silo", "N", "Workers on each silo [default: the cores of the machine that was measured]", 1, WorkerCounts.Most);

    private static readonly Option<int?> Partitions = OptionFactory.WholeNumber<int>(
        "--partitions", "N", "Parameter servers that share the weights [default: 1]", 1, WorkerCounts.Most);

    private static readonly Option<string?> Network = OptionFactory.Choice(
        "--network", $"Network between silos [default: {NetworkModel.DefaultName}]", [.. NetworkModel.All.Select(network => network.Name)]);

    private static readonly Option<double?> Bandwidth = OptionFactory.Number<double>(
        "--bandwidth", "MBIT", "Mbit/s of each silo's connection in each direction, in place of the network's", "a number above 0",
        value => value > 0 && double.IsFinite(value));

    private static readonly Option<double?> Latency = OptionFactory.Number<double>(
        "--latency", "MICROSECONDS", "How long a message travels, in place of the network's", "a number from 0 to 1000000",
        value => value is >= 0 and <= 1e6);

    private static readonly Option<int?> Steps = OptionFactory.WholeNumber<int>(
        "--steps", "N", "Steps that are simulated of each cluster [default: 100]", 1, 1000);

    private static readonly Option<bool> Calibrate = OptionFactory.Flag(
        "--calibrate", "Measure this machine anew [default: if it was not measured yet for this recipe and size of slices]");

    private static readonly Option<string?> CalibrationPath = OptionFactory.FilePath(
        "--calibration", "FILE", "Where measurements are kept [default: calibration.json in the user's cache folder]");

    private static readonly Option<string?> Verify = OptionFactory.FilePath(
        "--verify", "PROGRAM",
        "Measure, let this mnist or mnist.dll train whole runs with 1 and 2 workers, and compare with what is predicted of them");

    private static readonly Option<int?> Epochs = OptionFactory.WholeNumber<int>(
        "--epochs", "N", "Passes over the training samples in the runs of --verify [default: the recipe's]", 1, RunSpecValidator.MaxEpochs);

    private static readonly Option<int?> Repeats = OptionFactory.WholeNumber<int>(
        "--repeats", "N", $"How often everything is measured [default: {DefaultRepeats}]", 1, 1000);

    private static readonly Option<string?> Output = OptionFactory.FilePath(
        "--out", "DIR", "Folder for plan.csv and plan.svg, created if need be [default: nothing is written]");

    /// <summary>How it is used.</summary>
    public static string[] Examples { get; } =
    [
        "mnist-simulator plan --recipe wide --workers 1,2,4..1000 --slices 1024 --network 1gbit --out plan",
        "mnist-simulator plan --recipe classic --partitions 4 --bandwidth 25000 --latency 50",
        "mnist-simulator plan --recipe tiny --verify src/Mnist.Coordinator/bin/Release/net10.0/mnist.dll",
    ];

    /// <summary>Makes the command.</summary>
    /// <param name="cancellationToken">Stops measuring and planning.</param>
    public static Command Create(CancellationToken cancellationToken)
    {
        var command = new Command("plan", "Predict throughput and efficiency of thousands of workers, from measurements on this machine")
        {
            Recipe, Workers, Slices, Batch, PerSilo, Partitions, Network, Bandwidth, Latency, Steps, Calibrate, CalibrationPath, Verify,
            Epochs, Repeats, Output,
        };
        command.SetAction((result, _) => RunAsync(result, cancellationToken));
        return command;
    }

    private static async Task RunAsync(ParseResult options, CancellationToken cancellationToken)
    {
        var spec = Specify(options);
        var workers = WorkerCounts.Parse(options.GetValue(Workers) ?? $"1..{spec.Slices}");
        var reporter = new PlanReporter(options.GetValue(GlobalOptions.Json));
        var path = options.GetValue(CalibrationPath) ?? CalibrationFile.DefaultPath;
        var file = CalibrationFile.Read(path);
        var program = options.GetValue(Verify);
        if (program is not null && !File.Exists(program))
        {
            throw new InvalidInputException($"--verify {program}: no such file, expected mnist or mnist.dll");
        }

        var calibration = options.GetValue(Calibrate) || program is not null
            ? null
            : file.Find(spec.Recipe, spec.GlobalBatch / spec.Slices);
        if (calibration is null)
        {
            var repeats = options.GetValue(Repeats) ?? DefaultRepeats;
            (calibration, var verification) = await MeasureAsync(spec, program, repeats, cancellationToken);
            file.With(calibration).Write(path);
            Console.Error.WriteLine($"measurements are kept in {path}");
            if (verification is not null)
            {
                reporter.Compare(verification);
                return;
            }
        }

        var input = Assemble(options, spec, calibration);
        reporter.Begin(input);
        var points = new List<PlanPoint>();
        foreach (var point in Planner.Run(input, workers, cancellationToken))
        {
            points.Add(point);
            reporter.Add(point);
        }

        reporter.End(input, points);
        if (options.GetValue(Output) is { } folder)
        {
            Write(folder, input, points);
        }
    }

    private static async Task<(Calibration Calibration, Verification? Verification)> MeasureAsync(
        RunSpec spec, string? program, int repeats, CancellationToken cancellationToken)
    {
        // What is measured for any number of slices shows best in short steps; what is to be compared is trained as it is.
        var few = Math.Min(spec.Slices, MeasuredSlices);
        var measured = program is not null ? spec : spec with { Slices = few, GlobalBatch = spec.GlobalBatch / spec.Slices * few };
        await using var calibrator = await Calibrator.StartAsync(measured, Calibrator.UsualDuration, cancellationToken);
        var runs = new List<ProgramRun>();
        for (var repeat = 1; repeat <= repeats; repeat++)
        {
            Console.Error.WriteLine($"measuring {spec.Recipe}, {repeat} of {repeats}");
            await calibrator.MeasureAsync(cancellationToken);
            if (program is not null)
            {
                foreach (var workers in Verification.Workers)
                {
                    runs.Add(await new TrainingProgram(program, spec).RunAsync(workers, cancellationToken));
                }
            }
        }

        var calibration = calibrator.Result();
        return (calibration, program is null ? null : Verification.Of(spec, calibration, runs));
    }

    private static RunSpec Specify(ParseResult options)
    {
        var recipe = Recipes.Find(options.GetValue(Recipe) ?? "tiny");
        var slices = options.GetValue(Slices) ?? recipe.Slices;
        var batch = options.GetValue(Batch) ?? recipe.GlobalBatch / recipe.Slices * slices;
        var most = PartitionRange.MaximumPartitions(Networks.Create(recipe.Network).Layout.ContributionLength);
        return options.GetValue(Partitions) is { } partitions && partitions > most
            ? throw new InvalidInputException($"--partitions is {partitions}, expected at most {most} for the recipe {recipe.Name}")
            : Recipes.Create(
                recipe.Name, 1, new string('0', 64), TrainingImages, new RunOverrides
                {
                    Slices = slices,
                    GlobalBatch = batch,
                    Epochs = options.GetValue(Epochs),
                });
    }

    private static PlanInput Assemble(ParseResult options, RunSpec spec, Calibration calibration)
    {
        var name = options.GetValue(Network) ?? NetworkModel.DefaultName;
        var network = NetworkModel.All.Single(network => network.Name == name);
        var (bandwidth, latency) = (options.GetValue(Bandwidth), options.GetValue(Latency));
        return new PlanInput
        {
            Spec = spec,
            Calibration = calibration,
            Network = new NetworkModel(
                bandwidth is null && latency is null ? name : $"{name}, changed",
                bandwidth * 1e6 / 8 ?? network.BytesPerSecond,
                latency is { } microseconds ? TimeSpan.FromMicroseconds(microseconds) : network.Latency),
            WorkersPerSilo = options.GetValue(PerSilo) ?? calibration.Cores,
            Partitions = options.GetValue(Partitions) ?? 1,
            Steps = options.GetValue(Steps) ?? 100,
        };
    }

    private static void Write(string folder, PlanInput input, IReadOnlyList<PlanPoint> points)
    {
        try
        {
            Directory.CreateDirectory(folder);
            AtomicFile.WriteAllText(Path.Combine(folder, "plan.csv"), PlanCsv.Format(points));
            AtomicFile.WriteAllText(Path.Combine(folder, "plan.svg"), PlanSvg.Format(PlanningText.Title(input), points));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InvalidInputException($"--out {folder}: cannot be written: {exception.Message}", exception);
        }
    }
}
