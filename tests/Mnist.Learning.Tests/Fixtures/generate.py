#!/usr/bin/env python3
"""Writes what PyTorch computes, in double precision, for each layer type and each network: layers.json, NETWORK.json.

Needs torch and numpy (Debian: python3-torch). Run it in any folder; it writes beside itself. Weights and inputs come
from formula.py. Large tensors are kept as their norm and every k-th element.
"""

import json
import pathlib

import numpy as np
import torch
import torch.nn.functional as F

from formula import dropout_mask, key, uniform

torch.set_num_threads(1)
HERE = pathlib.Path(__file__).parent
SAMPLES_PER_TENSOR = 48


def tensor(salt, shape, low=-1.0, high=1.0):
    values = uniform(salt, int(np.prod(shape)), low, high).reshape(shape)
    return torch.tensor(values.astype(np.float64), requires_grad=True)


def rounded(values):
    return [float(f"{v:.9g}") for v in np.asarray(values, dtype=np.float64).reshape(-1)]


def summary(values):
    """Norm and every k-th element."""
    flat = values.detach().numpy().reshape(-1)
    stride = max(1, flat.size // SAMPLES_PER_TENSOR)
    return {"norm": rounded([np.linalg.norm(flat)])[0], "stride": stride, "values": rounded(flat[::stride])}


def write(name, content):
    lines = ",\n".join(f"  {json.dumps(k)}: {json.dumps(v)}" for k, v in content.items())
    (HERE / f"{name}.json").write_text("{\n" + lines + "\n}\n")


# Activations are NHWC and kernels (ky, kx, ci, co), as in C#; torch wants NCHW and (co, ci, ky, kx).
def conv(x, w, b, padding):
    return F.conv2d(x.permute(0, 3, 1, 2), w.permute(3, 2, 0, 1), b, padding=padding).permute(0, 2, 3, 1)


def pool(x):
    return F.max_pool2d(x.permute(0, 3, 1, 2), 2).permute(0, 2, 3, 1)


def norm(x, weight, bias):
    return F.batch_norm(x.permute(0, 3, 1, 2), None, None, weight, bias, training=True).permute(0, 2, 3, 1)


def layer(function, **inputs):
    """Output of a layer, and the gradients of its inputs for the output gradient uniform(9)."""
    output = function(**inputs)
    gradient = tensor(9, tuple(output.shape))
    output.backward(gradient.detach())
    result = {"output": rounded(output.detach().numpy())}
    for name, value in inputs.items():
        result[name] = rounded(value.grad.numpy())
    return result


def layers():
    x = (2, 6, 4, 4)
    c = {"x": (2, 6, 5, 3), "w": (3, 3, 3, 4), "b": (4,)}
    inputs = lambda shapes: {name: tensor(salt, shape) for salt, (name, shape) in enumerate(shapes.items())}
    labels = torch.tensor([3, 0, 9])
    write("layers", {
        "convolution": layer(lambda x, w, b: conv(x, w, b, 0), **inputs(c)),
        "padded": layer(lambda x, w, b: conv(x, w, b, 1), **inputs(c)),
        "pooling": layer(lambda x: pool(x), **inputs({"x": x})),
        "normalization": layer(norm, **inputs({"x": x, "weight": (4,), "bias": (4,)})),
        "rectifier": layer(lambda x: F.relu(x), **inputs({"x": x})),
        "dense": layer(lambda x, w, b: x @ w + b, **inputs({"x": (3, 7), "w": (7, 5), "b": (5,)})),
        "softmax": layer(lambda x: F.softmax(x, 1), x=tensor(0, (3, 10), -4, 4)),
        "loss": layer(lambda x: F.cross_entropy(x, labels, reduction="none"), x=tensor(0, (3, 10), -4, 4)),
    })


# Tensors in the order of the state vector: name, shape, kind.
def normalized(i, channels):
    return [(f"bn{i}.weight", (channels,), "scale"), (f"bn{i}.bias", (channels,), "shift")]


def convolutional(kernels):
    """(kernel, inputs, outputs) of each convolution, each with normalization, then the dense layer's inputs."""
    tensors, statistics = [], []
    for i, (k, ci, co) in enumerate(kernels[:-1], 1):
        tensors += [(f"conv{i}.weight", (k, k, ci, co), k * k * ci)] + normalized(i, co)
        statistics += [(f"bn{i}.running_mean", (co,), "shift"), (f"bn{i}.running_var", (co,), "scale")]
    return tensors + [("fc.weight", (kernels[-1], 10), kernels[-1]), ("fc.bias", (10,), kernels[-1])] + statistics


def dense(i, inputs, outputs):
    return [(f"fc{i}.weight", (inputs, outputs), inputs), (f"fc{i}.bias", (outputs,), inputs)]


TENSORS = {
    "tiny": convolutional([(5, 1, 8), (3, 8, 16), (3, 16, 32), 288]),
    "small": convolutional([(5, 1, 16), (3, 16, 32), (3, 32, 64), 576]),
    "wide": convolutional([(5, 1, 16), (3, 16, 32), (3, 32, 32), (3, 32, 64), (3, 64, 64), 1024]),
    "classic": [
        ("conv1.weight", (3, 3, 1, 32), 9), ("conv1.bias", (32,), 9),
        ("conv2.weight", (3, 3, 32, 64), 288), ("conv2.bias", (64,), 288),
    ] + dense(1, 9216, 128) + dense(2, 128, 10),
    "mlp": dense(1, 784, 128) + dense(2, 128, 10),
}


def state_tensor(salt, shape, kind):
    if kind == "scale":
        return tensor(salt, shape, 0.5, 1.5)
    bound = np.float32(0.3) if kind == "shift" else np.float32(1) / np.sqrt(np.float32(kind))
    return tensor(salt, shape, -bound, bound)


def bn_relu(x, state, i, training, batch):
    nchw = x.permute(0, 3, 1, 2)
    n, positions = x.shape[0], x.numel() // x.shape[3]
    if training:
        batch[f"bn{i}.running_mean"] = n * nchw.mean((0, 2, 3))
        batch[f"bn{i}.running_var"] = n * nchw.var((0, 2, 3), unbiased=positions > 1)
    y = F.batch_norm(
        nchw, state[f"bn{i}.running_mean"].detach().clone(), state[f"bn{i}.running_var"].detach().clone(),
        state[f"bn{i}.weight"], state[f"bn{i}.bias"], training=training)
    return F.relu(y.permute(0, 2, 3, 1))


def forward(name, state, x, training, batch):
    """Class scores; PyTorch's order of layers, with the dropout masks of samples' keys key(11, sample)."""
    def drop(x, index, rate):
        length = x.numel() // x.shape[0]
        masks = np.stack([dropout_mask(key(11, s), index, rate, length) for s in range(x.shape[0])])
        return x * torch.tensor(masks).reshape(x.shape) if training else x

    if name == "mlp":
        hidden = F.relu(x.flatten(1) @ state["fc1.weight"] + state["fc1.bias"])
        return hidden @ state["fc2.weight"] + state["fc2.bias"]
    if name == "classic":
        x = F.relu(conv(x, state["conv1.weight"], state["conv1.bias"], 0))
        x = drop(pool(F.relu(conv(x, state["conv2.weight"], state["conv2.bias"], 0))), 0, 0.25)
        x = drop(F.relu(x.flatten(1) @ state["fc1.weight"] + state["fc1.bias"]), 1, 0.5)
        return x @ state["fc2.weight"] + state["fc2.bias"]

    # (padding, pooled) of each convolution
    plan = [(0, True), (1, False), (1, True), (1, False), (0, False)] if name == "wide" else [(0, True), (0, True), (0, False)]
    for i, (padding, pooled) in enumerate(plan, 1):
        x = conv(x, state[f"conv{i}.weight"], None, padding)
        x = bn_relu(pool(x) if pooled else x, state, i, training, batch)
    return x.flatten(1) @ state["fc.weight"] + state["fc.bias"]


def network(name):
    samples = 2 if name == "classic" else 4
    state = {t: state_tensor(salt, shape, kind) for salt, (t, shape, kind) in enumerate(TENSORS[name])}
    images = tensor(100, (samples, 28, 28, 1), -0.4, 2.8)
    labels = torch.tensor([i * 7 % 10 for i in range(samples)])
    batch = {}
    scores = forward(name, state, images, True, batch)
    loss = F.cross_entropy(scores, labels, reduction="sum")
    loss.backward()
    result = {
        "samples": samples,
        "loss": rounded([loss.item()])[0],
        "correct": int((scores.argmax(1) == labels).sum()),
        "probabilities": rounded(F.softmax(forward(name, state, images, False, {}), 1).detach().numpy()),
    }
    for t, value in state.items():
        result[t] = summary(batch[t] if t in batch else value.grad)
    write(name, result)


if __name__ == "__main__":
    layers()
    for name in TENSORS:
        network(name)
