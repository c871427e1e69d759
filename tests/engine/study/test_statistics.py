"""Statistics against SciPy and NumPy one pair at a time, on ragged trees, and their laws."""

from __future__ import annotations

import math
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import stats

from yiqi.engine import FloatArray
from yiqi.engine.run.aggregate import aggregate
from yiqi.engine.scheme.hierarchy import Hierarchy, Node
from yiqi.engine.study.statistics import (
    FlagLimits,
    availability,
    availability_by_group,
    correlation_flags,
    correlations,
    cronbach_alpha,
    family_correlations,
    principal_components,
    statistics,
)
from yiqi.engine.study.statistics.correlation import METHODS

NAN = math.nan
RANDOM = np.random.default_rng(11)
RAGGED = Hierarchy(
    (Node("a", "p"), Node("b", "p"), Node("c", "s"), Node("d", "top"), Node("p", "s"), Node("s", "top"), Node("top"))
)
CODES = ("a", "b", "c", "d")


def _holed(units: int = 40, columns: int = 7) -> FloatArray:
    values = np.round(RANDOM.normal(size=(units, columns)) + RANDOM.normal(size=(units, 1)), 1)  # with ties
    values[RANDOM.random(values.shape) < 0.15] = np.nan
    values[:, 3] = np.round(RANDOM.normal(size=units), 1)
    return values


REFERENCES = {
    "pearson": stats.pearsonr,
    "spearman": stats.spearmanr,
    "kendall": stats.kendalltau,
}


@pytest.mark.parametrize("method", METHODS)
def test_pairs_are_those_of_scipy(method: str) -> None:
    values = _holed()
    found = correlations(values, method=method)
    for i, j in product(range(7), range(7)):
        both = ~np.isnan(values[:, i]) & ~np.isnan(values[:, j])
        expected = REFERENCES[method](values[both, i], values[both, j])
        assert found.n[i, j] == both.sum()
        assert found.r[i, j] == pytest.approx(expected.statistic, rel=1e-10, abs=1e-14)
        if i != j:
            assert found.p[i, j] == pytest.approx(expected.pvalue, rel=1e-8, abs=1e-300)
    assert found.warnings == ()


@pytest.mark.parametrize("method", METHODS)
def test_two_tables_are_a_part_of_one(method: str) -> None:
    values = _holed()
    whole = correlations(values, method=method)
    part = correlations(values[:, :3], values[:, 3:], method=method)
    for name in ("r", "p", "n"):
        np.testing.assert_allclose(getattr(part, name), getattr(whole, name)[:3, 3:], rtol=1e-12, atol=1e-15)


def test_a_column_is_fully_correlated_with_itself() -> None:
    found = correlations(_holed())
    assert np.diag(found.r).tolist() == [1.0] * 7
    assert np.diag(found.p).tolist() == [0.0] * 7
    np.testing.assert_array_equal(found.r, found.r.T)


def test_a_column_constant_over_the_common_rows_has_no_correlation() -> None:
    """Its computed variance there is rounding, and the quotient of two roundings any number."""
    values = np.array([[0.1, 1.0], [0.1, 2.0], [0.1, 4.0], [0.7, NAN]])
    found = correlations(values, columns=("x", "y"))
    assert np.isnan(found.r).tolist() == [[False, True], [True, False]]
    assert [(each.indicator, each.data["with"]) for each in found.warnings] == [("y", ["x"])]


@pytest.mark.parametrize("size", [1e-150, 1e-9, 1e9, 1e90])
def test_correlations_do_not_depend_on_units_of_measure(size: float) -> None:
    values = RANDOM.normal(size=(20, 3))
    found = correlations(values * [size, 1.0, -1.0 / size if size > 1 else 1.0])
    expected = correlations(values * [1.0, 1.0, -1.0 if size > 1 else 1.0])
    np.testing.assert_allclose(found.r, expected.r, rtol=1e-9, atol=1e-14)


@settings(max_examples=50, deadline=None)
@given(
    arrays(
        np.float64,
        st.tuples(st.integers(1, 9), st.integers(1, 4)),
        elements=st.one_of(st.floats(-1e9, 1e9), st.just(NAN), st.just(0.0)),
    ),
    st.sampled_from(METHODS),
)
def test_laws_of_correlations(values: FloatArray, method: str) -> None:
    found = correlations(values, method=method)
    known = ~np.isnan(found.r)
    assert (np.abs(found.r[known]) <= 1.0).all()
    assert ((found.p[known] >= 0) & (found.p[known] <= 1.0)).all()
    assert known.all() == (not found.warnings)  # a missing correlation is always spoken of
    named = {(each.indicator, other) for each in found.warnings for other in each.data["with"]}
    lacking = {(found.rows[i], found.columns[j]) for i, j in np.argwhere(~known) if j <= i}
    assert named == lacking


def test_families_and_flags_of_a_ragged_tree() -> None:
    """COINr needs every branch to reach every level; here d hangs on the top beside s of level 3."""
    values = RANDOM.normal(size=(30, 4))
    values[:, 1] = values[:, 0] + 0.01 * values[:, 1]
    scores = aggregate(RAGGED, values)
    codes = CODES + RAGGED.aggregates
    table = np.hstack([values, scores])
    found = family_correlations(RAGGED, codes, table, of=CODES)
    above = {"a": ["p", "s", "top"], "b": ["p", "s", "top"], "c": ["s", "top"], "d": ["top"]}
    assert [(one.code, one.above) for one in found] == [(code, each) for code in CODES for each in above[code]]
    for one in found:
        expected = np.corrcoef(table[:, codes.index(one.code)], table[:, codes.index(one.above)])[0, 1]
        assert one.r == pytest.approx(expected, rel=1e-12)
        assert one.level == RAGGED.level(one.above)
    flags = correlation_flags(RAGGED, CODES, values, threshold=0.9)
    assert [(flag.group, flag.first, flag.second) for flag in flags] == [("p", "a", "b")]
    assert correlation_flags(RAGGED, CODES, values, threshold=0.9, level=3)[0].group == "s"
    assert correlation_flags(RAGGED, CODES, values, threshold=-0.999, kind="low", level=4) == ()


def test_a_parent_without_a_column_is_passed_over() -> None:
    values = RANDOM.normal(size=(10, 3))
    found = family_correlations(RAGGED, ("a", "s", "top"), values)
    assert [(one.code, one.above) for one in found] == [("a", "s"), ("a", "top"), ("s", "top")]


def test_alpha_is_the_usual_formula() -> None:
    values = RANDOM.normal(size=(50, 5)) + RANDOM.normal(size=(50, 1))
    k = 5
    usual = k / (k - 1) * (1 - values.var(axis=0, ddof=1).sum() / values.sum(axis=1).var(ddof=1))
    assert cronbach_alpha(values) == pytest.approx(usual, rel=1e-12)
    values[3, 2] = NAN
    complete = np.delete(values, 3, axis=0)
    assert cronbach_alpha(values, use="complete") == pytest.approx(cronbach_alpha(complete), rel=1e-12)
    pairwise = np.array(
        [
            [np.cov(values[~np.isnan(values[:, [i, j]]).any(axis=1)][:, [i, j]].T)[0, 1] for j in range(5)]
            for i in range(5)
        ]
    )
    expected = k * k * (pairwise.sum() - np.trace(pairwise)) / (k * (k - 1)) / pairwise.sum()
    assert cronbach_alpha(values) == pytest.approx(expected, rel=1e-12)


def test_components_give_the_data_back() -> None:
    values = RANDOM.normal(size=(30, 4)) @ RANDOM.normal(size=(4, 4)) + 100.0
    found = principal_components(values, CODES)
    np.testing.assert_allclose(found.loadings.T @ found.loadings, np.eye(4), atol=1e-12)
    rebuilt = (found.loadings * found.sdev**2) @ found.loadings.T
    np.testing.assert_allclose(rebuilt, np.corrcoef(values.T), atol=1e-12)
    assert found.share.sum() == pytest.approx(1.0)
    assert (np.diff(found.sdev) <= 0).all()
    assert (found.loadings.sum(axis=0) >= 0).all()


def test_components_leave_out_rows_with_gaps_and_say_so() -> None:
    values = RANDOM.normal(size=(12, 3))
    values[[2, 5], [0, 1]] = NAN
    found = principal_components(values)
    complete = principal_components(np.delete(values, [2, 5], axis=0))
    np.testing.assert_array_equal(found.sdev, complete.sdev)
    assert (found.rows, [each.code for each in found.warnings], complete.warnings) == (10, ["rows_left_out"], ())


def test_fewer_rows_than_columns_have_fewer_components() -> None:
    assert principal_components(RANDOM.normal(size=(4, 6))).loadings.shape == (6, 3)


def test_columns_without_values_have_no_statistics_and_are_flagged() -> None:
    found = statistics([[NAN, 1.0], [NAN, 2.0], [NAN, 3.0]], ("x", "y"))
    assert [math.isnan(each[0]) for each in (found.low, found.high, found.mean, found.median, found.sd)] == [True] * 5
    assert (found.available[0], found.same[0], found.flags["available"].tolist()) == (0, 0, [True, False])
    assert np.isnan(found.share(found.unique)).tolist() == [True, False]


def test_limits_of_flags_can_be_set() -> None:
    column = np.array([[0.0], [0.0], [1.0], [2.0]])
    assert not any(flag[0] for flag in statistics(column).flags.values())
    strict = statistics(column, limits=FlagLimits(available=1.0, non_zero=0.6, unique=0.8, skew=0.1, kurt=-9.0)).flags
    assert {name: bool(flag[0]) for name, flag in strict.items()} == {
        "available": False,
        "non_zero": True,
        "unique": True,
        "outliers": True,
    }


def test_availability_counts_the_indicators_below_on_ragged_trees() -> None:
    values = [[1.0, NAN, 0.0, NAN], [NAN, NAN, NAN, NAN]]
    assert availability_by_group(RAGGED, CODES, values).tolist() == [[0.5, 2 / 3, 0.5], [0.0, 0.0, 0.0]]
    found = availability(values)
    assert found.missing.tolist() == [2, 4]
    assert found.missing_or_zero.tolist() == [3, 4]
    assert found.non_zero[0] == 0.5
    assert np.isnan(found.non_zero[1])
