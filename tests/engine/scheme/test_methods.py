"""The registry of methods: a new one is one file, and nothing else in the engine spells its name."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from tests.engine.build import figures, now_of, scored
from yiqi.engine import MEANS, RULES, SCALES, AppraisalScheme, BlockSpec, IndicatorSpec, explain, notices
from yiqi.engine.catchup import next_place, single_changes
from yiqi.engine.scheme.methods.rule import Cells, Parameter, Rule, Scored
from yiqi.engine.uncertainty import AppraisalModel, WeightNoise, simulate

ENGINE = Path(__file__).parents[3] / "yiqi" / "engine"
#: Defaults of a specification, what a command varies by itself, names of something else, one proof about rounding.
SPELLED = {
    ("catchup/column.py", "minmax"),
    ("console/sensitivity.py", "gmean"),
    ("console/sensitivity.py", "minmax"),
    ("console/sensitivity.py", "zscore"),
    ("run/runner.py", "veto"),
    ("scheme/parameters.py", "bands"),
    ("scheme/steps.py", "amean"),
    ("scheme/steps.py", "minmax"),
    ("tell/notices.py", "veto"),
}


def test_no_other_module_spells_a_method() -> None:
    known = {*RULES, *SCALES, *MEANS}
    found = {
        (path.relative_to(ENGINE).as_posix(), node.value)
        for path in ENGINE.rglob("*.py")
        if path.parent.name != "methods"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and node.value in known
    }
    assert found == SPELLED


class Square(Rule):
    """Points rise with the square of the value."""

    def score(self, cells: Cells) -> Scored:
        return cells.judged(cells.weight * np.minimum((cells.x / cells.param("top")) ** 2, 1.0))


@pytest.fixture
def square() -> Iterator[Rule]:
    yield Square("square", "W·min((x/top)², 1)", (Parameter("top", "value that earns all", 10.0),), not_negative=True)
    del RULES["square"]


def test_a_new_rule_is_one_class(square: Rule) -> None:
    scheme = AppraisalScheme((BlockSpec("b"),), (IndicatorSpec("x", "b", 8, rule=square.id),))
    result = scored(scheme, ("A", "B"), [[5.0], [10.0]])
    assert result.total_points.tolist() == [2.0, 8.0]
    step = explain(result, "A", "x").steps[1]
    assert (step.formula, step.inputs["top"], step.output) == (square.formula, 10.0, 2.0)
    assert notices(result) == ()
    (change,) = single_changes(now_of(scheme, ("A", "B"), [[5.0], [10.0]]), "A", next_place())
    assert change.needed is not None
    assert change.needed.value == pytest.approx(10.0, abs=1e-6)
    model = AppraisalModel(scheme, figures(scheme, ("A", "B"), [[5.0], [10.0]]), points=WeightNoise(0.1))
    assert simulate(model, 10).counts[:, 1:].tolist() == [[0, 10], [10, 0]]
