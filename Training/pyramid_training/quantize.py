"""Quantizes with the scale that fits each block best, where the usual one only fits its greatest."""

import numpy as np

# What the scale that the greatest weight of a block suggests is multiplied by, to be tried.
FACTORS = np.linspace(0.7, 1.1, 21, dtype=np.float32)
BLOCK = 32


def q4_0(rows: np.ndarray) -> np.ndarray:
    """Rows of weights as llama.cpp's Q4_0: blocks of a half-precision scale d and 32 numbers q of
    four bits, which stand for d (q - 8). Of the scales that are tried each block has the one with
    the least squared error.

    Returns bytes, `[rows, columns / 32 * 18]`.
    """
    blocks = rows.astype(np.float32).reshape(-1, BLOCK)
    greatest = blocks[np.arange(len(blocks)), np.abs(blocks).argmax(axis=1)]
    best = np.full(len(blocks), np.inf, dtype=np.float32)
    scales = np.zeros(len(blocks), dtype=np.float16)
    numbers = np.full(blocks.shape, 8, dtype=np.uint8)
    for factor in FACTORS:
        tried = (greatest / -8 * factor).astype(np.float16)
        wide = tried.astype(np.float32)[:, None]
        inverse = np.divide(1, wide, out=np.zeros_like(wide), where=wide != 0)
        found = np.clip(np.rint(blocks * inverse) + 8, 0, 15)
        error = np.square((found - 8) * wide - blocks).sum(axis=1)
        is_better = error < best
        best[is_better] = error[is_better]
        scales[is_better] = tried[is_better]
        numbers[is_better] = found[is_better].astype(np.uint8)
    packed = np.empty((len(blocks), 2 + BLOCK // 2), dtype=np.uint8)
    packed[:, :2] = scales[:, None].view(np.uint8)
    packed[:, 2:] = numbers[:, :BLOCK // 2] | numbers[:, BLOCK // 2:] << 4
    return packed.reshape(len(rows), -1)
