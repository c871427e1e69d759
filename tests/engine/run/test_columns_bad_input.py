"""Every bad input of the column methods is an error with a code, the place and what to do; or a warning, never a nan
that nobody speaks of.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from yiqi.engine import EngineError
from yiqi.engine.run.impute import impute, impute_notices
from yiqi.engine.run.transforms import boxcox, log_ct, log_ct_plus
from yiqi.engine.run.treat import treat
from yiqi.engine.run.winsorise import winsorise
from yiqi.engine.scheme.hierarchy import Hierarchy, Node
from yiqi.engine.scheme.steps import AggregateSpec, ImputeSpec, TreatSpec
from yiqi.engine.study.panel import impute_panel, panel_of
from yiqi.engine.study.statistics import (
    FlagLimits,
    availability,
    availability_by_group,
    correlation_flags,
    correlations,
    cronbach_alpha,
    denominator_correlations,
    family_correlations,
    principal_components,
    statistics,
)
from yiqi.engine.study.trends import trends
from yiqi.engine.study.weights import effective_weights, optimise_weights, weight_notices

NAN = math.nan
GOOD = [[1.0, 5.0], [2.0, 3.0], [4.0, 9.0], [3.0, 1.0]]
TREE = Hierarchy((Node("a", "p"), Node("b", "p"), Node("c", "top"), Node("p", "top"), Node("top")))
PAIR = Hierarchy((Node("a", "top"), Node("b", "top"), Node("top")))
WHERE = {"units": ("R1", "R2"), "columns": ("gdp", "co2")}

MATRIX_FUNCTIONS: dict[str, Callable[[Any], object]] = {
    "impute": lambda values: impute(values, ImputeSpec("mean")),
    "treat": treat,
    "winsorise": winsorise,
    "correlations": correlations,
    "cronbach_alpha": cronbach_alpha,
    "principal_components": principal_components,
    "statistics": statistics,
    "availability": availability,
    "panel_of": lambda values: panel_of(["R"] * len(values), range(len(values)), values),
    "optimise_weights": lambda values: optimise_weights(PAIR, values, level=1),
}


def _error(run: Callable[[], object]) -> EngineError:
    with pytest.raises(EngineError) as caught:
        run()
    assert len(str(caught.value)) > 20
    return caught.value


@pytest.mark.parametrize("name", MATRIX_FUNCTIONS)
@pytest.mark.parametrize(
    ("values", "code", "row", "column"),
    [
        ([[1.0, 2.0], [3.0, "n/a"]], "not_a_number", 2, 2),
        (np.array([[1.0, "?"], [3.0, 4.0]], dtype=object), "not_a_number", 1, 2),
        (np.array([["1", "2"], ["x", "4"]]), "not_a_number", 2, 1),
        ([[1.0, 2.0], [math.inf, 4.0]], "not_finite", 2, 1),
        ([[1.0, -math.inf], [3.0, 4.0]], "not_finite", 1, 2),
        ([[1.0, 2.0], [3.0, 1e101]], "not_finite", 2, 2),
    ],
)
def test_a_bad_cell_is_named(name: str, values: Any, code: str, row: int, column: int) -> None:
    error = _error(lambda: MATRIX_FUNCTIONS[name](values))
    assert (error.code, error.data["row"], error.data["column"]) == (code, row, column)


@pytest.mark.parametrize("name", MATRIX_FUNCTIONS)
@pytest.mark.parametrize("values", [[[1.0, 2.0], [3.0]], [1.0, 2.0], [[[1.0]]]], ids=["ragged", "flat", "deep"])
def test_what_is_no_table_is_refused(name: str, values: Any) -> None:
    assert _error(lambda: MATRIX_FUNCTIONS[name](values)).code in {"not_a_number", "shape_mismatch"}


def test_the_cell_is_named_by_its_codes() -> None:
    error = _error(lambda: treat([[1.0, 2.0], [3.0, math.inf]], **WHERE))
    assert error.data == {"unit": "R2", "indicator": "co2", "row": 2, "column": 2, "value": "inf"}
    assert "R2, co2" in str(error)
    error = _error(lambda: impute([[1.0, "x"], [3.0, 4.0]], ImputeSpec("mean"), **WHERE))
    assert error.data == {"unit": "R1", "indicator": "co2", "row": 1, "column": 2, "value": "'x'"}


LONG: dict[str, Any] = {"units": ["A", "A", "B"], "times": [1.0, 1.0, 1.0], "values": [[1.0], [2.0], [3.0]]}
SERIES = panel_of(["A", "A"], [1.0, 2.0], [[1.0], [2.0]])

ERRORS: dict[str, tuple[Callable[[], object], str, dict[str, Any]]] = {
    "no rows": (lambda: treat(np.empty((0, 2))), "no_units", {}),
    "wrong width": (lambda: treat(GOOD, columns=("a",)), "shape_mismatch", {"expected": [4, 1], "got": [4, 2]}),
    "method": (lambda: ImputeSpec("magic"), "unknown_option", {"option": "method"}),
    "fallback": (lambda: ImputeSpec(fallback="zero"), "unknown_option", {"option": "fallback"}),
    "impute field": (lambda: ImputeSpec.from_dict({"how": "mean"}), "unknown_field", {"field": "how"}),
    "treat field": (lambda: TreatSpec.from_dict({"wins": 5}), "unknown_field", {"field": "wins"}),
    "no groups": (lambda: impute([[1.0], [NAN]], ImputeSpec()), "groups_missing", {"method": "group_mean"}),
    "short groups": (
        lambda: impute([[1.0], [NAN]], ImputeSpec(), groups=["x"]),
        "shape_mismatch",
        {"array": "groups", "expected": 2, "got": 1},
    ),
    "short directions": (
        lambda: impute([[1.0, NAN]], ImputeSpec("row_mean"), directions=[1.0]),
        "shape_mismatch",
        {"array": "directions"},
    ),
    "short families": (
        lambda: impute([[1.0, NAN]], ImputeSpec("row_mean"), families=["p"]),
        "shape_mismatch",
        {"array": "families"},
    ),
    "transform": (lambda: TreatSpec(transform="sqrt"), "unknown_option", {"option": "transform"}),
    "winmax": (lambda: TreatSpec(winmax=-1), "option_invalid", {"option": "winmax"}),
    "winmax half": (lambda: winsorise(GOOD, 2.5), "option_invalid", {"option": "winmax"}),
    "skew limit": (lambda: TreatSpec(skew=NAN), "option_invalid", {"option": "skew"}),
    "kurt limit": (lambda: TreatSpec(kurt=math.inf), "option_invalid", {"option": "kurt"}),
    "power": (lambda: TreatSpec(power=math.inf), "option_invalid", {"option": "power"}),
    "treat unknown": (
        lambda: treat(GOOD, TreatSpec(by_indicator={"x": None}), columns=("a", "b")),
        "unknown_indicator",
        {"indicator": "x"},
    ),
    "log of a constant": (lambda: log_ct(np.array([[1.0, 2.0], [3.0, 2.0]])), "no_variance", {"column": 2}),
    "log of a constant, plus": (lambda: log_ct_plus(np.full((2, 1), 2.0)), "no_variance", {"column": 1}),
    "box-cox": (lambda: boxcox(np.array([[0.0], [1e99]]), 9.0), "overflow", {"column": 1, "power": 9.0}),
    "duplicate": (lambda: panel_of(**LONG), "duplicate_key", {"unit": "A", "time": 1.0, "row": 2}),
    "time": (lambda: panel_of(["A"], ["2020"], [[1.0]]), "option_invalid", {"option": "time"}),
    "times short": (lambda: panel_of(["A", "B"], [1.0], [[1.0], [2.0]]), "shape_mismatch", {"expected": 2, "got": 1}),
    "panel method": (
        lambda: impute_panel(panel_of(["A"], [1.0], [[1.0]]), "spline"),
        "unknown_option",
        {"option": "method"},
    ),
    "max age": (
        lambda: impute_panel(panel_of(["A"], [1.0], [[1.0]]), max_age=-1.0),
        "option_invalid",
        {"option": "max_age"},
    ),
    "trend": (lambda: trends(SERIES, "odd"), "unknown_option", {"option": "method"}),
    "trend latest": (lambda: trends(SERIES, latest=1), "option_invalid", {"option": "latest"}),
    "trend per": (lambda: trends(SERIES, per=math.inf), "option_invalid", {"option": "per"}),
    "trend directions": (
        lambda: trends(SERIES, directions=[1.0, 1.0]),
        "shape_mismatch",
        {"array": "directions", "expected": 1, "got": 2},
    ),
    "correlation": (lambda: correlations(GOOD, method="cosine"), "unknown_option", {"option": "method"}),
    "other rows": (lambda: correlations(GOOD, [[1.0]]), "shape_mismatch", {"expected": [4, 1], "got": [1, 1]}),
    "flag kind": (lambda: correlation_flags(PAIR, "ab", GOOD, kind="odd"), "unknown_option", {"option": "kind"}),
    "flag limit": (
        lambda: correlation_flags(PAIR, "ab", GOOD, threshold=2.0),
        "option_invalid",
        {"option": "threshold"},
    ),
    "family unknown": (lambda: family_correlations(PAIR, "ax", GOOD), "unknown_node", {"node": "x"}),
    "family absent": (lambda: family_correlations(TREE, ("a", "p"), GOOD, of=["b"]), "unknown_node", {"node": "b"}),
    "no denominator": (lambda: denominator_correlations(GOOD, "ab", {}), "no_denominators", {}),
    "denominator text": (
        lambda: denominator_correlations(GOOD, "ab", {"pop": [1.0, 2.0, "many", 4.0]}),
        "not_a_number",
        {"indicator": "pop", "row": 3},
    ),
    "denominator short": (
        lambda: denominator_correlations(GOOD, "ab", {"pop": [1.0, 2.0]}),
        "shape_mismatch",
        {"expected": [4, 1], "got": [2, 1]},
    ),
    "alpha of one": (lambda: cronbach_alpha([[1.0], [2.0]]), "too_few_columns", {"columns": 1}),
    "alpha of few": (
        lambda: cronbach_alpha([[1.0, NAN], [2.0, 3.0]], "ab"),
        "too_few_units",
        {"indicators": ["a", "b"], "units": 1},
    ),
    "alpha of constants": (lambda: cronbach_alpha(np.ones((3, 2))), "no_variance", {}),
    "components of few": (lambda: principal_components(GOOD[:2]), "too_few_units", {"units": 2}),
    "components of a constant": (
        lambda: principal_components([[1.0, 2.0], [1.0, 4.0], [1.0, 5.0]], "ab"),
        "no_variance",
        {"indicators": ["a"]},
    ),
    "limits": (lambda: FlagLimits(available=1.2), "option_invalid", {"option": "available"}),
    "nothing to count": (lambda: availability(np.empty((3, 0))), "no_indicators", {}),
    "no column": (lambda: availability_by_group(TREE, "ab", GOOD), "unknown_indicator", {"indicator": "c"}),
    "zero weights": (
        lambda: effective_weights(PAIR.with_weights({"a": 0.0, "b": 0.0})),
        "weights_sum_zero",
        {"node": "top"},
    ),
    "objective": (
        lambda: optimise_weights(PAIR, GOOD, level=1, objective="best"),
        "unknown_option",
        {"option": "objective"},
    ),
    "level": (lambda: optimise_weights(PAIR, GOOD, level=2), "option_invalid", {"option": "level"}),
    "level nothing": (lambda: optimise_weights(PAIR, GOOD, level=0), "option_invalid", {"option": "level"}),
    "neither": (lambda: optimise_weights(PAIR, GOOD), "option_invalid", {"option": "level"}),
    "both": (lambda: optimise_weights(PAIR, GOOD, level=1, elements=["a"]), "option_invalid", {"option": "level"}),
    "nested": (
        lambda: optimise_weights(TREE, np.column_stack([GOOD, [1, 2, 0, 1]]), elements=["a", "p"]),
        "elements_nested",
        {"node": "a", "above": "p"},
    ),
    "one element": (lambda: optimise_weights(PAIR, GOOD, elements=["a", "a"]), "too_few_columns", {}),
    "unknown element": (lambda: optimise_weights(PAIR, GOOD, elements=["a", "x"]), "unknown_node", {"node": "x"}),
    "constant element": (
        lambda: optimise_weights(PAIR, [[1.0, 5.0], [1.0, 3.0], [1.0, 2.0]], level=1),
        "no_variance",
        {"node": "a"},
    ),
    "few units": (lambda: optimise_weights(PAIR, GOOD[:2], level=1), "too_few_units", {"node": "a", "units": 2}),
    "target missing": (
        lambda: optimise_weights(PAIR, GOOD, level=1, targets={"a": 1.0}),
        "target_invalid",
        {"node": "b"},
    ),
    "target unknown": (
        lambda: optimise_weights(PAIR, GOOD, level=1, targets={"a": 1.0, "b": 1.0, "x": 1.0}),
        "target_invalid",
        {"node": "x"},
    ),
    "targets 0": (lambda: optimise_weights(PAIR, GOOD, level=1, targets={"a": 0.0, "b": 0.0}), "target_invalid", {}),
    "target below 0": (
        lambda: optimise_weights(PAIR, GOOD, level=1, targets={"a": -1.0, "b": 2.0}),
        "option_invalid",
        {"option": "target of a"},
    ),
    "seed": (lambda: optimise_weights(PAIR, GOOD, level=1, seed=-1), "seed_invalid", {"seed": "-1"}),
    "seed half": (lambda: optimise_weights(PAIR, GOOD, level=1, seed=0.5), "seed_invalid", {}),
    "starts": (lambda: optimise_weights(PAIR, GOOD, level=1, starts=-1), "option_invalid", {"option": "starts"}),
    "no index": (
        lambda: optimise_weights(
            PAIR,
            [[1.0, NAN], [2.0, 1.0], [3.0, NAN], [5.0, 2.0], [NAN, 4.0]],
            level=1,
            specs=AggregateSpec(coverage=1.0),
        ),
        "not_attainable",
        {},
    ),
    "factor": (lambda: weight_notices((), 20, factor=0.5), "option_invalid", {"option": "factor"}),
}


@pytest.mark.parametrize("case", ERRORS)
def test_errors(case: str) -> None:
    run, code, data = ERRORS[case]
    error = _error(run)
    assert error.code == code
    assert {name: error.data.get(name) for name in data} == data


def test_a_column_without_any_value_stays_missing_and_says_so() -> None:
    values = np.array([[NAN, 1.0], [NAN, NAN]])
    spec = ImputeSpec("mean")
    found = impute(values, spec)
    told = [(each.code, each.indicator, each.data["units"]) for each in impute_notices(values, found, spec, "RS", "ab")]
    assert told == [("not_imputed", "a", ["R", "S"]), ("imputed", "b", ["S"])]
    np.testing.assert_array_equal(found, [[NAN, 1.0], [NAN, 1.0]])


@pytest.mark.parametrize(
    ("column", "code"),
    [
        ([NAN] * 5, "no_variance"),
        ([3.0] * 5, "no_variance"),
        ([3.0, NAN, NAN, NAN, NAN], "no_variance"),
        ([1.0, 2.0, 90.0, NAN, NAN], "too_few_to_judge"),
        ([0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0], "still_skewed"),
    ],
)
def test_what_cannot_be_treated_is_said(column: list[float], code: str) -> None:
    values = np.array(column)[:, None]
    found = treat(values, TreatSpec(transform=None), columns=("a",))
    assert [(each.code, each.indicator) for each in found.warnings] == [(code, "a")]
    np.testing.assert_array_equal(found.values, values)


def test_a_missing_correlation_is_said() -> None:
    values = [[1.0, 5.0, NAN, 1.0], [2.0, 5.0, NAN, 3.0], [3.0, 5.0, 1.0, 2.0], [4.0, 5.0, 2.0, 7.0]]
    found = correlations(values, columns="abcd")
    assert np.isnan(found.r).sum() == 16 - 4
    told = {each.indicator: (each.data["with"], each.data["fewest_pairs"]) for each in found.warnings}
    assert told == {"b": (["a", "b"], 4), "c": (["a", "b", "c"], 2), "d": (["b", "c"], 2)}
    assert {each.code for each in found.warnings} == {"no_correlation"}


def test_series_without_a_value_is_said() -> None:
    panel = panel_of(["A", "A", "B", "B"], [1.0, 2.0, 1.0, 2.0], [[1.0], [NAN], [NAN], [NAN]], ["x"])
    found = impute_panel(panel, "constant")
    assert [(each.code, each.indicator, each.data["units"]) for each in found.warnings] == [("not_imputed", "x", ["B"])]
    np.testing.assert_array_equal(panel.long(found.values)[:, 0], [1.0, 1.0, NAN, NAN])


def test_few_units_are_said() -> None:
    assert [each.code for each in weight_notices((), 9)] == ["few_units"]
    assert weight_notices((), 10) == ()
