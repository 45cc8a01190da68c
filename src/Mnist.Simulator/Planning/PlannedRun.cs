using Microsoft.Extensions.DependencyInjection;
using Mnist.Grains.Compute;
using Mnist.Grains.Contracts;
using Mnist.Grains.Grains;
using Mnist.Grains.Protocol;
using Mnist.Learning.Specification;
using Orleans;
using Orleans.Hosting;
using Orleans.Runtime;
using Orleans.Simulation;

namespace Mnist.Simulator.Planning;

/// <summary>One run of the production grains with some number of workers, in virtual time.</summary>
internal sealed class PlannedRun : IDisposable
{
    // In its first steps a run learns who is there and how long a step takes.
    private const int FirstSteps = 10;

    private const string RunId = "plan";

    // Calls to a server time out after five seconds: in so many times that, something would have come through.
    private static readonly TimeSpan LongestStep = TimeSpan.FromMinutes(2);

    private readonly PlanInput _input;
    private readonly int _workers;
    private readonly int _silos;
    private readonly SimulatedCluster _cluster;
    private readonly Dictionary<GrainId, int> _siloOf = [];
    private readonly FrameSizes _sizes;
    private ServerLoad? _load;
    private GrainId _lead;
    private ParameterServerGrain? _leadGrain;
    private long _bytesToServers;
    private long _bytesFromServers;

    /// <summary>Prepares a run.</summary>
    /// <param name="input">The cluster.</param>
    /// <param name="workers">Number of workers.</param>
    public PlannedRun(PlanInput input, int workers)
    {
        (_input, _workers) = (input, workers);
        _silos = (workers + input.WorkersPerSilo - 1) / input.WorkersPerSilo;
        _sizes = new FrameSizes(input);
        _cluster = new SimulatedCluster(input.Seed, new SimulationOptions
        {
            ConfigureSilo = Configure,
            StorageNames = [StorageNames.Runs, StorageNames.Checkpoints],
            // Turns of a thousand workers share one thread here, but not in the cluster that is modelled.
            TurnDuration = TimeSpan.Zero,
            ComputingTime = request => _load?.Of(request) ?? TimeSpan.Zero,
            Placement = grain => _siloOf.TryGetValue(grain, out var silo) ? SiloName(silo) : null,
        });
        _cluster.Network.Delay = new TimeRange(input.Network.Latency, input.Network.Latency);
        _cluster.Storage.Delay = new TimeRange(TimeSpan.Zero, TimeSpan.Zero);
        _cluster.Network.MessageSize = Weigh;
        _cluster.Network.Bandwidth = Bandwidth.EachWay(input.Network.BytesPerSecond);
        _cluster.TurnEnded += turn =>
        {
            if (turn.Grain == _lead)
            {
                _leadGrain = turn.Instance as ParameterServerGrain;
            }
        };
    }

    private long StepsApplied => _leadGrain?.Server?.Store.Step ?? 0;

    /// <summary>Runs, and measures its steps.</summary>
    /// <returns>What was measured; the efficiency is left for whoever knows what one worker does.</returns>
    public PlanPoint Run()
    {
        _cluster.StartSilos([.. Enumerable.Range(0, _silos).Select(SiloName)]);
        Place();
        var spec = PlanningModel.Shrink(_input.Spec, FirstSteps + _input.Steps);
        _cluster.Call(grains => grains.GetGrain<ITrainingRunGrain>(RunId).StartAsync(new RunRequest
        {
            SpecJson = RunSpecJson.Serialize(spec),
            Options = new RunOptions { Workers = _workers, Partitions = _input.Partitions, CheckpointInterval = TimeSpan.FromDays(1) },
        }));
        if (!Reach(FirstSteps))
        {
            return Result(0, TimeSpan.MaxValue);
        }

        var begun = _cluster.Now;
        (_bytesToServers, _bytesFromServers) = (0, 0);
        _load!.Reset();
        var isThrough = Reach(FirstSteps + _input.Steps);
        return Result(isThrough ? _input.Steps : 0, _cluster.Now - begun);
    }

    public void Dispose() => _cluster.Dispose();

    private static string SiloName(int index) => $"silo-{index}";

    private void Configure(string name, ISiloBuilder builder)
    {
        var slice = PlanningLaneFactory.SliceOn(_input.Calibration, WorkersThatCompute());
        builder.Services.AddSingleton<ITrainingModel>(new PlanningModel(_input.Partitions));
        builder.Services.AddSingleton(new SpeculationOptions());
        builder.Services.AddSingleton<IComputeLaneFactory>(services => new PlanningLaneFactory(
            services.GetRequiredService<TimeProvider>(), _input.Calibration, slice, _cluster.CreateRandom($"compute {name}")));
    }

    /// <summary>Workers of a silo that compute at once: where there are fewer slices than workers, some have nothing to do.</summary>
    private int WorkersThatCompute()
    {
        var computing = Math.Min(_workers, _input.Spec.Slices);
        return Math.Min((computing + _silos - 1) / _silos, _input.WorkersPerSilo);
    }

    /// <summary>As many workers on every silo, and the parameter servers on silos of their own as far as there are enough.</summary>
    private void Place() => _cluster.Call(grains =>
    {
        _siloOf[grains.GetGrain<ITrainingRunGrain>(RunId).GetGrainId()] = 0;
        for (var partition = 0; partition < _input.Partitions; partition++)
        {
            _lead = grains.GetGrain<IParameterServerGrain>(GrainKeys.Of(RunId, partition)).GetGrainId();
            _siloOf[_lead] = partition % _silos;
        }

        for (var worker = 0; worker < _workers; worker++)
        {
            _siloOf[grains.GetGrain<IWorkerGrain>(GrainKeys.Of(RunId, worker)).GetGrainId()] = worker / _input.WorkersPerSilo;
        }

        _load = new ServerLoad(_input.Calibration.Server, _sizes, _input.Spec.Slices, _lead);
        return Task.CompletedTask;
    });

    private long Weigh(SimulatedPayload payload)
    {
        var bytes = _sizes.Of(payload);
        if (payload.Result is ExchangeReply)
        {
            _bytesFromServers += bytes;
        }
        else if (payload.Arguments is [ExchangeRequest])
        {
            _bytesToServers += bytes;
        }

        return bytes;
    }

    /// <summary>Runs until so many steps are applied.</summary>
    /// <returns>False where a step takes for ever.</returns>
    private bool Reach(int steps)
    {
        while (StepsApplied < steps)
        {
            var before = StepsApplied;
            if (!_cluster.Run(() => StepsApplied > before, LongestStep))
            {
                return false;
            }
        }

        return true;
    }

    private PlanPoint Result(int steps, TimeSpan elapsed)
    {
        var capacity = _input.Network.BytesPerSecond * elapsed.TotalSeconds * Math.Min(_silos, _input.Partitions);
        return new PlanPoint(
            _workers,
            _silos,
            _input.Spec.Consistency,
            _input.Spec.Compression,
            steps * _input.Spec.GlobalBatch / elapsed.TotalSeconds,
            0,
            steps == 0 ? double.PositiveInfinity : elapsed.TotalMilliseconds / steps,
            _load!.Busiest / elapsed,
            Math.Max(_bytesToServers, _bytesFromServers) / capacity);
    }
}
