"""Short decimals lie on the right side, and are chosen only where the promise holds of them."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from yiqi.engine.catchup.decimals import outward, shortest

ROUNDED = [
    (58.69123521583617, 1, 6, 0.0, 58.6913),
    (58.69123521583617, -1, 6, 0.0, 58.6912),
    (-1.2845125933754065, 1, 6, 0.0, -1.28451),
    (-1.2845125933754065, -1, 6, 0.0, -1.28452),
    (9.0, 1, 6, 0.0, 9.0),
    (0.0, -1, 6, 0.0, 0.0),
    (1.9e-14, -1, 6, -1.0, 0.0),
    (1234567.8, 1, 6, 0.0, 1234570.0),
]


@pytest.mark.parametrize(("value", "way", "digits", "size", "expected"), ROUNDED)
def test_outward(value: float, way: int, digits: int, size: float, expected: float) -> None:
    assert outward(value, way, digits, size) == expected


@given(st.floats(-1e90, 1e90), st.sampled_from((1, -1)), st.integers(1, 17))
def test_never_back(value: float, way: int, digits: int) -> None:
    assert way * Fraction(outward(value, way, digits)) >= way * Fraction(value)


CHOSEN = [
    (100.0, 1.0, 58.6913, 58.6913),  # all hold: the shortest
    (58.69125, 1.0, 58.6913, 58.69124),  # a bound nearer than the shortest
    (100.0, 1e-5, 58.6913, 58.6912353),  # a change so small that the shortest would double it
    (100.0, 1.0, 58.0, 58.69123521583617),  # none holds: the value itself
]


@pytest.mark.parametrize(("high", "change", "most", "expected"), CHOSEN)
def test_shortest(high: float, change: float, most: float, expected: float) -> None:
    value = 58.69123521583617
    found = shortest(value, 1, change, (0.0, high), lambda x: np.asarray(x <= most), lambda one: one <= most)
    assert found == expected


def test_a_decimal_that_a_run_refutes_is_not_told() -> None:
    value = 58.69123521583617
    assert shortest(value, 1, 9.0, (0.0, 100.0), lambda x: np.ones(len(x), np.bool_), lambda _: False) == value
