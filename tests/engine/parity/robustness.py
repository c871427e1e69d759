"""Files 80–82: elements taken out, results compared, uncertainty and sensitivity from the recorded draws."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np

from tests.engine.parity.reading import agree, data, read, same_codes, tree
from yiqi.engine import IndexScheme, run
from yiqi.engine.ground.ranking import mean_shift
from yiqi.engine.run.index import IndexResult
from yiqi.engine.scheme.index import Steps
from yiqi.engine.scheme.steps import AggregateSpec, NormaliseSpec
from yiqi.engine.study.comparison import ResultComparison, compare
from yiqi.engine.study.removal import remove_elements
from yiqi.engine.uncertainty import (
    Alternatives,
    Batch,
    IndexModel,
    RobustStanding,
    Sample,
    WeightNoise,
    changed,
    sobol_indices,
    standing_from,
)

CHECKS: dict[str, Callable[[], None]] = {}
LEFT_OUT: dict[str, str] = {}

NORMALISATIONS = {
    "n_minmax": NormaliseSpec("minmax", {"lower": 1, "upper": 100}),
    "n_zscore": NormaliseSpec("zscore", {"mean": 10, "sd": 2}),
}
AGGREGATIONS = {"a_amean": AggregateSpec("amean"), "a_gmean": AggregateSpec("gmean")}
ASSUMPTIONS = (
    Alternatives("Winmax", "treat.winmax", (1, 2, 3, 4, 5)),
    Alternatives("Normalisation", "normalise", tuple(NORMALISATIONS.values())),
    WeightNoise({"2": 0.25, "3": 0.25}, "Weights"),
    Alternatives("Aggregation", "aggregate", tuple([spec] for spec in AGGREGATIONS.values())),
)


def check(name: str) -> Callable[[Callable[[], None]], Callable[[], None]]:
    """Register the check of a file."""

    def register(function: Callable[[], None]) -> Callable[[], None]:
        CHECKS[f"{name}.csv"] = function
        return function

    return register


@cache
def standard() -> IndexResult:
    """The pipeline of files 10 to 15."""
    return run(IndexScheme(tree(), Steps.standard("grp1")), data())


def _removed(level: int) -> None:
    found, table = remove_elements(standard(), level), read(f"80_remove_L{level}_meanabsdiff")
    same_codes(("Nominal", *found.elements), table.codes)
    agree(found.mean_shift, table.column("MeanAbsRankDiff"), f"level {level}")


def _removed_table(level: int, kind: str) -> None:
    found, table = remove_elements(standard(), level), read(f"80_remove_L{level}_{kind}")
    same_codes(found.units, table.codes)
    same_codes(("Nominal", *found.elements), table.columns)
    agree(getattr(found, kind), table.numbers(), f"{kind} {level}")


for _level in (1, 2, 3):
    CHECKS[f"80_remove_L{_level}_meanabsdiff.csv"] = lambda level=_level: _removed(level)
for _level in (2, 3):
    for _kind in ("scores", "ranks"):
        CHECKS[f"80_remove_L{_level}_{_kind}.csv"] = lambda level=_level, kind=_kind: _removed_table(level, kind)


def _compared(found: ResultComparison, name: str) -> None:
    table = read(name)
    same_codes(found.units, table.codes)
    columns = [found.first, found.second, found.difference, found.absolute]
    agree(np.column_stack(columns), table.numbers("coin.1", "coin.2", "Diff", "Abs.diff"), name)


@check("81_compare_prank_ranks")
def _prank() -> None:
    steps = changed(standard().scheme.steps, {"normalise": {"method": "prank"}})
    _compared(compare(standard(), run(IndexScheme(tree(), steps), data())), "81_compare_prank_ranks")


@check("81_compare_drop2_scores")
def _dropped() -> None:
    fewer = run(IndexScheme(tree().with_nodes_removed(["i1", "i8"]), standard().scheme.steps), data())
    _compared(compare(standard(), fewer, what="scores"), "81_compare_drop2_scores")


@cache
def model() -> IndexModel:
    """The index with the four assumptions of the reference."""
    return IndexModel(IndexScheme(tree(), standard().scheme.steps), data(), ASSUMPTIONS)


@cache
def recorded(kind: str) -> Sample:
    """The recorded draws of ``82_sens_ua_*`` or ``82_sens_sa_*``."""
    params, sets = read(f"82_sens_{kind}_params"), read(f"82_sens_{kind}_weights")
    choices = [
        params.column("winmax").astype(int) - 1,
        [list(NORMALISATIONS).index(name) for name in params.texts("norm")],
        [list(AGGREGATIONS).index(name) for name in params.texts("agg")],
    ]
    hierarchy = tree()
    weights = np.array([[hierarchy.node(code).weight for code in hierarchy.codes]] * len(params.rows))
    chosen = params.column("weight_set").astype(int) - 1
    assert sets.codes == tuple(str(number) for number in range(1, len(sets.rows) + 1))
    for code in sets.columns:
        weights[:, hierarchy.codes.index(code)] = sets.column(code)[chosen]
    return Sample(np.column_stack(choices), weights)


@cache
def runs(kind: str) -> Batch:
    return model().evaluate(recorded(kind))


def _sensitivity_scores(kind: str) -> None:
    table, batch = read(f"82_sens_{kind}_scores"), runs(kind)
    same_codes(model().units, table.codes)
    assert batch.failed == ()
    agree(model().nominal().scores[0], table.column("Nominal"))
    same_codes([f"r_{number}" for number in range(1, len(batch.scores) + 1)], table.columns[1:])
    agree(batch.scores.T, table.numbers(*table.columns[1:]), f"scores {kind}")


def _rank_statistics(kind: str, taken: int) -> None:
    table, batch = read(f"82_sens_{kind}_rankstats"), runs(kind)
    first = Batch(batch.scores[:taken], batch.places[:taken])
    found: RobustStanding = standing_from(model().units, model().nominal(), first)
    same_codes(found.units, table.codes)
    agree(found.statistics.table(), table.numbers("Nominal", "Mean", "Median", "Q5", "Q95"), kind)


for _kind, _taken in (("ua", 60), ("sa", 32)):
    CHECKS[f"82_sens_{_kind}_scores.csv"] = lambda kind=_kind: _sensitivity_scores(kind)
    CHECKS[f"82_sens_{_kind}_rankstats.csv"] = lambda kind=_kind, taken=_taken: _rank_statistics(kind, taken)


def _recorded_draws(kind: str, number: int) -> None:
    """The draws are input: every one is read, and lies where our own assumptions draw."""
    sample, params = recorded(kind), read(f"82_sens_{kind}_params")
    assert len(sample) == number
    for column, (alternatives, written) in enumerate(
        zip(model().design.alternatives, ("winmax", "norm", "agg"), strict=True)
    ):
        assert set(sample.choices[:, column]) == set(range(len(alternatives.options))), written
    assert params.columns == ("winmax", "norm", "weight_set", "agg")
    assert [int(row) for row in params.codes] == list(range(1, number + 1))


def _recorded_weights(kind: str) -> None:
    """50 sets, each weight within a quarter of the one stated; used as they are by the scores of the same kind."""
    table = read(f"82_sens_{kind}_weights")
    assert table.numbers().shape == (50, 6)
    stated = np.array([tree().node(code).weight for code in table.columns])
    spread = WeightNoise({"2": 0.25, "3": 0.25}).spread(table.columns, [tree().level(code) for code in table.columns])
    assert (np.abs(table.numbers() / stated - 1) <= spread).all()


for _kind, _number in (("ua", 60), ("sa", 96)):
    CHECKS[f"82_sens_{_kind}_params.csv"] = lambda kind=_kind, number=_number: _recorded_draws(kind, number)
    CHECKS[f"82_sens_{_kind}_weights.csv"] = lambda kind=_kind: _recorded_weights(kind)


def _shifts() -> np.ndarray:
    return mean_shift(model().nominal().places[0], runs("sa").places)


@check("82_sens_sa_y")
def _y() -> None:
    agree(_shifts(), read("82_sens_sa_y").column("mean_abs_rank_change"), "y")


@check("82_sens_sa_indices")
def _indices() -> None:
    table, found = read("82_sens_sa_indices"), sobol_indices(_shifts().reshape(6, 16))
    same_codes(model().design.names, table.codes)
    agree(np.column_stack(found), table.numbers("Si", "STi"), "indices")
