namespace Orleans.Runtime;

/// <summary>Settings of calls that return a stream of elements.</summary>
public static class AsyncEnumerableExtensions
{
    /// <summary>Sets how many elements one response may hold; 100 otherwise. Must come first in a chain of operators.</summary>
    /// <typeparam name="T">The type of the elements.</typeparam>
    /// <param name="self">The result of a grain call.</param>
    /// <param name="maxBatchSize">The most elements in one response.</param>
    /// <returns>The same stream.</returns>
    public static IAsyncEnumerable<T> WithBatchSize<T>(this IAsyncEnumerable<T> self, int maxBatchSize)
    {
        if (self is Simulation.EnumerableRequest<T> request)
        {
            request.MaxBatchSize = maxBatchSize;
        }

        return self;
    }
}
