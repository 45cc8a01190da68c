using Microsoft.Extensions.DependencyInjection;
using Orleans.Hosting;
using Orleans.Runtime;

namespace Orleans.Simulation.Tests;

/// <summary>A simulated cluster with the grains of these tests and what they told.</summary>
internal sealed class Simulated : IDisposable
{
    public Simulated(ulong seed, params string[] silos)
        : this(seed, 0.001, silos)
    {
    }

    public Simulated(
        ulong seed, double patienceInSeconds, string[] silos, Func<SimulatedRequest, TimeSpan>? computingTime = null)
    {
        var options = new SimulationOptions
        {
            ConfigureSilo = (_, silo) => silo.ConfigureServices(services => services.AddSingleton(Journal)),
            ForeignThreadPatience = TimeSpan.FromSeconds(patienceInSeconds),
            ComputingTime = computingTime,
        };
        Cluster = new SimulatedCluster(seed, options);
        if (silos.Length > 0)
        {
            Cluster.StartSilos(silos);
        }
    }

    public Journal Journal { get; } = new();

    public SimulatedCluster Cluster { get; }

    public static GrainId Id(string key) => GrainId.Create("tally", key);

    public T Call<T>(string key, Func<ICounter, Task<T>> call) =>
        Cluster.Call(grains => call(grains.GetGrain<IPlainCounter>(key)));

    /// <summary>Begins a call; what it throws is in the task.</summary>
    public Task<T> Begin<T>(string key, Func<ICounter, Task<T>> call)
    {
        var result = new TaskCompletionSource<T>();
        _ = Cluster.Start(async grains =>
        {
            try
            {
                result.SetResult(await call(grains.GetGrain<IPlainCounter>(key)));
            }
            catch (Exception exception)
            {
                result.SetException(exception);
            }
        });
        return result.Task;
    }

    public Exception? Outcome(Task task, double seconds = 120)
    {
        Assert.True(Cluster.Run(() => task.IsCompleted, TimeSpan.FromSeconds(seconds)), "The call did not end.");
        return task.Exception?.InnerException;
    }

    public void Run(double seconds) => Cluster.Run(TimeSpan.FromSeconds(seconds));

    public SimulatedSilo Silo(string name) => Cluster.Silos.Last(silo => silo.Name == name);

    public void Dispose() => Cluster.Dispose();
}
