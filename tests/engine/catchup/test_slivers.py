"""A change too small to be an instruction is no part of a cheapest combination."""

from __future__ import annotations

import numpy as np
import pytest

from tests.engine.build import now_of
from yiqi.engine import AppraisalScheme, BlockSpec, IndicatorSpec
from yiqi.engine.catchup import AppraisalSituation, Bounds, Combination, at_place, cheapest_combination, next_place
from yiqi.engine.catchup.cheapest import LEAST, SLIVER

SCHEME = AppraisalScheme(
    (BlockSpec("b"),),
    tuple(IndicatorSpec(code, "b", 10, "higher", "ratio") for code in ("cheap", "dear", "dearest")),
    tolerance=0,
)
COSTS = {"cheap": 0.1, "dear": 1.0, "dearest": 3.0}


def situation(short: float) -> AppraisalSituation:
    """B stands ``short`` points behind A; ``cheap`` has room for 1 point of them."""
    figures = [[9.0, 5.0 + short, 5.0], [9.0, 5.0, 5.0], [1.0, 1.0, 1.0]]
    return now_of(SCHEME, ("A", "B", "C"), figures, targets=np.full((3, 3), 10.0))


def cheapest(short: float, costs: dict[str, float] = COSTS, **bounds: Bounds) -> Combination:
    return cheapest_combination(situation(short), "B", next_place(), costs=costs, bounds=bounds)


def moved(answer: Combination) -> dict[str, float]:
    return {lever.indicator: value for lever, value in answer.changes}


def test_what_is_no_sliver_stays() -> None:
    answer = cheapest(1.001)
    assert moved(answer) == {"cheap": 10.0, "dear": pytest.approx(5.001)}
    assert answer.certificate.closed


def test_a_sliver_moves_or_stays_and_all_are_solved_again() -> None:
    """``cheap`` went to 10, ``dear`` by 0.00001; now ``dear`` goes by a thousandth of its range, ``cheap`` less far."""
    answer = cheapest(1.00001)
    least = LEAST * 5.00001
    assert moved(answer) == {"cheap": pytest.approx(10.00001 - least), "dear": pytest.approx(5.0 + least)}
    assert answer.status == "enough"


def test_what_does_it_alone_is_not_lost() -> None:
    answer = cheapest(1.00001, {"cheap": 0.99999, "dear": 1.0, "dearest": 1.1}, cheap=Bounds(9.0, 9.000001))
    assert moved(answer) == {"dear": pytest.approx(6.00001)}


def test_the_certificate_tells_what_leaving_it_out_costs() -> None:
    certificate = cheapest(1.00001).certificate
    assert certificate.bound == pytest.approx(0.1 + 0.00001, rel=1e-9)
    assert certificate.gap == pytest.approx(0.9 * (LEAST * 5.00001 - 0.00001), rel=1e-6)
    assert certificate.closed


def test_a_sliver_stays_where_nothing_else_does_it() -> None:
    answer = cheapest(1.00001, dear=Bounds(5.0, 5.0001), dearest=Bounds(5.0, 5.0))
    assert moved(answer) == {"cheap": 10.0, "dear": pytest.approx(5.00001)}
    assert answer.certificate.closed


def test_no_answer_of_a_seeded_field_has_one() -> None:
    rng = np.random.default_rng(7)
    specs = tuple(IndicatorSpec(f"i{n}", "b", 10, "higher", "ratio") for n in range(8))
    figures = rng.integers(1, 10, (6, 8)) + rng.integers(-2, 3, (6, 8)) * 1e-6
    field = now_of(AppraisalScheme((BlockSpec("b"),), specs), tuple("ABCDEF"), figures, targets=np.full((6, 8), 10.0))
    spread = np.ptp(figures, axis=0)
    for unit in field.units:
        answer = cheapest_combination(field, unit, at_place(1))
        small = [part for part in answer.parts if abs(part.change) < SLIVER * spread[int(part.lever.indicator[1])]]
        assert (unit, small) == (unit, [])
