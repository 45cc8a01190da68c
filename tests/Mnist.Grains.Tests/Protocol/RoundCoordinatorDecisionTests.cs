using Mnist.Grains.Protocol;

namespace Mnist.Grains.Tests.Protocol;

public sealed class RoundCoordinatorDecisionTests
{
    private const int Sequences = 400;
    private const int Events = 400;
    private const int Silos = 4;

    [Fact]
    public void Decisions_are_those_of_looking_at_every_slice_and_every_worker()
    {
        var speculated = 0L;
        var (helps, suspicions, losses) = (0L, 0L, 0L);
        for (var seed = 0; seed < Sequences; seed++)
        {
            var pair = new Pair(seed);
            for (var i = 0; i < Events; i++)
            {
                try
                {
                    pair.Step();
                }
                catch (Exception exception)
                {
                    throw new InvalidOperationException($"sequence {seed}, event {i}: {exception.Message}", exception);
                }
            }

            speculated += pair.SpeculatedSlices;
            helps += pair.Helps;
            suspicions += pair.Suspicions;
            losses += pair.Losses;
        }

        // What the sequences are for has to occur in them.
        Assert.True(
            speculated > 10 * Sequences && helps > Sequences / 2 && suspicions > 5 * Sequences && losses > Sequences / 2,
            $"{speculated} {helps} {suspicions} {losses}");
    }

    /// <summary>Both coordinators, to which the same happens.</summary>
    private sealed class Pair
    {
        private readonly Random _random;
        private readonly RoundCoordinator _coordinator;
        private readonly PlainRoundCoordinator _plain;
        private readonly int _slices;
        private readonly int _workers;
        private TimeSpan _now = TimeSpan.FromMilliseconds(7);
        private long _rounds;

        public Pair(int seed)
        {
            _random = new Random(seed);
            _slices = 1 << _random.Next(0, 8);
            _workers = _random.Next(1, 2 * _slices);
            var options = new SpeculationOptions
            {
                Minimum = Milliseconds(_random.Next(4)),
                Initial = Milliseconds(_random.Next(60)),
            };
            var isLead = _random.Next(4) > 0;
            _coordinator = new RoundCoordinator(_slices, options, isLead);
            _plain = new PlainRoundCoordinator(_slices, _workers, options, isLead);
            Begin();
        }

        public long SpeculatedSlices => _coordinator.SpeculatedSlices;

        /// <summary>Decisions for which nothing was late yet.</summary>
        public long Helps { get; private set; }

        public long Suspicions { get; private set; }

        /// <summary>Workers that waited and got what a lost one owed.</summary>
        public long Losses { get; private set; }

        public void Step()
        {
            _now += Milliseconds(_random.Next(3) == 0 ? _random.Next(12) : 0);
            switch (_random.Next(23))
            {
                case < 9:
                    Ask();
                    break;
                case < 13:
                    Receive();
                    break;
                case < 15:
                    var left = _random.Next(_workers);
                    _coordinator.Leave(left);
                    _plain.Leave(left);
                    break;
                case < 19:
                    Tick();
                    break;
                case < 20:
                    var (heard, silo) = (_random.Next(_workers), _random.Next(Silos));
                    _coordinator.Hear(heard);
                    _plain.Hear(heard);
                    _coordinator.NoteSilo(heard, $"{silo}", isOfServer: silo == 0);
                    _plain.NoteSilo(heard, $"{silo}", isOfServer: silo == 0);
                    break;
                case < 21:
                    FinishAllButOne();
                    break;
                case < 22:
                    Lose();
                    break;
                default:
                    Begin();
                    break;
            }

            Compare();
        }

        private static TimeSpan Milliseconds(int count) => TimeSpan.FromMilliseconds(count);

        private void Ask()
        {
            var (worker, isBusy) = (_random.Next(_workers), _random.Next(8) == 0);
            Assert.Equal(_plain.Ask(worker, isBusy, _now), _coordinator.Ask(worker, isBusy, _now).Slices);
        }

        private void Receive()
        {
            var count = 1 << _random.Next(int.Log2(_slices) + 1);
            var first = _random.Next(_slices / count) * count;
            _coordinator.Receive(first, count);
            _plain.Receive(first, count);
            if (_coordinator.IsComplete && _plain.IsComplete)
            {
                _coordinator.Complete(_now);
                _plain.Complete(_now);
                Suspicions += _plain.Suspects.Count();
                Compare();
                Begin();
            }
        }

        private void Lose()
        {
            var silo = $"{_random.Next(Silos)}";
            var expected = _plain.Lose(silo);
            var decisions = _coordinator.Lose(silo);
            Losses += expected.Count;
            Assert.Equal(expected.Select(decision => decision.Worker), decisions.Select(decision => decision.Worker));
            Assert.Equal(expected.Select(decision => decision.Slices), decisions.Select(decision => decision.Slices));
            Assert.All(decisions, decision => Assert.False(decision.Speculative));
        }

        /// <summary>What rarely happens by chance: one worker is behind, and all others wait for it.</summary>
        private void FinishAllButOne()
        {
            var last = _coordinator.OwnerOf(_random.Next(_slices));
            for (var slice = 0; slice < _slices; slice++)
            {
                if (_coordinator.OwnerOf(slice) is var owner && owner != last && owner != LeaseTable.Nobody)
                {
                    _coordinator.Receive(slice, 1);
                    _plain.Receive(slice, 1);
                    Assert.Equal(_plain.Ask(owner, false, _now), _coordinator.Ask(owner, false, _now).Slices);
                }
            }
        }

        private void Tick()
        {
            // Often at the moment itself, and one too early.
            var due = _coordinator.NextTick;
            var now = due is { } tick && tick > _now && _random.Next(2) == 0 ? tick - new TimeSpan(_random.Next(2)) : _now;
            _now = now;
            var isHelp = _plain.NextTick <= now && !_plain.IsAnythingLate(now);
            Helps += isHelp ? 1 : 0;
            var expected = _plain.Tick(now);
            var decisions = _coordinator.Tick(now);
            Assert.Equal(expected.Select(decision => decision.Worker), decisions.Select(decision => decision.Worker));
            Assert.Equal(expected.Select(decision => decision.Slices), decisions.Select(decision => decision.Slices));
            Assert.All(decisions, decision => Assert.True(decision.Speculative));
        }

        private void Begin()
        {
            if (_random.Next(3) > 0)
            {
                var owners = new int[_slices];
                var leased = _random.Next(_workers) + 1;
                for (var slice = 0; slice < _slices; slice++)
                {
                    owners[slice] = _random.Next(6) == 0 ? LeaseTable.Nobody : _random.Next(leased);
                }

                _coordinator.Leases = _plain.Leases = _random.Next(6) == 0 ? LeaseTable.Empty(_slices) : LeaseTable.FromOwners(owners);
            }

            var round = new Round(_rounds, 0, _rounds++, _random.Next(5) == 0);
            _coordinator.Begin(round, _now);
            _plain.Begin(round, _now);
        }

        private void Compare()
        {
            Assert.Equal(_plain.IsComplete, _coordinator.IsComplete);
            Assert.Equal(_plain.NextTick, _coordinator.NextTick);
            Assert.Equal(_plain.SpeculatedSlices, _coordinator.SpeculatedSlices);
            Assert.Equal(_plain.Owners, Enumerable.Range(0, _slices).Select(_coordinator.OwnerOf));
            Assert.Equal(
                _plain.Suspects,
                _coordinator.Observations.Where(worker => worker.IsSuspect).Select(worker => worker.Worker));
        }
    }
}
