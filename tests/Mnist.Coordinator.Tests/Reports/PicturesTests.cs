using Mnist.Coordinator.Reports.Pictures;
using Mnist.Learning.Data;

namespace Mnist.Coordinator.Tests.Reports;

public sealed class PicturesTests
{
    [Fact]
    public void Wrong_digits_come_the_most_confident_first()
    {
        var wrong = Galleries.Wrong(SampleRun.Create(errors: 5).Evaluation);

        Assert.Equal([0, 1, 2, 3, 4], wrong.Select(prediction => prediction.Index));
        Assert.All(wrong, prediction => Assert.Equal((prediction.Label + 1) % 10, prediction.Predicted));
    }

    [Fact]
    public void Hard_digits_are_right_and_come_the_least_sure_first()
    {
        var hard = Galleries.Hard(SampleRun.Create(errors: 30).Evaluation);

        Assert.Equal([39, 38, 37, 36, 35, 34, 33, 32, 31, 30], hard.Select(prediction => prediction.Index));
    }

    [Fact]
    public void Sure_digits_are_a_column_a_class()
    {
        var sure = Galleries.Sure(SampleRun.Create(errors: 0).Evaluation);

        Assert.Equal([.. Enumerable.Range(0, 20)], sure.Select(prediction => prediction.Index));
    }

    [Fact]
    public void The_runner_up_is_the_class_that_comes_second()
    {
        var report = SampleRun.Create();
        var row = report.TestProbabilities.AsSpan(10 * 10, 10);
        row[6] = 0.3f;

        Assert.Equal((6, 0.3f), Galleries.RunnerUp(report, report.Evaluation.Predictions[10]));
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(SampleRun.TestCount, 1)]
    [InlineData(3, 40)]
    public void Pictures_are_drawn_whatever_the_result(int errors, int epochs)
    {
        var report = SampleRun.Create(errors, epochs);

        Assert.NotNull(CorrectPicture.Draw(report));
        Assert.NotNull(MisclassifiedPicture.Draw(report));
        Assert.NotNull(ConfusionPicture.Draw(report.Evaluation));
        Assert.NotNull(CurvesPicture.Draw(report));
    }

    [Fact]
    public void Samples_show_ten_of_each_class_spread_over_the_split()
    {
        var images = SampleRun.Create().Dataset.Training;

        var chosen = Enumerable.Range(0, 10).Select(label => SamplesPicture.Choose(images, label)).ToArray();

        Assert.All(chosen, indices => Assert.Equal(10, indices.Distinct().Count()));
        Assert.All(chosen.Index(), row => Assert.All(row.Item, index => Assert.Equal(row.Index, images.Labels.Span[index])));
        Assert.Equal([0, 110], [chosen[0][0], chosen[0][^1] + 10]);
    }

    [Fact]
    public void A_split_without_a_class_is_drawn()
    {
        var few = new ImageSet(new byte[2 * 784], new byte[] { 3, 3 });

        Assert.NotNull(SamplesPicture.Draw(new Dataset("few", few, few, "")));
    }

    [Theory]
    [InlineData(0.4231, "42 %")]
    [InlineData(0.9949, "99 %")]
    [InlineData(0.9989, "99.8 %")]
    [InlineData(0.99989, "99.9 %")]
    [InlineData(0.99999, "> 99.9 %")]
    public void A_confidence_is_never_rounded_up_to_certainty(double probability, string text) =>
        Assert.Equal(text, Theme.Confidence(probability));
}
