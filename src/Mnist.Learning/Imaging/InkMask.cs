namespace Mnist.Learning.Imaging;

/// <summary>Which pixels are ink: a threshold, then the connected pieces that are worth keeping.</summary>
internal static class InkMask
{
    private const int Bins = 256;

    // A piece this much smaller than the largest is a speck; the bar of a broken 5 is larger.
    private const double SpeckFraction = 0.06;

    /// <summary>
    /// The threshold that separates two groups of values best: between-class variance at its greatest (N. Otsu, "A threshold selection
    /// method from gray-level histograms", IEEE Transactions on Systems, Man, and Cybernetics 9, 1979).
    /// </summary>
    /// <param name="values">Values from 0.</param>
    public static float Threshold(float[] values)
    {
        var max = Math.Max(values.Max(), 1e-6f);
        var histogram = new double[Bins];
        foreach (var value in values)
        {
            histogram[(int)(Math.Clamp(value / max, 0, 1) * (Bins - 1))]++;
        }

        var total = histogram.Select((count, bin) => count * bin).Sum();
        var (weightBelow, sumBelow, best, threshold) = (0.0, 0.0, -1.0, 0);
        for (var bin = 0; bin < Bins - 1; bin++)
        {
            weightBelow += histogram[bin];
            sumBelow += histogram[bin] * bin;
            var weightAbove = values.Length - weightBelow;
            if (weightBelow == 0 || weightAbove == 0)
            {
                continue;
            }

            var distance = (sumBelow / weightBelow) - ((total - sumBelow) / weightAbove);
            var variance = weightBelow * weightAbove * distance * distance;
            if (variance > best)
            {
                (best, threshold) = (variance, bin);
            }
        }

        return (threshold + 1) * max / (Bins - 1);
    }

    /// <summary>
    /// The connected pieces of a mask (8 neighbours) without specks, and without what reaches the image's edge where something
    /// of size does not: the table beside the paper, a shadow.
    /// </summary>
    /// <param name="mask">(height, width), true for ink.</param>
    /// <param name="width">Columns.</param>
    /// <param name="height">Rows.</param>
    public static bool[] KeepDigit(bool[] mask, int width, int height)
    {
        var labels = new int[mask.Length];
        var pieces = new List<Piece>();
        for (var i = 0; i < mask.Length; i++)
        {
            if (mask[i] && labels[i] == 0)
            {
                pieces.Add(Fill(mask, labels, i, pieces.Count + 1, width, height));
            }
        }

        if (pieces.Count == 0)
        {
            return mask;
        }

        var largest = pieces.Max(piece => piece.Area);
        var inner = pieces.Where(piece => !piece.TouchesEdge && piece.Area > SpeckFraction * largest).ToArray();
        var candidates = inner.Length > 0 ? inner : [.. pieces];
        var least = SpeckFraction * candidates.Max(piece => piece.Area);
        var kept = candidates.Where(piece => piece.Area >= least).Select(piece => piece.Label).ToHashSet();
        return [.. labels.Select(kept.Contains)];
    }

    private static Piece Fill(bool[] mask, int[] labels, int start, int label, int width, int height)
    {
        var (area, touchesEdge) = (0, false);
        var stack = new Stack<int>([start]);
        labels[start] = label;
        while (stack.TryPop(out var index))
        {
            area++;
            var (x, y) = (index % width, index / width);
            touchesEdge |= x == 0 || y == 0 || x == width - 1 || y == height - 1;
            for (var ny = Math.Max(y - 1, 0); ny <= Math.Min(y + 1, height - 1); ny++)
            {
                for (var nx = Math.Max(x - 1, 0); nx <= Math.Min(x + 1, width - 1); nx++)
                {
                    var next = (ny * width) + nx;
                    if (mask[next] && labels[next] == 0)
                    {
                        labels[next] = label;
                        stack.Push(next);
                    }
                }
            }
        }

        return new Piece(label, area, touchesEdge);
    }

    private sealed record Piece(int Label, int Area, bool TouchesEdge);
}
