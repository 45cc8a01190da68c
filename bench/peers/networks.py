"""The networks of src/Mnist.Learning/Models/Networks.cs in PyTorch."""

from torch import nn


def convolution(inputs, outputs, kernel, padding=0, pool=False):
    """Convolution, pooling, batch normalization, rectifier: the convolution needs no bias in front of a normalization."""
    layers = [nn.Conv2d(inputs, outputs, kernel, padding=padding, bias=False)]
    if pool:
        layers.append(nn.MaxPool2d(2))
    return layers + [nn.BatchNorm2d(outputs), nn.ReLU()]


def pyramid(channels):
    return nn.Sequential(
        *convolution(1, channels, 5, pool=True),
        *convolution(channels, 2 * channels, 3, pool=True),
        *convolution(2 * channels, 4 * channels, 3),
        nn.Flatten(), nn.Linear(36 * channels, 10))


def wide():
    return nn.Sequential(
        *convolution(1, 16, 5, pool=True),
        *convolution(16, 32, 3, padding=1),
        *convolution(32, 32, 3, padding=1, pool=True),
        *convolution(32, 64, 3, padding=1),
        *convolution(64, 64, 3),
        nn.Flatten(), nn.Linear(1024, 10))


def classic():
    # As PyTorch's MNIST example has it.
    return nn.Sequential(
        nn.Conv2d(1, 32, 3), nn.ReLU(),
        nn.Conv2d(32, 64, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Dropout(0.25),
        nn.Flatten(), nn.Linear(9216, 128), nn.ReLU(), nn.Dropout(0.5),
        nn.Linear(128, 10))


def mlp():
    return nn.Sequential(nn.Flatten(), nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 10))


NETWORKS = {
    "tiny": lambda: pyramid(8),
    "small": lambda: pyramid(16),
    "wide": wide,
    "classic": classic,
    "mlp": mlp,
}


def create(name):
    """A network with PyTorch's initial weights."""
    return NETWORKS[name]()
