"""Random numbers that a seed decides wholly: no clock, no state of the process, no order of workers."""

from __future__ import annotations

from typing import Any

import numpy as np

from yiqi.engine.ground.errors import EngineError


def check_seed(seed: Any) -> int:
    """The seed as an ``int``; ``seed_invalid`` unless it is a whole number from 0."""
    if isinstance(seed, bool) or not isinstance(seed, (int, np.integer)) or seed < 0:
        text = f"the seed must be a whole number from 0, not {seed!r}"
        raise EngineError("seed_invalid", text, {"seed": repr(seed)})
    return int(seed)


def generator(seed: int, *key: int) -> np.random.Generator:
    """The stream of random numbers of one piece of work, such as a block of draws.

    The streams of different keys are independent (``SeedSequence`` with the key as spawn key), and each is the same
    whoever draws from it and when. Errors: ``seed_invalid``.
    """
    return np.random.default_rng(np.random.SeedSequence(check_seed(seed), spawn_key=key))
