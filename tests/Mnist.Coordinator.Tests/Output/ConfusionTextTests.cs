using Mnist.Coordinator.Output;
using Mnist.Learning.Evaluation;

namespace Mnist.Coordinator.Tests.Output;

public sealed class ConfusionTextTests
{
    [Fact]
    public void The_worst_classes_are_named_with_what_they_were_taken_for()
    {
        var confusion = new ConfusionMatrix();
        Count(confusion, 4, 4, 9);
        Count(confusion, 4, 9, 1);
        Count(confusion, 7, 7, 3);
        Count(confusion, 7, 1, 1);
        Count(confusion, 0, 0, 5);

        Assert.Equal(
            "7 (75.00 %, mostly taken for 1), 4 (90.00 %, mostly taken for 9)", ConfusionText.WorstClasses(confusion));
    }

    [Fact]
    public void Where_every_image_is_right_no_class_is_named()
    {
        var confusion = new ConfusionMatrix();
        Count(confusion, 2, 2, 4);

        Assert.Equal("none: every image is right", ConfusionText.WorstClasses(confusion));
    }

    private static void Count(ConfusionMatrix confusion, int label, int predicted, int images)
    {
        for (var i = 0; i < images; i++)
        {
            confusion.Add(label, predicted);
        }
    }
}
