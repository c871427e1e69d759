"""Many draws at once give what ``run`` gives one by one."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.engine.build import figures, scheme, scored, spec
from tests.engine.test_laws import Case, cases
from yiqi.engine import BlockSpec, Dataset, EngineError
from yiqi.engine.outlook.push import place_probabilities, push


def _still(case: Case) -> Dataset:
    kept = {name: case.figures[name] for name in ("targets", "previous", "peers", "vetoed")}
    return figures(case.scheme, case.units, np.full_like(case.figures["values"], np.nan), **kept)


@settings(max_examples=40)
@given(cases(), st.integers(0, 2**31))
def test_the_same_as_run_draw_by_draw(case: Case, seed: int) -> None:
    chance = np.random.default_rng(seed)
    values = case.figures["values"]
    moved = values + np.round(chance.integers(0, 9, (4, *values.shape)) / 4, 2)
    if (
        case.scheme.zero_range == "mid"
    ):  # let a block lose all its scores in some draws: another set of blocks then counts
        moved[1, :, 0] = np.nan
        moved[1, 0, 0] = 1.0
    growth = np.repeat(case.figures["growth"][None], 4, axis=0)
    pushed, of_block = (push(case.scheme, _still(case), moved, growth, block) for block in (None, "c"))
    for draw in range(4):
        result = case.run(values=moved[draw])
        assert np.array_equal(pushed.scores[draw], result.total_points, equal_nan=True)
        assert pushed.places[draw].tolist() == result.total_ranks.tolist()
        assert pushed.group_places[draw].tolist() == result.total_group_ranks.tolist()
        assert pushed.in_tier[draw].tolist() == result.in_tier.tolist()
        assert np.array_equal(of_block.scores[draw], result.block_points[:, 1], equal_nan=True)
        assert of_block.places[draw].tolist() == result.block_ranks[:, 1].tolist()
        assert of_block.group_places[draw].tolist() == result.block_group_ranks[:, 1].tolist()


def test_blocks_that_lose_all_their_scores_in_one_draw() -> None:
    made = scheme(spec("x"), spec("y", block="c"), blocks=(BlockSpec("b"), BlockSpec("c")), zero_range="missing")
    values = np.array([[[1.0, 1.0], [2.0, 3.0]], [[1.0, 2.0], [2.0, 2.0]]])
    pushed = push(made, figures(made, ("A", "B"), np.full((2, 2), np.nan)), values)
    for draw in range(2):
        assert pushed.scores[draw].tolist() == scored(made, ("A", "B"), values[draw]).total_points.tolist()


def test_a_refused_draw_names_unit_and_draw() -> None:
    made = scheme(spec("x", rule="deduct", params={"each": 1}))
    with pytest.raises(EngineError) as raised:
        push(made, figures(made, ("A", "B"), [[np.nan]] * 2), np.array([[[1.0], [1.0]], [[1.0], [-1.0]]]))
    assert raised.value.code == "value_negative"
    assert raised.value.data["unit"] == "B in draw 1"


def test_shares_of_places_add_up() -> None:
    places = np.array([[1, 2, 0], [1, 1, 3], [0, 1, 2]])
    shares = place_probabilities(places, 3)
    assert np.round(shares.sum(axis=1), 12).tolist() == [round(2 / 3, 12), 1.0, round(2 / 3, 12)]
