"""Treatment: what is done to a column, what is written down, and which laws hold."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from yiqi.engine import FloatArray
from yiqi.engine.run.moments import skew_kurt
from yiqi.engine.run.transforms import log_ct_plus
from yiqi.engine.run.treat import treat
from yiqi.engine.run.winsorise import HIGH, LOW, UNTOUCHED, winsorise
from yiqi.engine.scheme.steps import TreatSpec

CELLS = st.one_of(st.floats(-1e6, 1e6), st.sampled_from([math.nan, 0.0, 1.0, 1e9, -1e9]))
MATRICES = arrays(np.float64, st.tuples(st.integers(1, 14), st.integers(1, 4)), elements=CELLS)
RANDOM = np.random.default_rng(5)


def _one_by_one(column: FloatArray, winmax: int) -> FloatArray:
    """The rule in plain words, a column at a time: the other way to the same result."""
    x, high, low = column.copy(), set(), set()
    while True:
        skew, kurt = (float(each[0]) for each in skew_kurt(x[:, None]))
        if math.isnan(skew) or abs(skew) < 2 or not kurt >= 3.5 or len(high) + len(low) >= winmax:
            return x
        top = skew >= 0
        edge = np.nanmax(x) if top else np.nanmin(x)
        others = x[(x != edge) & ~np.isnan(x)]
        following = others.max() if top else others.min()
        if (others == following).all():
            return x
        rows = set(np.flatnonzero(x == edge).tolist())
        if top:
            high = rows
        else:
            low = rows
        x[x == edge] = following


@pytest.mark.parametrize("sigma", [0.5, 1.0, 2.0])
@pytest.mark.parametrize("winmax", [0, 1, 3, 5, 9])
def test_all_columns_at_once_are_each_by_itself(sigma: float, winmax: int) -> None:
    values = np.round(RANDOM.lognormal(0, sigma, (40, 30)) * RANDOM.choice([-1, 1], 30), 1)
    values[RANDOM.random(values.shape) < 0.1] = np.nan
    found = treat(values, TreatSpec(winmax=winmax, transform=None))
    expected = np.column_stack([_one_by_one(column, winmax) for column in values.T])
    np.testing.assert_array_equal(found.values, expected)


def test_everything_done_is_written_down() -> None:
    column = np.append(np.arange(23.0), 300.0)
    values = np.column_stack([column, -column, np.arange(24.0), 4.0 ** np.arange(24.0)])
    found = treat(values, TreatSpec(winmax=1))
    details = found.details
    assert details.checks.tolist() == [2, 2, 1, 3]
    assert details.winsorised.tolist() == [1, 1, 0, 1]
    assert details.transforms == (None, None, None, "log_ct")
    assert details.marks[:, 0].tolist() == [UNTOUCHED] * 23 + [HIGH]
    assert details.marks[:, 1].tolist() == [UNTOUCHED] * 23 + [LOW]
    assert details.marks[:, 3].tolist() == [UNTOUCHED] * 24  # the transformation is of the original column
    assert details.ok.tolist() == [True, True, True, False]
    assert np.isnan(details.skew).tolist() == [[False] * 4, [False, False, True, False], [True, True, True, False]]
    assert [each.code for each in found.warnings] == ["still_skewed"]
    assert not found.values.flags.writeable
    assert not details.skew.flags.writeable


def test_the_input_is_left_alone() -> None:
    values = np.array([[1.0], [2], [3], [4], [5], [6], [7], [100]])
    before = values.copy()
    treat(values)
    winsorise(values)
    np.testing.assert_array_equal(values, before)


def test_combined_the_transformation_is_of_the_winsorised_column() -> None:
    column = 4.0 ** np.arange(24.0)[:, None]
    winsorised = winsorise(column, 1).values
    combined = treat(column, TreatSpec(winmax=1, combine=True))
    low, high = winsorised.min(), winsorised.max()
    np.testing.assert_array_equal(combined.values, np.log(winsorised - low + 0.01 * (high - low)))
    assert combined.details.marks[:, 0].tolist() == [UNTOUCHED] * 23 + [HIGH]


def test_one_column_may_have_its_own_rule_or_none() -> None:
    column = np.array([1.0, 2, 3, 4, 5, 6, 7, 100])
    values = np.column_stack([column] * 3)
    spec = TreatSpec(by_indicator={"b": None, "c": TreatSpec(winmax=0, transform="boxcox", power=0.0)})
    found = treat(values, spec, columns="abc")
    np.testing.assert_array_equal(found.values, np.column_stack([np.minimum(column, 7), column, np.log(column)]))
    assert found.details.checks.tolist() == [2, 1, 3]


def test_a_specification_survives_json() -> None:
    spec = TreatSpec(3, 1.5, 3.0, "boxcox", True, False, True, 0.5, {"a": None, "b": TreatSpec(transform=None)})
    assert TreatSpec.from_dict(json.loads(json.dumps(spec.to_dict()))) == spec


def test_ties_go_together_past_the_limit_and_say_so_unless_strict() -> None:
    column = np.concatenate([np.arange(40.0), [500.0, 500.0, 900.0]])[:, None]
    free, strict = treat(column, TreatSpec(winmax=2)), treat(column, TreatSpec(winmax=2, strict=True, transform=None))
    assert (free.details.winsorised.tolist(), strict.details.winsorised.tolist()) == ([3], [1])
    assert [each.code for each in free.warnings] == ["winsorised_past_limit"]
    assert free.warnings[0].data == {"points": 3, "winmax": 2}
    assert [each.code for each in strict.warnings] == ["still_skewed"]


def test_force_goes_on_to_the_limit() -> None:
    values = np.arange(10.0)[:, None]
    assert winsorise(values, 3, force=True).counts.tolist() == [3]
    endless = winsorise(values, None, force=True).values
    assert len(np.unique(endless)) == 2  # down to the last difference, which stays
    assert treat(values, TreatSpec(force=True)).details.winsorised.tolist() == [5]
    assert treat(values).details.winsorised.tolist() == [0]


def test_the_mirror_keeps_the_order_of_units() -> None:
    """COINr's plain logarithm of a column with a long lower tail makes the tail longer; the mirror draws it in."""
    column = -np.exp(np.arange(12.0))[:, None]
    plain, mirrored = treat(column, TreatSpec(winmax=0)), treat(column, TreatSpec(winmax=0, transform="log_ct_plus"))
    assert not plain.details.ok[0]
    assert mirrored.details.ok[0]
    assert (np.diff(mirrored.values[:, 0]) < 0).all()
    np.testing.assert_allclose(log_ct_plus(-column), -log_ct_plus(column), rtol=1e-12)


@pytest.mark.parametrize("scale", [1e-120, 1e-30, 1.0, 1e30, 1e90])
def test_moments_do_not_depend_on_the_scale(scale: float) -> None:
    column = RANDOM.lognormal(0, 1, (50, 1))
    np.testing.assert_allclose(skew_kurt(column * scale), skew_kurt(column), rtol=1e-9)


def test_moments_of_few_cells_are_missing() -> None:
    values = np.array([[1.0, 1, 1, 1], [2.0, 2, 2, np.nan], [4.0, 5, np.nan, np.nan], [7.0, np.nan, np.nan, np.nan]])
    skew, kurt = skew_kurt(values)
    assert np.isnan(skew).tolist() == [False, False, True, True]
    assert np.isnan(kurt).tolist() == [False, True, True, True]


def test_a_skewness_of_exactly_the_limit_is_one_verdict_in_any_order() -> None:
    """0, 0, 0, x has skewness 2 and kurtosis 4; rounding falls to either side as the rows are turned."""
    for x in RANDOM.random(50) * 1e5:
        column = np.array([0.0, 0.0, 0.0, x])
        assert {bool(treat(np.roll(column, turn)[:, None]).details.passed[0, 0]) for turn in range(4)} == {False}


@settings(max_examples=80, deadline=None)
@given(MATRICES, st.integers(0, 6), st.booleans(), st.booleans(), st.sampled_from(["log_ct", "log_ct_plus", None]))
def test_laws(values: FloatArray, winmax: int, strict: bool, combine: bool, transform: str | None) -> None:
    spec = TreatSpec(winmax=winmax, strict=strict, combine=combine, transform=transform)
    found = treat(values, spec)
    np.testing.assert_array_equal(np.isnan(found.values), np.isnan(values))  # neither fills nor loses a cell
    assert not np.isinf(found.values).any()
    order = RANDOM.permutation(len(values))
    np.testing.assert_allclose(treat(values[order], spec).values, found.values[order], rtol=1e-9, atol=1e-9)
    if strict:
        assert (found.details.winsorised <= winmax).all()
    for before, after in zip(values.T, found.values.T, strict=True):
        known = ~np.isnan(before)
        x, y = before[known], after[known]
        assert ((x[:, None] >= x) <= (y[:, None] >= y)).all()  # nobody overtakes
        assert len(np.unique(y)) > 1 or len(np.unique(x)) <= 1  # nor are all made equal
