"""The way to a number: steps, contributions, sentences, and what a reader is warned of."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest

from tests.engine.parity.pipeline import standard
from tests.engine.trees import NAN, POSITIVE, four, ragged
from yiqi.engine import IndexScheme, run
from yiqi.engine.run.index import IndexResult
from yiqi.engine.scheme.dataset import Dataset
from yiqi.engine.scheme.hierarchy import Hierarchy, Node
from yiqi.engine.scheme.index import Steps
from yiqi.engine.scheme.steps import AggregateSpec, NormaliseSpec, ScreenSpec
from yiqi.engine.tell import explain, notices


def points(result: IndexResult, unit: str, node: str) -> dict[tuple[str, str], float]:
    return {(item.code, item.kind): item.points for item in explain(result, unit, node).contributions}


def test_shares_of_an_arithmetic_mean_reach_the_indicators() -> None:
    """top = (2·c + p)/3, p = (a + 3·b)/4; A has a 100, b 100 (least is best), c 33.3…"""
    result = run(IndexScheme(ragged()), four())
    way = explain(result, "A", "top")
    assert points(result, "A", "top") == pytest.approx(
        {("c", "value"): 200 / 9, ("a", "value"): 100 / 12, ("b", "value"): 25.0}
    )
    assert {item.code: item.weight for item in way.contributions} == pytest.approx(
        {"c": 2 / 3, "a": 1 / 12, "b": 1 / 4}
    )
    assert {item.code: item.points for item in way.children} == pytest.approx({"c": 200 / 9, "p": 100 / 3})
    assert (way.rank, way.of, way.decomposition) == (3, 4, "shares")
    assert way.sentence == (
        "A scores 55.5556 in top, place 3 of 4: b 25 + c 22.22 + a 8.333 (unrounded parts add up exactly)."
    )


def test_a_geometric_mean_names_what_unevenness_costs() -> None:
    result = run(IndexScheme(ragged(), Steps(normalise=POSITIVE, aggregate=(AggregateSpec("gmean"),))), four())
    found = points(result, "C", "top")
    p, c = math.exp((math.log(1) + 3 * math.log(1)) / 4), 100.0
    assert found["top", "balance"] == pytest.approx(math.exp((2 * math.log(c) + math.log(p)) / 3) - (2 * c + p) / 3)
    assert found["p", "balance"] == pytest.approx(0.0)
    assert explain(result, "C", "top").decomposition == "difference_assigned"


def test_pairs_are_shared_among_the_criteria() -> None:
    """D beats A on c only, B on b (tie on a excluded) …: worked by hand for the two criteria of p."""
    tree = Hierarchy((Node("a", "top", 1.0), Node("b", "top", 3.0, -1), Node("top")))
    data = Dataset(("A", "B", "C"), ("a", "b"), np.array([[3.0, 1.0], [2.0, 1.0], [1.0, 2.0]]))
    net = run(IndexScheme(tree, Steps(aggregate=(AggregateSpec("netflow"),))), data)
    assert net.index.tolist() == pytest.approx([5 / 8, 3 / 8, -1.0])
    assert points(net, "A", "top") == pytest.approx({("a", "value"): 2 / 8, ("b", "value"): 3 / 8})
    won = run(IndexScheme(tree, Steps(aggregate=(AggregateSpec("copeland"),))), data)
    assert won.index.tolist() == [2.0, 0.0, -2.0]
    assert points(won, "A", "top") == pytest.approx(
        {("a", "value"): 2 / 4, ("b", "value"): 3 / 4, ("top", "majority"): 2 - 5 / 4}
    )


def test_a_turned_aggregate_enters_from_the_other_end() -> None:
    """risk: more is worse. top = (100 − risk + a)/2."""
    tree = Hierarchy((Node("a", "top"), Node("r", "risk"), Node("risk", "top", direction=-1), Node("top")))
    data = Dataset(("A", "B", "C"), ("a", "r"), np.array([[1.0, 1.0], [2.0, 2.0], [3.0, 5.0]]))
    result = run(IndexScheme(tree), data)
    assert result.scores.tolist() == [[0.0, 50.0], [25.0, 62.5], [100.0, 50.0]]
    assert result.ranks.tolist() == [[1, 2], [2, 1], [3, 2]]
    assert points(result, "B", "top") == {("a", "value"): 25.0, ("risk", "mirror"): 50.0, ("r", "value"): -12.5}


def test_the_steps_of_an_indicator() -> None:
    way = explain(standard(), "R01", "i5")
    assert [(step.name, step.output) for step in way.steps] == [
        ("raw", 23.548),
        ("denominated", 23.548 / 2899),
        ("normalised", pytest.approx(29.6157086)),
    ]
    assert way.steps[1].inputs == {"Pop": 2899.0}
    filled = explain(standard(), "R04", "i1")
    assert [step.name for step in filled.steps] == ["raw", "imputed", "normalised"]
    assert filled.steps[0].output is None
    assert filled.sentence == (
        "R04 has no value in i1 (indicator 1), imputed (filled by group_mean) 46.8853, normalised (minmax) 67.1853, "
        "place 14 of 24; it adds 5.599 to Index."
    )
    cut = explain(standard(), "R03", "i10")
    assert [(step.name, step.formula) for step in cut.steps][1] == ("treated", "winsorised_high")


def test_what_an_indicator_adds_is_its_item_of_the_root() -> None:
    root = {item.code: item for item in explain(standard(), "R04", "Index").contributions}
    for code in standard().hierarchy.indicators:
        assert explain(standard(), "R04", code).contributions == (root[code],)


def test_an_explanation_is_plain_data() -> None:
    for code in standard().hierarchy.codes:
        text = json.dumps(explain(standard(), "R04", code).to_dict(), allow_nan=False)
        assert json.loads(text)["node"] == code


def test_no_score_is_said() -> None:
    values = np.array([[1.0, NAN], [2.0, 1.0], [3.0, 2.0]])
    tree = Hierarchy((Node("a", "top"), Node("b", "top"), Node("top")))
    result = run(
        IndexScheme(tree, Steps(aggregate=(AggregateSpec(coverage=1.0),))), Dataset(("A", "B", "C"), ("a", "b"), values)
    )
    way = explain(result, "A", "top")
    assert (way.score, way.rank, way.contributions) == (None, 0, ())
    assert way.sentence == "A has no score in top: too few of its values are there."
    assert result.index_ranks.tolist() == [0, 2, 1]


def warned(result: IndexResult) -> list[tuple[str, str | None]]:
    return [(found.code, found.indicator) for found in notices(result)]


def test_warnings() -> None:
    values = np.array([[1.0, 7.0, NAN, 1.0], [2.0, 7.0, NAN, 1.0], [3.0, 7.0, 5.0, 1.0], [NAN, NAN, 6.0, 1.0]])
    tree = Hierarchy(
        (Node("a", "p"), Node("b", "p"), Node("c", "q", 0.0), Node("p", "top"), Node("q", "top"), Node("top"))
    )
    data = Dataset(("A", "B", "C", "D"), ("a", "b", "c", "x"), values)
    result = run(IndexScheme(tree, Steps(zero_weights="missing")), data)
    assert [found for found in warned(result) if not found[0].startswith("weight")] == [
        ("unused_columns", None),
        ("few_units", None),
        ("constant_column", "b"),
        ("thin_coverage", None),
        ("no_score", None),
        ("group_without_weight", None),
        ("no_score", None),
        ("no_score", None),
    ]
    found = {(item.code, item.data.get("node")): item.data for item in notices(result)}
    assert found["thin_coverage", None] == {"units": ["D"], "shares": [pytest.approx(1 / 3)]}
    assert found["no_score", "top"] == {"node": "top", "units": ["D"]}
    assert found["constant_column", None] == {"value": 7.0, "policy": "mid"}


@pytest.mark.parametrize(("policy", "level"), [("mid", 50.0), ("full", 100.0)])
def test_a_constant_column_follows_its_policy(policy: str, level: float) -> None:
    data = Dataset(("A", "B"), ("a", "b"), np.array([[1.0, 3.0], [2.0, 3.0]]))
    tree = Hierarchy((Node("a", "top"), Node("b", "top"), Node("top")))
    result = run(IndexScheme(tree, Steps(normalise=NormaliseSpec(zero_range=policy))), data)
    assert result.normalised.tolist() == [[0.0, level], [100.0, level]]
    dropped = run(IndexScheme(tree, Steps(normalise=NormaliseSpec(zero_range="missing"))), data)
    assert dropped.index.tolist() == [0.0, 100.0]
    assert ("constant_column", "b") in warned(dropped)


def test_weights_that_do_not_do_what_they_say() -> None:
    """b has the same weight as a and tells nobody apart; c moves against the index."""
    values = np.array([[float(n), 1.0, float(-n), float(2 * n + n % 3)] for n in range(12)])
    tree = Hierarchy((Node("a", "top"), Node("b", "top"), Node("c", "top"), Node("d", "top", 2.0), Node("top")))
    units = tuple(f"u{n}" for n in range(12))
    found = warned(run(IndexScheme(tree), Dataset(units, ("a", "b", "c", "d"), values)))
    assert {("weight_silent", "b"), ("weight_against", "c")} <= set(found)


def test_fractions_of_a_best_value_below_zero_are_told() -> None:
    data = Dataset(("A", "B"), ("a",), np.array([[-1.0], [-2.0]]))
    result = run(
        IndexScheme(Hierarchy((Node("a", "top"), Node("top"))), Steps(normalise=NormaliseSpec("fracmax"))), data
    )
    assert ("scale_reversed", "a") in warned(result)


def test_screened_units_are_told() -> None:
    data = Dataset(("A", "B", "C"), ("a", "b"), np.array([[1.0, 1.0], [2.0, NAN], [3.0, 0.0]]))
    tree = Hierarchy((Node("a", "top"), Node("b", "top"), Node("top")))
    result = run(IndexScheme(tree, Steps(screen=ScreenSpec(0.9))), data)
    assert result.units == ("A", "C")
    assert warned(result)[0] == ("units_screened", None)
    both = run(IndexScheme(tree, Steps(screen=ScreenSpec(None, 0.9))), data)
    assert both.units == ("A", "B")


def test_the_digest_sees_everything_that_decides() -> None:
    base = run(IndexScheme(ragged()), four())
    changed = four().values.copy()
    changed[0, 0] = np.nextafter(changed[0, 0], 9)
    others = [
        run(IndexScheme(ragged(), Steps(tolerance=0.0)), four()),
        run(IndexScheme(ragged().with_weights({"a": 2.0})), four()),
        run(IndexScheme(ragged()), four().replaced(changed)),
        run(IndexScheme(ragged()), Dataset(four().units, four().columns, four().values, groups={"g": tuple("xxyy")})),
    ]
    assert len({base.digest, *(other.digest for other in others)}) == 5
    assert run(IndexScheme(ragged()), four().replaced(four().values + 0.0)).digest == base.digest


def test_missing_denominators_and_breaks_are_told() -> None:
    tree = Hierarchy((Node("a", "top", denominator="n"), Node("b", "top"), Node("top")))
    values = np.array([[1.0, 1.0], [2.0, 5.0], [3.0, 0.0]])
    data = Dataset(
        ("A", "B", "C"), ("a", "b"), values, denominators={"n": np.array([1.0, NAN, 2.0])}, breaks={"b": "new census"}
    )
    result = run(IndexScheme(tree), data)
    assert warned(result)[1:3] == [("denominator_missing", "a"), ("series_break", "b")]
    assert notices(result)[1].data == {"denominator": "n", "units": ["B"]}
    assert result.index.tolist() == [10.0, 100.0, 50.0]


def test_the_steps_are_told_as_they_are_done() -> None:
    told: list[str] = []
    result = run(IndexScheme(ragged()), four(), told=told.append)
    assert told == list(result.steps) == ["raw", "normalised", "scores"]
