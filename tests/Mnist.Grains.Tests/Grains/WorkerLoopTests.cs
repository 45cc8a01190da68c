using System.Reflection;
using Microsoft.Extensions.Logging.Abstractions;
using Mnist.Grains.Compute;
using Mnist.Grains.Contracts;
using Mnist.Grains.Grains;
using Mnist.Grains.Wire;
using Mnist.Learning.Specification;
using Orleans;

namespace Mnist.Grains.Tests.Grains;

/// <summary>A worker whose server is the test.</summary>
public sealed class WorkerLoopTests
{
    private const string RunId = "run";
    private const int Rounds = 6;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly List<(byte[] Frame, byte[] Sent)> _received = [];

    [Fact]
    public async Task A_frame_is_used_again_once_its_call_was_answered()
    {
        await RunAsync(failingCall: int.MaxValue);

        Assert.Equal(Rounds, _received.Count);
        Assert.Single(_received.Select(frame => frame.Frame).Distinct(ReferenceEqualityComparer.Instance));
    }

    [Fact]
    public async Task A_frame_whose_call_failed_is_never_written_to_again()
    {
        await RunAsync(failingCall: 2);

        // The call that failed, and the same frame with the next one.
        Assert.Equal(Rounds + 1, _received.Count);
        Assert.Same(_received[2].Frame, _received[3].Frame);
        Assert.Equal(_received[2].Sent, _received[2].Frame);
        Assert.Equal(2, _received.Select(frame => frame.Frame).Distinct(ReferenceEqualityComparer.Instance).Count());
    }

    [Fact]
    public async Task Weights_are_released_once_those_of_the_next_round_are_there()
    {
        var released = new List<long>();
        var calls = new List<(long Round, long[] Released)>();
        await RunAsync(request =>
        {
            calls.Add((request.Round, [.. released]));
            var reply = Reply(request.Round + 1);
            return Task.FromResult(reply with { Weights = new FrameBytes(reply.Weights!.Bytes, _ => released.Add(reply.Round)) });
        });

        // It computes with the weights of the round that it calls in, and the answer brings the next ones.
        Assert.Equal(Rounds + 1, calls.Count);
        Assert.All(
            calls, call => Assert.Equal(Enumerable.Range(0, (int)Math.Max(0, call.Round)).Select(round => (long)round), call.Released));
    }

    [Fact]
    public async Task Weights_that_are_damaged_are_asked_for_again_and_nothing_is_computed_with_others()
    {
        const int Damaged = 3;
        var calls = new List<(long Round, int Frames)>();
        await RunAsync(request =>
        {
            calls.Add((request.Round, request.Frames.Length));
            var reply = Reply(request.Round < 0 && calls.Count > 1 ? Damaged : request.Round + 1);
            if (request.Round + 1 == Damaged)
            {
                reply.Weights!.Bytes[^1] ^= 1;
            }

            return Task.FromResult(reply);
        });

        Assert.Equal([(-1, 0), (0, 1), (1, 1), (2, 1), (-1, 0), (3, 1), (4, 1), (5, 1)], calls);
    }

    [Fact]
    public async Task One_that_leaves_does_not_wait_for_a_server_that_is_gone()
    {
        WorkerLoop? leaving = null;
        var calls = 0;
        using var lane = new ThreadLaneFactory(TimeProvider.System).Create("lane");
        using var loop = CreateLoop(lane, _ =>
        {
            calls++;
            leaving!.Leave();
            return Task.FromException<ExchangeReply>(new TimeoutException());
        });
        leaving = loop;

        await loop.RunAsync(TestContext.Current.CancellationToken).WaitAsync(Patience, TestContext.Current.CancellationToken);

        Assert.Equal(1, calls);
    }

    private Task RunAsync(int failingCall) => RunAsync(request => Exchange(request, failingCall));

    private static async Task RunAsync(Func<ExchangeRequest, Task<ExchangeReply>> exchange)
    {
        using var lane = new ThreadLaneFactory(TimeProvider.System).Create("lane");
        using var loop = CreateLoop(lane, exchange);
        await loop.RunAsync(TestContext.Current.CancellationToken);
    }

    private static WorkerLoop CreateLoop(IComputeLane lane, Func<ExchangeRequest, Task<ExchangeReply>> exchange)
    {
        var assignment = new WorkerAssignment
        {
            RunId = RunId,
            Worker = 0,
            Request = new RunRequest { SpecJson = RunSpecJson.Serialize(StandInModel.Spec()), Options = new RunOptions { Workers = 1 } },
        };
        var server = Proxy.Of<IParameterServerGrain>((_, arguments) => exchange((ExchangeRequest)arguments[0]!));
        var run = Proxy.Of<ITrainingRunGrain>((_, _) => throw new NotSupportedException());
        var grains = Proxy.Of<IGrainFactory>((method, _) => method.ReturnType == typeof(IParameterServerGrain) ? server : run);
        return new WorkerLoop(assignment, grains, new StandInModel(), lane, TimeProvider.System, NullLogger.Instance);
    }

    private Task<ExchangeReply> Exchange(ExchangeRequest request, int failingCall)
    {
        if (request.Frames is [{ Bytes: var frame }])
        {
            _received.Add((frame, [.. frame]));
            if (_received.Count == failingCall + 1)
            {
                return Task.FromException<ExchangeReply>(new TimeoutException());
            }
        }

        return Task.FromResult(Reply(request.Round + 1));
    }

    /// <summary>A round in which the worker has everything to compute; the run ends with the last one.</summary>
    private static ExchangeReply Reply(long round)
    {
        var header = new FrameHeader(FrameKind.Weights, Frame.Fp32, RunId, round, 0, 0, 0, StandInModel.Layout.StateLength);
        return new ExchangeReply
        {
            Round = round,
            Weights = new FrameBytes(Frame.Create(header, new float[header.Count]).Bytes),
            Slices = [0, 1, 2, 3, 4, 5, 6, 7],
            Ended = round == Rounds,
        };
    }

    /// <summary>An object that answers all methods of an interface with one function.</summary>
    public class Proxy : DispatchProxy
    {
        private Func<MethodInfo, object?[], object?> _answer = null!;

        public static T Of<T>(Func<MethodInfo, object?[], object?> answer)
            where T : class
        {
            var proxy = Create<T, Proxy>();
            ((Proxy)(object)proxy)._answer = answer;
            return proxy;
        }

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => _answer(targetMethod!, args!);
    }
}
