using Mnist.Grains.Protocol;

namespace Mnist.Grains.Tests.Protocol;

/// <summary>Rounds of 4 slices that usually last 100 ms; a slice is late after 130 ms, in the first round after 1 s.</summary>
public sealed partial class RoundCoordinatorTests
{
    private static readonly SpeculationOptions Options = new()
    {
        Patience = 1.3,
        LastPatience = 1.5,
        Minimum = TimeSpan.FromMilliseconds(5),
        Initial = TimeSpan.FromSeconds(1),
    };

    private RoundCoordinator _coordinator = new(4, Options, isLead: true);
    private TimeSpan _now;
    private long _rounds;

    private TimeSpan Begun { get; set; }

    [Fact]
    public void Everybody_computes_the_slices_of_his_leases()
    {
        Begin([0, 0, 2, 1]);

        Assert.Equal([0, 1], Ask(0));
        Assert.Equal([3], Ask(1));
        Assert.Equal([2], Ask(2));
        Assert.Equal([0, 0, 2, 1], Owners());
    }

    [Fact]
    public void An_answer_that_was_lost_is_given_again()
    {
        Begin([0, 0, 1, 1]);

        Assert.Equal(Ask(0), Ask(0));
    }

    [Fact]
    public void A_worker_whose_frames_were_lost_in_part_is_asked_for_the_rest()
    {
        Begin([0, 0, 0, 0]);
        Ask(0);
        _coordinator.Receive(0, 2);

        Assert.Equal([2, 3], Ask(0));
    }

    [Fact]
    public void The_slices_of_a_worker_that_was_missing_for_a_round_are_spread_at_once()
    {
        RunRounds([0, 1, 2, 2], 3);

        // Worker 2 was given its slices, and dies: it is expected in the next round, in which it does not ask.
        AskAll(2);
        FinishRoundWithout(2);
        Assert.False(_coordinator.HasSuspects);
        Begin([0, 1, 2, 2]);
        Assert.Equal([0, 1, 2, 2], Owners());
        FinishRoundWithout(2);
        Assert.True(_coordinator.HasSuspects);

        Begin([0, 1, 2, 2]);

        Assert.Equal([0, 1, 0, 1], Owners());
    }

    [Fact]
    public void A_worker_that_was_late_and_then_ends_the_round_keeps_its_slices()
    {
        RunRounds([0, 0, 1, 1], 1);
        AskAll(1);
        Deliver(0, 2);
        Ask(0);
        Assert.NotEmpty(_coordinator.Tick(Begun + Ms(130)));

        _coordinator.Hear(1);
        Deliver(2, 2);
        _coordinator.Complete(_now);
        Begin([0, 0, 1, 1]);

        Assert.False(_coordinator.HasSuspects);
        Assert.Equal([0, 0, 1, 1], Owners());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_slices_of_a_worker_that_was_late_are_spread_at_once_unless_it_was_heard_of_since(bool isHeardOf)
    {
        RunRounds([0, 0, 1, 1], 1);
        AskAll(1);
        Deliver(0, 2);
        Ask(0);
        Assert.NotEmpty(_coordinator.Tick(Begun + Ms(130)));
        if (isHeardOf)
        {
            Ask(1);
        }

        Deliver(2, 2);
        _coordinator.Complete(_now);
        Begin([0, 0, 1, 1]);

        Assert.Equal(isHeardOf ? [0, 0, 1, 1] : [0, 0, 0, 0], Owners());
    }

    [Fact]
    public void A_worker_that_comes_back_has_its_leases_back_in_the_next_round()
    {
        RunRounds([0, 1, 2, 2], 3);
        FinishRoundWithout(2);
        Begin([0, 1, 2, 2]);
        FinishRoundWithout(2);
        Begin([0, 1, 2, 2]);

        Assert.Empty(Ask(2));
        Assert.False(_coordinator.HasSuspects);
        FinishRoundWithout(LeaseTable.Nobody);
        Begin([0, 1, 2, 2]);

        Assert.Equal([0, 1, 2, 2], Owners());
    }

    [Fact]
    public void A_worker_that_is_computing_for_others_is_neither_suspected_nor_given_more()
    {
        RunRounds([0, 0, 1, 1], 1);
        Deliver(0, 4);

        Assert.True(_coordinator.Ask(1, isBusy: true, _now).IsWait);
        Assert.Null(_coordinator.NextTick);
        Ask(0);
        _coordinator.Complete(_now);

        Assert.False(_coordinator.HasSuspects);
    }

    [Fact]
    public void A_worker_that_left_is_given_nothing()
    {
        RunRounds([0, 0, 1, 1], 1);
        Deliver(0, 2);
        Ask(0);

        _coordinator.Leave(0);

        Assert.Null(_coordinator.NextTick);
        Assert.Empty(_coordinator.Tick(Begun + Ms(10_000)));
    }

    [Fact]
    public void Slices_that_nobody_leases_are_shared_among_those_who_were_there_in_the_round_before()
    {
        RunRounds([0, 0, 1, 1], 1);

        FinishRoundWithout(LeaseTable.Nobody);
        Begin([LeaseTable.Nobody, 1, LeaseTable.Nobody, LeaseTable.Nobody]);

        Assert.Equal([0, 1, 0, 2], Owners());
    }

    [Fact]
    public void While_nobody_leases_anything_the_slices_of_a_worker_are_adjacent()
    {
        RunRounds([0, 1, 0, 1], 1);

        FinishRoundWithout(LeaseTable.Nobody);
        Begin(LeaseTable.Empty(4).ToOwners());

        Assert.Equal([0, 0, 1, 2], Owners());
    }

    [Fact]
    public void Slices_that_nobody_owns_go_to_whoever_comes_first()
    {
        Begin([.. LeaseTable.Empty(4).ToOwners()]);

        Assert.Equal([0, 1, 2, 3], Ask(5));
        Assert.Empty(Ask(6));
        Assert.Equal([0, 1, 2, 3], Ask(5));
    }

    [Fact]
    public void In_the_first_round_a_lessee_owns_the_slices_that_nobody_leases_as_well()
    {
        Begin([LeaseTable.Nobody, 1, LeaseTable.Nobody, LeaseTable.Nobody]);

        Assert.Equal([1, 1, 1, 1], Owners());
    }

    [Fact]
    public void A_partition_that_does_not_lead_asks_only_for_what_is_late()
    {
        var follower = new RoundCoordinator(4, Options, isLead: false) { Leases = LeaseTable.FromOwners([0, 0, 1, 1]) };
        follower.Begin(default, _now);
        Assert.True(follower.Ask(0, isBusy: false, _now).IsWait);
        follower.Receive(0, 3);

        var decision = Assert.Single(follower.Tick(_now + Options.Initial));

        Assert.Equal([3], decision.Slices);
    }

    [Fact]
    public void An_outage_does_not_make_the_coordinator_patient()
    {
        RunRounds([0, 0, 1, 1], 5);
        AskAll(1);
        Deliver(0, 4, after: TimeSpan.FromMinutes(10));
        _coordinator.Complete(_now);
        Begin([0, 0, 1, 1]);
        Deliver(0, 2);
        Ask(0);

        Assert.InRange(_coordinator.NextTick!.Value - Begun, Ms(130), Ms(160));
    }

    [Fact]
    public void A_slice_that_comes_twice_counts_once()
    {
        Begin([0, 0, 0, 0]);

        _coordinator.Receive(1, 2);
        _coordinator.Receive(0, 2);
        _coordinator.Receive(2, 1);
        Assert.False(_coordinator.IsComplete);
        Assert.False(_coordinator.HasReceived(3));
        _coordinator.Receive(3, 1);

        Assert.True(_coordinator.IsComplete);
    }

    [Fact]
    public void A_new_round_has_received_nothing()
    {
        RunRounds([0, 0, 1, 1], 1);

        Assert.False(_coordinator.IsComplete);
        Assert.All(Enumerable.Range(0, 4), slice => Assert.False(_coordinator.HasReceived(slice)));
    }

    [Fact]
    public void The_speed_of_a_worker_is_a_moving_average_of_what_it_measures_in_training()
    {
        Begin([0, 0, 0, 0]);
        _coordinator.NoteSpeed(3, 100);
        _coordinator.NoteSpeed(3, 200);
        foreach (var nonsense in (double[])[0, -5, double.NaN, double.PositiveInfinity])
        {
            _coordinator.NoteSpeed(3, nonsense);
        }

        Begin([0, 0, 0, 0], isEvaluation: true);
        _coordinator.NoteSpeed(3, 5000);

        Assert.Equal(120, _coordinator.Observations.Single(worker => worker.Worker == 3).MicrosecondsPerSlice, 9);
    }

    [Fact]
    public void Leases_of_another_number_of_slices_are_refused() =>
        Assert.Throws<ArgumentException>(() => _coordinator.Leases = LeaseTable.Empty(8));

    [Fact]
    public void A_worker_without_an_index_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => _coordinator.Ask(-1, isBusy: false, _now));

    private static TimeSpan Ms(double milliseconds) => TimeSpan.FromMilliseconds(milliseconds);

    private int[] Ask(int worker) => _coordinator.Ask(worker, isBusy: false, _now).Slices;

    private void AskAll(int workers)
    {
        for (var worker = 0; worker <= workers; worker++)
        {
            Ask(worker);
        }
    }

    private int[] Owners() => [.. Enumerable.Range(0, 4).Select(_coordinator.OwnerOf)];

    private void Deliver(int first, int count, TimeSpan after = default)
    {
        _now += after;
        _coordinator.Receive(first, count);
    }

    private void Begin(int[] leases, bool isEvaluation = false)
    {
        _coordinator.Leases = LeaseTable.FromOwners(leases);
        Begun = _now;
        _coordinator.Begin(new Round(_rounds, 0, _rounds++, isEvaluation), _now);
    }

    /// <summary>Runs rounds in which every lessee takes part, and begins one more.</summary>
    private void RunRounds(int[] leases, int rounds, TimeSpan? duration = null)
    {
        Begin(leases);
        for (var round = 0; round < rounds; round++)
        {
            AskAll(leases.Max());
            Deliver(0, 4, duration ?? Ms(100));
            _coordinator.Complete(_now);
            Begin(leases);
        }
    }

    private void FinishRoundWithout(int worker)
    {
        foreach (var present in Enumerable.Range(0, 3).Where(present => present != worker))
        {
            Ask(present);
        }

        Deliver(0, 4, Ms(100));
        _coordinator.Complete(_now);
    }
}
