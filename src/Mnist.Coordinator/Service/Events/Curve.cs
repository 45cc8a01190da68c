namespace Mnist.Coordinator.Service.Events;

/// <summary>Points of a curve in the order of their arrival. When there are too many for a picture, every second one goes.</summary>
internal sealed class Curve<T>
{
    private const int MaxPoints = 2048;
    private readonly List<T> _points = [];
    private int _stride = 1;
    private int _skipped;

    /// <summary>The points.</summary>
    public IReadOnlyList<T> Points => [.. _points];

    /// <summary>Adds a point, or leaves it out where points are thinned already.</summary>
    public void Add(T point)
    {
        if (++_skipped < _stride)
        {
            return;
        }

        _skipped = 0;
        _points.Add(point);
        if (_points.Count == MaxPoints)
        {
            var index = 0;
            _points.RemoveAll(_ => (index++ & 1) == 0);
            _stride *= 2;
        }
    }
}
