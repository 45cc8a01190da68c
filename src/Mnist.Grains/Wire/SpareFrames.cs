namespace Mnist.Grains.Wire;

/// <summary>
/// Arrays of frames that nobody reads any more, for the next frames of the same lengths. A worker sends frames of the same few
/// lengths in every step, and they are large: made anew each time, they would be most of what a step allocates.
/// </summary>
/// <param name="capacity">Arrays to keep; the oldest are dropped beyond that.</param>
public sealed class SpareFrames(int capacity)
{
    private const int SmallestPage = 4096;
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

    /// <summary>
    /// Has a new array at hand, with memory behind all of it: to be called where there is time. The memory of a large array is the
    /// system's until it is first written, page by page, which takes several times as long as to fill the array.
    /// </summary>
    /// <param name="length">Bytes of a frame.</param>
    public void MakeReady(int length)
    {
        if (_spare.Exists(bytes => bytes.Length == length))
        {
            return;
        }

        var bytes = GC.AllocateUninitializedArray<byte>(length);
        for (var at = 0; at < length; at += SmallestPage)
        {
            bytes[at] = 0;
        }

        GiveBack(bytes);
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
