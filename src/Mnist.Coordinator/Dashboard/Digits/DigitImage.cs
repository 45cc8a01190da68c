using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;
using Mnist.Coordinator.Reports.Html;

namespace Mnist.Coordinator.Dashboard.Digits;

/// <summary>A digit as a picture: dark ink on light paper, the other way round where the page is dark.</summary>
public sealed class DigitImage : ComponentBase
{
    private byte[]? _shown;
    private string _source = "";

    /// <summary>(28, 28), 0 is paper and 255 is ink.</summary>
    [Parameter, EditorRequired]
    public required byte[] Pixels { get; set; }

    /// <summary>What the picture shows, in words; empty where the words are beside it.</summary>
    [Parameter]
    public string Text { get; set; } = "";

    /// <inheritdoc/>
    protected override void OnParametersSet()
    {
        if (!ReferenceEquals(_shown, Pixels))
        {
            (_shown, _source) = (Pixels, HtmlDigit.DataUri(Pixels));
        }
    }

    /// <inheritdoc/>
    protected override void BuildRenderTree(RenderTreeBuilder builder)
    {
        builder.OpenElement(0, "img");
        builder.AddAttribute(1, "class", "digit");
        builder.AddAttribute(2, "width", "28");
        builder.AddAttribute(3, "height", "28");
        builder.AddAttribute(4, "alt", Text);
        builder.AddAttribute(5, "src", _source);
        builder.CloseElement();
    }
}
