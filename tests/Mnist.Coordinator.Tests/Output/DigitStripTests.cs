using Mnist.Coordinator.Output;
using Mnist.Learning.Data;
using Spectre.Console;

namespace Mnist.Coordinator.Tests.Output;

public sealed class DigitStripTests
{
    [Fact]
    public void As_many_digits_as_fit_are_drawn_two_pixels_a_character()
    {
        var written = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, Out = new AnsiConsoleOutput(written) });
        console.Profile.Width = 60;
        var digit = new CaptionedDigit(new byte[ImageSet.PixelsPerImage], "4, taken for 9");

        console.Write(new DigitStrip([digit, digit, digit]));

        var lines = written.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal((ImageSet.Side / 2) + 1, lines.Length);
        Assert.Equal(2 * ImageSet.Side, lines[0].Count(character => character == '▀'));
        Assert.Equal(2, lines[^1].Split("4, taken for 9").Length - 1);
    }
}
