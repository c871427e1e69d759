"""How much of the change of places each assumption brings about: variance-based sensitivity indices."""

from __future__ import annotations

from concurrent.futures import Executor
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from yiqi.engine.ground.arrays import FloatArray, frozen
from yiqi.engine.ground.errors import EngineError
from yiqi.engine.ground.notice import Notice
from yiqi.engine.ground.ranking import PlaceArray, mean_shift
from yiqi.engine.ground.seeds import check_seed, generator
from yiqi.engine.uncertainty.blocks import MEMORY, check_draws, check_memory, spans, walk
from yiqi.engine.uncertainty.index import IndexModel
from yiqi.engine.uncertainty.simulation import Batch, Progress, Tally, standing_of
from yiqi.engine.uncertainty.standing import Failure, RobustStanding

RESAMPLES = 200
LEVEL = 0.9


class Indices(NamedTuple):
    """First-order and total effect of each variable (d,)."""

    first: FloatArray
    total: FloatArray


@dataclass(frozen=True, eq=False)
class Sensitivity:
    """The outcome of N·(d + 2) runs. Arrays are closed to writing.

    - ``names``: the assumptions, d of them. ``indices``: their effects; ``first_interval``, ``total_interval`` (d, 2):
      90 % intervals by resampling the N rows.
    - ``y`` (d + 2, N): mean absolute change of place in each run, rows A, B, AB_1, …; nan in a failed run.
    - ``used``: rows without any failed run, on which the indices rest. ``failed``: every run that could not be scored,
      numbered along the rows of ``y``.
    - ``standing``: places over the 2N runs of A and B, as those are plain random draws.
    - ``warnings``: ``no_change`` (no draw moves any unit), ``rows_left_out``, ``few_rows``.
    """

    names: tuple[str, ...]
    draws: int
    seed: int
    indices: Indices
    first_interval: FloatArray
    total_interval: FloatArray
    y: FloatArray
    used: int
    failed: tuple[Failure, ...]
    standing: RobustStanding
    warnings: tuple[Notice, ...]


def sobol_indices(y: FloatArray) -> Indices:
    """``y`` (d + 2, N) in the order A, B, AB_1, …, AB_d (A with the column of one variable taken from B).

    First order: mean(y_B·(y_ABi − y_A)) / V (Saltelli and others 2010, table 2 b); total: Σ(y_A − y_ABi)² / (2N·V)
    (Jansen 1999); V = variance (n − 1) of y_A and y_B together. With V = 0 every index is 0.
    Errors: ``shape_mismatch``, ``not_finite``.
    """
    if y.ndim != 2 or y.shape[0] < 3 or y.shape[1] < 2:
        text = f"y must hold A, B and at least one AB for two draws or more, not be shaped {y.shape}"
        raise EngineError("shape_mismatch", text, {"array": "y", "found": list(y.shape)})
    if not np.isfinite(y).all():
        row, column = (int(index) for index in np.argwhere(~np.isfinite(y))[0])
        raise EngineError("not_finite", f"run {row * y.shape[1] + column} has no outcome", {"row": row, "draw": column})
    a, b, mixed = y[0], y[1], y[2:]
    variance = float(np.var(y[:2], ddof=1))
    if variance <= np.finfo(np.float64).tiny:
        return Indices(np.zeros(len(mixed)), np.zeros(len(mixed)))
    first = (b * (mixed - a)).mean(axis=1) / variance
    total = ((a - mixed) ** 2).mean(axis=1) / (2.0 * variance)
    return Indices(first, total)


@dataclass(frozen=True, eq=False)
class _Rows:
    """The work of one block: all d + 2 runs of some rows. ``y`` (d + 2, rows); the batch holds A, then B."""

    model: IndexModel
    seed: int
    draws: int
    nominal: PlaceArray

    def __call__(self, block: int) -> tuple[FloatArray, Batch, tuple[Failure, ...]]:
        first, count = spans(self.draws, self.model.batch_size)[block]
        design, random = self.model.design, generator(self.seed, block)
        a, b = random.random((2, count, design.width))
        batches, y = [], np.empty((len(design.names) + 2, count))
        for row, matrix in enumerate((a, b, *(_mixed(a, b, part) for part in design.slices))):
            batch = self.model.evaluate(design.sample(matrix, row * self.draws + first))
            y[row] = mean_shift(self.nominal, batch.places)
            for failure in batch.failed:
                y[row, failure.run - row * self.draws - first] = np.nan
            batches.append(batch)
        none = np.empty((count, 0))
        slim = [Batch(none, batch.places, batch.tier, batch.failed) for batch in batches[:2]]
        return y, _both(slim, first, self.draws), tuple(failure for batch in batches for failure in batch.failed)


def _mixed(a: FloatArray, b: FloatArray, part: slice) -> FloatArray:
    found = a.copy()
    found[:, part] = b[:, part]
    return found


def _both(batches: list[Batch], first: int, draws: int) -> Batch:
    """A and B as one batch whose failures are numbered by its own rows."""
    count = len(batches[0].places)
    failed = [
        Failure(failure.run - number * draws - first + number * count, failure.code, failure.message, failure.choices)
        for number, batch in enumerate(batches)
        for failure in batch.failed
    ]
    tiers = [batch.tier for batch in batches if batch.tier is not None]
    places = np.concatenate([batch.places for batch in batches])
    return Batch(np.empty((len(places), 0)), places, np.concatenate(tiers) if tiers else None, tuple(failed))


def sensitivity(
    model: IndexModel,
    draws: int,
    seed: int = 0,
    *,
    executor: Executor | None = None,
    pairs: bool = False,
    memory: int = MEMORY,
    progress: Progress | None = None,
) -> Sensitivity:
    """Indices of every assumption of the model from ``draws``·(d + 2) runs, ``draws`` = N.

    The other arguments and errors are those of ``simulate``; ``progress`` counts runs. An assumption is one variable,
    however many numbers it takes (all weights together, all errors of values together). ``no_good_rows``: less than
    two rows are without a failed run.
    """
    draws, seed, size = check_draws(draws), check_seed(seed), len(model.units)
    if draws < 2:
        text = f"the indices compare rows with one another: raise draws (--draws) to 2 or more, not {draws}"
        raise EngineError("draws_invalid", text, {"draws": repr(draws)})
    variables = len(model.design.names)
    check_memory(memory, 4 * size * (size + 1) + 4 * size * size * pairs, 8 * (variables + 2), draws)
    nominal = model.nominal()
    tally = Tally.empty(size, pairs=pairs, tier=nominal.tier is not None)
    y, failed = np.empty((variables + 2, draws)), list[Failure]()
    cuts = spans(draws, model.batch_size)
    work = _Rows(model, seed, draws, nominal.places[0])
    for (first, count), (part, batch, wrong) in zip(cuts, walk(work, len(cuts), executor), strict=True):
        y[:, first : first + count] = part
        tally.add(batch, 0)
        failed += wrong
        if progress is not None:
            progress(count * (variables + 2))
    tally.failed = [failure for failure in failed if failure.run < 2 * draws]
    standing = standing_of(model.units, seed, 2 * draws, nominal, tally, None)
    return _outcome(model.design.names, seed, y, tuple(sorted(failed, key=lambda one: one.run)), standing)


def _outcome(
    names: tuple[str, ...], seed: int, y: FloatArray, failed: tuple[Failure, ...], standing: RobustStanding
) -> Sensitivity:
    good = y[:, ~np.isnan(y).any(axis=0)]
    draws, used = y.shape[1], good.shape[1]
    if used < 2:
        cause = f"; the first run that failed: {failed[0].message}" if failed else ""
        text = f"{used} of {draws:,} rows are without a failed run, two are needed: raise draws{cause}"
        raise EngineError("no_good_rows", text, {"draws": draws, "used": used})
    indices = sobol_indices(good)
    resampled = _resampled(good, seed)
    low, high = (1 - LEVEL) / 2, (1 + LEVEL) / 2
    first, total = (np.quantile(part, (low, high), axis=0).T for part in resampled)
    return Sensitivity(
        names=names,
        draws=draws,
        seed=seed,
        indices=Indices(frozen(indices.first), frozen(indices.total)),
        first_interval=frozen(first),
        total_interval=frozen(total),
        y=frozen(y),
        used=used,
        failed=failed,
        standing=standing,
        warnings=_warnings(good, draws, used),
    )


def _resampled(y: FloatArray, seed: int) -> tuple[FloatArray, FloatArray]:
    """Indices of rows drawn with replacement (resamples, d), twice."""
    random = generator(seed, 0, 1)  # a key of two numbers: none of the blocks'
    found = [sobol_indices(y[:, random.integers(0, y.shape[1], y.shape[1])]) for _ in range(RESAMPLES)]
    return np.array([one.first for one in found]), np.array([one.total for one in found])


def _warnings(good: FloatArray, draws: int, used: int) -> tuple[Notice, ...]:
    found = []
    if not good[:2].std() > 0:
        found.append(Notice("no_change", "no draw changes the mean shift of places: every index is 0"))
    if used < draws:
        text = f"{draws - used} of {draws} rows hold a failed run and are left out of the indices"
        found.append(Notice("rows_left_out", text, data={"left_out": draws - used, "draws": draws}))
    if used < 100:
        text = f"the indices rest on {used} rows only: look at their intervals"
        found.append(Notice("few_rows", text, data={"rows": used}))
    return tuple(found)
