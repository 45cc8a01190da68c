using Mnist.Coordinator.Reports.Charts;

namespace Mnist.Coordinator.Tests.Reports;

public sealed class ChartTests
{
    [Theory]
    [InlineData(0, 10, "0 2 4 6 8 10")]
    [InlineData(92.3, 100, "94 96 98 100")]
    [InlineData(0, 1, "0 0.2 0.4 0.6 0.8 1")]
    [InlineData(99.1, 100, "99.2 99.4 99.6 99.8 100")]
    public void Linear_ticks_are_round(double min, double max, string expected)
    {
        var axis = new ChartAxis("", min, max);

        Assert.Equal(expected, string.Join(' ', axis.Ticks().Select(axis.Format)));
    }

    [Theory]
    [InlineData(0.009, 2.4, "0.01 0.02 0.05 0.1 0.2 0.5 1 2")]
    [InlineData(0.0001, 10, "0.0001 0.001 0.01 0.1 1 10")]
    [InlineData(0.9, 2.5, "1 1.5 2")]
    public void Logarithmic_ticks_are_round(double min, double max, string expected)
    {
        var axis = new ChartAxis("", min, max, IsLogarithmic: true);

        Assert.Equal(expected, string.Join(' ', axis.Ticks().Select(axis.Format)));
    }

    [Fact]
    public void Values_lie_between_the_ends_of_their_axis()
    {
        Assert.Equal(0.25, new ChartAxis("", 10, 50).Fraction(20));
        Assert.Equal(0.5, new ChartAxis("", 0.01, 1, IsLogarithmic: true).Fraction(0.1), 12);
        Assert.Equal(0, new ChartAxis("", 10, 50).Fraction(5));
        Assert.Equal(1, new ChartAxis("", 0.01, 1, IsLogarithmic: true).Fraction(7));
    }

    [Fact]
    public void Steps_lie_within_their_epochs_and_the_smoothed_line_is_their_mean()
    {
        var report = SampleRun.Create(epochs: 1);
        report = report with { Epochs = [report.Epochs[0] with { StepLosses = [.. Enumerable.Repeat(0.5f, 100)] }] };

        var chart = TrainingCharts.Loss(report);

        Assert.Equal((0.01, 0.5), chart.Series[0].Points[0]);
        Assert.Equal((1, 0.5), chart.Series[0].Points[^1]);
        Assert.All(chart.Series[1].Points, point => Assert.Equal(0.5, point.Y));
    }

    [Fact]
    public void Validation_is_drawn_only_where_there_is_some()
    {
        Assert.Equal(["training", "test"], TrainingCharts.Accuracy(SampleRun.Create(epochs: 1)).Series.Select(series => series.Name));
        Assert.Equal(["training", "validation", "test"], TrainingCharts.Accuracy(SampleRun.Create(epochs: 2)).Series.Select(series => series.Name));
    }
}
