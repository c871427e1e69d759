"""Plans are checked at construction, say all that they do, and come back from their dictionary."""

from __future__ import annotations

import json
import pickle
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from tests.engine.build import full_scheme, scheme, scored, spec
from yiqi.engine import AppraisalScheme, BlockSpec, EngineError, IndicatorSpec


def test_a_plan_survives_its_dictionary_as_json() -> None:
    before = full_scheme()
    after = AppraisalScheme.from_dict(json.loads(json.dumps(before.to_dict())))
    assert after == before
    assert after.to_dict() == before.to_dict()
    assert pickle.loads(pickle.dumps(before)) == before  # noqa: S301 - our own bytes; process pools need it


def test_defaults_are_written_out() -> None:
    assert spec(rule="efficacy").params == {"c": 0.6, "d": 0.4, "lo": 0.0, "x_h": None, "x_s": None}
    assert spec(rule="bonus", points=3).params == {"cap": 3.0}
    veto = spec(rule="veto", points=0)
    assert (veto.veto, veto.veto_limit, veto.direction) == (True, 0.0, "lower")
    assert spec(rule="deduct").direction == "lower"
    half = spec(
        direction="lower", rule="level_and_growth", params={"level": {"rule": "ratio"}, "growth": {"rule": "minmax"}}
    )
    assert half.params["level"] == {"rule": "ratio", "params": {"cap": 1.0}, "direction": "lower"}
    assert half.params["a"] == 0.5


HALVES = {"level": {"rule": "minmax"}, "growth": {"rule": "minmax"}}

WRONG_INDICATORS: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("points_not_positive", {"points": 0}, {"indicator": "gdp", "points": 0.0}),
    ("points_not_positive", {"points": -1}, {"indicator": "gdp", "points": -1.0}),
    ("points_not_positive", {"points": 5, "rule": "veto"}, {"indicator": "gdp", "points": 5.0}),
    ("option_invalid", {"points": float("nan")}, {"option": "points", "value": "nan", "indicator": "gdp"}),
    ("option_invalid", {"points": True}, {"option": "points", "value": "True", "indicator": "gdp"}),
    ("option_invalid", {"veto_limit": 1}, {"option": "veto_limit", "indicator": "gdp"}),
    ("code_missing", {"code": ""}, {"kind": "indicator"}),
    ("unknown_rule", {"rule": "magic"}, {"indicator": "gdp", "rule": "magic"}),
    ("unknown_rule", {"rule": ""}, {"indicator": "gdp", "rule": ""}),
    ("unknown_option", {"direction": "up"}, {"option": "direction", "value": "'up'", "indicator": "gdp"}),
    ("unknown_option", {"missing": "guess"}, {"option": "missing", "value": "'guess'", "indicator": "gdp"}),
    ("unknown_param", {"params": {"cap": 1}}, {"indicator": "gdp", "rule": "minmax", "param": "cap"}),
    ("param_missing", {"rule": "gap"}, {"indicator": "gdp", "rule": "gap", "param": "g"}),
    ("param_missing", {"rule": "rank_step"}, {"indicator": "gdp", "rule": "rank_step", "param": "k"}),
    (
        "param_missing",
        {"rule": "efficacy", "params": {"x_h": 1}},
        {"indicator": "gdp", "rule": "efficacy", "param": "x_s"},
    ),
]  # fmt: skip

WRONG_PARAMS: list[tuple[str, dict[str, Any], str]] = [
    ("gap", {"g": 0}, "g"),
    ("gap", {"g": "4"}, "g"),
    ("gap", {"g": True}, "g"),
    ("ratio", {"cap": float("inf")}, "cap"),
    ("ratio", {"cap": 0}, "cap"),
    ("rank_linear", {"f": 1.5}, "f"),
    ("rank_step", {"k": -1}, "k"),
    ("rank_step", {"k": 1, "m": 11}, "m"),
    ("deduct", {"floor": 11}, "floor"),
    ("bands", {"bands": []}, "bands"),
    ("bands", {"bands": 3}, "bands"),
    ("bands", {"bands": [[1, 0.5], [1, 1]]}, "bands"),
    ("bands", {"bands": [[1, 1.5]]}, "bands"),
    ("level_and_growth", {**HALVES, "level": {"rule": "deduct"}}, "level"),
    ("level_and_growth", {**HALVES, "level": "minmax"}, "level"),
    ("level_and_growth", {**HALVES, "growth": {"rule": "ratio"}}, "growth"),
    ("level_and_growth", {**HALVES, "growth": {"rule": "minmax", "direction": "up"}}, "growth"),
    ("level_and_growth", {**HALVES, "a": 2}, "a"),
]

WRONG_PLANS: list[tuple[str, Callable[[], object], dict[str, Any]]] = [
    ("no_indicators", lambda: scheme(indicators=()), {}),
    ("no_blocks", lambda: scheme(blocks=()), {}),
    ("duplicate_code", lambda: scheme(spec(), spec()), {"kind": "indicator", "code": "gdp"}),
    ("duplicate_code", lambda: scheme(blocks=(BlockSpec("b"), BlockSpec("b"))), {"kind": "block", "code": "b"}),
    ("unknown_block", lambda: scheme(spec(block="z")), {"indicator": "gdp", "block": "z"}),
    ("empty_block", lambda: scheme(blocks=(BlockSpec("b"), BlockSpec("c"))), {"block": "c"}),
    ("points_mismatch", lambda: scheme(blocks=(BlockSpec("b", 11),)), {"block": "b", "points": 11.0, "sum": 10.0}),
    (
        "points_mismatch",
        lambda: scheme(spec(), spec("extra", rule="bonus", points=1), blocks=(BlockSpec("b", 11),)),
        {"block": "b", "points": 11.0, "sum": 10.0},
    ),
    ("unknown_indicator", lambda: scheme(tie_breakers=("gpd",)), {"indicator": "gpd"}),
    ("unknown_option", lambda: scheme(missing="guess"), {"option": "missing", "value": "'guess'"}),
    ("unknown_option", lambda: scheme(ties="random"), {"option": "ties", "value": "'random'"}),
    ("unknown_option", lambda: scheme(zero_range="none"), {"option": "zero_range", "value": "'none'"}),
    ("option_invalid", lambda: scheme(tolerance=-1), {"option": "tolerance", "value": "-1.0"}),
    ("option_invalid", lambda: scheme(places=1.5), {"option": "places", "value": "1.5"}),
    ("option_invalid", lambda: scheme(places=13), {"option": "places", "value": "13"}),
    ("option_invalid", lambda: scheme(tier_size=-1), {"option": "tier_size", "value": "-1"}),
    ("points_not_positive", lambda: BlockSpec("b", 0), {"block": "b", "points": 0.0}),
    ("option_invalid", lambda: BlockSpec("b", coverage=1.1), {"block": "b", "option": "coverage"}),
    ("code_missing", lambda: BlockSpec(""), {"kind": "block"}),
    ("unknown_field", lambda: AppraisalScheme.from_dict({"block": []}), {"field": "block"}),
    ("field_missing", lambda: AppraisalScheme.from_dict({"blocks": []}), {"field": "indicators"}),
    ("field_missing", lambda: IndicatorSpec.from_dict({"code": "gdp"}), {"field": "block"}),
]


@pytest.mark.parametrize(("code", "changes", "data"), WRONG_INDICATORS)
def test_wrong_indicators_are_refused(code: str, changes: dict[str, Any], data: dict[str, Any]) -> None:
    with pytest.raises(EngineError) as caught:
        spec(**changes)
    assert (caught.value.code, caught.value.data) == (code, data)


@pytest.mark.parametrize(("rule", "params", "param"), WRONG_PARAMS)
def test_wrong_parameters_are_refused(rule: str, params: dict[str, Any], param: str) -> None:
    with pytest.raises(EngineError) as caught:
        spec(rule=rule, params=params)
    assert (caught.value.code, caught.value.data["param"]) == ("param_invalid", param)
    assert set(caught.value.data) == {"indicator", "rule", "param", "value"}


@pytest.mark.parametrize(("direction", "x_h", "x_s"), [("higher", 1, 2), ("lower", 2, 1), ("higher", 1, 1)])
def test_bounds_on_the_wrong_side_are_refused(direction: str, x_h: float, x_s: float) -> None:
    with pytest.raises(EngineError) as caught:
        spec(direction=direction, rule="efficacy", params={"x_h": x_h, "x_s": x_s})
    assert caught.value.code == "bounds_wrong_side"


@pytest.mark.parametrize(("code", "build", "data"), WRONG_PLANS)
def test_wrong_plans_are_refused(code: str, build: Callable[[], object], data: dict[str, Any]) -> None:
    with pytest.raises(EngineError) as caught:
        build()
    assert (caught.value.code, caught.value.data) == (code, data)
    assert pickle.loads(pickle.dumps(caught.value)).code == code  # noqa: S301 - our own bytes


def test_points_that_add_up_in_decimals_are_accepted() -> None:
    indicators = [spec(str(number), points=0.1) for number in range(3)]
    assert scheme(*indicators, blocks=(BlockSpec("b", 0.3),)).blocks[0].points == 0.3


def test_a_block_of_bonuses_is_held_to_their_sum() -> None:
    bonus = spec("extra", points=5, rule="bonus")
    assert scheme(bonus, blocks=(BlockSpec("b", 5),)).blocks[0].points == 5.0


def test_the_digest_sees_every_setting_and_no_spelling() -> None:
    values = [[1.0], [2.0]]
    first = scored(scheme(), "AB", values).digest
    assert len(first) == 64
    assert scored(scheme(spec(points=10.0)), ("A", "B"), np.array([[1], [2]])).digest == first
    assert scored(scheme(), "AB", values, targets=[[np.nan], [np.nan]], vetoed=[False, False]).digest == first
    others = [
        scored(scheme(places=3), "AB", values),
        scored(scheme(spec(points=11)), "AB", values),
        scored(scheme(), "BA", values),
        scored(scheme(), "AB", [[1.0], [2.0 + 2**-51]]),
        scored(scheme(), "AB", values, peers=["x", "x"]),
        scored(scheme(), "AB", values, vetoed=[True, False]),
        scored(scheme(), "AB", values, targets=values),
        scored(scheme(), "AB", values, growth=values),
        scored(scheme(), "AB", values, previous=values),
        scored(scheme(), "AB", values, previous=values, previous_age=[[1], [1]]),
    ]
    assert len({first, *(other.digest for other in others)}) == 1 + len(others)


def test_the_digest_has_one_zero_and_one_nan() -> None:
    strange = np.frombuffer(np.uint64(0xFFF8_0000_0000_0007).tobytes(), dtype=np.float64)[0]
    first = scored(scheme(), "ABC", [[0.0], [np.nan], [1.0]])
    second = scored(scheme(), "ABC", [[-0.0], [strange], [1.0]])
    assert first.digest == second.digest
    assert first.used_values.tobytes() == second.used_values.tobytes()
