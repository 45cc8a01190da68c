using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Mnist.Clustering;
using Mnist.Grains;
using Mnist.Grains.Compute;
using Mnist.Grains.Telemetry;
using Mnist.Learning;
using Mnist.Learning.Data;
using Mnist.Learning.Data.Fetching;
using Mnist.Learning.Torch;
using Mnist.Learning.Training;
using Mnist.ServiceDefaults;
using Mnist.Silo.Http;

namespace Mnist.Silo;

/// <summary>The program <c>mnist-silo</c>: one silo of a cluster, until it is told to stop.</summary>
internal static partial class SiloProgram
{
    private const int Success = 0;
    private const int Failure = 1;
    private const int BadInput = 2;

    /// <summary>Runs a silo.</summary>
    /// <param name="args">What the user typed after the program's name.</param>
    /// <returns>The exit code: 0 after a graceful stop, 2 where the configuration is not usable, 1 for any other failure.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        if (args is ["--help" or "-h"])
        {
            Console.WriteLine(SiloArguments.Help);
            return Success;
        }

        if (args is ["--version"])
        {
            var version = typeof(SiloProgram).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion;
            Console.WriteLine($"mnist-silo {version}, {Edition.Name} edition ({Edition.Parts})");
            return Success;
        }

        try
        {
            await RunSiloAsync(args);
            return Success;
        }
        catch (InvalidInputException exception)
        {
            return Fail(exception.Message, BadInput);
        }
        catch (OperationCanceledException)
        {
            return Fail("told to stop before it had joined the cluster", Failure);
        }
        catch (Exception exception)
        {
            var cause = exception.GetBaseException();
            return Fail($"{cause.GetType().Name}: {cause.Message}", Failure);
        }
    }

    private static async Task RunSiloAsync(string[] args)
    {
        ClusterHosting.EnsureAvailable();

        // The web host reads its settings from the program's folder and the environment, as the plain one does.
        var configuration = new ConfigurationManager();
        configuration.AddJsonFile(Path.Combine(AppContext.BaseDirectory, "appsettings.json"), optional: true)
            .AddJsonFile(Path.GetFullPath("appsettings.json"), optional: true)
            .AddEnvironmentVariables();
        SiloArguments.AddTo(configuration, args);
        var settings = ClusterSettings.ReadForSilo(configuration);
        var http = HttpSettings.Read(configuration);
        var engines = GradientEngines.Select(
            new EngineChoice(settings.Engine, settings.TorchDevice, ClusterKeys.Engine, ClusterKeys.TorchDevice));
        using var host = await BuildAsync(configuration, settings, http, engines);
        var logger = host.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Mnist.Silo");
        var warmup = Task.Run(CoordinationWarmup.Run);
        await host.StartAsync();
        await warmup;
        ClosingThreads.Start();
        LogJoined(logger, configuration["Orleans:Endpoints:SiloPort"]!, settings.Provider, settings.WorkersPerSilo, engines.Name);
        await host.WaitForShutdownAsync();
        LogLeft(logger);
    }

    private static async Task<IHost> BuildAsync(
        IConfiguration configuration, ClusterSettings settings, HttpSettings? http, IGradientEngineFactory engines)
    {
        var dataset = await LoadDataAsync(settings.DataDirectory);
        if (http is null)
        {
            var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
            Configure(builder, configuration, engines);
            builder.AddTrainingSilo(settings, dataset);
            return builder.Build();
        }

        var web = WebApplication.CreateSlimBuilder();
        Configure(web, configuration, engines);
        HttpEndpoints.AddTo(web, http, settings, dataset);
        var application = web.Build();
        HttpEndpoints.Map(application, http);
        return application;
    }

    private static void Configure(IHostApplicationBuilder builder, IConfiguration configuration, IGradientEngineFactory engines)
    {
        builder.Services.AddSingleton(engines);
        builder.Configuration.Sources.Clear();
        builder.Configuration.AddConfiguration(configuration);
        builder.Logging.ClearProviders();
        builder.Logging.AddConfiguration(configuration.GetSection("Logging"));
        builder.Logging.AddConsole();
        builder.AddServiceDefaults(TelemetryNames.Source);
    }

    private static async Task<Dataset> LoadDataAsync(string? directory)
    {
        using var client = HttpMirror.CreateClient();
        return await MnistSource.CreateDefault(client).LoadAsync(directory);
    }

    private static int Fail(string message, int exitCode)
    {
        Console.Error.WriteLine($"error: {message.ReplaceLineEndings(" ")}");
        return exitCode;
    }

    [LoggerMessage(
        Level = LogLevel.Information, Message = "joined: port {Port}, {Provider} clustering, {Slots} worker slots, engine {Engine}")]
    private static partial void LogJoined(ILogger logger, string port, string provider, int slots, string engine);

    [LoggerMessage(Level = LogLevel.Information, Message = "left")]
    private static partial void LogLeft(ILogger logger);
}
