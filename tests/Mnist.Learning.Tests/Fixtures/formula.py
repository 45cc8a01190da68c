"""Numbers that Python and C# (Formula.cs) both compute from an index, so that fixtures hold results only."""

import numpy as np

MASK = (1 << 64) - 1


def uniform(salt, length, low, high):
    """float32 values in [low, high): MurmurHash3's finalizer of (index, salt)."""
    h = np.arange(length, dtype=np.uint32) * np.uint32(2654435761) + np.uint32((salt * 2246822519 + 1) & 0xFFFFFFFF)
    h ^= h >> np.uint32(16)
    h *= np.uint32(0x85EBCA6B)
    h ^= h >> np.uint32(13)
    h *= np.uint32(0xC2B2AE35)
    h ^= h >> np.uint32(16)
    u = (h >> np.uint32(8)).astype(np.float32) * np.float32(2.0**-24)
    return np.float32(low) + np.float32(np.float32(high) - np.float32(low)) * u


def _mix(z):
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9 & MASK
    z = (z ^ (z >> 27)) * 0x94D049BB133111EB & MASK
    return z ^ (z >> 31)


GAMMA = 0x9E3779B97F4A7C15


def key(seed, *words):
    """KeyedRandom.Key."""
    k = _mix((seed + GAMMA) & MASK)
    for word in words:
        k = _mix(k ^ _mix((word + GAMMA) & MASK))
    return k


def dropout_mask(sample_key, layer, rate, length):
    """1 / (1 − rate) for kept elements, else 0, as Dropout.cs states."""
    state = key(sample_key, layer)
    mask = np.zeros(length)
    for i in range(0, length, 4):
        state = (state + GAMMA) & MASK
        bits = _mix(state)
        for j in range(min(4, length - i)):
            mask[i + j] = 1 / (1 - rate) if (bits >> (16 * j)) & 0xFFFF >= int(rate * 65536) else 0
    return mask
