using Orleans.Concurrency;
using Orleans.Placement;
using Orleans.Runtime;

namespace Orleans.Simulation.Tests;

/// <summary>What grains of a run tell its test, which runs on the same thread.</summary>
internal sealed class Journal
{
    public List<string> Lines { get; } = [];

    /// <summary>What a grain may wait for, and the test ends.</summary>
    public TaskCompletionSource Gate { get; } = new();

    public int Count(string start) => Lines.Count(line => line.StartsWith(start, StringComparison.Ordinal));
}

internal interface ICounter : IGrainWithStringKey
{
    /// <summary>Adds 1 and writes.</summary>
    Task<int> Increment();

    Task<int> Get();

    Task<string> Where();

    /// <summary>Takes a time.</summary>
    Task<string> Linger(TimeSpan time);

    /// <summary>Ticks into the journal until the activation ends.</summary>
    Task Tick(TimeSpan period);

    Task<string> WhereIs(string other);

    /// <summary>Brings something that the network is told to have a size.</summary>
    Task<int> Bring(int size);

    /// <summary>Returns something that the network is told to have a size.</summary>
    Task<int> Fetch(int size);

    /// <summary>Adds 1 to another counter.</summary>
    Task<int> IncrementOther(string other);

    [ResponseTimeout("00:00:03")]
    Task<int> IncrementHastily();
}

/// <summary>A counter on any silo.</summary>
internal interface IPlainCounter : ICounter;

/// <summary>A counter on the silo of who calls first.</summary>
internal interface ILocalCounter : ICounter;

[GenerateSerializer]
internal sealed class Count
{
    [Id(0)]
    public int Value { get; set; }
}

internal abstract class Counter(IPersistentState<Count> count, ILocalSiloDetails silo, TimeProvider time, Journal journal)
    : Grain, ICounter
{
    /// <summary>The count, for a test that looks from outside.</summary>
    public int Peek => count.State.Value;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        journal.Lines.Add($"activated {this.GetPrimaryKeyString()} on {silo.Name}");
        return Task.CompletedTask;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        journal.Lines.Add($"deactivated {this.GetPrimaryKeyString()} on {silo.Name} {reason.ReasonCode}");
        return Task.CompletedTask;
    }

    public async Task<int> Increment()
    {
        count.State.Value++;
        journal.Lines.Add($"incremented {this.GetPrimaryKeyString()}");
        await count.WriteStateAsync();
        return count.State.Value;
    }

    public Task<int> Bring(int size)
    {
        journal.Lines.Add($"brought {this.GetPrimaryKeyString()} {size}");
        return Task.FromResult(0);
    }

    public Task<int> Fetch(int size) => Task.FromResult(size);

    public Task<int> IncrementHastily() => Increment();

    public Task<int> Get() => Task.FromResult(count.State.Value);

    public Task<string> Where() => Task.FromResult(silo.Name);

    public async Task<string> Linger(TimeSpan duration)
    {
        await Task.Delay(duration, time);
        return silo.Name;
    }

    public Task Tick(TimeSpan period)
    {
        this.RegisterGrainTimer(
            () =>
            {
                journal.Lines.Add($"tick {this.GetPrimaryKeyString()} on {silo.Name} in {TaskScheduler.Current.GetType().Name}");
                return Task.CompletedTask;
            },
            period,
            period);
        return Task.CompletedTask;
    }

    public Task<int> IncrementOther(string other) => GrainFactory.GetGrain<IPlainCounter>(other).Increment();

    public async Task<string> WhereIs(string other) =>
        $"{silo.Name} {await GrainFactory.GetGrain<ILocalCounter>(other).Where()}";
}

[GrainType("tally")]
internal sealed class PlainCounter(
    [PersistentState("count")] IPersistentState<Count> count, ILocalSiloDetails silo, TimeProvider time, Journal journal)
    : Counter(count, silo, time, journal), IPlainCounter;

[PreferLocalPlacement]
internal sealed class LocalCounter(
    [PersistentState("count")] IPersistentState<Count> count, ILocalSiloDetails silo, TimeProvider time, Journal journal)
    : Counter(count, silo, time, journal), ILocalCounter;

internal interface IPlaced : IGrainWithIntegerKey
{
    Task<string> Where();
}

internal interface IHashed : IPlaced;

internal interface IBalanced : IPlaced;

internal interface IShared : IPlaced
{
    Task<string> WhereShared(long key);
}

[HashBasedPlacement]
internal sealed class Hashed(ILocalSiloDetails silo) : Grain, IHashed
{
    public Task<string> Where() => Task.FromResult(silo.Name);
}

[ActivationCountBasedPlacement]
internal sealed class Balanced(ILocalSiloDetails silo) : Grain, IBalanced
{
    public Task<string> Where() => Task.FromResult(silo.Name);
}

[StatelessWorker(1)]
internal sealed class Shared(ILocalSiloDetails silo) : Grain, IShared
{
    public Task<string> Where() => Task.FromResult(silo.Name);

    public async Task<string> WhereShared(long key) => $"{silo.Name} {await GrainFactory.GetGrain<IShared>(key).Where()}";
}

internal interface IOffender : IGrainWithStringKey
{
    Task LeaveForThePool();

    Task ReturnLate();

    Task ForgetTheContext();

    Task WaitAtTheGate();
}

[Reentrant]
internal sealed class Offender(Journal journal) : Grain, IOffender
{
    public async Task LeaveForThePool() => await ForeignWork.Start();

    public async Task WaitAtTheGate() => await journal.Gate.Task;

    public Task ReturnLate() => ForeignWork.Start();

    public async Task ForgetTheContext()
    {
        await GrainFactory.GetGrain<IPlainCounter>("other").Where().ConfigureAwait(false);
        await GrainFactory.GetGrain<IPlainCounter>("other").Where();
    }
}

/// <summary>Work on a thread of the pool that cannot end before the code that started it awaits it, however busy the machine is.</summary>
internal static class ForeignWork
{
    public static Task Start()
    {
        var isAwaited = new ManualResetEventSlim();
        _ = Task.Factory.StartNew(isAwaited.Set, CancellationToken.None, TaskCreationOptions.None, TaskScheduler.Current);
        return Task.Run(isAwaited.Wait);
    }
}
