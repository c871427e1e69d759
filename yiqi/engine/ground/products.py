"""Matrix products whose bits do not depend on how many threads work on them."""

from __future__ import annotations

import numpy as np

from yiqi.engine.ground.arrays import FloatArray

TILE = 64  # rows and columns; a multiple of what a kernel of a BLAS takes at a time
DEPTH = 128  # of the sum; not more than a BLAS takes at a time


def product(left: FloatArray, right: FloatArray) -> FloatArray:
    """``left`` (m, k) times ``right`` (k, n).

    A BLAS shares out rows and columns among its threads and cuts long sums in parts; where a share ends in a broken
    tile, or the cut lies elsewhere, it adds in another order. Padded with zeros to whole tiles, and with the sum cut
    here, there is one order. A single row is summed without a BLAS. Between kinds of processors the last bits may
    still differ.
    """
    (m, k), n = left.shape, right.shape[1]
    if m == 1:
        return np.asarray(np.einsum("k,kn->n", left[0], right)[None, :])
    tall, wide = _padded(left, _whole(m), k), _padded(right, k, _whole(n))
    found = tall[:, :DEPTH] @ wide[:DEPTH]
    for start in range(DEPTH, k, DEPTH):
        found += tall[:, start : start + DEPTH] @ wide[start : start + DEPTH]
    return np.asarray(found[:m, :n])


def _whole(number: int) -> int:
    return -(-number // TILE) * TILE


def _padded(cells: FloatArray, rows: int, columns: int) -> FloatArray:
    if cells.shape == (rows, columns):
        return cells
    found = np.zeros((rows, columns))
    found[: cells.shape[0], : cells.shape[1]] = cells
    return found
