"""Results: sums, warnings, explanations, losses, tier; with small cases worked by hand."""

from __future__ import annotations

import json
import math
import subprocess
import sys

import numpy as np
import pytest

from tests.engine.build import full_scheme, scheme, scored, spec
from yiqi.engine import AppraisalResult, AppraisalScheme, BlockSpec, ranks, round_half_up
from yiqi.engine.ground.notice import Notice
from yiqi.engine.tell import explain, notices

NAN = math.nan


def told(result: AppraisalResult) -> list[tuple[str, str | None, str | None, dict[str, object]]]:
    return [(warning.code, warning.indicator, warning.unit, dict(warning.data)) for warning in notices(result)]


def two_blocks(**changes: object) -> AppraisalScheme:
    indicators = (spec("a", block="b"), spec("d", block="b"), spec("e", block="c", points=5))
    return AppraisalScheme(blocks=(BlockSpec("b", coverage=0.6), BlockSpec("c")), indicators=indicators, **changes)


def test_a_clean_run_has_no_warnings() -> None:
    assert notices(scored(two_blocks(), "AB", [[1, 2, 3], [2, 3, 4]])) == ()


def test_a_unit_below_coverage_has_no_block_score_and_no_total() -> None:
    result = scored(two_blocks(), "ABC", [[1, 2, 3], [2, NAN, 4], [3, 4, 5]])
    assert result.block_coverage[1].tolist() == [0.5, 1.0]
    assert result.block_ranks.tolist() == [[2, 3], [0, 2], [1, 1]]
    assert result.total_ranks.tolist() == [2, 0, 1]
    assert math.isnan(result.total_points[1])
    assert result.in_tier.tolist() == [True, False, True]
    assert told(result) == [
        ("missing_excluded", "d", None, {"units": ["B"], "policy": "exclude"}),
        ("low_coverage", None, None, {"block": "b", "units": ["B"], "threshold": 0.6, "coverage": [0.5]}),
        ("no_total", None, "B", {"blocks": ["b"]}),
    ]


def test_a_block_that_nobody_has_does_not_enter_the_total() -> None:
    result = scored(two_blocks(), "AB", [[1, 2, NAN], [2, 3, NAN]])
    assert result.total_points.tolist() == [0.0, 20.0]
    assert result.total_blocks == ("b",)
    assert told(result) == [
        ("indicator_without_data", "e", None, {}),
        ("block_without_score", None, None, {"block": "c"}),
    ]


def test_no_block_has_a_score() -> None:
    result = scored(scheme(spec(rule="ratio")), "AB", [[1.0], [2.0]])
    assert np.isnan(result.total_points).all()
    assert result.total_ranks.tolist() == [0, 0]
    assert told(result) == [
        ("no_target", "gdp", None, {"units": ["A", "B"]}),
        ("block_without_score", None, None, {"block": "b"}),
    ]


def test_carried_values_tell_their_age() -> None:
    given = scheme(spec(), missing="carry")
    result = scored(given, "ABC", [[1.0], [NAN], [3.0]], previous=[[9.0], [2.0], [9.0]], previous_age=[[1], [2], [1]])
    assert result.cell_points[:, 0].tolist() == [0.0, 5.0, 10.0]
    assert [result.source(unit, "gdp") for unit in "ABC"] == ["observed", "carried", "observed"]
    assert notices(result)[0] == Notice(
        "carried", "gdp: last value carried for B", "gdp", None, {"units": ["B"], "ages": [2]}
    )
    assert dict(explain(result, "B", "gdp").steps[0].inputs) == {
        "raw": None, "source": "carried", "policy": "carry", "previous": 2.0, "age": 2,
    }  # fmt: skip


def test_growth_missing_under_zero_is_zero() -> None:
    halves = {"level": {"rule": "minmax"}, "growth": {"rule": "minmax"}}
    for policy, points in (("zero", 0.0), ("exclude", NAN), ("carry", NAN)):
        given = scheme(spec(rule="level_and_growth", params=halves, missing=policy))
        result = scored(given, "ABC", [[1.0], [2.0], [3.0]], growth=[[1.0], [2.0], [NAN]])
        assert result.cell_points[2].tolist() == pytest.approx([points], nan_ok=True)
        assert told(result)[0] == ("no_growth", "gdp", None, {"units": ["C"]})


def test_zero_range_is_told_for_each_group() -> None:
    result = scored(scheme(zero_range="missing"), "ABCD", [[1], [1], [2], [3]], peers=["h", "h", "p", "p"])
    assert told(result)[0] == ("zero_range", "gdp", None, {"units": ["A", "B"], "group": "h", "policy": "missing"})
    assert result.block_points[:, 0].tolist() == pytest.approx([NAN, NAN, 0.0, 10.0], nan_ok=True)


def test_a_veto_limits_the_tier_and_nothing_else() -> None:
    given = scheme(spec(rule="deduct", veto=True, veto_limit=2), spec("gdp2"), tier_size=2)
    values = [[0, 3], [3, 9], [1, 2]]
    free, barred = scored(given, "ABC", values), scored(given, "ABC", values, vetoed=[True, False, False])
    assert free.vetoed.tolist() == [False, True, False]
    assert barred.vetoed.tolist() == [True, True, False]
    assert barred.total_points.tobytes() == free.total_points.tobytes()
    assert (free.total_ranks.tolist(), free.in_tier.tolist()) == ([2, 1, 3], [True, False, False])
    assert barred.in_tier.tolist() == [False, False, False]
    assert ("vetoed", "gdp", None, {"units": ["B"], "limit": 2.0}) in told(free)


def test_a_veto_mark_without_a_limit_leaves_it_to_the_caller() -> None:
    given = scheme(spec(veto=True))
    assert scored(given, "AB", [[1], [2]]).vetoed.tolist() == [False, False]
    assert scored(given, "AB", [[1], [2]], vetoed=[False, True]).in_tier.tolist() == [True, False]


def test_equal_as_published_but_ranked_apart_is_told() -> None:
    given = scheme(spec(rule="deduct"))
    values = [[1.996], [1.999], [5]]
    expected = [("rounding_hides_rank", None, None, {"block": block, "units": ["A", "B"]}) for block in ("b", None)]
    assert told(scored(given, "ABC", values)) == expected
    rounded = scored(scheme(spec(rule="deduct"), rank_rounded=True), "ABC", values)
    assert (rounded.total_ranks.tolist(), notices(rounded)) == ([1, 1, 3], ())


def test_tie_breakers_split_a_block_only_by_its_own_indicators() -> None:
    given = AppraisalScheme(
        blocks=(BlockSpec("b"), BlockSpec("c")),
        indicators=(spec("a", rule="reached"), spec("e", block="c", rule="reached", direction="lower")),
        tie_breakers=("e",),
    )
    result = scored(given, "AB", [[3, 2], [3, 1]], targets=[[1, 5], [1, 5]])
    assert result.block_ranks.tolist() == [[1, 2], [1, 1]]
    assert result.total_ranks.tolist() == [2, 1]


def test_ranks_with_several_breakers_and_gaps() -> None:
    scores = np.array([5.0, 5.0, 5.0, NAN, 5.0, 7.0])
    first, second = np.array([1.0, 2.0, 2.0, 9.0, NAN, 0.0]), np.array([0.0, 3.0, 4.0, 0.0, 9.0, 0.0])
    assert ranks(scores, breakers=[first]).tolist() == [4, 2, 2, 0, 5, 1]
    assert ranks(scores, breakers=[first, second]).tolist() == [4, 3, 2, 0, 5, 1]
    assert ranks(scores, "dense", breakers=[first]).tolist() == [3, 2, 2, 0, 4, 1]
    assert ranks(np.array([NAN, NAN])).tolist() == [0, 0]


def test_scores_are_the_exact_sums_of_their_cells() -> None:
    """0.1 ten times: a plain float sum gives 0.9999999999999999."""
    indicators = [spec(str(number), points=0.1, rule="bonus", block="bc"[number % 2]) for number in range(10)]
    given = AppraisalScheme(blocks=(BlockSpec("b"), BlockSpec("c")), indicators=tuple(indicators))
    result = scored(given, "AB", np.array([[0.1] * 10, [0.05] * 10]))
    assert result.total_points[0] == 1.0
    assert result.block_points[0].tolist() == [0.5, 0.5]


def test_explanation_leads_from_value_to_points() -> None:
    given = scheme(spec("a", rule="efficacy", points=6), spec("d", rule="gap", params={"g": 4}, points=4))
    result = scored(given, "ABC", [[8, 5], [6, NAN], [4, 1]], targets=[[NAN, 7]] * 3)
    explained = explain(result, "B", "a")
    rows = [(step.name, dict(step.inputs), step.output) for step in explained.steps]
    assert rows == [
        ("value", {"raw": 6.0, "source": "observed", "policy": "exclude"}, 6.0),
        (
            "rule",
            {"x": 6.0, "W": 6.0, "rule": "efficacy", "direction": "higher", "c": 0.6, "d": 0.4, "lo": 0.0,
             "best": 8.0, "worst": 4.0, "n": 3, "r": 2},
            pytest.approx(4.8),
        ),
        ("renormalise", {"p": pytest.approx(4.8), "F": 10 / 6}, pytest.approx(8.0)),
        ("publish", {"points": explained.points, "places": 2}, 8.0),
    ]  # fmt: skip
    assert (explained.points, explained.full) == (result.cell_points[1, 0], 10.0)
    gap = explain(result, "A", "d").steps[1]
    assert (gap.inputs["T"], gap.inputs["g"], gap.output) == (7.0, 4.0, 2.0)
    assert gap.output == gap.inputs["W"] * (1 - (gap.inputs["T"] - gap.inputs["x"]) / gap.inputs["g"])
    excluded = explain(result, "B", "d")
    assert [(step.name, step.output) for step in excluded.steps] == [
        ("value", None), ("rule", None), ("renormalise", None), ("publish", None),
    ]  # fmt: skip
    assert (excluded.points, excluded.full) == (None, 0.0)


def test_explanation_of_two_halves_adds_up() -> None:
    halves = {"a": 0.6, "level": {"rule": "minmax"}, "growth": {"rule": "rank_linear", "params": {"f": 0.5}}}
    given = scheme(spec(direction="lower", rule="level_and_growth", params=halves))
    result = scored(given, "ABC", [[40], [50], [60]], growth=[[-5], [-20], [-10]])
    names = [(step.name, step.output) for step in explain(result, "B", "gdp").steps]
    assert names[1:4] == [("level", 5.0), ("growth", 10.0), ("rule", 0.6 * 5.0 + 0.4 * 10.0)]
    assert explain(result, "B", "gdp").steps[2].inputs["r"] == 1


def test_every_cell_explains_itself_in_plain_json() -> None:
    values = [[30, 1, 70, 0, NAN], [NAN, 4, 20, 1, 3], [50, 0, NAN, 0, 1]]
    result = scored(full_scheme(), "ABC", values, previous=np.full((3, 5), 40.0), growth=[[-1, 0, 0, 0, 0]] * 3)
    for row, unit in enumerate(result.units):
        for column, indicator in enumerate(result.scheme.columns):
            data = explain(result, unit, indicator).to_dict()
            assert json.loads(json.dumps(data, allow_nan=False)) == json.loads(json.dumps(data))
            recorded = result.cell_points[row, column]
            assert data["points"] == (None if np.isnan(recorded) else recorded)
            assert data["steps"][-2]["output"] == data["points"]
    json.dumps([dict(warning.data) for warning in notices(result)], allow_nan=False)


def test_losses_come_largest_first_without_bonus_and_excluded() -> None:
    given = scheme(spec("a", points=4), spec("d", points=6), spec("e", points=5), spec("x", rule="bonus", points=3))
    result = scored(given, "ABC", [[1, 1, NAN, 1], [2, 3, 1, 3], [3, 2, 2, 3]])
    assert [tuple(loss) for loss in result.losses("A")] == [("d", 9.0, 9.0), ("a", 6.0, 6.0)]
    assert [tuple(loss) for loss in result.losses("B")] == [("e", 5.0, 5.0), ("a", 2.0, 4.0)]


def test_over_fulfilment_exceeds_full_marks_and_is_no_loss() -> None:
    result = scored(scheme(spec(rule="ratio", params={"cap": 1.2})), "AB", [[12], [6]], targets=[[10], [10]])
    assert (result.cell_points[0, 0], result.cell_max[0, 0], result.shares[0, 0]) == (12.0, 10.0, 1.2)
    assert result.losses("A") == []


def test_results_are_closed() -> None:
    result = scored(scheme(), "AB", [[1], [2]])
    with pytest.raises(ValueError, match="read-only"):
        result.cell_points[0, 0] = 99
    assert all(not array.flags.writeable for array in result.steps.values())


def test_the_callers_arrays_stay_theirs() -> None:
    values = np.array([[1.0], [-0.0]])
    result = scored(scheme(), "AB", values)
    values[0, 0] = 7.0
    assert result.data.values[0, 0] == 1.0
    assert np.signbit(values[1, 0])


@pytest.mark.parametrize(
    ("value", "places", "shown"),
    [(2.675, 2, 2.68), (1e17 + 1, 2, 1e17), (NAN, 2, NAN), (0.285, 2, 0.29), (1.45, 1, 1.5), (8.5, 0, 9.0)],
)
def test_half_up(value: float, places: int, shown: float) -> None:
    assert float(round_half_up(value, places)) == pytest.approx(shown, rel=0, abs=0, nan_ok=True)


def test_rounding_keeps_the_shape_and_has_one_zero() -> None:
    rounded = round_half_up([[1.005, -0.001], [NAN, 3.0]], 2)
    assert rounded.shape == (2, 2)
    assert not np.signbit(rounded[0, 1])


def test_the_engine_needs_no_django() -> None:
    text = "import sys, yiqi.engine; print([m for m in sys.modules if m.split('.')[0] == 'django'])"
    done = subprocess.run([sys.executable, "-c", text], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
