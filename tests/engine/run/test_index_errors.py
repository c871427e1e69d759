"""Bad input: each a named error that says which cell and what to do; never a silent nan."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from tests.engine.trees import NAN, POSITIVE, four, ragged
from yiqi.engine import EngineError, IndexScheme, run
from yiqi.engine.run.normalise import normalise
from yiqi.engine.scheme.dataset import Dataset
from yiqi.engine.scheme.hierarchy import Hierarchy, Node
from yiqi.engine.scheme.index import Steps
from yiqi.engine.scheme.methods.outrank import outrank_matrix
from yiqi.engine.scheme.steps import AggregateSpec, NormaliseSpec, ScreenSpec
from yiqi.engine.tell import explain

TREE = (Node("a", "top"), Node("b", "top"), Node("top"))
UNITS = ("A", "B", "C")


def data(values: Any, columns: tuple[str, ...] = ("a", "b"), **more: Any) -> Dataset:
    return Dataset(UNITS, columns, values, **more)


GOOD = [[1.0, 5.0], [2.0, 3.0], [4.0, 4.0]]


def built(values: Any, steps: Steps | None = None, nodes: tuple[Node, ...] = TREE, **more: Any) -> Any:
    return run(IndexScheme(Hierarchy(nodes), steps or Steps()), data(values, **more))


def scaled(method: str, **params: Any) -> Any:
    return built([[1.0, 5.0], [2.0, 3.0], [4.0, NAN]], Steps(normalise=NormaliseSpec(method, params)))


def targets(target: float | None, direction: int = 1) -> Any:
    nodes = (Node("a", "top", direction=direction, target=target), Node("b", "top", target=9.0), Node("top"))
    return built(GOOD, Steps(normalise=NormaliseSpec("dist2targ")), nodes)


def averaged(method: str, **params: Any) -> Any:
    return built(GOOD, Steps(aggregate=(AggregateSpec(method, params),)))


BAD: dict[str, tuple[Callable[[], Any], str, dict[str, Any]]] = {
    "no units": (lambda: Dataset((), ("a",), np.empty((0, 1))), "no_units", {}),
    "no indicators": (lambda: Dataset(UNITS, (), np.empty((3, 0))), "no_indicators", {}),
    "duplicate unit": (lambda: Dataset(("A", "A"), ("a",), [[1.0], [2.0]]), "duplicate_unit", {"unit": "A"}),
    "duplicate indicator": (lambda: data(GOOD, ("a", "a")), "duplicate_indicator", {"indicator": "a"}),
    "unit without a code": (lambda: Dataset(("A", ""), ("a",), [[1.0], [2.0]]), "code_missing", {"position": 2}),
    "text in a number": (
        lambda: data([[1.0, 5.0], [2.0, "many"], [4.0, 4.0]]),
        "not_a_number",
        {"unit": "B", "indicator": "b", "value": "'many'"},
    ),
    "infinity": (
        lambda: data([[1.0, 5.0], [2.0, 3.0], [-math.inf, 4.0]]),
        "not_finite",
        {"unit": "C", "indicator": "a"},
    ),
    "beyond measure": (
        lambda: data([[1.0, 5.0], [2.0, 1e101], [1.0, NAN]]),
        "not_finite",
        {"unit": "B", "indicator": "b"},
    ),
    "wrong shape": (lambda: data([[1.0], [2.0], [3.0]]), "shape_mismatch", {"expected": [3, 2]}),
    "short group": (lambda: data(GOOD, groups={"g": ("x", "y")}), "shape_mismatch", {"group": "g"}),
    "short denominator": (lambda: data(GOOD, denominators={"d": [1.0]}), "shape_mismatch", {"denominator": "d"}),
    "infinite denominator": (
        lambda: data(GOOD, denominators={"d": [1.0, math.inf, 1.0]}),
        "not_finite",
        {"unit": "B", "denominator": "d"},
    ),
    "text as denominator": (lambda: data(GOOD, denominators={"d": ["x", 1, 1]}), "not_a_number", {"denominator": "d"}),
    "zero denominator": (
        lambda: built(
            GOOD, nodes=(Node("a", "top", denominator="d"), Node("top")), denominators={"d": [1.0, 0.0, 2.0]}
        ),
        "denominator_zero",
        {"unit": "B", "denominator": "d", "indicator": "a"},
    ),
    "denominator near 0": (
        lambda: built(
            GOOD, nodes=(Node("a", "top", denominator="d"), Node("top")), denominators={"d": [1.0, 1e-320, 2.0]}
        ),
        "not_finite",
        {"unit": "B", "indicator": "a"},
    ),
    "scale beyond measure": (
        lambda: built(GOOD, Steps(normalise=NormaliseSpec("scaled", {"lower": 0, "upper": 1e-200}))),
        "not_finite",
        {"unit": "A", "indicator": "a"},
    ),
    "unknown denominator": (
        lambda: built(GOOD, nodes=(Node("a", "top", denominator="d"), Node("top"))),
        "unknown_denominator",
        {"indicator": "a"},
    ),
    "unknown indicator": (
        lambda: built(GOOD, nodes=(*TREE, Node("z", "top"))),
        "unknown_indicator",
        {"indicator": "z"},
    ),
    "unknown group": (lambda: built(GOOD, Steps.standard("side")), "unknown_group", {"group": "side"}),
    "all missing": (lambda: built([[1.0, NAN], [2.0, NAN], [3.0, NAN]]), "all_missing", {"indicator": "b"}),
    "one unit": (
        lambda: run(IndexScheme(Hierarchy(TREE)), Dataset(("A",), ("a", "b"), [[1.0, 2.0]])),
        "one_unit",
        {},
    ),
    "nobody stays": (
        lambda: built([[NAN, 1.0], [1.0, NAN], [1.0, NAN]], Steps(screen=ScreenSpec(0.9))),
        "no_units",
        {"units": ["A", "B", "C"]},
    ),
    "one stays": (
        lambda: built([[2.0, 1.0], [1.0, NAN], [1.0, NAN]], Steps(screen=ScreenSpec(0.9))),
        "one_unit",
        {"units": ["A"]},
    ),
    "no variance, refused": (
        lambda: built([[1.0, 2.0], [1.0, 3.0], [1.0, 4.0]], Steps(normalise=NormaliseSpec(zero_range="error"))),
        "no_variance",
        {"indicator": "a"},
    ),
    "no variance anywhere": (lambda: built([[1.0, 2.0]] * 3), "no_variance", {"indicators": ["a", "b"]}),
    "weights sum to 0": (
        lambda: built(GOOD, nodes=(Node("a", "top", 0.0), Node("b", "top", 0.0), Node("top"))),
        "weights_sum_zero",
        {"node": "top"},
    ),
    "negative weight": (lambda: Node("a", "top", -1.0), "weight_negative", {"node": "a"}),
    "weight nan": (lambda: Node("a", "top", NAN), "not_finite", {"node": "a", "field": "weight"}),
    "direction 0": (lambda: Node("a", "top", direction=0), "direction_invalid", {"node": "a"}),
    "level 0": (lambda: Node("a", "top", level=0), "level_invalid", {"node": "a"}),
    "no code": (lambda: Node(""), "code_missing", {}),
    "empty tree": (lambda: Hierarchy(()), "no_indicators", {}),
    "root alone": (lambda: Hierarchy((Node("top"),)), "root_only", {}),
    "cycle": (
        lambda: Hierarchy((Node("i", "p"), Node("p", "q"), Node("q", "p"))),
        "cycle",
        {"nodes": ["p", "q", "p"]},
    ),
    "cycle beside a root": (
        lambda: Hierarchy((Node("a", "top"), Node("top"), Node("p", "q"), Node("q", "p"))),
        "cycle",
        {"nodes": ["p", "q", "p"]},
    ),
    "own parent": (lambda: Hierarchy((Node("a", "a"), Node("top"))), "cycle", {"nodes": ["a", "a"]}),
    "orphan": (lambda: Hierarchy((Node("a", "who"), Node("top"))), "orphan", {"node": "a", "parent": "who"}),
    "two roots": (
        lambda: Hierarchy((Node("a", "top"), Node("top"), Node("other"))),
        "several_roots",
        {"nodes": ["top", "other"]},
    ),
    "duplicate code": (lambda: Hierarchy((*TREE, Node("a", "top"))), "duplicate_code", {"node": "a"}),
    "level missing": (lambda: Hierarchy((Node("a", "top", level=1), Node("top"))), "level_missing", {"node": "top"}),
    "level order": (
        lambda: Hierarchy((Node("a", "top", level=2), Node("top", level=2))),
        "level_order",
        {"node": "a", "parent": "top"},
    ),
    "all removed": (lambda: ragged().with_nodes_removed(["a", "b", "c"]), "no_indicators", {}),
    "unknown node removed": (lambda: ragged().with_nodes_removed(["z"]), "unknown_node", {"node": "z"}),
    "unknown node weighted": (lambda: ragged().with_weights({"z": 1.0}), "unknown_node", {"node": "z"}),
    "unknown scale": (lambda: NormaliseSpec("best"), "unknown_option", {}),
    "unknown parameter": (lambda: NormaliseSpec("minmax", {"top": 1}), "unknown_field", {"field": "top"}),
    "scale upside down": (
        lambda: NormaliseSpec("minmax", {"lower": 5, "upper": 5}),
        "option_invalid",
        {"option": "upper"},
    ),
    "infinite scale": (lambda: NormaliseSpec("minmax", {"upper": math.inf}), "option_invalid", {}),
    "no spread": (lambda: NormaliseSpec("zscore", {"sd": 0}), "option_invalid", {"option": "sd"}),
    "posts missing": (lambda: NormaliseSpec("goalposts", {"lower": 0}), "field_missing", {"field": "upper"}),
    "reference missing": (lambda: NormaliseSpec("dist2ref"), "field_missing", {"field": "unit"}),
    "unknown reference": (lambda: scaled("dist2ref", unit="Z"), "unknown_unit", {"unit": "Z"}),
    "reference without a value": (
        lambda: scaled("dist2ref", unit="C"),
        "reference_missing",
        {"unit": "C", "indicator": "b"},
    ),
    "target missing": (lambda: targets(None), "target_missing", {"indicator": "a"}),
    "target on the wrong side": (lambda: targets(0.5), "target_wrong_side", {"indicator": "a"}),
    "target on the wrong side, lower is better": (lambda: targets(7.0, -1), "target_wrong_side", {"indicator": "a"}),
    "target nan": (lambda: Node("a", "top", target=NAN), "not_finite", {"field": "target"}),
    "best is 0": (
        lambda: normalise(np.array([[0.0], [-1.0]]), NormaliseSpec("fracmax"), columns=("a",)),
        "maximum_zero",
        {"indicator": "a"},
    ),
    "scale for an unknown indicator": (
        lambda: built(GOOD, Steps(normalise=NormaliseSpec(by_indicator={"z": NormaliseSpec("rank")}))),
        "unknown_indicator",
        {"indicator": "z"},
    ),
    "unknown mean": (lambda: AggregateSpec("best"), "unknown_option", {}),
    "exponent nan": (lambda: AggregateSpec("genmean", {"p": NAN}), "option_invalid", {}),
    "exponent infinite": (lambda: AggregateSpec("genmean", {"p": math.inf}), "option_invalid", {}),
    "coverage above 1": (lambda: AggregateSpec(coverage=1.5), "option_invalid", {"option": "coverage"}),
    "zero under a geometric mean": (
        lambda: averaged("gmean"),
        "not_positive",
        {"unit": "A", "child": "a", "node": "top", "value": 0.0},
    ),
    "zero under a harmonic mean": (lambda: averaged("hmean"), "not_positive", {"unit": "A", "child": "a"}),
    "zero under a negative exponent": (lambda: averaged("genmean", p=-2), "not_positive", {"unit": "A", "child": "a"}),
    "negative under a fractional exponent": (
        lambda: built(
            GOOD, Steps(normalise=NormaliseSpec("zscore"), aggregate=(AggregateSpec("genmean", {"p": 0.5}),))
        ),
        "not_positive",
        {"unit": "A", "child": "a"},
    ),
    "methods for other levels": (
        lambda: Steps(aggregate=(AggregateSpec(), AggregateSpec())).specs(Hierarchy(TREE)),
        "option_invalid",
        {"levels": 1},
    ),
    "method for no aggregate": (
        lambda: Steps(aggregate_by_node={"a": AggregateSpec()}).specs(Hierarchy(TREE)),
        "unknown_node",
        {"node": "a"},
    ),
    "no method": (lambda: Steps(aggregate=()), "option_invalid", {}),
    "negative tolerance": (lambda: Steps(tolerance=-1.0), "option_invalid", {"option": "tolerance"}),
    "plan that is a list": (lambda: Steps.from_dict([]), "option_invalid", {}),
    "plan with an unknown field": (lambda: Steps.from_dict({"colour": 1}), "unknown_field", {"field": "colour"}),
    "plan with text for a step": (lambda: Steps.from_dict({"normalise": "minmax"}), "option_invalid", {}),
    "pairs with weights of 0": (lambda: outrank_matrix(np.ones((2, 2)), [0.0, 0.0]), "weights_sum_zero", {}),
    "pairs with a weight too few": (lambda: outrank_matrix(np.ones((2, 2)), [1.0]), "shape_mismatch", {}),
    "pairs with a negative weight": (lambda: outrank_matrix(np.ones((2, 2)), [1.0, -1.0]), "weight_negative", {}),
    "unknown unit explained": (lambda: explain(built(GOOD), "Z", "top"), "unknown_unit", {"unit": "Z"}),
    "unknown node explained": (lambda: explain(built(GOOD), "A", "z"), "unknown_node", {"node": "z"}),
    "unknown step": (lambda: built(GOOD).at_step("scores"), "unknown_step", {"step": "scores"}),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_named(name: str) -> None:
    make, code, place = BAD[name]
    with pytest.raises(EngineError) as caught:
        make()
    assert caught.value.code == code
    assert {key: caught.value.data.get(key) for key in place} == place
    assert len(caught.value.message) > 15
    for what in place.values():
        if isinstance(what, str):
            assert what in caught.value.message


def test_a_unit_left_out_is_told_from_an_unknown_one() -> None:
    result = built([[1.0, 2.0], [2.0, NAN], [3.0, 1.0]], Steps(screen=ScreenSpec(0.9)))
    with pytest.raises(EngineError) as caught:
        explain(result, "B", "top")
    assert (result.units, caught.value.code) == (("A", "C"), "unit_screened")


def test_what_is_not_used_may_be_out_of_order() -> None:
    """A weight of 0 lets a 0 pass under a geometric mean."""
    nodes = (Node("a", "top", 0.0), Node("b", "top"), Node("top"))
    steps = Steps(normalise=NormaliseSpec("scaled"), aggregate=(AggregateSpec("gmean"),))
    assert built([[0.0, 4.0], [1.0, 9.0], [2.0, 1.0]], steps, nodes).index.tolist() == pytest.approx([4.0, 9.0, 1.0])
    assert run(IndexScheme(ragged(), Steps(normalise=POSITIVE)), four()).units == ("A", "B", "C", "D")


@pytest.mark.parametrize(
    ("units", "values", "code", "said"),
    [
        (("A", "B"), [[1.0, 2.0], [3.0]], "shape_mismatch", "unit 'B': its row has 1 values for 2 columns"),
        (("A", "B", "A"), [[1.0, 2.0]] * 3, "duplicate_unit", "unit 'A' stands twice, as number 1 and number 3"),
    ],
)
def test_a_wrong_row_of_the_data_is_named(units: tuple[str, ...], values: object, code: str, said: str) -> None:
    with pytest.raises(EngineError) as caught:
        Dataset(units, ("x", "y"), values)
    assert (caught.value.code, said in caught.value.message) == (code, True)


def test_an_unknown_unit_is_told_who_there_is() -> None:
    data = Dataset(("A", "B", "C", "D"), ("x",), np.array([[1.0], [2.0], [3.0], [4.0]]))
    with pytest.raises(EngineError, match="unknown unit 'Z'; there are: A, B, C and 1 more"):
        data.row("Z")
