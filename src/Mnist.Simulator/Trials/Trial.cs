using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Mnist.Grains.Compute;
using Mnist.Grains.Contracts;
using Mnist.Grains.Grains;
using Mnist.Grains.Hosting;
using Mnist.Grains.Protocol;
using Mnist.Learning.Specification;
using Mnist.Simulator.Checks;
using Mnist.Simulator.Faults;
using Mnist.Simulator.Models;
using Orleans;
using Orleans.Hosting;
using Orleans.Runtime;
using Orleans.Simulation;

namespace Mnist.Simulator.Trials;

/// <summary>One training run of the production grains on a simulated cluster, with the faults of a plan.</summary>
internal sealed class Trial : IDisposable
{
    /// <summary>How much virtual time a run may take after all is well again.</summary>
    public static readonly TimeSpan RecoveryBound = TimeSpan.FromMinutes(5);

    /// <summary>How long the cluster goes on after a deletion: for longer than calls and writes are under way.</summary>
    private static readonly TimeSpan AfterDeletion = TimeSpan.FromMinutes(1);

    private const string RunId = "trial";

    private readonly FaultPlan _plan;
    private readonly Coverage _coverage = new();
    private readonly Action<TimeSpan, string>? _tell;
    private readonly ViolationLog _violations;
    private readonly ReferenceTrajectory _reference;
    private readonly SimulatedCluster _cluster;
    private readonly ServerChecker _servers;
    private readonly PatienceChecker _patience;
    private readonly QueueChecker _queues;
    private readonly StorageChecker _storage;
    private readonly ComputeConditions _compute;
    private readonly SimulatedSiloWatch _silos;
    private readonly Dictionary<string, GrainId> _grains = [];
    private readonly string _specJson;
    private FaultInjector? _injector;

    /// <summary>Prepares a trial.</summary>
    /// <param name="plan">A valid plan.</param>
    /// <param name="tell">Told what happens, in words; null for nobody.</param>
    public Trial(FaultPlan plan, Action<TimeSpan, string>? tell = null)
    {
        (_plan, _tell) = (plan, tell);
        var spec = TrialModels.CreateSpec(plan.Run);
        _specJson = RunSpecJson.Serialize(spec);
        _reference = TrialModels.Reference(plan.Run, spec);
        _cluster = new SimulatedCluster(plan.Seed, new SimulationOptions
        {
            ConfigureSilo = ConfigureSilo,
            StorageNames = [StorageNames.Runs, StorageNames.Checkpoints],
            ForeignThreadPatience = TimeSpan.FromMilliseconds(1),
        });
        _cluster.Network.Transfer = FrameTransfer.Copy;
        _violations = new ViolationLog(() => _cluster.Now);
        _servers = new ServerChecker(_reference, plan.Run, _violations);
        _patience = new PatienceChecker(plan.Run, _violations);
        _queues = new QueueChecker(_cluster, plan.Run, _violations);
        _silos = new SimulatedSiloWatch(_cluster);
        _compute = new ComputeConditions(_cluster.CreateRandom("compute"), plan.Run.SliceMilliseconds);
        _storage = new StorageChecker(RunSpecJson.Sha256(spec), plan.Run, _violations);
        _cluster.Stored += _storage.Check;
        _cluster.TurnEnded += OnTurnEnded;
        _cluster.Observed += OnObserved;
        var (detection, notice) = (plan.Cluster.DetectionSeconds, plan.Cluster.NoticeSeconds);
        _cluster.MembershipConditions.FailureDetection = TimeRange.Seconds(detection[0], detection[1]);
        _cluster.MembershipConditions.DeathNotice = TimeRange.Seconds(notice[0], notice[1]);
        _cluster.MembershipConditions.DuplicateProbability = plan.Cluster.DuplicateProbability;
    }

    /// <summary>The cluster, to watch.</summary>
    public SimulatedCluster Cluster => _cluster;

    /// <summary>Runs the trial to its end, or to the first violation.</summary>
    public TrialResult Run()
    {
        try
        {
            RunToTheEnd();
        }
        catch (SimulationException exception)
        {
            _violations.Add(Invariants.Determinism, exception.Message);
        }

        var healedAt = _injector?.HealedAt ?? TimeSpan.Zero;
        return new TrialResult
        {
            Plan = _plan,
            Violation = _violations.First,
            EventHash = _cluster.EventHash,
            Events = _cluster.EventCount,
            Duration = _cluster.Now,
            Recovery = _cluster.Now > healedAt ? _cluster.Now - healedAt : TimeSpan.Zero,
            Coverage = _coverage,
        };
    }

    public void Dispose() => _cluster.Dispose();

    private void RunToTheEnd()
    {
        var active = new ActiveFaults(_cluster, _plan.Cluster, _compute);
        _cluster.StartSilos([.. Enumerable.Range(1, _plan.Cluster.Silos).Select(FaultTarget.Silo)]);
        FindGrains();
        var coordinator = new Coordinator(_cluster, RunId, CreateRequest(), _plan.Run.Deleted, _violations, Say);
        _injector = new FaultInjector(_cluster, _plan, active, coordinator, _coverage, target => _grains[target], Say);
        _cluster.Storage.Decide = NoteCheckpoint;
        coordinator.Start();
        var isOver = () => coordinator.Outcome is not null || _violations.First is not null;
        while (!isOver() && _cluster.Now < _injector.HealedAt + RecoveryBound)
        {
            // The bound moves as faults strike.
            _cluster.Run(isOver, _injector.HealedAt + RecoveryBound - _cluster.Now);
        }

        if (coordinator.Outcome is { } outcome)
        {
            new OutcomeChecker(_reference, _violations).Check(outcome.Progress, outcome.Model);
            _storage.CheckEnd();
            CheckDeletion();
        }
        else
        {
            _violations.Add(
                Invariants.Liveness,
                $"at round {_servers.FurthestRound} the run has not ended {RecoveryBound} after the last fault, at {_injector.HealedAt}");
        }
    }

    private void CheckDeletion()
    {
        if (!_plan.Run.Deleted || _violations.First is not null)
        {
            return;
        }

        _cluster.Run(() => _violations.First is not null, AfterDeletion);
        if (_cluster.StoredRecords is [_, ..] left)
        {
            _violations.Add(
                Invariants.Deletion,
                $"stored {AfterDeletion} after the deletion: "
                + string.Join(", ", left.Select(record => $"{record.StateName} of {record.Grain}")));
        }
    }

    private void ConfigureSilo(string name, ISiloBuilder builder)
    {
        builder.Services.AddSingleton<ITrainingModel>(new CheckedModel(TrialModels.CreateModel(_plan.Run), _reference, _violations));
        builder.Services.AddSingleton(new SpeculationOptions());
        builder.Services.AddSingleton<ISiloWatch>(_ => _silos);
        builder.Services.AddSingleton<IComputeLaneFactory>(
            services => new VirtualLaneFactory(services.GetRequiredService<TimeProvider>(), name, _compute));
        builder.Services.Configure<LoggerFilterOptions>(options => options.MinLevel = LogLevel.Debug);
        builder.Services.AddSingleton<ILoggerProvider>(new PathLogger(_coverage, _tell is null ? null : text => Say($"{name}: {text}")));
    }

    private RunRequest CreateRequest() => new()
    {
        SpecJson = _specJson,
        Options = new RunOptions
        {
            Workers = _plan.Run.Workers,
            Partitions = _plan.Run.Partitions,
            CheckpointInterval = TimeSpan.FromSeconds(_plan.Run.CheckpointSeconds),
        },
    };

    private void FindGrains() => _cluster.Call(grains =>
    {
        _grains[FaultTarget.Run] = grains.GetGrain<ITrainingRunGrain>(RunId).GetGrainId();
        for (var partition = 0; partition < _plan.Run.Partitions; partition++)
        {
            _grains[FaultTarget.Server(partition)] = grains.GetGrain<IParameterServerGrain>(GrainKeys.Of(RunId, partition)).GetGrainId();
        }

        for (var worker = 0; worker < _plan.Run.Workers; worker++)
        {
            _grains[FaultTarget.Worker(worker)] = grains.GetGrain<IWorkerGrain>(GrainKeys.Of(RunId, worker)).GetGrainId();
        }

        return Task.CompletedTask;
    });

    private StorageOutcome? NoteCheckpoint(StorageOperation operation)
    {
        if (operation is { Kind: StorageOperationKind.Write, Storage: StorageNames.Checkpoints })
        {
            _injector!.ReachCheckpoint(_servers.FurthestRound);
        }

        return null;
    }

    private void OnTurnEnded(SimulatedTurn turn)
    {
        _queues.Note();
        if (turn.Instance is ParameterServerGrain grain)
        {
            _servers.Check(grain, $"{turn.Grain} on {turn.Silo}");
            _patience.Note(grain, _cluster.Now);
            _injector?.Reach(_servers.FurthestRound, _servers.FurthestSlices);
        }
    }

    private void OnObserved(SimulationEvent occurrence)
    {
        switch (occurrence.Kind)
        {
            case SimulationEventKind.SiloCrashed or SimulationEventKind.SiloTerminated:
                CountLosses(occurrence);
                EndSilo(occurrence);
                if (occurrence.Kind == SimulationEventKind.SiloTerminated)
                {
                    _injector?.Replace(occurrence.Silo);
                }

                break;
            case SimulationEventKind.SiloStopped:
                EndSilo(occurrence);
                break;
            case SimulationEventKind.StorageFault when occurrence.Detail!.StartsWith("Write checkpoint", StringComparison.Ordinal):
                _coverage.Add(CoverageNames.CheckpointLost);
                break;
            case SimulationEventKind.ActivationCreated when _cluster.Locate(occurrence.Grain).Any(silo => silo != occurrence.Silo):
                _coverage.Add(CoverageNames.Duplicate);
                break;
        }

        if (_tell is not null && Timeline.Describe(occurrence) is { } text)
        {
            Say(text);
        }
    }

    private void EndSilo(SimulationEvent occurrence) => _silos.End(SiloOf(occurrence).Address.ToString());

    /// <summary>The newest life of the silo.</summary>
    private SimulatedSilo SiloOf(SimulationEvent occurrence) => _cluster.Silos.Last(silo => silo.Name == occurrence.Silo);

    private void CountLosses(SimulationEvent occurrence)
    {
        foreach (var server in SiloOf(occurrence).Activations.Select(activation => activation.Instance).OfType<ParameterServerGrain>())
        {
            if (_servers.IsMidStep(server))
            {
                _coverage.Add(CoverageNames.ServerLostMidStep);
            }
        }
    }

    private void Say(string text) => _tell?.Invoke(_cluster.Now, text);
}
