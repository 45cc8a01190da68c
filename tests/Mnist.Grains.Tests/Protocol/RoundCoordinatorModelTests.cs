namespace Mnist.Grains.Tests.Protocol;

public sealed class RoundCoordinatorModelTests
{
    private const int Schedules = 3000;

    /// <summary>Twice what the slowest schedule takes: a slow worker that is alone, and whose calls get lost.</summary>
    private static readonly TimeSpan LongestRun = TimeSpan.FromSeconds(60);

    [Fact]
    public void Every_round_of_every_random_schedule_ends_with_every_slice_received_once()
    {
        var (speculated, helps, deaths, losses, suspicions) = (0L, 0L, 0L, 0L, 0L);
        for (var seed = 0; seed < Schedules; seed++)
        {
            var world = new CoordinatorWorld(seed);
            try
            {
                var duration = world.Run(mostEvents: 100_000);
                Assert.True(duration < LongestRun, $"lasted {duration}");
            }
            catch (Exception exception)
            {
                throw new InvalidOperationException($"schedule {seed} fails: {exception.Message}", exception);
            }

            speculated += world.SpeculatedSlices;
            helps += world.Helps;
            deaths += world.Deaths;
            losses += world.Losses;
            suspicions += world.Suspicions;
        }

        // What the schedules are for has to occur in them.
        Assert.True(
            speculated > Schedules && helps > Schedules / 2 && deaths > Schedules / 2 && losses > Schedules / 20
                && suspicions > Schedules / 4,
            $"{speculated} {helps} {deaths} {losses} {suspicions}");
    }
}
