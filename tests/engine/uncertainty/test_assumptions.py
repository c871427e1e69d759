"""Assumptions as data: sizes, scales, JSON, and what cannot be."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from tests.engine.uncertainty.cases import ASSUMPTIONS, index_steps
from yiqi.engine import EngineError
from yiqi.engine.uncertainty import (
    Alternatives,
    ValueNoise,
    WeightNoise,
    assumptions_from_list,
    assumptions_to_list,
    changed,
)
from yiqi.engine.uncertainty.noise import drawn_weights


def test_assumptions_come_back_from_json() -> None:
    given = (*ASSUMPTIONS, ValueNoise({"a": 2}, "unit", "normal", "errors"))
    text = json.dumps(assumptions_to_list(given), allow_nan=False)
    assert assumptions_from_list(json.loads(text)) == given


def test_a_code_wins_over_its_level() -> None:
    noise = WeightNoise({"2": 0.25, "P1": 0.1})
    assert noise.spread(["i1", "P1", "P2"], [1, 2, 2]).tolist() == [0.0, 0.1, 0.25]


def test_weights_lie_within_their_noise() -> None:
    uniform = np.array([[0.0, 0.0], [0.5, 0.5], [1.0, 1.0]])
    found = drawn_weights(np.array([2.0, 4.0]), np.array([0.5, 0.0]), uniform)
    assert found.tolist() == [[1.0, 4.0], [2.0, 4.0], [3.0, 4.0]]


@pytest.mark.parametrize(
    ("scale", "expected"),
    [
        ("share", [[0.1, 0.2], [0.3, np.nan], [0.5, 0.6]]),
        ("unit", [[0.1, 0.1]] * 3),
        ("sd", [[0.2, 0.1 * 4 * 0.5**0.5]] * 3),
    ],
)
def test_scales_of_value_noise(scale: str, expected: list[list[float]]) -> None:
    values = np.array([[1.0, -2.0], [3.0, np.nan], [5.0, -6.0]])
    np.testing.assert_allclose(ValueNoise(0.1, scale).amplitude(["a", "b"], values), expected, rtol=1e-12)


def test_normal_errors_are_finite_and_normal() -> None:
    noise = ValueNoise(1.0, shape="normal")
    assert np.isfinite(noise.errors(np.array([0.0, 1.0 - 2**-53]))).all()
    drawn = noise.errors(np.random.default_rng(0).random(100_000))
    assert abs(drawn.mean()) < 0.01
    assert abs(drawn.std() - 1) < 0.01


def test_a_change_is_checked_as_the_plan_is() -> None:
    steps = index_steps(treat={"winmax": 3})
    assert changed(steps, {"treat.winmax": 1, "ties": "dense"}).to_dict()["treat"]["winmax"] == 1
    assert changed(steps, {"treat": None}).treat is None
    assert changed(steps, {}) == steps


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (lambda: WeightNoise(1.5), "noise_invalid"),
        (lambda: WeightNoise(-0.1), "noise_invalid"),
        (lambda: WeightNoise(float("nan")), "noise_invalid"),
        (lambda: WeightNoise({"2": "x"}), "noise_invalid"),
        (lambda: ValueNoise(float("inf")), "noise_invalid"),
        (lambda: ValueNoise(True), "noise_invalid"),
        (lambda: ValueNoise(0.1, "odd"), "unknown_option"),
        (lambda: ValueNoise(0.1, shape="odd"), "unknown_option"),
        (lambda: Alternatives("n", "ties", ()), "no_options"),
        (lambda: Alternatives("", "ties", ("dense",)), "code_missing"),
        (lambda: assumptions_from_list({"kind": "weights"}), "option_invalid"),
        (lambda: assumptions_from_list([3]), "unknown_option"),
        (lambda: assumptions_from_list([{"kind": "odd"}]), "unknown_option"),
        (lambda: assumptions_from_list([{"kind": "weights", "colour": 1}]), "unknown_field"),
        (lambda: assumptions_from_list([{"kind": "weights"}]), "field_missing"),
        (
            lambda: assumptions_from_list([{"kind": "alternatives", "name": "n", "path": "ties", "options": "dense"}]),
            "no_options",
        ),
        (lambda: changed(index_steps(), {"impute.method.deep": 1}), "unknown_field"),
        (lambda: changed(index_steps(), {"normalise.odd": 1}), "unknown_field"),
    ],
)
def test_what_cannot_be(make: Callable[[], Any], code: str) -> None:
    with pytest.raises(EngineError) as caught:
        make()
    assert caught.value.code == code
