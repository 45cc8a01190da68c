using System.Text;
using Mnist.Learning.Data;
using Mnist.Learning.Evaluation;

namespace Mnist.Coordinator.Output;

/// <summary>A confusion matrix in words and as a table of text.</summary>
internal static class ConfusionText
{
    private const int Worst = 3;

    /// <summary>The matrix, a line a class: what the images are, and what they were taken for.</summary>
    public static IEnumerable<string> Table(ConfusionMatrix confusion)
    {
        yield return "label   " + string.Concat(Classes().Select(predicted => $"{$"as {predicted}",6}")) + "   recall";
        foreach (var label in Classes())
        {
            var line = new StringBuilder($"{label,5}   ");
            foreach (var predicted in Classes())
            {
                var count = confusion[label, predicted];
                line.Append(count == 0 ? "     ·" : $"{count,6}");
            }

            yield return line.Append($"   {Recall(confusion, label)}").ToString();
        }
    }

    /// <summary>The classes that were missed most, the worst first: <c>9 (98.91 %, mostly taken for 4)</c>.</summary>
    public static string WorstClasses(ConfusionMatrix confusion)
    {
        var worst = Classes()
            .Where(label => confusion.Labelled(label) > 0 && confusion.Recall(label) < 1)
            .OrderBy(confusion.Recall)
            .Take(Worst)
            .Select(label => $"{label} ({Recall(confusion, label)}, mostly taken for {MostlyTakenFor(confusion, label)})");
        return string.Join(", ", worst.DefaultIfEmpty("none: every image is right"));
    }

    private static int MostlyTakenFor(ConfusionMatrix confusion, int label) =>
        Classes().Where(predicted => predicted != label).MaxBy(predicted => confusion[label, predicted]);

    private static string Recall(ConfusionMatrix confusion, int label) =>
        confusion.Labelled(label) == 0 ? "–" : TrainingText.Percent(confusion.Recall(label));

    private static IEnumerable<int> Classes() => Enumerable.Range(0, ImageSet.Classes);
}
