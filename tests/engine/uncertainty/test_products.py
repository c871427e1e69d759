"""Products that have the same bits on any number of threads."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.engine.uncertainty.cases import SEEDS
from yiqi.engine.ground.products import product

SIZES = st.integers(1, 150)
DIGEST = """
import hashlib
import numpy as np
from yiqi.engine.ground.products import product
random, total = np.random.default_rng(0), hashlib.sha256()
for m, k, n in random.integers(1, 420, (40, 3)).tolist() + [[256, 398, 3000], [500, 33, 500], [1, 300, 4000]]:
    for turned in (False, True):
        right = random.random((n, k)).T if turned else random.random((k, n))
        total.update(np.ascontiguousarray(product(random.random((m, k)), right)).tobytes())
print(total.hexdigest())
"""


@settings(max_examples=40, deadline=None)
@given(SEEDS, SIZES, st.integers(0, 400), SIZES)
def test_it_is_the_product(seed: int, m: int, k: int, n: int) -> None:
    random = np.random.default_rng(seed)
    left, right = random.random((m, k)), random.random((k, n))
    np.testing.assert_allclose(product(left, right), left @ right, rtol=1e-12)


def test_any_number_of_threads_gives_the_same_bits() -> None:
    found = set()
    for threads in ("1", "2", "3"):
        names = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), threads)
        path = str(Path(__file__).parents[3])
        done = subprocess.run(
            [sys.executable, "-c", DIGEST],
            env={**os.environ, **names, "PYTHONPATH": path},
            capture_output=True,
            check=True,
        )
        found.add(done.stdout)
    assert len(found) == 1
