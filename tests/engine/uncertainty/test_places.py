"""Places of many draws at once, and the counts over them, against one draw at a time."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from yiqi.engine.ground.ranking import mean_shift, place_rows, places_of, rank_columns
from yiqi.engine.uncertainty.places import count_above, count_places
from yiqi.engine.uncertainty.statistics import rank_statistics

quick = settings(max_examples=80, deadline=None)
GRID = st.one_of(st.integers(0, 6).map(float), st.just(np.nan), st.just(3 + 5e-10), st.just(3 + 1.2e-9))
SCORES = hnp.arrays(np.float64, st.tuples(st.integers(1, 5), st.integers(1, 7)), elements=GRID)


@quick
@given(SCORES, st.sampled_from(["competition", "dense"]))
def test_rows_are_ranked_as_columns_are(scores: np.ndarray, ties: str) -> None:
    np.testing.assert_array_equal(place_rows(scores, ties), rank_columns(scores.T, ties).T)


@quick
@given(SCORES, st.sampled_from(["competition", "dense"]), st.sampled_from([1e-9, 0.0, 1.5]), st.data())
def test_one_unit_is_placed_as_among_all(scores: np.ndarray, ties: str, tolerance: float, data: st.DataObject) -> None:
    seat = data.draw(st.integers(0, len(scores) - 1))
    expected = rank_columns(scores, ties, tolerance)[seat]
    np.testing.assert_array_equal(places_of(scores, seat, ties, tolerance), expected)


def test_infinite_scores_are_ranked_as_columns_are() -> None:
    scores = np.array([[np.inf, 1.0, -np.inf], [2.0, 1.0, 3.0]])
    np.testing.assert_array_equal(place_rows(scores), rank_columns(scores.T).T)
    for seat in range(3):
        np.testing.assert_array_equal(places_of(scores.T, seat), rank_columns(scores.T)[seat])


@quick
@given(SCORES)
def test_counts_are_those_of_one_draw_after_the_other(scores: np.ndarray) -> None:
    places = place_rows(scores)
    units = places.shape[1]
    counts, above = np.zeros((units, units + 1), dtype=np.int32), np.zeros((units, units), dtype=np.int32)
    count_places(counts, places)
    count_above(above, places)
    for unit in range(units):
        assert counts[unit].tolist() == [int((places[:, unit] == place).sum()) for place in range(units + 1)]
        for other in range(units):
            first, second = places[:, unit], places[:, other]
            assert above[unit, other] == ((first > 0) & (second > 0) & (first < second)).sum()


@quick
@given(SCORES)
def test_statistics_are_those_of_numpy(scores: np.ndarray) -> None:
    places = place_rows(scores)
    counts = np.zeros((places.shape[1], places.shape[1] + 1), dtype=np.int32)
    count_places(counts, places)
    found = rank_statistics(places[0].astype(np.int64), counts)
    for unit, column in enumerate(places.T):
        placed = column[column > 0].astype(float)
        expected = [placed.mean(), *np.quantile(placed, (0.5, 0.05, 0.95))] if len(placed) else [np.nan] * 4
        np.testing.assert_allclose(found.table()[unit], [places[0, unit], *expected], rtol=1e-12)


def test_mean_shift_passes_over_units_without_a_place() -> None:
    nominal = np.array([1, 2, 3, 0], dtype=np.int32)
    places = np.array([[1, 2, 3, 0], [2, 1, 3, 0], [2, 0, 1, 3], [0, 0, 0, 1]], dtype=np.int32)
    np.testing.assert_array_equal(mean_shift(nominal, places), [0.0, 2 / 3, 1.5, np.nan])


@pytest.mark.parametrize("ties", ["competition", "dense"])
def test_a_tie_in_one_draw_changes_no_other(ties: str) -> None:
    scores = np.array([[3.0, 2.0, 1.0], [2.0, 2.0, 1.0]])
    assert place_rows(scores, ties)[0].tolist() == [1, 2, 3]
    assert place_rows(scores, ties)[1].tolist() == [1, 1, 3 if ties == "competition" else 2]
