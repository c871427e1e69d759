"""Laws of the simulation: same seed same numbers on any workers, probabilities, bounds, errors that say what to do."""

from __future__ import annotations

import pickle
import tracemalloc
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.engine.uncertainty.cases import ASSUMPTIONS, SEEDS, TREE, figures, index_steps, linear
from yiqi.engine import EngineError, IndexScheme
from yiqi.engine.uncertainty import (
    BLOCK,
    Alternatives,
    IndexModel,
    RobustStanding,
    ValueNoise,
    sensitivity,
    simulate,
    walk,
)
from yiqi.engine.uncertainty.blocks import IN_FLIGHT, block_of, check_memory

quick = settings(max_examples=25, deadline=None)


@pytest.fixture(scope="module")
def pool() -> Iterator[Executor]:
    with ProcessPoolExecutor(2, mp_context=get_context("forkserver")) as executor:
        yield executor


def index(seed: int = 0) -> IndexModel:
    return IndexModel(IndexScheme(TREE, index_steps()), figures(seed, holes=0.1), ASSUMPTIONS, tier_size=2)


def same(one: RobustStanding, other: RobustStanding) -> None:
    for name in ("counts", "above_counts", "tier_counts", "scores", "nominal_places"):
        first, second = getattr(one, name), getattr(other, name)
        assert (first is None) == (second is None)
        assert first is None or first.tobytes() == second.tobytes()
    assert one.failed == other.failed


@pytest.mark.parametrize("make", [linear, index])
def test_the_same_seed_gives_the_same_bits_on_any_executor(make: Callable[[], Any], pool: Executor) -> None:
    draws = 2 * BLOCK + 17
    here = simulate(make(), draws, 11, pairs=True, keep_scores=True)
    same(here, simulate(make(), draws, 11, pairs=True, keep_scores=True))
    same(here, simulate(make(), draws, 11, pairs=True, keep_scores=True, executor=pool))
    with ThreadPoolExecutor(3) as threads:
        same(here, simulate(make(), draws, 11, pairs=True, keep_scores=True, executor=threads))
    other = simulate(make(), draws, 12, keep_scores=True)
    assert other.scores is not None
    assert here.scores is not None
    assert other.scores.tobytes() != here.scores.tobytes()


def test_sensitivity_too(pool: Executor) -> None:
    here, there = sensitivity(index(), BLOCK + 5, 3), sensitivity(index(), BLOCK + 5, 3, executor=pool)
    assert here.y.tobytes() == there.y.tobytes()
    assert here.first_interval.tobytes() == there.first_interval.tobytes()
    same(here.standing, there.standing)


def test_more_draws_begin_with_the_fewer() -> None:
    few, many = simulate(linear(), BLOCK, 5, keep_scores=True), simulate(linear(), 3 * BLOCK, 5, keep_scores=True)
    assert few.scores is not None
    assert many.scores is not None
    assert many.scores[:BLOCK].tobytes() == few.scores.tobytes()


@quick
@given(SEEDS, st.integers(2, 8), st.integers(1, 40), st.floats(0, 1), st.booleans())
def test_probabilities(seed: int, units: int, draws: int, size: float, holes: bool) -> None:
    matrix = np.random.default_rng(seed).integers(0, 3, (units, 3)) / 2.0
    if holes:
        matrix[0] = np.nan
    assume((np.nanmax(matrix, axis=0) > np.nanmin(matrix, axis=0)).any())  # something to rank
    model = linear(rows=units, width=3, matrix=matrix, noise=size, tier_size=min(2, units))
    found = simulate(model, draws, seed, pairs=True)
    np.testing.assert_allclose(found.probability.sum(axis=1) + found.unplaced, 1.0, rtol=1e-12)
    assert ((found.probability >= 0) & (found.probability <= 1)).all()
    assert (np.diag(found.above) == 0).all()
    assert (found.above + found.above.T <= 1 + 1e-12).all()
    assert (found.tier_probability <= 1).all()
    np.testing.assert_allclose(found.tier_probability, [found.chance_within(u, min(2, units)) for u in found.units])
    stats = found.statistics.table()[found.unplaced < 1]
    assert ((stats[:, 1:] >= 1) & (stats[:, 1:] <= units)).all()
    assert (stats[:, 3] <= stats[:, 2]).all()
    assert (stats[:, 2] <= stats[:, 4]).all()
    if size == 0:
        assert all(found.counts[row, place] == draws for row, place in enumerate(found.nominal_places))


@quick
@given(SEEDS, st.permutations(range(6)))
def test_renaming_and_reordering_units_moves_their_rows_with_them(seed: int, order: list[int]) -> None:
    model = linear(seed, rows=6)
    moved = linear(rows=6, matrix=model.data.values[order])
    one, other = simulate(model, 50, seed), simulate(moved, 50, seed)
    np.testing.assert_array_equal(one.counts[order], other.counts)


@quick
@given(SEEDS, st.sampled_from([0.25, 4.0, 1024.0]))
def test_rescaling_weights_changes_nothing(seed: int, factor: float) -> None:
    model = linear(seed)
    scaled = linear(seed, weights=np.arange(1.0, 5.0) * factor)
    np.testing.assert_array_equal(simulate(model, 50, seed).counts, simulate(scaled, 50, seed).counts)


def test_who_dominates_is_always_first() -> None:
    matrix = np.vstack([np.ones(4), np.random.default_rng(0).random((5, 4)) * 0.99])
    found = simulate(linear(rows=6, matrix=matrix, noise=1.0), 500, 1, pairs=True)
    assert found.chance("u0", 1) == 1.0
    assert found.chance_above("u0", "u3") == 1.0
    assert found.chance_above("u3", "u0") == 0.0


def refused(code: str, work: Callable[[], object]) -> EngineError:
    with pytest.raises(EngineError) as caught:
        work()
    assert caught.value.code == code
    return caught.value


@pytest.mark.parametrize("seed", [-1, 1.0, "7", None, True, float("nan")])
def test_a_seed_that_is_not_one(seed: Any) -> None:
    assert "whole number from 0" in str(refused("seed_invalid", lambda: simulate(linear(), 10, seed)))


@pytest.mark.parametrize("draws", [0, -3, 2.5, "10", None, True, 2**31])
def test_a_number_of_draws_that_is_not_one(draws: Any) -> None:
    refused("draws_invalid", lambda: simulate(linear(), draws))
    refused("draws_invalid", lambda: sensitivity(index(), draws))


def test_more_draws_than_memory_says_how_many_fit() -> None:
    error = refused("too_many_draws", lambda: simulate(linear(), 2_000_000_000, keep_scores=True))
    fit = error.data["fit"]
    assert f"{fit:,} draws fit" in str(error)
    fixed = 4 * 9 * 10
    check_memory(2 * 2**30, fixed, 8 * 9, fit)
    refused("too_many_draws", lambda: check_memory(2 * 2**30, fixed, 8 * 9, fit + 1))


def test_counts_that_do_not_fit_are_refused_before_work() -> None:
    refused("too_many_units", lambda: simulate(linear(), 10, memory=100))


def test_without_scores_any_number_of_draws_takes_the_same_memory() -> None:
    check_memory(4 * 9 * 10, 4 * 9 * 10, 0, 2**31 - 1)


def test_failed_draws_are_counted_and_named() -> None:
    model = IndexModel(
        IndexScheme(TREE, index_steps(normalise={"method": "minmax"})), figures(1), ASSUMPTIONS[1:], tier_size=2
    )  # 0..100 holds a 0, which a geometric and a harmonic mean refuse
    found = simulate(model, 300, 2, keep_scores=True)
    assert found.scores is not None
    assert 0 < len(found.failed) < 300
    assert found.good == 300 - len(found.failed)
    assert {failure.code for failure in found.failed} == {"not_positive"}
    assert {failure.choices["mean"][0]["method"] for failure in found.failed} == {"gmean", "hmean"}
    assert [failure.run for failure in found.failed] == np.flatnonzero(np.isnan(found.scores).all(axis=1)).tolist()
    assert sum(found.failures().values()) == len(found.failed)
    assert all(failure.message.startswith("unit 'u") for failure in found.failed)
    assert (found.counts.sum(axis=1) == found.good).all()


def test_all_draws_failing_is_an_error() -> None:
    only = index_steps(normalise={"method": "minmax"})
    means = type(ASSUMPTIONS[2])("mean", "aggregate", ([{"method": "gmean"}],))
    assert "draws failed" in str(
        refused("all_runs_failed", lambda: simulate(IndexModel(IndexScheme(TREE, only), figures(1), [means]), 9))
    )
    refused("all_runs_failed", lambda: sensitivity(IndexModel(IndexScheme(TREE, only), figures(1), [means]), 9))


def test_progress_adds_up_to_the_draws() -> None:
    told: list[int] = []
    simulate(linear(), 600, progress=told.append)
    assert (sum(told), len(told)) == (600, 3)
    told.clear()
    sensitivity(index(), 300, progress=told.append)
    assert sum(told) == 300 * 5


class Broken(Executor):
    """A pool whose worker died."""

    def submit(self, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        future.set_exception(BrokenExecutor("a worker died"))
        return future


def test_lost_workers_are_a_named_error() -> None:
    refused("workers_lost", lambda: simulate(linear(), 10, executor=Broken()))


class Counting(ThreadPoolExecutor):
    """Counts tasks not yet taken back."""

    def __init__(self) -> None:
        super().__init__(2)
        self.out, self.most = 0, 0

    def submit(self, *args: Any, **kwargs: Any) -> Future[Any]:
        self.out += 1
        self.most = max(self.most, self.out)
        return super().submit(*args, **kwargs)


def square(block: int) -> int:
    return block * block


def test_blocks_come_back_in_order_and_few_are_out() -> None:
    with Counting() as executor:
        found = []
        for number, value in enumerate(walk(square, 100, executor, per_task=1)):
            executor.out = max(executor.out - 1, 0) if number else executor.out - 1
            found.append(value)
    assert found == [n * n for n in range(100)]
    assert executor.most <= IN_FLIGHT


def test_a_model_travels_without_what_it_has_worked_out() -> None:
    model = index()
    simulate(model, 50)
    assert "_kept" in vars(model)
    there = pickle.loads(pickle.dumps(model))  # noqa: S301 - made here
    assert set(vars(there)) == {"scheme", "data", "assumptions", "node", "tier_size"}
    same(simulate(there, 50), simulate(model, 50))


def test_what_was_not_recorded_is_asked_for_by_name() -> None:
    found = simulate(linear(tier_size=None), 10)
    assert "pairs=True" in str(refused("not_recorded", lambda: found.above))
    assert "tier_size" in str(refused("not_recorded", lambda: found.tier_probability))
    refused("unknown_unit", lambda: found.chance("nobody", 1))
    refused("place_invalid", lambda: found.chance("u0", 10))


def test_results_are_closed_to_writing() -> None:
    found = simulate(linear(), 10, pairs=True, keep_scores=True)
    for array in (found.counts, found.probability, found.above, found.scores, found.statistics.mean):
        assert array is not None
        assert not array.flags.writeable


def test_missing_values_share_out_their_weight() -> None:
    model = linear(rows=2, width=2, matrix=[[1.0, np.nan], [0.4, 0.8]], weights=[1.0, 3.0], noise=0.0, tier_size=None)
    np.testing.assert_allclose(model.nominal().scores, [[1.0, 0.7]], rtol=1e-15)


def peak(work: Callable[[], object]) -> int:
    """Most bytes held while working, after a first time that fills the caches."""
    work()
    tracemalloc.start()
    work()
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return most


@pytest.mark.parametrize("make", [linear, index])
def test_memory_grows_with_the_block_not_with_the_draws(make: Callable[[], Any]) -> None:
    model = make()
    few, many = peak(lambda: simulate(model, 2 * BLOCK)), peak(lambda: simulate(model, 20 * BLOCK))
    assert many < 1.3 * few


def test_a_wide_model_has_smaller_blocks_and_still_the_same_bits(pool: Executor) -> None:
    assert (block_of(1), block_of(2**14), block_of(2**15), block_of(2**30)) == (BLOCK, BLOCK, BLOCK // 2, 1)
    model = IndexModel(IndexScheme(TREE, index_steps()), figures(units=4_000), [ValueNoise(0.1)])
    assert model.batch_size == 2**22 // 20_000
    cut = model.batch_size + 3
    same(simulate(model, cut, 1), simulate(model, cut, 1, executor=pool))


def test_nothing_is_done_twice_that_a_draw_does_not_change() -> None:
    """5 ways to treat, 10 with the scale, one step before both: 16 steps, however many draws and blocks."""
    steps = index_steps(treat={"winmax": 5})
    options = Alternatives("winmax", "treat.winmax", (1, 2, 3, 4, 5))
    model = IndexModel(IndexScheme(TREE, steps), figures(units=20), [options, *ASSUMPTIONS])
    simulate(model, 3 * BLOCK, 1)
    assert len(model.stages.kept) == 16
