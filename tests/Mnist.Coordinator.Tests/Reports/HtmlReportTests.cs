using System.Text.RegularExpressions;
using Mnist.Coordinator.Reports.Html;

namespace Mnist.Coordinator.Tests.Reports;

public sealed partial class HtmlReportTests
{
    private static readonly string Page = HtmlReport.Format(SampleRun.Create(errors: 3));

    [Fact]
    public void The_page_needs_no_script_and_no_request()
    {
        Assert.DoesNotContain("<script", Page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("<link", Page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("http", Page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("url(", Page, StringComparison.OrdinalIgnoreCase);
        Assert.All(Sources().Matches(Page), source => Assert.StartsWith("data:image/png;base64,", source.Groups[1].Value, StringComparison.Ordinal));
    }

    [Fact]
    public void Names_cannot_break_out_of_the_page()
    {
        Assert.Contains("<title>tiny-&lt;7&gt;</title>", Page, StringComparison.Ordinal);
        Assert.DoesNotContain("<7>", Page, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_tag_is_closed()
    {
        var open = new Stack<string>();
        foreach (Match tag in Tags().Matches(Page[Page.IndexOf("<body", StringComparison.Ordinal)..Page.IndexOf("</html", StringComparison.Ordinal)]))
        {
            var name = tag.Groups[2].Value;
            if (tag.Groups[1].Length > 0)
            {
                Assert.Equal(open.Pop(), name);
            }
            else if (tag.Groups[3].Length == 0 && name is not ("br" or "img"))
            {
                open.Push(name);
            }
        }

        Assert.Empty(open);
    }

    [Theory]
    [InlineData("92.50 %")]
    [InlineData("0 → 1")]
    [InlineData("samples applied")]
    [InlineData("8,962 parameters")]
    [InlineData("prefers-color-scheme: dark")]
    public void The_page_says(string text) => Assert.Contains(text, Page, StringComparison.Ordinal);

    [GeneratedRegex("src=\"([^\"]*)\"")]
    private static partial Regex Sources();

    [GeneratedRegex("<(/?)([a-z0-9]+)[^>]*?(/?)>")]
    private static partial Regex Tags();
}
