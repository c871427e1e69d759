"""What cannot be scored is refused with a code and its place."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests.engine.build import scheme, scored, spec
from yiqi.engine import AppraisalScheme, EngineError, ranks
from yiqi.engine.tell import explain

RATIO = scheme(spec(rule="ratio"))
LOWER = scheme(spec(rule="ratio", direction="lower"))
MIXED = scheme(spec(rule="level_and_growth", params={"level": {"rule": "ratio"}, "growth": {"rule": "minmax"}}))
GOOD = [[1.0], [2.0]]
CELL = {"unit": "B", "indicator": "gdp"}
TEXT = {"array": "values", "unit": "A", "indicator": "gdp", "value": "'4.1%'"}
NEGATIVE = {"array": "values", **CELL, "value": "-2.0"}

WRONG: list[tuple[str, AppraisalScheme, dict[str, Any], dict[str, Any]]] = [
    ("no_units", scheme(), {"units": "", "values": np.empty((0, 1))}, {}),
    ("duplicate_unit", scheme(), {"units": "AA"}, {"unit": "A", "position": 2, "first": 1}),
    ("no_observations", scheme(), {"values": [[np.nan], [np.nan]], "previous": GOOD}, {}),
    ("shape_mismatch", scheme(), {"values": [1.0, 2.0]}, {"array": "values", "expected": [2, 1], "got": [2]}),
    ("shape_mismatch", scheme(), {"targets": [[1.0]]}, {"array": "targets", "expected": [2, 1], "got": [1, 1]}),
    ("shape_mismatch", scheme(), {"growth": [[1.0]]}, {"array": "growth", "expected": [2, 1], "got": [1, 1]}),
    ("shape_mismatch", scheme(), {"previous_age": [[1]]}, {"array": "previous_age", "expected": [2, 1], "got": [1, 1]}),
    ("shape_mismatch", scheme(), {"peers": "x"}, {"array": "peers", "expected": [2], "got": [1]}),
    ("shape_mismatch", scheme(), {"vetoed": [True]}, {"array": "vetoed", "expected": [2], "got": [1]}),
    ("not_a_number", scheme(), {"values": [["4.1%"], ["x"]]}, TEXT),
    ("not_finite", scheme(), {"values": [[1.0], [np.inf]]}, {"array": "values", **CELL, "value": "inf"}),
    ("not_finite", scheme(), {"values": [[1.0], [-1e101]]}, {"array": "values", **CELL, "value": "-1e+101"}),
    ("not_finite", scheme(), {"targets": [[1.0], [-np.inf]]}, {"array": "targets", **CELL, "value": "-inf"}),
    ("not_finite", scheme(), {"previous": [[1.0], [np.inf]]}, {"array": "previous", **CELL, "value": "inf"}),
    ("not_finite", scheme(), {"growth": [[1.0], [np.inf]]}, {"array": "growth", **CELL, "value": "inf"}),
    ("target_not_positive", RATIO, {"targets": [[1.0], [0.0]]}, {"array": "targets", **CELL, "value": "0.0"}),
    ("target_not_positive", LOWER, {"targets": [[1.0], [-2.0]]}, {"array": "targets", **CELL, "value": "-2.0"}),
    ("target_not_positive", MIXED, {"targets": [[1.0], [0.0]]}, {"array": "targets", **CELL, "value": "0.0"}),
    ("value_negative", LOWER, {"values": [[1.0], [-2.0]]}, NEGATIVE),
    ("value_negative", scheme(spec(rule="deduct")), {"values": [[1.0], [-2.0]]}, NEGATIVE),
    ("value_negative", scheme(spec(rule="bonus")), {"values": [[1.0], [-2.0]]}, NEGATIVE),
]  # fmt: skip


@pytest.mark.parametrize(("code", "given", "changes", "data"), WRONG)
def test_refused_with_code_and_place(
    code: str, given: AppraisalScheme, changes: dict[str, Any], data: dict[str, Any]
) -> None:
    arguments = {"units": "AB", "values": GOOD, **changes}
    with pytest.raises(EngineError) as caught:
        scored(given, **arguments)
    assert (caught.value.code, caught.value.data) == (code, data)


def test_the_message_says_what_to_do() -> None:
    with pytest.raises(
        EngineError, match=r"targets of unit 'B', indicator 'gdp' must be above 0 .*use 'gap'.*not 0\.0"
    ):
        scored(RATIO, "AB", GOOD, targets=[[1.0], [0.0]])


@pytest.mark.parametrize(
    ("scores", "options", "code"),
    [
        ([1.0, np.inf], {}, "not_finite"),
        ([[1.0]], {}, "shape_mismatch"),
        ([1.0], {"breakers": [np.array([1.0, 2.0])]}, "shape_mismatch"),
        ([1.0], {"ties": "random"}, "unknown_option"),
    ],
)
def test_ranks_refuses(scores: list[Any], options: dict[str, Any], code: str) -> None:
    with pytest.raises(EngineError) as caught:
        ranks(np.array(scores), **options)
    assert caught.value.code == code


def test_result_names_what_it_does_not_know() -> None:
    result = scored(scheme(), "AB", GOOD)
    for unit, indicator, code in [("Z", "gdp", "unknown_unit"), ("A", "gpd", "unknown_indicator")]:
        with pytest.raises(EngineError) as caught:
            explain(result, unit, indicator)
        assert caught.value.code == code
    with pytest.raises(EngineError) as caught:
        result.losses("Z")
    assert (caught.value.code, caught.value.data) == ("unknown_unit", {"unit": "Z"})
