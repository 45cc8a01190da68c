using Mnist.Coordinator.CommandLine.Commands;
using Mnist.Grains.Compute;
using Mnist.Grains.Hosting;

namespace Mnist.Coordinator.Training;

/// <summary>
/// A silo in this process that starts while the data of its run are loaded. Its start keeps one core busy; another one loads meanwhile,
/// and compiles what the first step would wait for.
/// </summary>
internal sealed class StartingSilo : IAsyncDisposable
{
    // What completes it goes on at once: no grain asks for the model before.
    private readonly TaskCompletionSource<ITrainingModel> _model = new();
    private readonly Task<StartedHost> _start;
    private bool _isHandedOver;

    private StartingSilo(string storageDirectory, bool isVerbose, CancellationToken cancellationToken) =>
        _start = Task.Run(() => StartAsync(storageDirectory, isVerbose, cancellationToken), CancellationToken.None);

    /// <summary>Begins to start a silo.</summary>
    /// <param name="storageDirectory">Folder of the grain storage.</param>
    /// <param name="isVerbose">Whether the runtime's warnings appear on standard error.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static StartingSilo Begin(string storageDirectory, bool isVerbose, CancellationToken cancellationToken) =>
        new(storageDirectory, isVerbose, cancellationToken);

    /// <summary>Hands over what to train, and waits until that can begin.</summary>
    /// <param name="run">The run.</param>
    /// <returns>The silo; the caller's from now on.</returns>
    /// <exception cref="Learning.InvalidInputException">The run's engine is not part of this program.</exception>
    public async Task<StartedHost> ServeAsync(PreparedRun run)
    {
        var model = new TrainingModel(run.Dataset, EngineOptions.Select(run.Manifest.Engine, run.Manifest.TorchDevice));
        _model.SetResult(model);
        TrainingWarmup.Run(model, run.Spec);
        var host = await _start;
        _isHandedOver = true;
        return host;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_isHandedOver)
        {
            return;
        }

        try
        {
            await using var host = await _start;
        }
#pragma warning disable CA1031 // Something else ends the program, or whoever waited for the start was told.
        catch (Exception)
#pragma warning restore CA1031
        {
        }
    }

    private Task<StartedHost> StartAsync(string storageDirectory, bool isVerbose, CancellationToken cancellationToken)
    {
        var builder = TrainingHost.CreateBuilder(isVerbose);
        builder.Services.AddSingleton(_ => _model.Task.GetAwaiter().GetResult());
        TrainingHost.AddTo(builder, new TrainingHostOptions { StorageDirectory = storageDirectory });
        return StartedHost.StartAsync(builder.Build(), cancellationToken);
    }
}
