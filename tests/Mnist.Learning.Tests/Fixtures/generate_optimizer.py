"""Writes optimizer.json: ten steps of PyTorch's Adam and SGD, in double precision, for OptimizerTests.

Run with a Python that has torch (Debian: python3-torch): /usr/bin/python3 generate_optimizer.py
"""

import json
import pathlib

import torch

PARAMETERS = 19  # not a multiple of any vector width
STEPS = 10
SAMPLES = 128  # gradients are recorded as sums over so many samples


def learning_rate(step):
    return 0.01 * (step + 1) / STEPS


def trajectory(make_optimizer, initial, gradient_sums):
    weights = torch.nn.Parameter(torch.tensor(initial, dtype=torch.float64))
    optimizer = make_optimizer([weights])
    after = []
    for step in range(STEPS):
        optimizer.param_groups[0]["lr"] = learning_rate(step)
        weights.grad = torch.tensor(gradient_sums[step], dtype=torch.float64) / SAMPLES
        optimizer.step()
        after.append([float(f"{value:.9g}") for value in weights.tolist()])
    return after


def main():
    torch.manual_seed(20)
    initial = [round(value, 4) for value in torch.randn(PARAMETERS).tolist()]
    sums = [[round(value, 3) for value in (100 * torch.randn(PARAMETERS)).tolist()] for _ in range(STEPS)]
    fixture = {
        "samples": SAMPLES,
        "learningRates": [learning_rate(step) for step in range(STEPS)],
        "initial": initial,
        "gradientSums": sums,
        "adam": trajectory(lambda p: torch.optim.Adam(p, lr=1, betas=(0.9, 0.99), eps=1e-8), initial, sums),
        "adamWeightDecay": trajectory(
            lambda p: torch.optim.Adam(p, lr=1, betas=(0.9, 0.99), eps=1e-8, weight_decay=0.02), initial, sums),
        "sgd": trajectory(lambda p: torch.optim.SGD(p, lr=1, momentum=0.9), initial, sums),
        "sgdWeightDecay": trajectory(lambda p: torch.optim.SGD(p, lr=1, momentum=0.9, weight_decay=0.02), initial, sums),
    }
    lines = ",\n".join(f'  "{name}": {json.dumps(value)}' for name, value in fixture.items())
    pathlib.Path(__file__).with_name("optimizer.json").write_text("{\n" + lines + "\n}\n")


main()
