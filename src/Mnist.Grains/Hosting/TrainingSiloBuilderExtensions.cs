using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Mnist.Grains.Compute;
using Mnist.Grains.Grains;
using Mnist.Grains.Protocol;
using Mnist.Grains.Storage;
using Mnist.Learning.Engines;
using Mnist.Learning.Training;
using Orleans.Hosting;
using Orleans.Runtime.Hosting;

namespace Mnist.Grains.Hosting;

/// <summary>Adds training to a silo.</summary>
public static class TrainingSiloBuilderExtensions
{
    /// <summary>
    /// Registers what the grains of this assembly need: the data set and networks, compute threads, and grain storage if
    /// it is to be in a folder. What is registered before (another engine, another model, other lanes) stays.
    /// </summary>
    /// <param name="builder">The silo.</param>
    /// <param name="options">Data and folders.</param>
    public static ISiloBuilder AddTraining(this ISiloBuilder builder, TrainingHostOptions options)
    {
        builder.Services.TryAddSingleton<IGradientEngineFactory, SimdGradientEngineFactory>();
        if (options.Dataset is { } dataset)
        {
            builder.Services.TryAddSingleton<ITrainingModel>(
                services => new TrainingModel(dataset, services.GetRequiredService<IGradientEngineFactory>()));
        }

        builder.Services.TryAddSingleton<IComputeLaneFactory, ThreadLaneFactory>();
        builder.Services.TryAddSingleton(new SpeculationOptions());
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.TryAddSingleton<FineTimeProvider>();
        return options.StorageDirectory is not { } directory
            ? builder
            : builder.AddFileGrainStorage(StorageNames.Runs, directory).AddFileGrainStorage(StorageNames.Checkpoints, directory);
    }

    /// <summary>Adds a <see cref="FileGrainStorage"/>.</summary>
    /// <param name="builder">The silo.</param>
    /// <param name="name">Name of the storage provider.</param>
    /// <param name="directory">Folder of the files.</param>
    public static ISiloBuilder AddFileGrainStorage(this ISiloBuilder builder, string name, string directory)
    {
        builder.Services.AddGrainStorage(name, (_, _) => new FileGrainStorage(directory));
        return builder;
    }
}
