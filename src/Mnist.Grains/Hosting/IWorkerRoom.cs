namespace Mnist.Grains.Hosting;

/// <summary>How many workers this process has room for. Without such a service there is room for all.</summary>
public interface IWorkerRoom
{
    /// <summary>A worker wants to begin.</summary>
    /// <param name="worker">Key of its grain.</param>
    /// <returns>False where there is no room.</returns>
    bool TryEnter(string worker);

    /// <summary>A worker that was let in has ended.</summary>
    /// <param name="worker">Key of its grain.</param>
    void Leave(string worker);
}
