using Microsoft.Playwright;

namespace Mnist.Dashboard.Tests.Support;

/// <summary>What users do on pages.</summary>
internal static class Gestures
{
    /// <summary>Goes to a page and waits until it is alive: until then a click is lost.</summary>
    public static async Task VisitAsync(this IPage page, string path)
    {
        await page.GotoAsync(path);
        await page.Locator("main[aria-busy=false]").WaitForAsync();
    }

    /// <summary>Waits until the pad takes strokes: its script comes after the page.</summary>
    public static Task WaitForPadAsync(this IPage page) => page.Locator("canvas.pad[aria-busy=false]").WaitForAsync();

    /// <summary>Draws lines on the pad with the mouse.</summary>
    /// <param name="page">The page.</param>
    /// <param name="points">Corners, 0 to 1 of the pad's side.</param>
    public static async Task DrawAsync(this IPage page, params (float X, float Y)[] points)
    {
        await page.WaitForPadAsync();
        var box = (await page.Locator("canvas.pad").BoundingBoxAsync())!;
        foreach (var (i, (x, y)) in points.Index())
        {
            await page.Mouse.MoveAsync(box.X + (x * box.Width), box.Y + (y * box.Height), new() { Steps = 12 });
            if (i == 0)
            {
                await page.Mouse.DownAsync();
            }
        }

        await page.Mouse.UpAsync();
    }
}
