"""The way to a number: from the raw value through each step to the points, as data and as a sentence."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Final

from yiqi.engine.ground.arrays import ends
from yiqi.engine.ground.plain import optional
from yiqi.engine.run.index import IndexResult
from yiqi.engine.run.winsorise import MARKS
from yiqi.engine.scheme.hierarchy import Node
from yiqi.engine.scheme.methods import MEANS, SCALES
from yiqi.engine.scheme.steps import NormaliseSpec
from yiqi.engine.tell.contributions import Contribution, contributions
from yiqi.engine.tell.steps import Explanation, Step

MOST_NAMED: Final = 3


@dataclass(frozen=True)
class IndexExplanation(Explanation):
    """``steps``: of an indicator from the raw value to the common scale, of an aggregate the one that made its score.

    ``contributions``: of the indicators below (of the score of ``node``; for an indicator the one item that it adds to
    the root); ``children``: of the direct children. Each set adds up by ``math.fsum`` to ``score`` bit for bit, except
    for an indicator, whose one contribution is a part of the root's score. ``decomposition``: ``shares``, or
    ``difference_assigned`` where an item ``balance`` or ``majority`` takes what a sum of parts cannot say.
    """

    unit: str
    node: str
    name: str
    score: float | None
    rank: int
    of: int
    steps: tuple[Step, ...]
    contributions: tuple[Contribution, ...]
    children: tuple[Contribution, ...]
    decomposition: str
    sentence: str


def explain_node(result: IndexResult, unit: str, code: str) -> IndexExplanation:
    """Explain a score or a normalised value. Errors: ``unknown_unit``, ``unit_screened``, ``unknown_node``."""
    row, node = result.row(unit), result.hierarchy.node(code)
    if not result.hierarchy.children(code):
        return _of_indicator(result, row, node)
    column = result.nodes.index(code)
    score, rank = optional(result.steps["scores"][row, column]), int(result.ranks[row, column])
    items = contributions(result, row, code)
    children = contributions(result, row, code, deep=False)
    kinds = {item.kind for item in items}
    way = "difference_assigned" if kinds & {"balance", "majority"} else "shares"
    spec = result.specs[code]
    inputs: dict[str, Any] = {"method": spec.method, **spec.params, "coverage": spec.coverage}
    inputs["values"] = {item.code: item.value for item in children if item.value is not None}
    inputs["weights"] = {child: result.hierarchy.node(child).weight for child in result.hierarchy.children(code)}
    steps = (Step("aggregate", MEANS[spec.method].formula, inputs, score),)
    of = int((result.ranks[:, column] > 0).sum())
    sentence = _sentence(unit, node, score, _placed(rank, of), items)
    return IndexExplanation(unit, code, node.name, score, rank, of, steps, items, children, way, sentence)


def _placed(rank: int, of: int) -> str:
    return f"place {rank} of {of}" if rank else "no place"


def _sentence(unit: str, node: Node, score: float | None, placed: str, items: tuple[Contribution, ...]) -> str:
    if score is None:
        return f"{unit} has no score in {_called(node)}: too few of its values are there."
    named = sorted((item for item in items if item.kind == "value"), key=lambda item: -abs(item.points))
    parts = [f"{item.code} {item.points:.4g}" for item in named[:MOST_NAMED]]
    rest = math.fsum(item.points for item in named[MOST_NAMED:])
    if len(named) > MOST_NAMED:
        parts.append(f"{len(named) - MOST_NAMED} others {rest:.4g}")
    parts += [f"{_SPOKEN[item.kind]} in {item.code} {item.points:.4g}" for item in items if item.kind != "value"]
    return (
        f"{unit} scores {score:.6g} in {_called(node)}, {placed}: {' + '.join(parts)} (unrounded parts add up exactly)."
    )


_SPOKEN: Final = {
    "balance": "for uneven values",
    "majority": "for counting pairs won",
    "mirror": "turned scale",
    "rounding": "rounding",
}


def _called(node: Node) -> str:
    return f"{node.code} ({node.name})" if node.name and node.name != node.code else node.code


def _of_indicator(result: IndexResult, row: int, node: Node) -> IndexExplanation:
    column = result.hierarchy.indicators.index(node.code)
    steps = _steps(result, row, column, node)
    score, rank = steps[-1].output, int(result.indicator_ranks[row, column])
    of = int((result.indicator_ranks[:, column] > 0).sum())
    root = contributions(result, row, result.hierarchy.root)
    own = tuple(item for item in root if item.code == node.code)
    text = _story(result.units[row], node, steps)
    text += f", {_placed(rank, of)}" if rank else ""
    if own:
        text += f"; it adds {own[0].points:.4g} to {result.hierarchy.root}"
    way = "difference_assigned" if {item.kind for item in root} & {"balance", "majority"} else "shares"
    return IndexExplanation(result.units[row], node.code, node.name, score, rank, of, steps, own, (), way, f"{text}.")


def _steps(result: IndexResult, row: int, column: int, node: Node) -> tuple[Step, ...]:
    """One step for each that was done and touched this cell."""
    raw = optional(result.at_step("raw")[row, column])
    found = [Step("raw", "value of the data", {"unit": node.unit} if node.unit else {}, raw)]
    before = raw
    for name, make in (("denominated", _denominated), ("imputed", _imputed), ("treated", _treated)):
        if name in result.steps:
            after = optional(result.at_step(name)[row, column])
            step = make(result, row, column, after)
            if step is not None and (after != before or name == "denominated"):
                found.append(step)
            before = after
    found.append(_normalised(result, row, column, before))
    return tuple(found)


def _denominated(result: IndexResult, row: int, column: int, after: float | None) -> Step | None:
    name = result.hierarchy.node(result.hierarchy.indicators[column]).denominator
    if not name:
        return None
    below = optional(result.data.denominators[name][result.data.row(result.units[row])])
    return Step("denominated", f"x / {name}", {name: below}, after)


def _imputed(result: IndexResult, row: int, column: int, after: float | None) -> Step:
    spec = result.scheme.steps.impute
    assert spec is not None  # the step is there
    return Step("imputed", f"filled by {spec.method}", {"group": spec.group, "within": spec.within}, after)


def _treated(result: IndexResult, row: int, column: int, after: float | None) -> Step:
    assert result.treated is not None  # the step is there
    details = result.treated.details
    name, mark = details.transforms[column], MARKS[int(details.marks[row, column])]
    inputs = {"points_winsorised": int(details.winsorised[column]), "transform": name}
    return Step("treated", " then ".join(filter(None, (mark, name))) or "left as it is", inputs, after)


def _normalised(result: IndexResult, row: int, column: int, before: float | None) -> Step:
    spec: NormaliseSpec = result.scheme.steps.normalise.of(result.hierarchy.indicators[column])
    last = [name for name in result.steps if name not in {"normalised", "scores"}][-1]
    low, high = ends(result.at_step(last)[:, [column]])
    direction = result.hierarchy.node(result.hierarchy.indicators[column]).direction
    inputs: dict[str, Any] = {"x": before, "direction": direction, "min": optional(low[0]), "max": optional(high[0])}
    output = optional(result.steps["normalised"][row, column])
    return Step("normalised", SCALES[spec.method].formula, {"method": spec.method, **spec.params, **inputs}, output)


def _story(unit: str, node: Node, steps: tuple[Step, ...]) -> str:
    first = "no value" if steps[0].output is None else f"{steps[0].output:.6g}"
    parts = [f"{unit} has {first} in {_called(node)}"]
    for step in steps[1:]:
        shown = "nothing" if step.output is None else f"{step.output:.6g}"
        how = step.inputs["method"] if step.name == "normalised" else step.formula
        parts.append(f"{step.name} ({how}) {shown}")
    return ", ".join(parts)
