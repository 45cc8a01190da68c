#!/usr/bin/env python3
"""PyTorch as a peer of Mnist.Benchmarks: reads one JSON order a line on standard input, answers with one JSON line each.

    {"order": "throughput", "network": "tiny", "batch": 256, "seconds": 1.5}  ->  {"images": 61440, "seconds": 1.52}
    {"order": "train", "network": "tiny", "batch": 128, "samples": 55000, "epochs": 2, "peak": 0.01, "warmup": 0.25,
     "beta2": 0.99, "seed": 1}
        ->  {"images": 110000, "seconds": 20.1, "accuracy": 0.9912}

Before the first order it prints {"ready": true, "torch": "1.13.1"}. An order that fails is answered by {"error": "why"}.
The batch is that of the optimizer's step; with several processes each takes its share of it, and gradients are averaged by
DistributedDataParallel over gloo on the loopback interface. Seconds are those of training steps: loading the data, evaluating
and the first steps, which warm up, do not count.
"""

import argparse
import json
import pathlib
import sys
import time

import numpy
import torch
from torch import nn
from torch.nn import functional

import networks

# Mean and deviation of MNIST's pixels, as PyTorch's example and PixelScale.cs have them.
MEAN, DEVIATION = 0.1307, 0.3081
WARMUP_STEPS = 5
CALIBRATION_STEPS = 10


def read_idx(folder, name, header):
    content = (pathlib.Path(folder) / name).read_bytes()
    return torch.from_numpy(numpy.frombuffer(content, dtype=numpy.uint8, offset=header).copy())


def read_images(folder, name):
    pixels = read_idx(folder, name, 16).reshape(-1, 1, 28, 28)
    return pixels.float().div_(255).sub_(MEAN).div_(DEVIATION)


class Peer:
    def __init__(self, arguments):
        self.rank, self.processes, self.folder = arguments.rank, arguments.processes, arguments.data
        self.format = torch.channels_last if arguments.channels_last else torch.contiguous_format
        self.images = read_images(self.folder, "train-images-idx3-ubyte")
        self.labels = read_idx(self.folder, "train-labels-idx1-ubyte", 8).long()
        self.trainers = {}
        if self.processes > 1:
            store = torch.distributed.FileStore(arguments.store, self.processes)
            torch.distributed.init_process_group("gloo", store=store, rank=self.rank, world_size=self.processes)

    def answer(self, order):
        return {"throughput": self.throughput, "train": self.train}[order["order"]](order)

    def throughput(self, order):
        """Images a second of a network that is kept, so that only its first order has to warm up."""
        key = order["network"], order["batch"]
        if key not in self.trainers:
            torch.manual_seed(1)
            self.trainers[key] = Trainer(self, order["network"], order["batch"], rate=0.001, beta2=0.999, samples=len(self.labels))
            self.trainers[key].run(WARMUP_STEPS)
        trainer = self.trainers[key]
        begun = time.perf_counter()
        trainer.run(CALIBRATION_STEPS)
        step = (time.perf_counter() - begun) / CALIBRATION_STEPS
        # All processes take as many steps as the first one thinks fit.
        steps = self.agree(max(1, round(order["seconds"] / step)))
        begun = time.perf_counter()
        images = trainer.run(steps)
        return {"images": images, "seconds": time.perf_counter() - begun}

    def train(self, order):
        """A whole recipe, with a rate that rises linearly and then falls linearly to 0, and its test accuracy."""
        torch.manual_seed(order["seed"])
        samples = order["samples"]
        trainer = Trainer(self, order["network"], order["batch"], rate=order["peak"], beta2=order["beta2"], samples=samples)
        total = order["epochs"] * trainer.steps_per_epoch
        rising = order["warmup"] * total
        schedule = torch.optim.lr_scheduler.LambdaLR(
            trainer.optimizer,
            lambda step: (step + 1) / rising if step < rising else max(0.0, (total - step) / (total - rising)))
        begun = time.perf_counter()
        images = trainer.run(total, schedule)
        seconds = time.perf_counter() - begun
        return {"images": images, "seconds": seconds, "accuracy": self.accuracy(trainer.module)}

    def agree(self, value):
        if self.processes == 1:
            return value
        shared = torch.tensor([value])
        torch.distributed.broadcast(shared, 0)
        return int(shared)

    def accuracy(self, module):
        images = read_images(self.folder, "t10k-images-idx3-ubyte")
        labels = read_idx(self.folder, "t10k-labels-idx1-ubyte", 8).long()
        module.eval()
        with torch.no_grad():
            right = sum(
                int((module(x).argmax(1) == y).sum()) for x, y in zip(images.split(1000), labels.split(1000)))
        return right / len(labels)


class Trainer:
    """A network with its optimizer, and the order in which it sees the samples."""

    def __init__(self, peer, network, batch, rate, beta2, samples):
        self.peer, self.batch, self.samples = peer, batch, samples
        self.steps_per_epoch = -(-samples // batch)
        self.module = networks.create(network).to(memory_format=peer.format)
        # Views spare DistributedDataParallel a copy of every gradient; running statistics are taken from the first process at
        # the end, so that there is no need to send them at every step.
        self.model = self.module if peer.processes == 1 else nn.parallel.DistributedDataParallel(
            self.module, gradient_as_bucket_view=True, broadcast_buffers=False)
        self.optimizer = torch.optim.Adam(self.module.parameters(), lr=rate, betas=(0.9, beta2))
        self.position = samples
        self.order = None
        self.epoch = 0

    def run(self, steps, schedule=None):
        """Takes steps; returns the number of images that all processes saw."""
        self.model.train()
        images = 0
        for _ in range(steps):
            if self.position >= self.samples:
                generator = torch.Generator().manual_seed(self.epoch)
                self.order = torch.randperm(self.samples, generator=generator)
                self.position, self.epoch = 0, self.epoch + 1
            chosen = self.order[self.position:self.position + self.batch]
            self.position += self.batch
            images += len(chosen)
            mine = chosen[self.peer.rank::self.peer.processes]
            self.optimizer.zero_grad(set_to_none=True)
            functional.cross_entropy(self.model(self.peer.images[mine]), self.peer.labels[mine]).backward()
            self.optimizer.step()
            if schedule is not None:
                schedule.step()
        return images


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", required=True)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--rank", type=int, default=0)
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--store", help="a file that does not exist yet, by which several processes find each other")
    parser.add_argument("--channels-last", action="store_true", help="activations as (n, y, x, channel) instead of PyTorch's default")
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    peer = Peer(arguments)
    print(json.dumps({"ready": True, "torch": torch.__version__}), flush=True)
    for line in sys.stdin:
        try:
            answer = peer.answer(json.loads(line))
        except Exception as error:  # Whoever reads the answers decides what an error means.
            answer = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
