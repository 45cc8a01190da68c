using System.CommandLine;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Mnist.Clustering;
using Mnist.Coordinator.Output;
using Mnist.Coordinator.Runs;
using Mnist.Coordinator.Service;
using Mnist.Coordinator.Web;
using Mnist.Learning;

namespace Mnist.Coordinator.CommandLine.Commands;

/// <summary><c>mnist serve</c>: API and dashboard, and the runs that are begun there.</summary>
internal static class ServeCommand
{
    private const int MaxRunsAtOnce = 64;

    /// <summary>How it is used.</summary>
    public static string[] Examples { get; } =
    [
        "mnist serve",
        "mnist serve --urls http://0.0.0.0:8080 --token \"$(openssl rand -hex 16)\" --public-read",
        "mnist serve --cluster redis://localhost:6379 --enable-faults",
    ];

    /// <summary>Makes the command.</summary>
    public static Command Create(Interruption interruption)
    {
        var urls = OptionFactory.Text(
            "--urls", "URLS", $"Where to listen; several are separated by ; [default: {ServeDefaults.Url}]", "URLs");
        var token = OptionFactory.Text(
            "--token", "SECRET",
            "Bearer token for everything that changes or costs, and, beyond this machine, for everything "
            + $"[default: environment variable {ServeDefaults.TokenVariable}, else none]",
            "a secret");
        var publicRead = OptionFactory.Flag("--public-read", "Let everybody read, also beyond this machine");
        var enableFaults = OptionFactory.Flag("--enable-faults", "Let callers kill workers, slow them down and lose their messages");
        var runs = OptionFactory.FilePath("--runs", "DIR", $"Folder that holds the runs [default: {RunFolder.DefaultParent}]");
        var atOnce = OptionFactory.WholeNumber(
            "--at-once", "N", "Runs that are trained at the same time; others wait [default: one for every two processors]",
            1, MaxRunsAtOnce);
        var cluster = TrainOptions.CreateCluster();
        var engine = EngineOptions.CreateEngine();
        var torchDevice = EngineOptions.CreateTorchDevice();
        var command = new Command("serve", "Serve the API and the dashboard; what is running goes on after a restart")
        {
            urls, token, publicRead, enableFaults, runs, atOnce, cluster, engine, torchDevice, GlobalOptions.Data,
        };
        command.SetAction((result, _) =>
        {
            var options = new ServiceOptions
            {
                RunsDirectory = result.GetValue(runs) ?? RunFolder.DefaultParent,
                RunsAtOnce = result.GetValue(atOnce) ?? Math.Max(1, Environment.ProcessorCount / 2),
                DataDirectory = result.GetValue(GlobalOptions.Data),
                Cluster = result.GetValue(cluster),
                Engine = result.GetValue(engine),
                TorchDevice = result.GetValue(torchDevice),
                EnableFaults = result.GetValue(enableFaults),
            };
            var secret = ServeDefaults.Choose(result.GetValue(token), ServeDefaults.TokenVariable);
            var settings = ServeSettings.Create(result.GetValue(urls) ?? ServeDefaults.Url, secret, result.GetValue(publicRead));
            var mode = Terminal.Mode(result.GetValue(GlobalOptions.Json));
            return RunAsync(options, settings, mode, result.GetValue(GlobalOptions.Verbose), interruption);
        });
        return command;
    }

    // Not inlined: only here anything of ASP.NET Core is loaded.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task<int> RunAsync(
        ServiceOptions options, ServeSettings settings, OutputMode mode, bool isVerbose, Interruption interruption)
    {
        if (options.Cluster is { } address)
        {
            ClusterHosting.EnsureAvailable();
            _ = ClusterAddress.Parse(address, "--cluster");
            EngineOptions.RefuseWithCluster(options.Engine, options.TorchDevice);
        }
        else
        {
            _ = EngineOptions.Select(options.Engine, options.TorchDevice);
        }

        var reporter = TrainingReporters.Create(mode);
        var dataset = await DatasetLoader.LoadAsync(options.DataDirectory, mode, interruption.Token);
        await using var application = CoordinatorHost.Build(options, settings, dataset, isVerbose, reporter.Note);
        try
        {
            await application.StartAsync(interruption.Token);
        }
        catch (IOException exception)
            when (exception.GetBaseException() is SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse })
        {
            throw new InvalidInputException($"--urls: {exception.Message.TrimEnd('.')}, expected a port that no other program listens at");
        }

        foreach (var url in application.Urls)
        {
            if (mode == OutputMode.Json)
            {
                JsonLines.Write(new ListeningEvent(url), EventJsonContext.Default.ListeningEvent);
            }
            else
            {
                Console.Out.WriteLine(url);
            }
        }

        await Task.Delay(Timeout.Infinite, interruption.Token).ContinueWith(_ => { }, TaskScheduler.Default);
        await application.StopAsync(CancellationToken.None);
        return ExitCode.Success;
    }
}
