using System.CommandLine;
using Mnist.Clustering;
using Mnist.Coordinator.Output;
using Mnist.Coordinator.Reports;
using Mnist.Coordinator.Runs;
using Mnist.Coordinator.Training;
using Mnist.Grains.Hosting;
using Mnist.Learning;
using Mnist.Learning.Torch;
using Mnist.Learning.Training;

namespace Mnist.Coordinator.CommandLine.Commands;

/// <summary><c>mnist train</c>: trains a network and writes what came of it.</summary>
internal static class TrainCommand
{
    private const string EngineOption = "--engine";
    private const string TorchDeviceOption = "--torch-device";

    /// <summary>How it is used.</summary>
    public static string[] Examples { get; } =
    [
        "mnist train",
        "mnist train --recipe small --seed 7 --workers 8 --out results",
        "mnist train --recipe wide --validation 5000 --target-accuracy 0.995",
        "mnist train --data ~/fashion-mnist --epochs 10 --augment",
        "mnist train --resume",
        "mnist train --cluster primary://127.0.0.1:11111",
    ];

    /// <summary>Makes the command.</summary>
    public static Command Create(Interruption interruption)
    {
        var options = new TrainOptions();
        var command = new Command(
            "train",
            "Train a network: any number of workers ends with the same bits; Ctrl-C writes a checkpoint for --resume");
        options.AddTo(command);
        command.SetAction((result, _) => RunAsync(options.Read(result), interruption));
        return command;
    }

    private static async Task<int> RunAsync(TrainArguments arguments, Interruption interruption)
    {
        if (arguments.Cluster is { } address)
        {
            // Before anything is created or fetched.
            ClusterHosting.EnsureAvailable();
            _ = ClusterAddress.Parse(address, "--cluster");
            RefuseEngine(arguments);
        }
        else
        {
            _ = SelectEngine(arguments.Engine, arguments.TorchDevice);
        }

        var mode = Terminal.Mode(arguments.Json);
        var reporter = TrainingReporters.Create(mode);
        using var interrupted = arguments.Resume ? RunCatalog.ClaimInterrupted(arguments.OutDirectory) : null;
        if (interrupted is not null)
        {
            var continued = await PreparedRun.ContinueAsync(interrupted, arguments, mode, interruption.Token);
            return await TrainAsync(continued, arguments, reporter, interruption);
        }

        var (runId, folder) = PreparedRun.Name(arguments);
        using var claim = RunClaim.ForNewRun(folder);
        if (arguments.Resume)
        {
            reporter.Note($"no interrupted run in {arguments.OutDirectory ?? RunFolder.DefaultParent}: beginning a new one");
        }

        var begun = await PreparedRun.BeginAsync(claim, runId, arguments, mode, interruption.Token);
        return await TrainAsync(begun, arguments, reporter, interruption);
    }

    private static async Task<int> TrainAsync(
        PreparedRun run, TrainArguments arguments, ITrainingReporter reporter, Interruption interruption)
    {
        reporter.Started(run.Started);
        var options = new TrainingHostOptions { Dataset = run.Dataset, StorageDirectory = run.Folder.StatePath };
        var host = arguments.Cluster is { } address
            ? ClusterTrainingHost.Build(address, arguments.Verbose, reporter.Note)
            : TrainingHost.Build(options, SelectEngine(run.Manifest.Engine, run.Manifest.TorchDevice), arguments.Verbose);
        await using var session = await TrainingSession.StartHostAsync(
            host, run.Manifest.RunId, arguments.Cluster is null ? null : reporter.Note, interruption.Token);
        var outcome = await reporter.ShowAsync(() => session.TrainAsync(run.Request, reporter, interruption.Token));
        if (outcome is null)
        {
            reporter.Paused(run.Manifest.RunId, $"mnist train --resume --out {Quote(run.Folder.Path)}");
            return interruption.ExitCode;
        }

        var report = run.Report(outcome);
        RunOutput.Write(run.Folder.Path, report);
        reporter.Completed(new RunSummary(report, run.Folder.Path));
        return ExitCode.Success;
    }

    private static IGradientEngineFactory SelectEngine(string? engine, string? torchDevice) =>
        GradientEngines.Select(new EngineChoice(engine, torchDevice, EngineOption, TorchDeviceOption));

    /// <summary>What a silo computes with depends on what it is made of, and on the build that it runs: it says so itself.</summary>
    private static void RefuseEngine(TrainArguments arguments)
    {
        (string Option, string? Value, string Key)[] options =
        [
            (EngineOption, arguments.Engine, ClusterKeys.Engine),
            (TorchDeviceOption, arguments.TorchDevice, ClusterKeys.TorchDevice),
        ];
        foreach (var (option, value, key) in options)
        {
            if (value is not null)
            {
                throw new InvalidInputException(
                    $"{option} is '{value}', but with --cluster each silo has its own: expected {key} in the settings of the silos");
            }
        }
    }

    private static string Quote(string path) => path.Any(char.IsWhiteSpace) ? $"'{path}'" : path;
}
