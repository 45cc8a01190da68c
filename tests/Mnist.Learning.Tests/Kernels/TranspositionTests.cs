using Mnist.Learning.Kernels;

namespace Mnist.Learning.Tests.Kernels;

public sealed unsafe class TranspositionTests
{
    [Fact]
    public void A_square_exchanges_rows_and_columns_and_leaves_what_is_beside_it()
    {
        const int FromRow = 11;
        const int ToRow = 9;
        var from = Enumerable.Range(1, Transposition.Size * FromRow).Select(i => (float)i).ToArray();
        var to = new float[Transposition.Size * ToRow];
        fixed (float* source = from, destination = to)
        {
            Transposition.Square(source, FromRow, destination, ToRow);
        }

        for (var i = 0; i < to.Length; i++)
        {
            var (row, column) = Math.DivRem(i, ToRow);
            Assert.Equal(column < Transposition.Size ? from[(column * FromRow) + row] : 0f, to[i]);
        }
    }

    [Fact]
    public void Every_other_float_is_taken_in_order()
    {
        var from = Enumerable.Range(0, 16).Select(i => (float)i).ToArray();
        var to = new float[Transposition.Size];
        fixed (float* source = from, destination = to)
        {
            Transposition.EveryOther(source, destination);
        }

        Assert.Equal([0f, 2f, 4f, 6f, 8f, 10f, 12f, 14f], to);
    }
}
