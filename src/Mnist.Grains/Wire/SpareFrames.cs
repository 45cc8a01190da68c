namespace Mnist.Grains.Wire;

/// <summary>
/// Arrays of frames that nobody reads any more, for the next frames of the same lengths. A worker sends frames of the same few
/// lengths in every step, and they are large: made anew each time, they would be most of what a step allocates.
/// </summary>
/// <param name="capacity">Arrays to keep; the oldest are dropped beyond that.</param>
public sealed class SpareFrames(int capacity)
{
    private readonly List<byte[]> _spare = new(capacity);

    /// <summary>An array of exactly that length, with whatever it held.</summary>
    /// <param name="length">Bytes of a frame.</param>
    public byte[] Take(int length)
    {
        var index = _spare.FindLastIndex(bytes => bytes.Length == length);
        if (index < 0)
        {
            return GC.AllocateUninitializedArray<byte>(length);
        }

        var spare = _spare[index];
        _spare.RemoveAt(index);
        return spare;
    }

    /// <summary>Gives an array back.</summary>
    /// <param name="bytes">An array that nobody reads any more.</param>
    public void GiveBack(byte[] bytes)
    {
        if (_spare.Count == capacity)
        {
            _spare.RemoveAt(0);
        }

        _spare.Add(bytes);
    }
}
