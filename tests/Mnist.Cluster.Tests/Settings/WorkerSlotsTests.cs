using Mnist.Clustering.Placement;

namespace Mnist.Cluster.Tests.Settings;

public sealed class WorkerSlotsTests
{
    private readonly StoppedClock _clock = new();

    [Fact]
    public void A_worker_that_is_placed_keeps_its_slot_until_it_ends()
    {
        var slots = new WorkerSlots(1, _clock);

        Assert.True(slots.TryReserve("run/0"));
        Assert.False(slots.TryReserve("run/1"));
        Assert.False(slots.TryEnter("run/1"));
        Assert.True(slots.TryEnter("run/0"));
        Assert.Equal(0, slots.CountFree());
        slots.Leave("run/0");
        Assert.Equal(1, slots.CountFree());
    }

    [Fact]
    public void A_worker_that_is_placed_and_does_not_come_loses_its_slot()
    {
        var slots = new WorkerSlots(1, _clock);
        slots.TryReserve("run/0");

        _clock.Now += TimeSpan.FromSeconds(6);

        Assert.True(slots.TryEnter("run/1"));
        Assert.False(slots.TryEnter("run/0"));
    }

    [Fact]
    public void A_silo_without_slots_takes_nobody() => Assert.False(new WorkerSlots(0, _clock).TryEnter("run/0"));

    private sealed class StoppedClock : TimeProvider
    {
        public TimeSpan Now { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Now.Ticks;
    }
}
