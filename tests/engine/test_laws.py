"""Laws of the engine on random plans and figures. Figures lie on a coarse grid, so ties and flat groups are common."""

from __future__ import annotations

import math
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.engine.build import scheme, scored, spec
from yiqi.engine import (
    RULES,
    AppraisalResult,
    AppraisalScheme,
    BlockSpec,
    FloatArray,
    IndicatorSpec,
    ranks,
    round_half_up,
)
from yiqi.engine.tell import notices

quick = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])

GRID = st.integers(0, 40).map(lambda steps: steps / 4)
TARGET = st.integers(1, 40).map(lambda steps: steps / 4)
HALVES = {"a": 0.25, "level": {"rule": "efficacy"}, "growth": {"rule": "rank_linear", "params": {"f": 0.5}}}
PARAMS: dict[str, dict[str, Any]] = {
    "ratio": {},
    "gap": {"g": 3},
    "efficacy": {},
    "minmax": {},
    "rank_linear": {"f": 0.3},
    "rank_step": {"k": 0.75, "m": 1},
    "bands": {"bands": [[2, 0.4], [4, 0.7], [8, 1]]},
    "reached": {"share": 0.5},
    "deduct": {"each": 0.3},
    "bonus": {},
    "level_and_growth": HALVES,
    "veto": {},
}
MONOTONE = sorted(set(RULES) - {"bands", "veto"})
ARRAYS = (
    "used_values", "cell_points", "cell_max", "shares", "cell_ranks", "cell_group_ranks", "block_points",
    "block_coverage", "block_ranks", "block_group_ranks", "total_points", "total_ranks", "total_group_ranks",
    "vetoed", "in_tier",
)  # fmt: skip


class Case(NamedTuple):
    """A scheme and its figures."""

    scheme: AppraisalScheme
    units: tuple[str, ...]
    figures: dict[str, Any]

    def run(self, **changes: Any) -> AppraisalResult:
        return scored(self.scheme, self.units, **{**self.figures, **changes})


@st.composite
def indicators(draw: st.DrawFn, number: int) -> IndicatorSpec:
    rule = draw(st.sampled_from(sorted(RULES)))
    return IndicatorSpec(
        f"i{number}",
        draw(st.sampled_from(["b", "c"])) if number > 1 else "bc"[number],
        0 if rule == "veto" else draw(st.sampled_from([1, 2.5, 4])),
        draw(st.sampled_from(["higher", "lower"])),
        rule,
        PARAMS[rule],
        draw(st.sampled_from([None, "exclude", "zero", "carry", "group_mean"])),
    )


def matrix(draw: st.DrawFn, shape: tuple[int, int], cells: st.SearchStrategy[float]) -> FloatArray:
    flat = draw(st.lists(cells, min_size=shape[0] * shape[1], max_size=shape[0] * shape[1]))
    return np.array(flat, dtype=np.float64).reshape(shape)


@st.composite
def cases(draw: st.DrawFn) -> Case:
    specs = [draw(indicators(number)) for number in range(draw(st.integers(2, 5)))]
    units = tuple(f"u{row}" for row in range(draw(st.integers(1, 7))))
    shape, gaps = (len(units), len(specs)), st.just(math.nan)
    values = matrix(draw, shape, st.one_of(GRID, GRID, GRID, gaps))
    values[0, 0] = draw(GRID)
    made = AppraisalScheme(
        (BlockSpec("b", coverage=draw(st.sampled_from([0, 0.5]))), BlockSpec("c")),
        tuple(specs),
        ties=draw(st.sampled_from(["competition", "dense"])),
        tie_breakers=draw(st.sampled_from([(), ("i1", "i0")])),
        zero_range=draw(st.sampled_from(["full", "mid"])),
        rank_rounded=draw(st.booleans()),
        tier_size=2,
    )
    figures = {
        "values": values,
        "targets": matrix(draw, shape, st.one_of(TARGET, TARGET, gaps)),
        "previous": matrix(draw, shape, st.one_of(GRID, gaps)),
        "growth": matrix(draw, shape, st.one_of(GRID, GRID, gaps)),
        "peers": draw(st.one_of(st.none(), st.lists(st.sampled_from("xy"), min_size=shape[0], max_size=shape[0]))),
        "vetoed": draw(st.lists(st.booleans(), min_size=shape[0], max_size=shape[0])),
    }
    return Case(made, units, figures)


def same(first: np.ndarray, second: np.ndarray) -> bool:
    """Equal to the last bit, nan equal to nan."""
    return bool(np.array_equal(first, second, equal_nan=first.dtype.kind == "f"))


@quick
@given(cases())
def test_exact_replay(case: Case) -> None:
    first, second = case.run(), case.run()
    assert first.digest == second.digest
    assert notices(first) == notices(second)
    assert [getattr(first, name).tobytes() for name in ARRAYS] == [getattr(second, name).tobytes() for name in ARRAYS]
    again = scored(AppraisalScheme.from_dict(case.scheme.to_dict()), case.units, **case.figures)
    assert (again.digest, again.total_points.tobytes()) == (first.digest, first.total_points.tobytes())


@quick
@given(cases(), st.randoms(use_true_random=False))
def test_permuting_units_permutes_results(case: Case, random: Any) -> None:
    order = list(range(len(case.units)))
    random.shuffle(order)
    moved = {
        name: None
        if given is None
        else (given[order] if isinstance(given, np.ndarray) else [given[row] for row in order])
        for name, given in case.figures.items()
    }
    before, after = case.run(), scored(case.scheme, [case.units[row] for row in order], **moved)
    assert [name for name in ARRAYS if not same(getattr(before, name)[order], getattr(after, name))] == []


@quick
@given(cases())
def test_contributions_add_up_exactly(case: Case) -> None:
    result = case.run()
    cells = np.nan_to_num(result.cell_points)
    for number, block in enumerate(result.scheme.parts):
        columns = case.scheme.block_columns(block)
        for row, points in enumerate(result.block_points[:, number].tolist()):
            assert math.isnan(points) or points == math.fsum(cells[row, columns].tolist())
    entering = [column for block in result.total_blocks for column in case.scheme.block_columns(block)]
    for row, points in enumerate(result.total_points.tolist()):
        assert math.isnan(points) or points == math.fsum(cells[row, entering].tolist())
        blocks = [result.block_points[row, result.scheme.parts.index(block)] for block in result.total_blocks]
        assert math.isnan(points) or points == pytest.approx(math.fsum(blocks), rel=1e-15)


@quick
@given(cases())
def test_bounds(case: Case) -> None:
    """All caps are 1 and all floors 0 here: a cell lies within its full marks, a block within its points."""
    result = case.run()
    kept = ~np.isnan(result.cell_points)
    assert (result.cell_points[kept] >= 0).all()
    assert (result.cell_points[kept] <= result.cell_max[kept] * (1 + 1e-12)).all()
    assert ((result.block_coverage >= 0) & (result.block_coverage <= 1)).all()
    assert (result.total_ranks <= len(case.units)).all()
    assert not (result.in_tier & (result.vetoed | (result.total_ranks == 0))).any()
    for number, block in enumerate(result.scheme.parts):
        most = math.fsum(case.scheme.indicators[column].points for column in case.scheme.block_columns(block))
        assert not (result.block_points[:, number] > most * (1 + 1e-12)).any()


@quick
@given(cases())
def test_full_marks_of_a_scored_block_are_kept(case: Case) -> None:
    """Sharing out the points of missing cells leaves the block's full marks as they are."""
    result = case.run()
    for number, block in enumerate(result.scheme.parts):
        columns = [column for column in case.scheme.block_columns(block) if case.scheme.indicators[column].counts]
        full = math.fsum(case.scheme.indicators[column].points for column in columns)
        for row in np.flatnonzero(~np.isnan(result.block_points[:, number])):
            assert math.fsum(result.cell_max[row, columns].tolist()) == pytest.approx(full)


@quick
@given(cases(), st.data())
def test_improving_a_value_never_lowers_its_own_points(case: Case, data: st.DataObject) -> None:
    known = [
        (row, column)
        for row, column in np.argwhere(~np.isnan(case.figures["values"])).tolist()
        if case.scheme.indicators[column].rule in MONOTONE
    ]
    if not known:
        return
    row, column = data.draw(st.sampled_from(known))
    improved = case.figures["values"].copy()
    step = data.draw(GRID)
    lower = case.scheme.indicators[column].direction == "lower"
    improved[row, column] = max(improved[row, column] - step, 0.0) if lower else improved[row, column] + step
    before, after = case.run(), case.run(values=improved)
    number = before.scheme.parts.index(case.scheme.indicators[column].block)
    pairs = [
        (before.cell_points[row, column], after.cell_points[row, column]),
        (before.block_points[row, number], after.block_points[row, number]),
        (before.total_points[row], after.total_points[row]),
    ]
    assert [(old, new) for old, new in pairs if not (new >= old or (math.isnan(old) and math.isnan(new)))] == []


def test_where_improving_can_cost_points() -> None:
    """The exceptions named in the document: bands that fall, and a zero range treated as missing."""
    falling = scheme(spec(rule="bands", params={"bands": [[0, 1], [5, 0.5]]}))
    assert scored(falling, "A", [[4]]).total_points > scored(falling, "A", [[6]]).total_points
    missing = scheme(spec("a", points=5), spec("d", points=5), zero_range="missing")
    before, after = scored(missing, "ABC", [[9, 1], [8, 3], [8, 1]]), scored(missing, "ABC", [[9, 1], [9, 3], [9, 1]])
    assert before.block_points[0, 0] == 5.0
    assert after.block_points[0, 0] == 0.0


SCALE_FREE = ["efficacy", "minmax", "rank_linear", "rank_step", "ratio", "reached"]


@quick
@given(cases(), st.sampled_from(SCALE_FREE), st.sampled_from([0.5, 8.0]))
def test_another_unit_of_measure_changes_nothing(case: Case, rule: str, scale: float) -> None:
    """万元 or 亿元: values, targets and previous values of one column scaled by a power of two, so exactly."""
    first = IndicatorSpec("i0", "b", 4, "higher", rule, PARAMS[rule])
    scaled = Case(
        AppraisalScheme.from_dict({**case.scheme.to_dict(), "indicators": _with(case.scheme, first)}),
        case.units,
        case.figures,
    )
    moved = {name: case.figures[name].copy() for name in ("values", "targets", "previous")}
    for array in moved.values():
        array[:, 0] *= scale
    before, after = scaled.run(), scaled.run(**moved)
    names = [name for name in ARRAYS if name != "used_values"]
    assert [name for name in names if not same(getattr(before, name), getattr(after, name))] == []


def _with(old: AppraisalScheme, first: IndicatorSpec) -> list[dict[str, Any]]:
    return [first.to_dict(), *(indicator.to_dict() for indicator in old.indicators[1:])]


@quick
@given(st.lists(GRID, min_size=2, max_size=8), st.integers(-8, 8), st.sampled_from(["higher", "lower"]))
def test_a_constant_added_to_a_minmax_column_changes_nothing(column: list[float], shift: int, direction: str) -> None:
    units = [str(row) for row in range(len(column))]
    cells = [
        scored(scheme(spec(direction=direction)), units, [[value + moved] for value in column]).cell_points
        for moved in (0, shift)
    ]
    assert same(cells[0], cells[1])


@quick
@given(cases())
def test_doubling_all_points_changes_no_rank(case: Case) -> None:
    """Rules that speak in points (rank_step, deduct, bonus) are left out: their steps would have to be doubled too."""
    in_points = {"rank_step", "deduct", "bonus"}
    doubled = [
        {**indicator.to_dict(), "points": indicator.points * 2}
        for indicator in case.scheme.indicators
        if indicator.rule not in in_points
    ]
    if len(doubled) < len(case.scheme.indicators):
        return
    plain = AppraisalScheme.from_dict({**case.scheme.to_dict(), "rank_rounded": False})
    heavy = AppraisalScheme.from_dict({**plain.to_dict(), "indicators": doubled})
    before, after = scored(plain, case.units, **case.figures), scored(heavy, case.units, **case.figures)
    assert same(before.shares, after.shares)
    assert same(before.cell_points * 2, after.cell_points)
    assert same(before.total_ranks, after.total_ranks)


def naive_ranks(scores: list[float], tolerance: float, ties: str) -> list[int]:
    """The definition, word by word."""
    places: dict[float, int] = {}
    best, place = math.inf, 0
    known = sorted((score for score in scores if not math.isnan(score)), reverse=True)
    for passed, score in enumerate(known, start=1):
        if best - score > tolerance:
            best, place = score, passed if ties == "competition" else place + 1
        places[score] = place
    return [0 if math.isnan(score) else places[score] for score in scores]


@quick
@given(
    st.lists(st.one_of(GRID, st.just(math.nan)), min_size=1, max_size=12),
    st.sampled_from([0.0, 1e-9, 0.25, 0.6, 3.0]),
    st.sampled_from(["competition", "dense"]),
)
def test_ranks_follow_their_definition(scores: list[float], tolerance: float, ties: str) -> None:
    assert ranks(np.array(scores), ties, tolerance).tolist() == naive_ranks(scores, tolerance, ties)


@settings(parent=quick, max_examples=300)
@given(st.integers(-(10**9), 10**9), st.integers(0, 5), st.integers(0, 4))
def test_rounding_is_that_of_decimals(digits: int, decimals: int, places: int) -> None:
    written = Decimal(digits).scaleb(-decimals)
    expected = float(written.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP))
    assert float(round_half_up(float(written), places)) == expected


@quick
@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=8), st.integers(0, 3))
def test_rounding_in_bulk_is_rounding_one_by_one(thousandths: list[int], places: int) -> None:
    values = np.array(thousandths) / 1000
    assert round_half_up(values, places).tolist() == [float(round_half_up(value, places)) for value in values]
