using System.Diagnostics;
using Mnist.Learning.Engines;
using Mnist.Learning.Models;

namespace Mnist.Benchmarks.Kernels;

/// <summary>What a part of a layer takes.</summary>
/// <param name="Layer">Name of the layer's weights.</param>
/// <param name="Part">The part.</param>
/// <param name="Microseconds">Median time of an image.</param>
/// <param name="MultiplyAdds">Of an image.</param>
/// <param name="Share">Median share of the FMA peak, of the multiplications executed; 0 where there are none.</param>
internal sealed record LayerMeasurement(string Layer, LayerPart Part, double Microseconds, MultiplyAdds MultiplyAdds, double Share);

/// <summary>Times every part of every layer, in the order of a step, so that each finds the caches as a step leaves them.</summary>
internal sealed unsafe class LayerProfile : IDisposable
{
    private static readonly LayerPart[] Forward = [LayerPart.Forward, LayerPart.Activation];
    private static readonly LayerPart[] Backward = [LayerPart.ActivationGradient, LayerPart.WeightGradient, LayerPart.InputGradient];
    private readonly NetworkDefinition _network;
    private readonly IReadOnlyList<StagePlan> _plans;
    private readonly SimdGradientEngine _engine;
    private readonly SampleSlice _slice;
    private readonly Dictionary<(int Stage, LayerPart Part), (List<double> Seconds, List<double> Peaks)> _times = [];
    private readonly double[] _gradients;

    private LayerProfile(NetworkDefinition network, SampleSlice slice)
    {
        (_network, _slice) = (network, slice);
        _plans = StagePlan.Cut(network);
        _engine = new SimdGradientEngine(network, slice.Labels.Length);
        _gradients = new double[_plans.Count];
    }

    /// <summary>Measures a network.</summary>
    /// <param name="network">The network.</param>
    /// <param name="slice">Images to train it on, as many as a slice has.</param>
    /// <param name="state">Its weights.</param>
    /// <param name="seconds">How long.</param>
    public static IReadOnlyList<LayerMeasurement> Measure(
        NetworkDefinition network, SampleSlice slice, ReadOnlySpan<float> state, double seconds)
    {
        using var profile = new LayerProfile(network, slice);
        var contribution = new float[network.Layout.ContributionLength];
        profile._engine.LoadState(state);
        profile.Step(contribution, peak: 1);
        profile._times.Clear();
        var begun = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(begun).TotalSeconds < seconds)
        {
            // The clock of a core changes slowly: a peak serves for some steps.
            var peak = FmaPeak.Measure();
            for (var step = 0; step < 8; step++)
            {
                profile.Step(contribution, peak);
            }
        }

        return profile.Summarize();
    }

    /// <inheritdoc/>
    public void Dispose() => _engine.Dispose();

    private void Step(float[] contribution, double peak)
    {
        var samples = _slice.Labels.Length;
        fixed (float* sums = contribution)
        {
            var pointer = sums;
            _engine.LoadImages(_slice.Images, samples);
            for (var i = 0; i < _plans.Count; i++)
            {
                var stage = _engine.Stages[i];
                Time(i, LayerPart.Forward, peak, () => stage.Multiply(samples));
                Time(i, LayerPart.Activation, peak, () => stage.Activate(samples, _slice.DropoutKeys, pointer));
            }

            _engine.ComputeLoss(_slice.Labels, sums);
            for (var i = _plans.Count - 1; i >= 0; i--)
            {
                var stage = _engine.Stages[i];
                Time(i, LayerPart.ActivationGradient, peak, () => stage.ActivationGradient(samples, pointer));
                _gradients[i] = _plans[i].Pool is null ? 0 : CountGradients(stage);
                Time(i, LayerPart.WeightGradient, peak, () => stage.WeightGradient(samples, pointer));
                Time(i, LayerPart.InputGradient, peak, () => stage.InputGradient(samples));
            }
        }
    }

    /// <summary>Elements other than 0 of the gradient of the product, for one image.</summary>
    private double CountGradients(Stage stage)
    {
        var map = stage.OutputGradient;
        var count = 0L;
        for (var sample = 0; sample < _slice.Labels.Length; sample++)
        {
            var values = new ReadOnlySpan<float>(map.Data + ((nint)sample * map.SampleStride), map.Shape.Length);
            count += values.Length - values.Count(0f);
        }

        return (double)count / _slice.Labels.Length;
    }

    private void Time(int stage, LayerPart part, double peak, Action run)
    {
        var begun = Stopwatch.GetTimestamp();
        run();
        var seconds = Stopwatch.GetElapsedTime(begun).TotalSeconds;
        if (!_times.TryGetValue((stage, part), out var times))
        {
            _times[(stage, part)] = times = ([], []);
        }

        times.Seconds.Add(seconds / _slice.Labels.Length);
        times.Peaks.Add(peak);
    }

    private List<LayerMeasurement> Summarize()
    {
        var measurements = new List<LayerMeasurement>();
        for (var i = 0; i < _plans.Count; i++)
        {
            foreach (var part in Forward.Concat(Backward))
            {
                var (seconds, peaks) = _times[(i, part)];
                var count = MultiplyAdds.Of(_plans[i], part, i == 0, _gradients[i]);
                var shares = seconds.Zip(peaks, (time, peak) => 2e-9 * count.Executed / time / peak);
                measurements.Add(new LayerMeasurement(
                    NameOf(_plans[i]), part, 1e6 * Statistics.Median(seconds), count, Statistics.Median(shares)));
            }
        }

        return measurements;
    }

    private string NameOf(StagePlan plan)
    {
        var offset = plan.Weighted is ConvolutionLayer convolution ? convolution.Weight.Offset : ((DenseLayer)plan.Weighted).Weight.Offset;
        return _network.Layout.Tensors.First(tensor => tensor.Offset == offset).Name.Split('.')[0];
    }
}
