using System.Diagnostics;
using Mnist.Learning.Models;
using Mnist.Learning.Training;

namespace Mnist.Learning.Tests.Engines;

/// <summary>Images a second of an engine: taking weights over and the contribution of a slice, again and again.</summary>
/// <param name="Best">Of the fastest of many short runs.</param>
/// <param name="Median">Of their median.</param>
/// <param name="Processor">Over the CPU time of all of them.</param>
internal readonly record struct Throughput(double Best, double Median, double Processor)
{
    /// <summary>Measures for three seconds.</summary>
    public static Throughput Measure(IGradientEngine engine, NetworkDefinition network, int samples)
    {
        var state = TestInputs.State(network);
        var images = TestInputs.Images(samples);
        var labels = TestInputs.Labels(samples);
        var keys = TestInputs.Keys(samples);
        var contribution = new float[network.Layout.ContributionLength];
        void Step()
        {
            engine.LoadState(state);
            engine.ComputeContribution(images, labels, keys, contribution, CancellationToken.None);
        }

        var rates = new List<double>();
        Step();
        var count = 0;
        var processor = Environment.CpuUsage.TotalTime;
        var total = Stopwatch.StartNew();
        while (total.Elapsed < TimeSpan.FromSeconds(3))
        {
            var start = Stopwatch.GetTimestamp();
            var slices = 0;
            while (Stopwatch.GetElapsedTime(start) < TimeSpan.FromMilliseconds(20))
            {
                Step();
                slices++;
            }

            count += slices * samples;
            rates.Add(slices * samples / Stopwatch.GetElapsedTime(start).TotalSeconds);
        }

        rates.Sort();
        return new Throughput(
            rates[^1], rates[rates.Count / 2], count / (Environment.CpuUsage.TotalTime - processor).TotalSeconds);
    }

    /// <summary>The figures in a line.</summary>
    public override string ToString() =>
        $"images/s best {Best:N0}, median {Median:N0}, a second of CPU time {Processor:N0}";
}
