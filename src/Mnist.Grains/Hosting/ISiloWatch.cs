namespace Mnist.Grains.Hosting;

/// <summary>
/// Tells of the end of other silos, long before the membership does. Nothing depends on it: without such a service, or where it does not
/// know a silo, the work of a silo that is gone is given to others when it is late; and a silo that lives after all only has its
/// work done twice.
/// </summary>
public interface ISiloWatch
{
    /// <summary>Watches a silo.</summary>
    /// <param name="silo">What its grains call it (<c>Grain.RuntimeIdentity</c>).</param>
    /// <returns>A task that ends with the silo's process, on any thread; null where nobody would hear of that.</returns>
    Task? EndOf(string silo);
}
