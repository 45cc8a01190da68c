using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;

namespace Mnist.Coordinator.Dashboard.Parts;

/// <summary>The <c>text</c> element of SVG, whose name means something else in Razor.</summary>
public sealed class SvgText : ComponentBase
{
    /// <summary>Horizontal position.</summary>
    [Parameter, EditorRequired]
    public required string X { get; set; }

    /// <summary>Vertical position of the base line.</summary>
    [Parameter, EditorRequired]
    public required string Y { get; set; }

    /// <summary>Which end of the text is at the position: <c>start</c>, <c>middle</c> or <c>end</c>.</summary>
    [Parameter]
    public string Anchor { get; set; } = "middle";

    /// <summary>Further down, pixels.</summary>
    [Parameter]
    public string Down { get; set; } = "0";

    /// <summary>What it says.</summary>
    [Parameter, EditorRequired]
    public required string Text { get; set; }

    /// <summary>Which end of a text on an axis is at its tick, so that none leaves the picture.</summary>
    /// <param name="fraction">Where the tick is, 0 to 1.</param>
    public static string AnchorAt(double fraction) => fraction switch { < 0.02 => "start", > 0.96 => "end", _ => "middle" };

    /// <inheritdoc/>
    protected override void BuildRenderTree(RenderTreeBuilder builder)
    {
        builder.OpenElement(0, "text");
        builder.AddAttribute(1, "x", X);
        builder.AddAttribute(2, "y", Y);
        builder.AddAttribute(3, "dy", Down);
        builder.AddAttribute(4, "text-anchor", Anchor);
        builder.AddContent(5, Text);
        builder.CloseElement();
    }
}
