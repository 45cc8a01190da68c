namespace Mnist.Grains.Storage;

/// <summary>A grain state that is a block of bytes: <see cref="FileGrainStorage"/> stores it as it is instead of as JSON.</summary>
public interface IBinaryState
{
    /// <summary>The state.</summary>
    ReadOnlyMemory<byte> Content { get; set; }
}
