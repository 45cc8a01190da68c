using Microsoft.Extensions.Logging;
using Mnist.Grains.Compute;
using Mnist.Grains.Contracts;
using Mnist.Grains.Protocol;
using Mnist.Grains.Telemetry;
using Mnist.Learning;
using Mnist.Learning.Specification;
using Mnist.Learning.Training;
using Orleans;

namespace Mnist.Grains.Grains;

/// <summary>
/// A worker's side of the protocol: take the weights of a round, compute slices, hand them in, wait for the next round.
/// Any answer may be lost and any call may fail; then the worker asks again.
/// </summary>
internal sealed partial class WorkerLoop : IDisposable
{
    private static readonly TimeSpan FirstRetryDelay = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestRetryDelay = TimeSpan.FromSeconds(1);

    private readonly WorkerAssignment _assignment;
    private readonly IComputeLane _lane;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ITrainingRunGrain _run;
    private readonly IParameterServerGrain[] _servers;
    private readonly PartitionRange[] _ranges;
    private readonly RoundPlan _rounds;
    private readonly RoundWork _work;
    private readonly WorkerTelemetry _telemetry;

    /// <summary>Answers of partitions that are past the round at hand; they are not called until all are.</summary>
    private readonly ExchangeReply?[] _next;
    private readonly byte[][][] _frames;

    /// <summary>True after a call that failed: it may still be under way, and the frames that it carries with it.</summary>
    private bool _areFramesInUse;
    private long _round = -1;
    private long _checkpointRound = -1;
    private Task<ExchangeReply>? _news;
    private long _newsRound;
    private bool _isEnded;
    private bool _isLeaving;

    public WorkerLoop(
        WorkerAssignment assignment, IGrainFactory grains, ITrainingModel model, IComputeLane lane, TimeProvider time, ILogger logger)
    {
        (_assignment, _lane, _time, _logger) = (assignment, lane, time, logger);
        var spec = RunSpecJson.Parse(assignment.Request.SpecJson);
        var partitions = assignment.Request.Options.Partitions;
        _run = grains.GetGrain<ITrainingRunGrain>(assignment.RunId);
        _servers = [.. Enumerable.Range(0, partitions)
            .Select(partition => grains.GetGrain<IParameterServerGrain>(GrainKeys.Of(assignment.RunId, partition)))];
        var length = model.GetLayout(spec).ContributionLength;
        _ranges = [.. Enumerable.Range(0, partitions).Select(partition => PartitionRange.Of(length, partition, partitions))];
        _rounds = new RoundPlan(new SlicePlan(spec).StepsPerEpoch, spec.Epochs);
        _work = new RoundWork(assignment.RunId, spec, model, partitions);
        _telemetry = new WorkerTelemetry(assignment.RunId, assignment.Worker, time);
        _next = new ExchangeReply?[partitions];
        _frames = new byte[partitions][][];
        ForgetFrames();
    }

    /// <summary>The activation that works; empty where it is of no interest.</summary>
    public string Activation { private get; init; } = "";

    /// <summary>The silo that it is in; empty where it is of no interest.</summary>
    public string Silo { private get; init; } = "";

    private int Lead => _servers.Length - 1;

    /// <summary>Works until the run ends.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var retryDelay = FirstRetryDelay;
        while (!_isEnded)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                await ExchangeAsync(cancellationToken);
                retryDelay = FirstRetryDelay;
            }
            catch (Exception exception) when (
                exception is not (InvalidInputException or RunRejectedException) && !cancellationToken.IsCancellationRequested)
            {
                if (_isLeaving)
                {
                    // The server leaves as well, or nobody is there to serve: whoever stays computes the slices that were not handed in.
                    LogLeft(_assignment.RunId, _assignment.Worker, exception.Message);
                    return;
                }

                _areFramesInUse = true;
                LogRetry(_assignment.RunId, _assignment.Worker, exception.Message);
                await Task.Delay(retryDelay, _time, cancellationToken);
                retryDelay = retryDelay * 2 < LongestRetryDelay ? retryDelay * 2 : LongestRetryDelay;
            }
        }
    }

    /// <summary>Ends the work once the slices at hand are handed in, or cannot be.</summary>
    public void Leave() => _isLeaving = true;

    public void Dispose() => _work.Dispose();

    /// <summary>Calls every partition that is still in the round, and does what they say.</summary>
    private async Task ExchangeAsync(CancellationToken cancellationToken)
    {
        var pending = Enumerable.Range(0, _servers.Length).Where(IsPending).ToArray();
        var replies = await _telemetry.ExchangeAsync(Task.WhenAll(pending.Select(CallAsync)));
        RecycleFrames();
        foreach (var (partition, reply) in pending.Zip(replies))
        {
            Note(partition, reply);
        }

        if (_isEnded)
        {
            return;
        }

        if (Array.Exists(replies, reply => reply.Ended))
        {
            // Only the lead says that a run is over: this partition was told to stop, and goes on when it is asked by a worker that begins.
            Array.Clear(_next);
            _round = -1;
            throw new InvalidOperationException("a partition has stopped serving");
        }

        if (Array.TrueForAll(_next, reply => reply is not null))
        {
            await EnterNextRoundAsync(cancellationToken);
            return;
        }

        if (Array.Exists(_next, reply => reply?.Round < _round))
        {
            // A partition went back to a checkpoint while others still wait for this round: where all of them are has to be asked.
            Array.Clear(_next);
            _round = -1;
            return;
        }

        foreach (var (partition, reply) in pending.Zip(replies).Where(pair => pair.Second.Slices.Length > 0 && _next[pair.First] is null))
        {
            await ComputeAsync(reply.Slices, reply.Speculative, cancellationToken);
            if (_next[Lead] is null || partition != Lead)
            {
                _frames[partition] = _work.CreateFrames(reply.Slices, _ranges[partition]);
            }
        }
    }

    /// <summary>True for a partition that is not known to be past the round, unless it only waits for the lead to end an
    /// evaluation.</summary>
    private bool IsPending(int partition)
    {
        var waitsForLead = partition != Lead && _round >= 0 && _work.Round.IsEvaluation && _next[Lead] is null;
        return _next[partition] is null && !waitsForLead;
    }

    private void Note(int partition, ExchangeReply reply)
    {
        if (partition == Lead)
        {
            _isEnded |= reply.Ended;
            _checkpointRound = reply.CheckpointRound;
        }

        if (reply.Round != _round && !reply.Ended)
        {
            _next[partition] = reply;
        }
    }

    private async Task EnterNextRoundAsync(CancellationToken cancellationToken)
    {
        var replies = _next.Select(reply => reply!).ToArray();
        Array.Clear(_next);
        if (Array.Exists(replies, reply => reply.Round != replies[0].Round))
        {
            await AwaitLaggingPartitionsAsync(replies);
            return;
        }

        // Until all weights are there the worker holds those of no round: it asks for them again where they are damaged.
        _round = -1;
        _work.Begin(_rounds[replies[0].Round]);
        _telemetry.BeginRound(replies[Lead].TraceParent);
        foreach (var reply in replies)
        {
            _work.TakeWeights(reply.Weights!);
        }

        _round = replies[0].Round;
        var slices = replies[Lead].Slices;
        if (slices.Length > 0)
        {
            await ComputeAsync(slices, replies[Lead].Speculative, cancellationToken);
            SetFrames(slices);
        }
    }

    /// <summary>
    /// Partitions are a round apart for as long as the frames of some worker are under way: the one behind is asked to say when it
    /// goes on. If it does not, or is further behind, it went back to a checkpoint, and all have to.
    /// </summary>
    private async Task AwaitLaggingPartitionsAsync(ExchangeReply[] replies)
    {
        var (newest, oldest) = (replies.Max(reply => reply.Round), replies.Min(reply => reply.Round));
        var lagging = Enumerable.Range(0, _servers.Length).Where(partition => replies[partition].Round < newest).ToArray();
        var news = oldest < newest - 1 ? [] : await Task.WhenAll(lagging.Select(partition => _servers[partition].ExchangeAsync(
            new ExchangeRequest
            {
                Worker = _assignment.Worker,
                Round = oldest,
                Frames = [],
                CheckpointRound = _checkpointRound,
                LeadRound = replies[Lead].Round,
                Busy = true,
                Activation = Activation,
                Silo = Silo,
            })));
        if (news.Length > 0 && Array.TrueForAll(news, reply => reply.Round == newest && !reply.Ended))
        {
            replies.CopyTo(_next, 0);
            foreach (var (partition, reply) in lagging.Zip(news))
            {
                _next[partition] = reply;
            }

            return;
        }

        // What the others said may be of an activation that is gone: all are asked again.
        _round = -1;
        if (!Array.Exists(news, reply => reply.Ended))
        {
            await _run.RealignAsync();
        }

        // While a partition has two activations, the run may not see what this worker sees: it is not asked on and on.
        throw new InvalidOperationException($"partitions are at rounds {oldest} to {newest}");
    }

    private void SetFrames(int[] slices)
    {
        for (var partition = 0; partition < _servers.Length; partition++)
        {
            var isConcerned = partition == Lead || !_work.Round.IsEvaluation;
            if (isConcerned && _next[partition] is null)
            {
                _frames[partition] = _work.CreateFrames(slices, _ranges[partition]);
            }
        }
    }

    /// <summary>Servers have read the frames of calls that they have answered, also where an answer brings the next round.</summary>
    private void RecycleFrames()
    {
        if (!_areFramesInUse)
        {
            Array.ForEach(_frames, _work.Recycle);
        }

        _areFramesInUse = false;
        ForgetFrames();
    }

    private void ForgetFrames() => Array.Fill(_frames, []);

    /// <summary>
    /// Computes slices on the lane. What somebody else was to compute may arrive from there at any moment, so that the
    /// worker listens for the next round meanwhile, and drops the work when it comes.
    /// </summary>
    private async Task ComputeAsync(int[] slices, bool isSpeculative, CancellationToken cancellationToken)
    {
        using var measured = _telemetry.Compute(slices.Length);
        using var dropping = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var job = _work.ComputeAsync(_lane, slices, dropping.Token);
        if (isSpeculative && _next[Lead] is null)
        {
            var news = ListenForNextRound();
            if (await Task.WhenAny(job, news) == news && news.IsCompletedSuccessfully && (await news).Round != _round)
            {
                Note(Lead, await news);
                // CancelAsync would run what waits for it on the thread pool, away from the grain's scheduler.
                dropping.Cancel();
                await IgnoreCancellationAsync(job);
                return;
            }
        }

        await job;
    }

    /// <summary>The call that is answered when the round is over: the one that is under way, if there is one.</summary>
    private Task<ExchangeReply> ListenForNextRound()
    {
        if (_news is null || _news.IsCompleted || _newsRound != _round)
        {
            (_news, _newsRound) = (CallAsync(Lead, isBusy: true), _round);
        }

        return _news;
    }

    private static async Task IgnoreCancellationAsync(Task job)
    {
        try
        {
            await job;
        }
        catch (OperationCanceledException)
        {
            // The work was dropped on purpose.
        }
    }

    private Task<ExchangeReply> CallAsync(int partition) => CallAsync(partition, isBusy: false);

    private Task<ExchangeReply> CallAsync(int partition, bool isBusy) => SendAsync(partition, new ExchangeRequest
    {
        Worker = _assignment.Worker,
        Round = _round,
        Frames = isBusy ? [] : Array.ConvertAll(_frames[partition], bytes => new FrameBytes(bytes)),
        MicrosecondsPerSlice = isBusy ? 0 : _work.MicrosecondsPerSlice,
        CheckpointRound = _checkpointRound,
        LeadRound = _next[Lead]?.Round ?? _round,
        Busy = isBusy,
        Leaving = _isLeaving && !isBusy,
        Activation = Activation,
        Silo = Silo,
    });

    [LoggerMessage(Level = LogLevel.Debug, Message = "{RunId}: worker {Worker} asks again: {Reason}")]
    private partial void LogRetry(string runId, int worker, string reason);

    [LoggerMessage(Level = LogLevel.Debug, Message = "{RunId}: worker {Worker} leaves without its slices: {Reason}")]
    private partial void LogLeft(string runId, int worker, string reason);
}
