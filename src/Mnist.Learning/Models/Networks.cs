namespace Mnist.Learning.Models;

/// <summary>The networks that can be trained, by name.</summary>
public static class Networks
{
    /// <summary>Names that <see cref="Create"/> knows, smallest convolutional network first.</summary>
    public static IReadOnlyList<string> Names { get; } = ["tiny", "small", "wide", "classic", "mlp"];

    /// <summary>Describes a network.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <exception cref="InvalidInputException">There is no such network.</exception>
    public static NetworkDefinition Create(string name) => name switch
    {
        "tiny" => Pyramid(name, 8),
        "small" => Pyramid(name, 16),
        "wide" => Wide(name),
        "classic" => Classic(name),
        "mlp" => new NetworkBuilder(name).Dense("fc1", 128).Relu().Dense("fc2", 10).Build(),
        _ => throw new InvalidInputException($"network: unknown name '{name}', expected one of {string.Join(", ", Names)}"),
    };

    private static NetworkDefinition Pyramid(string name, int channels) => new NetworkBuilder(name)
        .Convolution(5, channels).MaxPool().BatchNormalization().Relu()
        .Convolution(3, 2 * channels).MaxPool().BatchNormalization().Relu()
        .Convolution(3, 4 * channels).BatchNormalization().Relu()
        .Dense("fc", 10)
        .Build();

    private static NetworkDefinition Wide(string name) => new NetworkBuilder(name)
        .Convolution(5, 16).MaxPool().BatchNormalization().Relu()
        .Convolution(3, 32, padding: 1).BatchNormalization().Relu()
        .Convolution(3, 32, padding: 1).MaxPool().BatchNormalization().Relu()
        .Convolution(3, 64, padding: 1).BatchNormalization().Relu()
        .Convolution(3, 64).BatchNormalization().Relu()
        .Dense("fc", 10)
        .Build();

    // PyTorch's example rectifies before it pools. The order makes no difference to values or gradients (where the largest
    // of a window is negative both give 0 and pass no gradient), and pooling first rectifies a quarter of the elements.
    private static NetworkDefinition Classic(string name) => new NetworkBuilder(name)
        .Convolution(3, 32, bias: true).Relu()
        .Convolution(3, 64, bias: true).MaxPool().Relu().Dropout(0.25f)
        .Dense("fc1", 128).Relu().Dropout(0.5f)
        .Dense("fc2", 10)
        .Build();
}
