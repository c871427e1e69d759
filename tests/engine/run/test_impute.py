"""Filling cells from other units, other indicators, other periods."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from yiqi.engine import FloatArray
from yiqi.engine.run.impute import impute, impute_notices
from yiqi.engine.scheme.steps import FALLBACKS, IMPUTATIONS, ImputeSpec
from yiqi.engine.study.panel import BROUGHT_BACK, CARRIED, INTERPOLATED, MISSING, OBSERVED, impute_panel, panel_of
from yiqi.engine.study.panel import METHODS as PANEL_METHODS
from yiqi.engine.study.trends import trends

NAN = math.nan
CELLS = st.one_of(st.floats(-1e6, 1e6), st.just(NAN))
MATRICES = arrays(np.float64, st.tuples(st.integers(1, 9), st.integers(1, 4)), elements=CELLS)
SERIES = arrays(np.float64, st.tuples(st.integers(1, 8), st.integers(1, 3)), elements=CELLS)


def test_a_column_of_one_value_fills_with_it_and_tells_nothing_of_a_row() -> None:
    values = [[5.0, 0.0, 1.0], [NAN, 10.0, NAN], [5.0, 20.0, 3.0]]
    found = impute(values, ImputeSpec("row_mean"))
    np.testing.assert_array_equal(found, [[5.0, 0.0, 1.0], [5.0, 10.0, 2.0], [5.0, 20.0, 3.0]])


def test_families_fill_from_their_own() -> None:
    values = [[0.0, 0.0, 1.0], [10.0, 8.0, 2.0], [NAN, 4.0, 2.0]]
    found = impute(values, ImputeSpec("row_mean", within=2), families=["p", "p", "q"])
    assert found[2].tolist() == [5.0, 4.0, 2.0]
    alone = impute(values, ImputeSpec("row_mean", within=2), families=["p", "q", "q"])
    assert np.isnan(alone[2, 0])  # the only one of its family, and nothing else to take
    both = impute(values, ImputeSpec("row_mean"))
    assert both[2, 0] == 7.5


@pytest.mark.parametrize(("fallback", "expected"), [("missing", NAN), ("mean", 4.0), ("median", 1.0)])
def test_a_group_without_values_falls_back(fallback: str, expected: float) -> None:
    values = np.array([[1.0], [1.0], [10.0], [NAN]])
    spec = ImputeSpec("group_mean", group="side", fallback=fallback)
    found = impute(values, spec, groups=["e", "e", "e", "w"])
    np.testing.assert_array_equal(found[3, 0], expected)
    codes = [each.code for each in impute_notices(values, found, spec, "ABCD", "x")]
    assert codes == (["not_imputed"] if math.isnan(expected) else ["imputed"])


def test_units_without_a_group_are_in_no_group() -> None:
    found = impute([[1.0], [NAN], [NAN]], ImputeSpec("group_mean"), groups=["", "", None])
    assert np.isnan(found[1:]).all()


@pytest.mark.parametrize("method", IMPUTATIONS)
def test_a_specification_survives_json(method: str) -> None:
    spec = ImputeSpec(method, group="side", within=2, fallback="mean")
    assert ImputeSpec.from_dict(json.loads(json.dumps(spec.to_dict()))) == spec


@settings(max_examples=60, deadline=None)
@given(MATRICES, st.sampled_from(IMPUTATIONS), st.sampled_from(FALLBACKS), st.data())
def test_laws(values: FloatArray, method: str, fallback: str, data: st.DataObject) -> None:
    units, indicators = values.shape
    groups = data.draw(st.lists(st.sampled_from(["e", "w", ""]), min_size=units, max_size=units))
    families = data.draw(st.lists(st.sampled_from("pq"), min_size=indicators, max_size=indicators))
    order = data.draw(st.permutations(range(units)))
    spec = ImputeSpec(method, fallback=fallback)
    before = values.copy()
    found = impute(values, spec, groups=groups, families=families)
    np.testing.assert_array_equal(values, before)
    known = ~np.isnan(values)
    np.testing.assert_array_equal(found[known], values[known])
    turned = impute(values[order], spec, groups=[groups[row] for row in order], families=families)
    np.testing.assert_allclose(turned, found[order], rtol=1e-9, atol=1e-6)
    for before_column, column in zip(values.T, found.T, strict=True):
        there = before_column[~np.isnan(before_column)]
        filled = column[~np.isnan(column)]
        if len(there):  # a filled value lies among the known ones
            slack = 1e-9 * np.abs(there).max()
            assert filled.min() >= there.min() - slack
            assert filled.max() <= there.max() + slack
            assert fallback == "missing" or len(filled) == units
        else:
            assert len(filled) == 0


def test_long_data_may_come_in_any_order_and_with_rows_left_out() -> None:
    panel = panel_of(["B", "A", "B"], [2021, 2020, 2019], [[3.0], [1.0], [2.0]], ["x"])
    assert (panel.units, panel.times, panel.columns) == (("B", "A"), (2019, 2020, 2021), ("x",))
    np.testing.assert_array_equal(panel.values[:, :, 0], [[2.0, NAN], [NAN, 1.0], [3.0, NAN]])
    np.testing.assert_array_equal(panel.long()[:, 0], [2.0, NAN, 3.0, NAN, 1.0, NAN])


def test_sources_and_ages() -> None:
    times = [2018.0, 2019.0, 2022.0, 2023.0, 2025.0]
    panel = panel_of(["A"] * 5, times, [[NAN], [1.0], [NAN], [9.0], [NAN]], ["x"])
    found = impute_panel(panel, "linear-constant")
    assert found.values[:, 0, 0].tolist() == [1.0, 1.0, 7.0, 9.0, 9.0]
    assert found.source[:, 0, 0].tolist() == [BROUGHT_BACK, OBSERVED, INTERPOLATED, OBSERVED, CARRIED]
    np.testing.assert_array_equal(found.ages[:, 0, 0], [-1.0, 0.0, NAN, 0.0, 2.0])
    limited = impute_panel(panel, "linear-constant", max_age=1)
    assert limited.source[:, 0, 0].tolist() == [BROUGHT_BACK, OBSERVED, INTERPOLATED, OBSERVED, MISSING]


def test_a_series_of_one_value_is_flat_where_coinr_stops_with_an_error() -> None:
    panel = panel_of(["A", "A", "A"], [1.0, 2.0, 3.0], [[NAN], [4.0], [NAN]])
    assert impute_panel(panel, "linear-constant").values.ravel().tolist() == [4.0, 4.0, 4.0]
    np.testing.assert_array_equal(impute_panel(panel, "linear").values.ravel(), [NAN, 4.0, NAN])


@settings(max_examples=60, deadline=None)
@given(SERIES, st.sampled_from(PANEL_METHODS))
def test_panel_laws(series: FloatArray, method: str) -> None:
    periods, units = series.shape
    keys = [(str(unit), float(period)) for unit in range(units) for period in range(periods)]
    panel = panel_of([unit for unit, _ in keys], [time for _, time in keys], series.T.reshape(-1, 1))
    found = impute_panel(panel, method)
    cube, given_cells = found.values[:, :, 0], panel.values[:, :, 0]
    known = ~np.isnan(given_cells)
    np.testing.assert_array_equal(cube[known], given_cells[known])
    assert ((found.source == MISSING) == np.isnan(found.values)).all()
    for unit in range(units):
        own, filled = given_cells[known[:, unit], unit], cube[~np.isnan(cube[:, unit]), unit]
        assert len(filled) == 0 if len(own) == 0 else len(filled) >= len(own)
        if len(own):
            slack = 1e-9 * np.abs(own).max()
            assert own.min() - slack <= filled.min()
            assert filled.max() <= own.max() + slack
            assert method in {"latest", "linear"} or len(filled) == periods


def test_trends_are_those_of_numpy_series_by_series() -> None:
    random = np.random.default_rng(3)
    cube = random.uniform(1, 9, (6, 5, 3))
    cube[random.random(cube.shape) < 0.3] = NAN
    times = [2001.0, 2002.0, 2004.0, 2005.0, 2007.0, 2010.0]
    keys = [(unit, time) for unit in "ABCDE" for time in times]
    panel = panel_of(
        [unit for unit, _ in keys], [time for _, time in keys], cube.transpose(1, 0, 2).reshape(-1, 3), "xyz"
    )
    compound, percent = trends(panel), trends(panel, "percent", directions=[1, -1, 1], per=10.0)
    for unit, column in np.ndindex(5, 3):
        series = cube[:, unit, column]
        there = ~np.isnan(series)
        when, y = np.array(times)[there], series[there]
        assert len(y) >= 2
        assert compound.known[unit, column] == len(y) / 6
        assert (compound.first[unit, column], compound.last[unit, column]) == (when[0], when[-1])
        rate = (y[-1] / y[0]) ** (1 / (when[-1] - when[0])) - 1
        assert compound.values[unit, column] == pytest.approx(rate, rel=1e-12)
        slope, start = np.polyfit(when - when[0], y, 1)
        expected = 1000 * slope / start * (-1 if column == 1 else 1)
        assert percent.values[unit, column] == pytest.approx(expected if start > 0 else NAN, rel=1e-9, nan_ok=True)


def test_trends_look_only_at_the_latest_and_fill_gaps_when_asked() -> None:
    panel = panel_of(["A"] * 5, [1.0, 2.0, 3.0, 4.0, 5.0], [[1.0], [2.0], [NAN], [8.0], [NAN]], "x")
    plain, filled = trends(panel, latest=2), trends(panel, latest=2, interpolate=True)
    assert [each.data for each in plain.warnings] == [{"units": ["A"], "reason": "too few values"}]
    assert np.isnan(plain.values[0, 0])
    assert filled.values[0, 0] == pytest.approx(8 / 5 - 1)
    assert (filled.first[0, 0], filled.last[0, 0], filled.known[0, 0]) == (3.0, 4.0, 0.5)
