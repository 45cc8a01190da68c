using System.Globalization;
using System.Xml.Linq;
using Mnist.Simulator.Planning;

namespace Mnist.Simulator.Tests.Planning;

public sealed class PlanOutputTests
{
    private static readonly PlanInput Input = Clusters.Create(
        slices: 8,
        Clusters.Calibration with { AloneSlice = new Spread([8_000, 9_000, 20_000]), BusySlice = new Spread([9_000, 11_000, 30_000]) });

    [Fact]
    public void The_same_plan_gives_the_same_file()
    {
        Assert.Equal(PlanCsv.Format(Points()), PlanCsv.Format(Points()));
        Assert.NotEqual(PlanCsv.Format(Points()), PlanCsv.Format(Points(seed: 2)));
    }

    [Fact]
    public void The_csv_file_has_a_row_for_each_cluster_in_the_invariant_culture()
    {
        var lines = PlanCsv.Format(Points()).Split("\r\n");

        Assert.Equal("consistency,compression,workers,silos,imagesPerSecond,efficiency,stepMilliseconds,serverLoad,networkLoad", lines[0]);
        Assert.Equal("", lines[^1]);
        var rows = lines[1..^1].Select(line => line.Split(',')).ToArray();
        Assert.Equal(["1", "4", "8"], rows.Select(row => row[2]));
        Assert.All(rows, row => Assert.Equal(9, row.Length));
        Assert.All(rows, row => Assert.Equal(["sync", "fp32"], row[..2]));
        Assert.All(rows, row => Assert.True(double.Parse(row[4], CultureInfo.InvariantCulture) > 0));
    }

    [Fact]
    public void The_svg_file_draws_both_curves_within_the_picture()
    {
        XNamespace svg = "http://www.w3.org/2000/svg";

        var picture = XDocument.Parse(PlanSvg.Format("<a title>", Points())).Root!;

        Assert.Equal(svg + "svg", picture.Name);
        Assert.Equal("<a title>", picture.Element(svg + "title")!.Value);
        Assert.Equal(3, picture.Elements(svg + "polyline").Count());
        Assert.Equal(6, picture.Elements(svg + "circle").Count());
        var box = ((string)picture.Attribute("viewBox")!).Split(' ');
        var size = box.Select(text => double.Parse(text, CultureInfo.InvariantCulture)).ToArray();
        Assert.All(picture.Elements(svg + "circle"), circle =>
        {
            Assert.InRange((double)circle.Attribute("cx")!, 0, size[2]);
            Assert.InRange((double)circle.Attribute("cy")!, 0, size[3]);
        });
    }

    [Fact]
    public void A_plan_of_one_cluster_and_one_without_progress_can_be_shown()
    {
        var one = Points()[0];
        var stuck = one with { Workers = 2, ImagesPerSecond = 0, Efficiency = 0, StepMilliseconds = double.PositiveInfinity };

        Assert.Contains("no progress", PlanningText.Row(stuck), StringComparison.Ordinal);
        Assert.NotNull(XDocument.Parse(PlanSvg.Format("one", [one])).Root);
        Assert.NotNull(XDocument.Parse(PlanSvg.Format("two", [one, stuck])).Root);
        Assert.DoesNotContain("NaN", PlanSvg.Format("stuck", [stuck]), StringComparison.Ordinal);
    }

    [Fact]
    public void The_text_says_what_is_assumed_and_how_many_workers_have_nothing_to_do()
    {
        var text = string.Join('\n', PlanningText.Assumptions(Input));

        Assert.Contains("1970-01-01 00:00 UTC on imagined", text, StringComparison.Ordinal);
        Assert.Contains("not modelled", text, StringComparison.Ordinal);
        Assert.Null(PlanningText.Remark(Input, Points()));
        Assert.Contains("8 slices", PlanningText.Remark(Input, [Points()[0] with { Workers = 9 }]), StringComparison.Ordinal);
    }

    private static PlanPoint[] Points(ulong seed = 1) =>
        [.. Planner.Run(Input with { Seed = seed }, [1, 4, 8], TestContext.Current.CancellationToken)];
}
