using System.Collections.Concurrent;
using System.Diagnostics;
using Mnist.Grains.Contracts;
using Mnist.Grains.Protocol;
using Mnist.Grains.Telemetry;
using Mnist.Grains.Tests.Grains;
using Orleans.Simulation.Tests;

namespace Mnist.Grains.Tests.Telemetry;

public sealed class TracesTests : IDisposable
{
    private const string Caller = "00-0123456789abcdef0123456789abcdef-0123456789abcdef-01";
    private readonly string _storage = Directory.CreateTempSubdirectory("mnist-traces-").FullName;

    public void Dispose() => Directory.Delete(_storage, recursive: true);

    [Fact]
    public async Task The_first_step_is_traced_from_the_caller_over_run_and_server_to_the_workers()
    {
        var spans = await TrainAsync("traces-first", Caller, new StandInModel());

        var start = Assert.Single(spans, span => span.OperationName == TelemetryNames.StartRun);
        Assert.Equal(Caller, start.ParentId);
        var steps = spans.Where(span => span.OperationName == TelemetryNames.TrainStep);
        var step = Assert.Single(steps, span => Equals(span.GetTagItem(TelemetryNames.Step), 0L));
        Assert.Equal(start.SpanId, step.ParentSpanId);
        Assert.NotEmpty(step.Events);
        var parts = spans.Where(span => span.ParentSpanId == step.SpanId).ToArray();
        Assert.Contains(parts, span => span.OperationName == TelemetryNames.ApplyGradients);
        Assert.Contains(parts, span => span.OperationName == TelemetryNames.ComputeSlices);
        Assert.Contains(parts, span => span.OperationName == TelemetryNames.Exchange);
        Assert.All(parts, span => Assert.Equal(start.TraceId, span.TraceId));
    }

    [Fact]
    public void Of_many_steps_one_a_second_is_traced_and_later_ones_are_linked_to_the_start()
    {
        using var listener = Listen(_ => { });
        var time = new ManualTime();
        var rounds = new RoundPlan(stepsPerEpoch: 30, epochs: 1);
        var trace = new StepTrace("run", time);
        trace.Attach(Caller);
        var traced = new List<(long Step, string Parent)>();
        for (var round = 0; round < rounds.TotalRounds; round++)
        {
            trace.Begin(rounds[round]);
            if (trace.Parent is { } parent)
            {
                traced.Add((rounds[round].Step, parent));
            }

            time.Advance(TimeSpan.FromMilliseconds(100));
            trace.Complete();
            trace.Apply();
            Assert.Null(trace.Parent);
        }

        Assert.Equal([0, 10, 20], traced.Select(step => step.Step));
        Assert.StartsWith(Caller[..36], traced[0].Parent, StringComparison.Ordinal);
        Assert.Equal(3, traced.Select(step => step.Parent[..36]).Distinct().Count());
    }

    [Fact]
    public void A_step_that_is_given_up_ends_with_an_error_and_what_is_traced_around_it_goes_on()
    {
        var ended = new ConcurrentQueue<Activity>();
        using var listener = Listen(ended.Enqueue);
        using var around = new Activity("around").Start();
        var time = new ManualTime();
        var rounds = new RoundPlan(stepsPerEpoch: 30, epochs: 1);
        var trace = new StepTrace("given-up", time);
        trace.Begin(rounds[5]);
        time.Advance(TimeSpan.FromSeconds(3));

        trace.Begin(rounds[3]);

        Assert.Same(around, Activity.Current);
        var step = Assert.Single(ended, span => Equals(span.GetTagItem(TelemetryNames.RunId), "given-up"));
        Assert.Equal((ActivityStatusCode.Error, TimeSpan.FromSeconds(3)), (step.Status, step.Duration));
        Assert.NotEqual(around.TraceId, step.TraceId);
    }

    [Fact]
    public void Nothing_is_said_to_be_traced_where_nothing_is() => Assert.Null(TrainingTraces.CurrentParent);

    private async Task<IReadOnlyCollection<Activity>> TrainAsync(string runId, string traceParent, StandInModel model)
    {
        var spans = new ConcurrentQueue<Activity>();
        using var listener = Listen(spans.Enqueue);
        await using (var silo = await TestSilo.StartAsync(_storage, model))
        {
            var run = await silo.StartRunAsync(runId, StandInModel.Spec(), workers: 2, traceParent: traceParent);
            Assert.Equal(RunStatus.Completed, (await TestSilo.CompletedAsync(run)).Status);
        }

        // Tests that run beside this one train, too; the parts of a step say whose they are by what they belong to.
        var own = spans.Where(span => Equals(span.GetTagItem(TelemetryNames.RunId), runId)).ToArray();
        var traces = own.Select(span => span.TraceId).ToHashSet();
        return [.. spans.Where(span => traces.Contains(span.TraceId))];
    }

    private static ActivityListener Listen(Action<Activity> stopped)
    {
        var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == TelemetryNames.Source,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = stopped,
        };
        ActivitySource.AddActivityListener(listener);
        return listener;
    }
}
