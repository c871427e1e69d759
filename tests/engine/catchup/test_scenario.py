"""What-if as an object: differences, round trip, side by side."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from tests.engine.build import now_of, scheme, spec
from yiqi.engine import EngineError
from yiqi.engine.catchup import Cell, Difference, Scenario, compare, what_if

SCHEME = scheme(spec("gdp", rule="ratio"), spec("faults", rule="deduct"), tier_size=1)
FIGURES = [[8.0, 1.0], [6.0, 2.0], [4.0, 3.0]]
NOW = now_of(SCHEME, "ABC", FIGURES, targets=[[10, np.nan]] * 3)
BETTER = Scenario.of("better", {("B", "gdp"): 9.5, ("B", "faults"): 1})


def test_differences_are_listed_and_nothing_else() -> None:
    outcome = what_if(NOW, BETTER)
    assert outcome.differences == (
        Difference("A", None, 17.0, 17.0, 1, 2, tier_before=True, tier_after=False),
        Difference("B", None, 14.0, 18.5, 2, 1, tier_before=False, tier_after=True),
        Difference("A", "b", 17.0, 17.0, 1, 2),
        Difference("B", "b", 14.0, 18.5, 2, 1),
    )
    assert (outcome.of("B").points, outcome.of("B").places, outcome.of("C").places) == (4.5, 1, 0)
    assert outcome.figures == ((Cell("B", "faults"), 2.0, 1.0), (Cell("B", "gdp"), 6.0, 9.5))
    assert outcome.after.digest != outcome.before.digest
    assert json.loads(json.dumps(outcome.to_dict()))["differences"][1]["points_after"] == 18.5


def test_targets_change_too_and_figures_can_go() -> None:
    other = Scenario.of("other", {Cell("A", "gdp", "targets"): 16.0, ("C", "gdp"): None, ("C", "faults"): None})
    outcome = what_if(NOW, other)
    assert outcome.of("A").points_after == 14.0
    assert (outcome.of("C").points_after, outcome.of("C").place_after, outcome.of("C").points) == (None, None, None)


def test_round_trip() -> None:
    plain = json.loads(json.dumps(BETTER.to_dict(NOW)))
    assert Scenario.from_dict(plain, NOW) == BETTER
    assert plain["changes"][0] == {"unit": "B", "indicator": "faults", "array": "values", "value": 1.0}
    turned = Scenario("better", tuple(reversed(BETTER.changes)))
    assert turned.to_dict(NOW) == plain


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"name": "worse"}, "digest_wrong"),
        ({"changes": []}, "digest_wrong"),
        ({"changes": None}, "scenario_unreadable"),
        ({"changes": [{"unit": "B"}]}, "scenario_unreadable"),
        ({"format": 2}, "scenario_unreadable"),
    ],
)
def test_a_changed_text_is_refused(change: dict[str, Any], code: str) -> None:
    with pytest.raises(EngineError) as caught:
        Scenario.from_dict({**BETTER.to_dict(NOW), **change}, NOW)
    assert caught.value.code == code


def test_other_figures_are_refused() -> None:
    other = now_of(SCHEME, "ABC", [[9.0, 1.0], *FIGURES[1:]], targets=[[10, np.nan]] * 3)
    with pytest.raises(EngineError) as caught:
        Scenario.from_dict(BETTER.to_dict(NOW), other)
    assert caught.value.code == "other_figures"


def test_side_by_side() -> None:
    found = compare(NOW, [BETTER, Scenario.of("gone", {("A", "gdp"): 0.0})])
    assert found.names == ("", "better", "gone")
    assert found.points == ((17.0, 17.0, 9.0), (14.0, 18.5, 14.0), (11.0, 11.0, 11.0))
    assert found.places == ((1, 2, 3), (2, 1, 1), (3, 3, 2))
    assert compare(NOW, [BETTER], block="b").places == ((1, 2), (2, 1), (3, 3))
