"""Why a cell has its points: named steps with their numbers, as data for the caller to put into words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from yiqi.engine.ground.arrays import FloatArray
from yiqi.engine.ground.plain import optional
from yiqi.engine.ground.standing import Peers, Standing, standing
from yiqi.engine.run.appraisal import AppraisalResult
from yiqi.engine.run.missing import CARRIED
from yiqi.engine.run.scoring import Scorer
from yiqi.engine.scheme.methods import Part
from yiqi.engine.tell.steps import Explanation, Step

VALUE_FORMULAS = {
    "observed": "x = value of this period",
    "carried": "x = last value, by the policy 'carry'",
    "group_mean": "x = mean of the values observed in the ranking group, by the policy 'group_mean'",
    "missing": "no value",
}


@dataclass(frozen=True)
class AppraisalExplanation(Explanation):
    """The steps of one cell; the output of ``renormalise`` is the recorded ``points``."""

    unit: str
    indicator: str
    rule: str
    points: float | None
    full: float
    steps: tuple[Step, ...]


@dataclass(frozen=True, eq=False)
class _Cell:
    """One cell of a result, with its column around it."""

    result: AppraisalResult
    row: int
    column: int

    def at(self, name: str) -> float | None:
        """A recorded number of this cell, None for nan."""
        return optional(self.result.steps[name][self.row, self.column])

    @property
    def peers(self) -> Peers:
        return Peers(self.result.data.peers, self.result.scheme.ties, self.result.scheme.tolerance)


def explain_cell(result: AppraisalResult, unit: str, indicator: str) -> AppraisalExplanation:
    """Explain one cell. Errors: ``unknown_unit``, ``unknown_indicator``."""
    cell = _Cell(result, result.row(unit), result.scheme.column(indicator))
    spec = result.scheme.indicators[cell.column]
    points = optional(result.cell_points[cell.row, cell.column])
    steps = (_value(cell), *_rule(cell), _renormalise(cell, points), _publish(cell, points))
    return AppraisalExplanation(
        unit, indicator, spec.rule, points, float(result.cell_max[cell.row, cell.column]), steps
    )


def _value(cell: _Cell) -> Step:
    result, spec = cell.result, cell.result.scheme.indicators[cell.column]
    source = result.source(result.units[cell.row], spec.code)
    inputs: dict[str, Any] = {
        "raw": optional(result.data.values[cell.row, cell.column]),
        "source": source,
        "policy": result.scheme.policy(spec),
    }
    if int(result.steps["source"][cell.row, cell.column]) == CARRIED:
        age = int(result.data.previous_age[cell.row, cell.column])
        inputs |= {"previous": optional(result.data.previous[cell.row, cell.column]), "age": age if age >= 0 else None}
    return Step("value", VALUE_FORMULAS[source], inputs, optional(result.used_values[cell.row, cell.column]))


def _rule(cell: _Cell) -> list[Step]:
    result, spec = cell.result, cell.result.scheme.indicators[cell.column]
    output = cell.at("rule_points")
    if bool(result.steps["zeroed"][cell.row, cell.column]):
        return [Step("rule", "0, by the policy 'zero'", {"W": spec.points}, 0.0)]
    if spec.part.rule.parts:
        return _parts(cell, output)
    recorded = result.steps
    place = Standing(recorded["best"], recorded["worst"], recorded["n"], recorded["group_rank"], recorded["flat"])
    x = result.used_values[:, cell.column]
    return [_rule_step("rule", spec.part, cell, x=x, place=place.columns([cell.column]), output=output)]


def _rule_step(name: str, part: Part, cell: _Cell, *, x: FloatArray, place: Standing, output: float | None) -> Step:
    """One rule at one cell; ``place`` has the single column at work."""
    rule = part.rule
    inputs: dict[str, Any] = {"x": optional(x[cell.row]), "W": part.weight, "rule": rule.id}
    inputs["direction"] = "higher" if part.sign > 0 else "lower"
    inputs |= {key: value for key, value in part.params.items() if value is not None}
    if rule.needs_target:
        inputs["T"] = optional(cell.result.data.targets[cell.row, cell.column])
    formula = rule.formula
    if rule.compares(part):
        inputs |= {"best": optional(place.best[cell.row, 0]), "worst": optional(place.worst[cell.row, 0])}
        inputs |= {"n": int(place.n[cell.row, 0]), "r": int(place.rank[cell.row, 0]) or None}
        if place.flat[cell.row, 0]:
            inputs["zero_range"] = cell.result.scheme.zero_range
            formula = f"no range in the group, by the policy {cell.result.scheme.zero_range!r}"
    return Step(name, formula, inputs, output)


def _parts(cell: _Cell, output: float | None) -> list[Step]:
    result, spec = cell.result, cell.result.scheme.indicators[cell.column]
    part, scorer = spec.part, Scorer(cell.peers, result.scheme.zero_range)
    columns = {"level": result.used_values[:, [cell.column]], "growth": result.data.growth[:, [cell.column]]}
    steps = []
    for name, x in columns.items():
        inner = part.part(name)
        points = scorer.score_part([inner], x, result.data.targets[:, [cell.column]]).points
        place = standing(x, np.array([inner.sign]), cell.peers)
        steps.append(_rule_step(name, inner, cell, x=x[:, 0], place=place, output=optional(points[cell.row, 0])))
    inputs = {"a": spec.params["a"], "level": steps[0].output, "growth": steps[1].output, "W": spec.points}
    return [*steps, Step("rule", part.rule.formula, inputs, output)]


def _renormalise(cell: _Cell, points: float | None) -> Step:
    result, spec = cell.result, cell.result.scheme.indicators[cell.column]
    before = cell.at("rule_points")
    if before is None:
        return Step("renormalise", "excluded: the points go to the rest of the block", {"W": spec.points}, None)
    factor = result.steps["factor"][cell.row, result.scheme.parts.index(spec.block)] if spec.counts else 1.0
    return Step("renormalise", "p·F", {"p": before, "F": optional(factor)}, points)


def _publish(cell: _Cell, points: float | None) -> Step:
    shown = None if points is None else float(cell.result.published(points))
    return Step("publish", "half-up", {"points": points, "places": cell.result.scheme.places}, shown)
