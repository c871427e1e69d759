"""Each wrong question is refused by name."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from tests.engine.build import now_of, scheme, spec
from yiqi.engine import EngineError, IndexScheme
from yiqi.engine.catchup import (
    AppraisalSituation,
    Bounds,
    Cell,
    IndexSituation,
    Lever,
    Scenario,
    Scope,
    Wish,
    at_place,
    cheapest_combination,
    compare,
    first_tier,
    marginals,
    neighbourhood,
    next_place,
    practical_bounds,
    single_changes,
    what_if,
)
from yiqi.engine.scheme.dataset import Dataset
from yiqi.engine.scheme.hierarchy import Hierarchy, Node
from yiqi.engine.scheme.index import Steps
from yiqi.engine.scheme.steps import AggregateSpec

TWO = scheme(spec("gdp", rule="ratio"), spec("faults", rule="deduct"), missing="zero")
NOW = now_of(TWO, "ABC", [[8, 1], [6, 2], [4, 3]], targets=[[10, np.nan]] * 3)
DENSE = now_of(scheme(spec(), spec("d", rule="deduct"), ties="dense"), "ABC", [[3, 1], [2, 2], [1, 1]])
HOLED = now_of(scheme(spec("gdp", rule="ratio")), "AB", [[8], [np.nan]], targets=[[10], [10]])
TREE = Hierarchy((Node("a", "top"), Node("b", "top"), Node("top")))
FIGURES = Dataset(("A", "B", "C"), ("a", "b"), [[3.0, 1.0], [2.0, 5.0], [1.0, 1.0]])
INDEX = IndexSituation(IndexScheme(TREE), FIGURES)
CURVED = IndexSituation(
    IndexScheme(
        TREE,
        Steps(normalise={"method": "minmax", "params": {"lower": 1, "upper": 2}}, aggregate=(AggregateSpec("gmean"),)),
    ),
    FIGURES,
)
CELL = Cell("A", "gdp")
UNITS = Scenario.of("x", {Cell("A", "gdp", "units"): 1})


def single(
    situation: AppraisalSituation | IndexSituation = NOW, unit: str = "B", wish: Wish | None = None, **more: Any
) -> object:
    return single_changes(situation, unit, wish or next_place(), **more)


def cheap(
    situation: AppraisalSituation | IndexSituation = NOW, unit: str = "B", wish: Wish | None = None, **more: Any
) -> object:
    return cheapest_combination(situation, unit, wish or next_place(), **more)


WRONG: list[tuple[str, Callable[[], object], dict[str, Any]]] = [
    ("unknown_unit", lambda: single(unit="Z"), {"unit": "Z"}),
    ("unknown_unit", lambda: cheap(unit="Z"), {"unit": "Z"}),
    ("unknown_unit", lambda: neighbourhood(NOW, "Z"), {"unit": "Z"}),
    ("unknown_unit", lambda: marginals(NOW, "Z"), {"unit": "Z"}),
    ("unknown_unit", lambda: single(INDEX, "Z"), {"unit": "Z"}),
    ("unknown_unit", lambda: practical_bounds(NOW, "Z"), {"unit": "Z"}),
    ("unknown_unit", lambda: what_if(NOW, Scenario.of("x", {("Z", "gdp"): 1})), {"unit": "Z"}),
    ("unknown_indicator", lambda: single(bounds={"x": Bounds(0, 1)}), {"indicator": "x"}),
    ("unknown_indicator", lambda: single(levers=[Lever("x")]), {"indicator": "x"}),
    ("unknown_indicator", lambda: cheap(costs={"x": 1}), {"indicator": "x"}),
    ("unknown_indicator", lambda: cheap(INDEX, costs={"x": 1}), {"indicator": "x"}),
    ("unknown_indicator", lambda: marginals(NOW, "B", steps={"x": 1}), {"indicator": "x"}),
    ("unknown_indicator", lambda: what_if(NOW, Scenario.of("x", {("A", "x"): 1})), {"indicator": "x"}),
    ("unknown_block", lambda: single(wish=next_place("x")), {"block": "x"}),
    ("unknown_block", lambda: neighbourhood(NOW, "B", Scope("x")), {"block": "x"}),
    ("unknown_block", lambda: compare(NOW, [], block="x"), {"block": "x"}),
    ("unknown_node", lambda: single(INDEX, wish=next_place("x")), {"node": "x"}),
    ("unknown_node", lambda: single(INDEX, wish=next_place("a")), {"node": "a"}),
    ("no_groups", lambda: single(wish=next_place(within_group=True)), {}),
    ("no_groups", lambda: single(INDEX, wish=next_place(within_group=True)), {}),
    ("no_growth_part", lambda: single(levers=[Lever("gdp", "growth")]), {"indicator": "gdp", "rule": "ratio"}),
    ("unknown_option", lambda: single(levers=[Lever("gdp", "targets")]), {"option": "array"}),
    ("unknown_option", lambda: single(INDEX, levers=[Lever("a", "growth")]), {"option": "array"}),
    ("unknown_option", lambda: Wish("first"), {"option": "wish", "value": "'first'"}),
    ("place_invalid", lambda: at_place(0), {"place": "0"}),
    ("place_invalid", lambda: at_place(True), {"place": "True"}),
    ("place_invalid", lambda: at_place(1.5), {"place": "1.5"}),
    ("tier_is_of_the_total", lambda: Wish("tier", block="b"), {}),
    ("bounds_reversed", lambda: Bounds(2, 1), {"low": 2.0, "high": 1.0}),
    ("not_finite", lambda: Bounds(math.nan, 1), {"option": "bound 'low'"}),
    ("not_finite", lambda: Bounds(0, math.inf), {"option": "bound 'high'"}),
    ("not_a_number", lambda: Bounds("1"), {"option": "bound 'low'"}),
    ("bounds_outside_domain", lambda: single(bounds={"faults": Bounds(-1, 5)}), {"indicator": "faults", "bound": -1.0}),
    ("bounds_outside_domain", lambda: cheap(bounds={"faults": Bounds(-1, 5)}), {"indicator": "faults", "bound": -1.0}),
    ("cost_negative", lambda: cheap(costs={"gdp": -1}), {"indicator": "gdp", "cost": -1.0}),
    ("not_finite", lambda: cheap(costs={"gdp": math.nan}), {"option": "cost", "indicator": "gdp"}),
    ("not_a_number", lambda: cheap(costs={"gdp": "1"}), {"option": "cost", "indicator": "gdp"}),
    ("not_finite", lambda: cheap(seconds=math.inf), {"option": "seconds"}),
    ("seconds_not_positive", lambda: cheap(seconds=0), {"seconds": 0}),
    ("ties_not_modelled", lambda: cheap(DENSE, "C"), {"ties": "dense"}),
    ("no_score", lambda: cheap(HOLED, "B"), {"unit": "B"}),
    ("no_score", lambda: neighbourhood(HOLED, "B"), {"unit": "B"}),
    ("no_score", lambda: marginals(HOLED, "B"), {"unit": "B"}),
    ("shape_not_modelled", lambda: cheap(CURVED, "C"), {"levers": ["a", "b"]}),
    ("step_not_positive", lambda: marginals(NOW, "B", steps={"gdp": 0}), {"indicator": "gdp"}),
    ("not_finite", lambda: marginals(NOW, "B", steps={"gdp": math.inf}), {"option": "step", "indicator": "gdp"}),
    ("stretch_negative", lambda: practical_bounds(NOW, "B", stretch=-1), {"stretch": -1}),
    ("name_missing", lambda: Scenario.of("", {}), {}),
    ("duplicate_cell", lambda: Scenario("x", ((CELL, 1.0), (CELL, 2.0))), {**vars(CELL)}),
    ("not_a_number", lambda: Scenario.of("x", {CELL: "1"}), {**vars(CELL)}),
    ("not_finite", lambda: Scenario.of("x", {CELL: math.nan}), {**vars(CELL)}),
    ("duplicate_name", lambda: compare(NOW, [Scenario.of("x", {}), Scenario.of("x", {})]), {"name": "x"}),
    ("unknown_option", lambda: what_if(NOW, UNITS), {"option": "array", "value": "'units'"}),
]  # fmt: skip


@pytest.mark.parametrize(("code", "ask", "data"), WRONG)
def test_refused_by_name(code: str, ask: Callable[[], object], data: dict[str, Any]) -> None:
    with pytest.raises(EngineError) as caught:
        ask()
    assert (caught.value.code, caught.value.data) == (code, data)


def test_first_and_alone() -> None:
    """Who is first has no next place; who is alone is first."""
    assert {answer.status for answer in single_changes(NOW, "A", next_place())} == {"already"}
    assert cheapest_combination(NOW, "A", at_place(1)).status == "already"
    alone = now_of(scheme(), "A", [[1.0]])
    assert [answer.status for answer in single_changes(alone, "A", first_tier())] == ["already"]
    near = neighbourhood(alone, "A")
    assert (near.above, near.level, near.below, near.slack) == ((), (), (), ())


def test_a_unit_without_a_score_can_report() -> None:
    """The first value that gives it any place: the worst one allowed."""
    answer = single_changes(HOLED, "B", next_place(), bounds={"gdp": Bounds(0, 20)})[0]
    assert (answer.status, answer.current, answer.reported) == ("enough", None, False)
    assert answer.needed is not None
    assert (answer.needed.value, answer.needed.place, answer.needed.points) == (0.0, 2, 0.0)
