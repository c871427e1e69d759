"""Draw, place, count: the loop that every kind of uncertainty shares."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from yiqi.engine.ground.arrays import BoolArray, FloatArray, IntArray, frozen
from yiqi.engine.ground.errors import EngineError
from yiqi.engine.ground.ranking import PlaceArray
from yiqi.engine.ground.seeds import check_seed, generator
from yiqi.engine.uncertainty.blocks import MEMORY, check_draws, check_memory, spans, walk
from yiqi.engine.uncertainty.places import count_above, count_places
from yiqi.engine.uncertainty.standing import Failure, RobustStanding

Progress = Callable[[int], object]


@dataclass(frozen=True, eq=False)
class Batch:
    """What a block of draws came to: ``scores`` and ``places`` (draws, units), ``tier`` likewise or None.

    ``failed`` names the draws that could not be scored; their rows are nan and 0 and are counted nowhere.
    """

    scores: FloatArray
    places: PlaceArray
    tier: BoolArray | None = None
    failed: tuple[Failure, ...] = ()


class Model(Protocol):
    """Something uncertain that can be drawn. It must be picklable to be drawn on other processes."""

    @property
    def units(self) -> tuple[str, ...]:
        """Codes, in the order of the columns of a batch."""

    @property
    def batch_size(self) -> int:
        """Draws in a block, see ``blocks.block_of``."""

    def nominal(self) -> Batch:
        """One row: the result with nothing varied."""

    def draw(self, random: np.random.Generator, first: int, count: int) -> Batch:
        """``count`` draws with the given random numbers; ``first`` is the number of the first one."""


@dataclass(frozen=True, eq=False)
class _Drawing:
    """The work of one block; scores stay behind unless they are wanted."""

    model: Model
    seed: int
    draws: int
    keep_scores: bool

    def __call__(self, block: int) -> Batch:
        first, count = spans(self.draws, self.model.batch_size)[block]
        batch = self.model.draw(generator(self.seed, block), first, count)
        scores = batch.scores if self.keep_scores else np.empty((count, 0))
        return Batch(scores, batch.places, batch.tier, batch.failed)


@dataclass(eq=False)
class Tally:
    """Counts that grow block by block; their size does not depend on the number of draws."""

    counts: PlaceArray
    above: PlaceArray | None
    tier: IntArray | None
    failed: list[Failure]

    @classmethod
    def empty(cls, units: int, *, pairs: bool, tier: bool) -> Tally:
        """Nothing counted yet."""
        counts = np.zeros((units, units + 1), dtype=np.int32)
        above = np.zeros((units, units), dtype=np.int32) if pairs else None
        return cls(counts, above, np.zeros(units, dtype=np.int64) if tier else None, [])

    def add(self, batch: Batch, first: int) -> None:
        """Count a batch whose first draw has the number ``first``."""
        good = np.ones(len(batch.places), dtype=np.bool_)
        for failure in batch.failed:
            good[failure.run - first] = False
        places = batch.places[good]
        count_places(self.counts, places)
        if self.above is not None:
            count_above(self.above, places)
        if self.tier is not None and batch.tier is not None:
            self.tier += batch.tier[good].sum(axis=0)
        self.failed += batch.failed


def simulate(
    model: Model,
    draws: int,
    seed: int = 0,
    *,
    executor: Executor | None = None,
    pairs: bool = False,
    keep_scores: bool = False,
    memory: int = MEMORY,
    progress: Progress | None = None,
) -> RobustStanding:
    """Draw ``draws`` times and count places, pairs and the tier.

    ``executor``: any ``concurrent.futures.Executor`` (None = here). The same seed gives the same result bit for bit
    on any number of workers. ``pairs``: count who stands above whom (units² work a draw). ``keep_scores``: keep the
    scores of every draw (draws, units). ``memory``: bytes that counts and kept scores may take. ``progress`` is told
    how many draws were done, each time.

    Errors: ``draws_invalid``, ``seed_invalid``, ``too_many_draws``, ``too_many_units``, ``all_runs_failed``,
    ``workers_lost``.
    """
    draws, seed, size = check_draws(draws), check_seed(seed), len(model.units)
    fixed = 4 * size * (size + 1) + 4 * size * size * pairs
    check_memory(memory, fixed, 8 * size * keep_scores, draws)
    nominal = model.nominal()
    tally = Tally.empty(size, pairs=pairs, tier=nominal.tier is not None)
    scores = np.empty((draws, size)) if keep_scores else None
    cuts = spans(draws, model.batch_size)
    for (first, count), batch in zip(
        cuts, walk(_Drawing(model, seed, draws, keep_scores), len(cuts), executor), strict=True
    ):
        tally.add(batch, first)
        if scores is not None:
            scores[first : first + count] = batch.scores
        if progress is not None:
            progress(count)
    return standing_of(model.units, seed, draws, nominal, tally, scores)


def standing_of(
    units: tuple[str, ...], seed: int, draws: int, nominal: Batch, tally: Tally, scores: FloatArray | None
) -> RobustStanding:
    """The result of a finished tally; ``all_runs_failed`` if nothing was counted."""
    if len(tally.failed) == draws:
        worst = tally.failed[0]
        text = f"all {draws:,} draws failed, the first one with: {worst.message}"
        raise EngineError("all_runs_failed", text, {"draws": draws, "code": worst.code})
    return RobustStanding(
        units=units,
        seed=seed,
        draws=draws,
        nominal_scores=frozen(nominal.scores[0].copy()),
        nominal_places=frozen(nominal.places[0].astype(np.int64)),
        counts=frozen(tally.counts),
        above_counts=None if tally.above is None else frozen(tally.above),
        tier_counts=None if tally.tier is None else frozen(tally.tier),
        failed=tuple(tally.failed),
        scores=None if scores is None else frozen(scores),
    )


def standing_from(units: tuple[str, ...], nominal: Batch, batch: Batch, *, pairs: bool = False) -> RobustStanding:
    """The standing over draws that were made elsewhere, such as recorded ones: all of a batch, numbered from 0.

    Errors: ``draws_invalid`` (none), ``all_runs_failed``.
    """
    draws = check_draws(len(batch.places))
    tally = Tally.empty(len(units), pairs=pairs, tier=nominal.tier is not None)
    tally.add(batch, 0)
    return standing_of(units, 0, draws, nominal, tally, batch.scores)
