using Mnist.Learning.Data;
using Mnist.Learning.Evaluation;

namespace Mnist.Coordinator.Reports.Pictures;

/// <summary>Which test digits the galleries show, and what they say about them.</summary>
internal static class Galleries
{
    /// <summary>Most digits of the gallery of wrong ones.</summary>
    public const int WrongMax = 60;

    /// <summary>Most digits of the gallery of hard ones that are right.</summary>
    public const int HardMax = 30;

    private const int SureRows = 2;

    /// <summary>Of each class, the right digits that the network is most sure of: a column a class.</summary>
    /// <param name="evaluation">The evaluation.</param>
    public static IReadOnlyList<Prediction> Sure(EvaluationSummary evaluation)
    {
        var byClass = Enumerable.Range(0, ImageSet.Classes).Select(label => evaluation.Predictions
            .Where(prediction => prediction.IsCorrect && prediction.Label == label)
            .OrderByDescending(prediction => prediction.Probability).ThenBy(prediction => prediction.Index)
            .Take(SureRows).ToArray()).ToArray();
        return
        [
            .. Enumerable.Range(0, SureRows).SelectMany(row => byClass.Where(digits => digits.Length > row).Select(digits => digits[row])),
        ];
    }

    /// <summary>The right digits that the network is least sure of.</summary>
    /// <param name="evaluation">The evaluation.</param>
    public static IReadOnlyList<Prediction> Hard(EvaluationSummary evaluation) =>
        [.. evaluation.LeastSure(evaluation.Predictions.Count).Where(prediction => prediction.IsCorrect).Take(HardMax)];

    /// <summary>The wrong digits, the most confident first.</summary>
    /// <param name="evaluation">The evaluation.</param>
    public static IReadOnlyList<Prediction> Wrong(EvaluationSummary evaluation) => evaluation.MostConfidentWrong(WrongMax);

    /// <summary>The class that comes second.</summary>
    /// <param name="report">The run.</param>
    /// <param name="prediction">What comes first.</param>
    public static (int Class, float Probability) RunnerUp(RunReport report, Prediction prediction)
    {
        var row = report.Probabilities(prediction.Index).ToArray();
        row[prediction.Predicted] = -1;
        var second = Array.IndexOf(row, row.Max());
        return (second, row[second]);
    }
}
