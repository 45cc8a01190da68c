using System.CommandLine;
using Mnist.Clustering;
using Mnist.Coordinator.Output;
using Mnist.Coordinator.Reports;
using Mnist.Coordinator.Runs;
using Mnist.Coordinator.Training;
using Mnist.Grains.Contracts;

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
            await using var continuing = BeginSilo(interrupted.Folder, arguments, interruption);
            var continued = await PreparedRun.ContinueAsync(
                interrupted, arguments, directory => DatasetLoader.LoadAsync(directory, mode, interruption.Token));
            return await TrainAsync(continued, continuing, arguments, reporter, interruption);
        }

        var (runId, folder) = PreparedRun.Name(arguments);
        using var claim = RunClaim.ForNewRun(folder);
        if (arguments.Resume)
        {
            reporter.Note($"no interrupted run in {arguments.OutDirectory ?? RunFolder.DefaultParent}: beginning a new one");
        }

        await using var silo = BeginSilo(folder, arguments, interruption);
        var dataset = await DatasetLoader.LoadAsync(arguments.DataDirectory, mode, interruption.Token);
        return await TrainAsync(PreparedRun.Begin(claim, runId, arguments, dataset), silo, arguments, reporter, interruption);
    }

    /// <summary>The silo of this process; null where a cluster trains.</summary>
    private static StartingSilo? BeginSilo(RunFolder folder, TrainArguments arguments, Interruption interruption) =>
        arguments.Cluster is null ? StartingSilo.Begin(folder.StatePath, arguments.Verbose, interruption.Token) : null;

    private static async Task<int> TrainAsync(
        PreparedRun run, StartingSilo? silo, TrainArguments arguments, ITrainingReporter reporter, Interruption interruption)
    {
        using var firstStep = FirstStepClock.Start();
        reporter.Started(run.Started);
        var wait = arguments.Cluster is null
            ? null
            : new ClusterWait(reporter.Note, TimeSpan.FromSeconds(arguments.PatienceSeconds), TimeProvider.System);
        await using var host = silo is null
            ? await ClusterTrainingHost.StartAsync(arguments.Cluster!, arguments.Verbose, wait!, interruption.Token)
            : await silo.ServeAsync(run);
        var session = await TrainingSession.FindAsync(host.Grains, run.Manifest.RunId, wait, interruption.Token);
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

        var report = run.Report(outcome) with { StartSeconds = firstStep.StartSeconds, FirstStepAt = firstStep.FirstStepAt };
        RunOutput.Write(run.Folder.Path, report);
        reporter.Completed(new RunSummary(report, run.Folder.Path));
        return ExitCode.Success;
    }

    private static string Quote(string path) => path.Any(char.IsWhiteSpace) ? $"'{path}'" : path;
}
