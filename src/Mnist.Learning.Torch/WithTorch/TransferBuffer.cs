using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Mnist.Learning.Torch;

/// <summary>
/// A tensor that is filled from the host. On a graphics processor it has a counterpart in pinned memory, which the processor copies
/// by itself while the host goes on; on a CPU the two are one.
/// </summary>
/// <remarks>
/// Nobody waits for a copy: kernels that read the tensor come after it in the device's stream, and whoever hands out a result has waited
/// for all of them. What is written while a copy is under way changes a call only whose result was dropped.
/// </remarks>
internal sealed class TransferBuffer : IDisposable
{
    private readonly Tensor _host;

    /// <summary>Reserves memory, for as long as the buffer lives whatever scope is open, and fills it with zeros.</summary>
    /// <param name="device">Where the tensor is read.</param>
    /// <param name="type">The type of its elements.</param>
    /// <param name="shape">Its shape.</param>
    public TransferBuffer(Device device, ScalarType type, params long[] shape)
    {
        _host = Pinned(device, type, shape);
        Tensor = device.type == TorchSharp.DeviceType.CPU ? _host : zeros(shape, type, device).DetachFromDisposeScope();
    }

    /// <summary>The tensor on its device.</summary>
    public Tensor Tensor { get; }

    /// <summary>Zeros on the host, from and to which that device copies by itself; they belong to no scope.</summary>
    /// <param name="device">The device that copies.</param>
    /// <param name="type">The type of the elements.</param>
    /// <param name="shape">The shape.</param>
    public static Tensor Pinned(Device device, ScalarType type, params long[] shape)
    {
        var zeros = TorchSharp.torch.zeros(shape, type);
        if (device.type == TorchSharp.DeviceType.CPU)
        {
            return zeros.DetachFromDisposeScope();
        }

        using (zeros)
        {
            return zeros.pin_memory().DetachFromDisposeScope();
        }
    }

    /// <summary>The elements on the host, to be written before <see cref="Upload"/>.</summary>
    /// <typeparam name="T">The type of the elements.</typeparam>
    public Span<T> Values<T>()
        where T : unmanaged => MemoryMarshal.Cast<byte, T>(_host.bytes);

    /// <summary>Copies the elements to the device, in the order of its stream.</summary>
    /// <param name="rows">How many, along the first dimension.</param>
    public void Upload(long rows)
    {
        if (!ReferenceEquals(_host, Tensor))
        {
            using var source = _host.narrow(0, 0, rows);
            using var target = Tensor.narrow(0, 0, rows);
            target.copy_(source, nonBlocking: true);
        }
    }

    /// <summary>Gives the memory back.</summary>
    public void Dispose()
    {
        _host.Dispose();
        Tensor.Dispose();
    }
}
