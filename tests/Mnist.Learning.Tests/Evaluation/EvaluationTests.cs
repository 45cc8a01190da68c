using Mnist.Learning.Evaluation;
using Mnist.Learning.Tests.Training;

namespace Mnist.Learning.Tests.Evaluation;

public class EvaluationTests
{
    // Of class 0: right, right, taken for 2. Of class 1: right. Of class 2: taken for 0.
    private static readonly EvaluationSummary Summary = EvaluationSummary.FromProbabilities(
        [.. Row(0, 0.5f, 1), .. Row(0, 0.9f, 1), .. Row(2, 0.8f, 0), .. Row(1, 0.5f, 2), .. Row(0, 0.7f, 2)],
        [0, 0, 0, 1, 2]);

    [Fact]
    public void Accuracy_and_loss_are_means_over_the_images()
    {
        Assert.Equal(0.6, Summary.Accuracy);
        Assert.Equal((Math.Log(0.5) + Math.Log(0.9) + Math.Log(0.2) + Math.Log(0.5) + Math.Log(0.3)) / -5, Summary.Loss, 1e-7);
    }

    [Fact]
    public void Precision_and_recall_count_columns_and_rows()
    {
        var confusion = Summary.Confusion;

        Assert.Equal((2, 1, 1, 1), (confusion[0, 0], confusion[0, 2], confusion[1, 1], confusion[2, 0]));
        Assert.Equal((5, 3), (confusion.Total, confusion.Correct));
        Assert.Equal((3, 3), (confusion.Labelled(0), confusion.Predicted(0)));
        Assert.Equal((2.0 / 3, 2.0 / 3), (confusion.Precision(0), confusion.Recall(0)));
        Assert.Equal((1.0, 1.0), (confusion.Precision(1), confusion.Recall(1)));
        Assert.Equal((0.0, 0.0), (confusion.Precision(2), confusion.Recall(2)));
        Assert.Equal((double.NaN, double.NaN), (confusion.Precision(9), confusion.Recall(9)));
    }

    [Fact]
    public void Galleries_are_ranked_by_confidence_and_ties_by_position()
    {
        Assert.Equal([1, 0, 3], Summary.MostConfidentCorrect(9).Select(prediction => prediction.Index));
        Assert.Equal([2, 4], Summary.MostConfidentWrong(9).Select(prediction => prediction.Index));
        Assert.Equal([0, 3, 4], Summary.LeastSure(3).Select(prediction => prediction.Index));
        Assert.Equal(new Prediction(2, 0, 2, 0.8f, 1 - 0.8f), Summary.MostConfidentWrong(1)[0]);
    }

    [Fact]
    public void Of_equally_probable_classes_the_lowest_is_predicted()
    {
        var even = new float[10];
        even.AsSpan().Fill(0.1f);

        Assert.Equal(0, EvaluationSummary.FromProbabilities(even, [4]).Predictions[0].Predicted);
    }

    [Fact]
    public void A_probability_of_nothing_gives_a_large_but_finite_loss() =>
        Assert.InRange(EvaluationSummary.FromProbabilities(Row(3, 1, 4), [4]).Loss, 60, 80);

    [Fact]
    public void A_network_that_computes_no_numbers_has_no_loss()
    {
        var summary = EvaluationSummary.FromProbabilities([.. Row(0, 0.5f, 1), .. Enumerable.Repeat(float.NaN, 10)], [0, 1]);

        Assert.Equal(double.NaN, summary.Loss);
        Assert.Equal(0.5, summary.Accuracy);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(10, 2)]
    public void Probabilities_that_do_not_match_the_labels_are_refused(int probabilities, int labels) =>
        Assert.Throws<ArgumentException>(() => EvaluationSummary.FromProbabilities(new float[probabilities], new byte[labels]));

    [Fact]
    public void Batches_of_any_size_give_the_predictions_of_single_images()
    {
        using var engine = new SoftmaxEngine();
        engine.LoadState(TestData.Floats(engine.Layout.StateLength, 4));
        var images = TestData.Images(37, 6);
        var evaluator = new Evaluator(engine);
        var whole = new float[370];
        evaluator.Predict(images, whole, TestContext.Current.CancellationToken);
        for (var i = 0; i < images.Count; i++)
        {
            var single = new float[10];
            evaluator.Predict(images.Slice(i, 1), single, TestContext.Current.CancellationToken);
            Assert.Equal(single, whole[(i * 10)..((i + 1) * 10)]);
        }

        Assert.Equal(37, evaluator.Evaluate(images, TestContext.Current.CancellationToken).Confusion.Total);
    }

    /// <summary>A row of probabilities: one class has some, another the rest.</summary>
    private static float[] Row(int likely, float probability, int other)
    {
        var row = new float[10];
        row[other] = 1 - probability;
        row[likely] = probability;
        return row;
    }
}
