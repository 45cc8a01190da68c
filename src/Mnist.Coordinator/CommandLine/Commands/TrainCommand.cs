using System.CommandLine;
using Mnist.Clustering;
using Mnist.Coordinator.Output;
using Mnist.Coordinator.Reports;
using Mnist.Coordinator.Runs;
using Mnist.Coordinator.Training;
using Mnist.Grains.Compute;
using Mnist.Grains.Contracts;
using Mnist.Grains.Hosting;

namespace Mnist.Coordinator.CommandLine.Commands;

/// <summary><c>mnist train</c>: trains a network and writes what came of it.</summary>
internal static class TrainCommand
{
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
            EngineOptions.RefuseWithCluster(arguments.Engine, arguments.TorchDevice);
        }
        else
        {
            _ = EngineOptions.Select(arguments.Engine, arguments.TorchDevice);
        }

        var mode = Terminal.Mode(arguments.Json);
        var reporter = TrainingReporters.Create(mode);
        using var interrupted = arguments.Resume ? RunCatalog.ClaimInterrupted(arguments.OutDirectory) : null;
        if (interrupted is not null)
        {
            var continued = await PreparedRun.ContinueAsync(
                interrupted, arguments, directory => DatasetLoader.LoadAsync(directory, mode, interruption.Token));
            return await TrainAsync(continued, arguments, reporter, interruption);
        }

        var (runId, folder) = PreparedRun.Name(arguments);
        using var claim = RunClaim.ForNewRun(folder);
        if (arguments.Resume)
        {
            reporter.Note($"no interrupted run in {arguments.OutDirectory ?? RunFolder.DefaultParent}: beginning a new one");
        }

        var dataset = await DatasetLoader.LoadAsync(arguments.DataDirectory, mode, interruption.Token);
        return await TrainAsync(PreparedRun.Begin(claim, runId, arguments, dataset), arguments, reporter, interruption);
    }

    private static async Task<int> TrainAsync(
        PreparedRun run, TrainArguments arguments, ITrainingReporter reporter, Interruption interruption)
    {
        reporter.Started(run.Started);
        var builder = TrainingHost.CreateBuilder(arguments.Verbose);
        Action<string>? waiting = null;
        if (arguments.Cluster is { } address)
        {
            waiting = reporter.Note;
            ClusterTrainingHost.AddTo(builder, address, waiting);
        }
        else
        {
            builder.Services.AddSingleton(EngineOptions.Select(run.Manifest.Engine, run.Manifest.TorchDevice));
            TrainingHost.AddTo(builder, new TrainingHostOptions { Dataset = run.Dataset, StorageDirectory = run.Folder.StatePath });
        }

        var built = builder.Build();
        var warmup = arguments.Cluster is null ? WarmUpAsync(built, run) : Task.CompletedTask;
        await using var host = await StartedHost.StartAsync(built, interruption.Token);
        await warmup;
        var session = await TrainingSession.FindAsync(host.Grains, run.Manifest.RunId, waiting, interruption.Token);
        var end = await reporter.ShowAsync(() => session.TrainAsync(run.Request, reporter, interruption.Token));
        if (end.Status == RunStatus.Cancelled)
        {
            throw new RunFailedException($"run {run.Manifest.RunId}: was cancelled by somebody else");
        }

        if (end.Outcome is not { } outcome)
        {
            reporter.Paused(run.Manifest.RunId, $"mnist train --resume --out {Quote(run.Folder.Path)}");
            return interruption.ExitCode;
        }

        var report = run.Report(outcome);
        RunOutput.Write(run.Folder.Path, report);
        reporter.Completed(new RunSummary(report, run.Folder.Path));
        return ExitCode.Success;
    }

    /// <summary>A silo's start keeps one core busy; another one compiles meanwhile what the first step would wait for.</summary>
    private static Task WarmUpAsync(IHost host, PreparedRun run)
    {
        var model = host.Services.GetRequiredService<ITrainingModel>();
        return Task.Run(() => TrainingWarmup.Run(model, run.Spec));
    }

    private static string Quote(string path) => path.Any(char.IsWhiteSpace) ? $"'{path}'" : path;
}
