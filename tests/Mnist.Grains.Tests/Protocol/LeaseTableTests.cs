using Mnist.Grains.Protocol;

namespace Mnist.Grains.Tests.Protocol;

public sealed class LeaseTableTests
{
    [Fact]
    public void Nobody_leases_anything_in_an_empty_table()
    {
        var table = LeaseTable.Empty(3);

        Assert.Equal(3, table.Shards);
        Assert.Equal([LeaseTable.Nobody, LeaseTable.Nobody, LeaseTable.Nobody], table.ToOwners());
    }

    [Fact]
    public void A_table_keeps_its_owners_whatever_becomes_of_the_arrays_around_it()
    {
        int[] owners = [2, 0, LeaseTable.Nobody];
        var table = LeaseTable.FromOwners(owners);

        owners[0] = 9;
        table.ToOwners()[1] = 9;

        Assert.Equal([2, 0, LeaseTable.Nobody], table.ToOwners());
        Assert.Equal(2, table[0]);
    }

    [Fact]
    public void Moves_are_the_shards_that_change_hands()
    {
        var table = LeaseTable.FromOwners([0, 0, 1, LeaseTable.Nobody]);

        Assert.Equal(0, table.Moves(LeaseTable.FromOwners([0, 0, 1, LeaseTable.Nobody])));
        Assert.Equal(2, table.Moves(LeaseTable.FromOwners([0, 1, 1, 1])));
    }
}
