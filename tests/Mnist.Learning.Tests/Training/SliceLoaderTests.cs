using Mnist.Learning.Data;
using Mnist.Learning.Specification;
using Mnist.Learning.Tests.Specification;
using Mnist.Learning.Training;

namespace Mnist.Learning.Tests.Training;

public class SliceLoaderTests
{
    private const int Samples = 300;
    private static readonly ImageSet Images = TestData.Images(Samples, 8);

    [Fact]
    public void A_slice_has_the_images_and_labels_that_the_plan_names()
    {
        var spec = TestRuns.Create(samples: Samples);
        var (plan, loaded) = (new SlicePlan(spec), new Loaded(spec));
        var (samples, image) = (new int[plan.SliceCapacity], new float[784]);
        for (var step = 0L; step < plan.TotalSteps; step++)
        {
            for (var slice = 0; slice < spec.Slices; slice++)
            {
                Assert.Equal(plan.GetSlice(step, slice, samples), loaded.Load(step, slice));
                for (var i = 0; i < loaded.Count; i++)
                {
                    PixelScale.Normalize(Images.Image(samples[i]), image);
                    Assert.Equal(image, loaded.Image(i));
                    Assert.Equal(Images.Labels.Span[samples[i]], loaded.Labels[i]);
                }
            }
        }
    }

    [Fact]
    public void A_sample_is_distorted_anew_in_every_epoch_and_the_same_way_whoever_loads_it()
    {
        var spec = TestRuns.Create("small", samples: 1, overrides: new RunOverrides { GlobalBatch = 8 });
        var (one, other) = (new Loaded(spec), new Loaded(spec));
        one.Load(0, 0);
        other.Load(1, 0);
        Assert.NotEqual(one.Image(0), other.Image(0));
        Assert.NotEqual(one.DropoutKeys[0], other.DropoutKeys[0]);

        other.Load(0, 0);

        Assert.Equal(one.Image(0), other.Image(0));
        Assert.Equal(one.DropoutKeys[0], other.DropoutKeys[0]);
    }

    [Fact]
    public void Every_sample_of_every_epoch_has_a_dropout_key_of_its_own()
    {
        var spec = TestRuns.Create(samples: Samples);
        var (plan, loaded) = (new SlicePlan(spec), new Loaded(spec));
        var keys = new HashSet<ulong>();
        for (var step = 0L; step < plan.TotalSteps; step++)
        {
            for (var slice = 0; slice < spec.Slices; slice++)
            {
                keys.UnionWith(loaded.DropoutKeys[..loaded.Load(step, slice)]);
            }
        }

        Assert.Equal(Samples * spec.Epochs, keys.Count);
    }

    [Fact]
    public void Slices_are_the_same_in_whatever_order_they_are_loaded()
    {
        var spec = TestRuns.Create(samples: Samples);
        var (steps, random) = (new SlicePlan(spec).TotalSteps, new Random(3));
        var loaded = new Loaded(spec);
        for (var i = 0; i < 200; i++)
        {
            var (step, slice) = (random.NextInt64(steps), random.Next(spec.Slices));
            var first = new Loaded(spec);

            Assert.Equal(first.Load(step, slice), loaded.Load(step, slice));
            for (var j = 0; j < loaded.Count; j++)
            {
                Assert.Equal(first.Image(j), loaded.Image(j));
            }
        }
    }

    [Theory]
    [InlineData("tiny")]
    [InlineData("small")]
    public void Loading_allocates_nothing_within_an_epoch(string recipe)
    {
        var loaded = new Loaded(TestRuns.Create(recipe, samples: Samples));
        loaded.Load(0, 3);
        var before = GC.GetAllocatedBytesForCurrentThread();

        loaded.Load(1, 3);

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void Too_few_images_are_refused()
    {
        var spec = TestRuns.Create(samples: Samples + 1);

        Assert.Throws<ArgumentException>(() => new SliceLoader(spec, new SlicePlan(spec), Images));
    }

    private sealed class Loaded(RunSpec spec)
    {
        private readonly SliceLoader _loader = new(spec, new SlicePlan(spec), Images);
        private readonly float[] _images = new float[16 * ImageSet.PixelsPerImage];

        public int Count { get; private set; }

        public byte[] Labels { get; } = new byte[16];

        public ulong[] DropoutKeys { get; } = new ulong[16];

        public int Load(long step, int slice) => Count = _loader.Load(step, slice, _images, Labels, DropoutKeys);

        public float[] Image(int i) => _images[(i * ImageSet.PixelsPerImage)..((i + 1) * ImageSet.PixelsPerImage)];
    }
}
