namespace Mnist.Simulator.Planning;

/// <summary>The network between silos. Within a silo messages cost nothing.</summary>
/// <param name="Name">Name that the user types.</param>
/// <param name="BytesPerSecond">What the connection of a silo carries in each direction; infinite for no limit.</param>
/// <param name="Latency">How long a message travels, its size apart.</param>
internal sealed record NetworkModel(string Name, double BytesPerSecond, TimeSpan Latency)
{
    /// <summary>The network that is assumed unless the user says otherwise.</summary>
    public const string DefaultName = "10gbit";

    private const double BytesPerGigabit = 125e6;

    /// <summary>
    /// Networks to choose from. Loopback is what two Orleans silos on one machine were measured to reach with messages of up to 5 MB,
    /// their serializing included; the others are a switch between two machines, at its nominal rate.
    /// </summary>
    public static IReadOnlyList<NetworkModel> All { get; } =
    [
        new("loopback", 400e6, TimeSpan.FromMicroseconds(250)),
        new("1gbit", BytesPerGigabit, TimeSpan.FromMicroseconds(200)),
        new(DefaultName, 10 * BytesPerGigabit, TimeSpan.FromMicroseconds(100)),
    ];

    /// <summary>A network that costs nothing.</summary>
    public static NetworkModel None { get; } = new("none", double.PositiveInfinity, TimeSpan.Zero);
}
