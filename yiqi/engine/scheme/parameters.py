"""The rules of an appraisal as data: formula, parameters with defaults and bounds, and what each needs.

Source: the rules used in target-responsibility appraisals, in prose in ``docs/algorithms/scoring-rules.md``.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Literal

from yiqi.engine.ground.errors import EngineError

Kind = Literal["number", "bands", "part"]


@dataclass(frozen=True)
class Parameter:
    """One parameter of a rule. ``default`` None and not ``required``: worked out from the data or the points."""

    name: str
    text: str
    default: float | None = None
    required: bool = False
    low: float = -math.inf
    high: float = math.inf
    above_low: bool = False
    kind: Kind = "number"


@dataclass(frozen=True)
class Rule:
    """A scoring rule: its id, its formula as printed, its parameters, and what it needs to be worked out.

    ``by_group`` rules look at the other regions of the ranking group. ``fixed_direction`` is set where the meaning of
    the value leaves no choice (deductions are better when fewer). ``extra`` rules stand outside of the full marks.
    """

    id: str
    formula: str
    parameters: tuple[Parameter, ...] = ()
    needs_target: bool = False
    by_group: bool = False
    not_negative: bool = False
    fixed_direction: str | None = None
    extra: bool = False


_CAP = Parameter("cap", "largest share of W, above 1 where over-fulfilment counts", 1.0, low=0.0, above_low=True)

_ALL = (
    Rule("ratio", "W·clip(x/T, 0, cap); lower: W·clip(T/x, 0, cap)", (_CAP,), needs_target=True),
    Rule(
        "gap",
        "W·clip(1 − s·(T − x)/g, 0, cap)",
        (Parameter("g", "shortfall that loses all points", required=True, low=0.0, above_low=True), _CAP),
        needs_target=True,
    ),
    Rule(
        "efficacy",
        "W·clip(c + d·(x − x_s)/(x_h − x_s), lo, 1)",
        (
            Parameter("c", "share at the unacceptable value", 0.6, low=0.0, high=1.0),
            Parameter("d", "share earned between the two values", 0.4, low=0.0, high=1.0, above_low=True),
            Parameter("lo", "least share", 0.0, low=0.0, high=1.0),
            Parameter("x_h", "satisfactory value; without it the group's best"),
            Parameter("x_s", "unacceptable value; without it the group's worst"),
        ),
        by_group=True,
    ),
    Rule("minmax", "W·(x − worst)/(best − worst)", by_group=True),
    Rule(
        "rank_linear",
        "W·(1 − (r − 1)/(n − 1)·(1 − f))",
        (Parameter("f", "share kept by the last", 0.0, low=0.0, high=1.0),),
        by_group=True,
    ),
    Rule(
        "rank_step",
        "max(W − k·(r − 1), m)",
        (
            Parameter("k", "points lost with each place", required=True, low=0.0),
            Parameter("m", "least points", 0.0, low=0.0),
        ),
        by_group=True,
    ),
    Rule(
        "bands",
        "W·share of the band [lower, next lower) that x falls in",
        (
            Parameter("bands", "[lower bound, share of W] pairs, bounds rising", required=True, kind="bands"),
            Parameter("below", "share below the lowest bound", 0.0, low=0.0, high=1.0),
        ),
    ),
    Rule(
        "reached",
        "W if the target is met, else share·W",
        (Parameter("share", "share of W when the target is not met", 0.0, low=0.0, high=1.0),),
        needs_target=True,
    ),
    Rule(
        "deduct",
        "max(W − x·each, floor)",
        (
            Parameter("each", "points lost for each unit of x", 1.0, low=0.0, above_low=True),
            Parameter("floor", "least points; below 0 where debts are carried into the block", 0.0),
        ),
        not_negative=True,
        fixed_direction="lower",
    ),
    Rule(
        "bonus",
        "min(x, cap)",
        (Parameter("cap", "most points; without it the indicator's points", low=0.0, above_low=True),),
        not_negative=True,
        fixed_direction="higher",
        extra=True,
    ),
    Rule(
        "level_and_growth",
        "a·rule₁(level) + (1 − a)·rule₂(growth)",
        (
            Parameter("a", "share of the level", 0.5, low=0.0, high=1.0),
            Parameter("level", "rule, params and direction of the level", required=True, kind="part"),
            Parameter("growth", "rule, params and direction of the growth", required=True, kind="part"),
        ),
    ),
    Rule("veto", "no points; above the limit the tier is closed", fixed_direction="lower", extra=True),
)

RULES: Mapping[str, Rule] = {rule.id: rule for rule in _ALL}


@dataclass(frozen=True)
class Place:
    """Where a parameter stands, for the error's data."""

    indicator: str
    rule: str

    def error(self, code: str, message: str, param: str = "", **data: Any) -> EngineError:
        """An error that names the indicator, the rule and, where there is one, the parameter."""
        named = {"param": param} if param else {}
        text = f"indicator {self.indicator!r}, rule {self.rule!r}: {message}"
        return EngineError(code, text, {"indicator": self.indicator, "rule": self.rule, **named, **data})


def rule_named(indicator: str, rule: str) -> Rule:
    """The rule of that id; ``unknown_rule`` otherwise."""
    found = RULES.get(rule)
    if found is None:
        known = ", ".join(RULES)
        raise EngineError(
            "unknown_rule",
            f"indicator {indicator!r}: unknown rule {rule!r}, known are {known}",
            {"indicator": indicator, "rule": rule},
        )
    return found


def clean_params(
    indicator: str, rule_id: str, given: Mapping[str, Any], *, points: float, direction: str
) -> dict[str, Any]:
    """Checked parameters with every default written out, so that a plan says all that it does.

    Raises ``unknown_param``, ``param_missing``, ``param_invalid`` or ``bounds_wrong_side``, naming the parameter.
    """
    rule = rule_named(indicator, rule_id)
    place = Place(indicator, rule_id)
    known = {parameter.name for parameter in rule.parameters}
    for name in given:
        if name not in known:
            raise place.error("unknown_param", f"unknown parameter {name!r}", str(name))
    clean = {p.name: _read(place, p, given.get(p.name), points, direction) for p in rule.parameters}
    _check_together(place, clean, points, direction)
    return clean


def _read(place: Place, parameter: Parameter, value: Any, points: float, direction: str) -> Any:
    if value is None:
        if parameter.required:
            raise place.error("param_missing", f"parameter {parameter.name!r} is needed", parameter.name)
        return parameter.default
    if parameter.kind == "bands":
        return _read_bands(place, value)
    if parameter.kind == "part":
        return _read_part(place, parameter.name, value, points, direction)
    return number(place, parameter.name, value, parameter)


def number(place: Place, name: str, value: Any, bounds: Parameter | None = None) -> float:
    """``value`` as a finite float within the bounds; booleans and text are refused."""
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        raise place.error("param_invalid", f"{name!r} must be a finite number, not {value!r}", name, value=repr(value))
    result = float(value) + 0.0
    if bounds and not (bounds.low <= result <= bounds.high and not (bounds.above_low and result == bounds.low)):
        least = f"above {bounds.low}" if bounds.above_low else f"at least {bounds.low}"
        most = "" if math.isinf(bounds.high) else f" and at most {bounds.high}"
        raise place.error("param_invalid", f"{name!r} must be {least}{most}, not {value!r}", name, value=result)
    return result


def _read_bands(place: Place, value: Any) -> tuple[tuple[float, float], ...]:
    share = Parameter("bands", "", low=0.0, high=1.0)
    try:
        pairs = [(lower, kept) for lower, kept in value]
    except (TypeError, ValueError):
        raise place.error(
            "param_invalid", "'bands' must be [lower bound, share] pairs", "bands", value=repr(value)
        ) from None
    bands = tuple((number(place, "bands", lower), number(place, "bands", kept, share)) for lower, kept in pairs)
    lowers = [lower for lower, _ in bands]
    if not bands or any(later <= earlier for earlier, later in pairwise(lowers)):
        raise place.error(
            "param_invalid", "'bands' needs at least one pair, with rising lower bounds", "bands", value=repr(value)
        )
    return bands


def _read_part(place: Place, name: str, value: Any, points: float, direction: str) -> dict[str, Any]:
    if not isinstance(value, Mapping) or not set(value) <= {"rule", "params", "direction"}:
        raise place.error("param_invalid", f"{name!r} must be {{rule, params, direction}}", name, value=repr(value))
    rule = rule_named(place.indicator, str(value.get("rule", "")))
    if rule.fixed_direction or rule.id == "level_and_growth" or (name == "growth" and rule.needs_target):
        raise place.error("param_invalid", f"rule {rule.id!r} cannot be the {name} part", name, value=rule.id)
    way = value.get("direction") or direction
    if way not in ("higher", "lower"):
        raise place.error("param_invalid", f"direction of {name!r} must be 'higher' or 'lower'", name, value=repr(way))
    params = clean_params(place.indicator, rule.id, value.get("params") or {}, points=points, direction=way)
    return {"rule": rule.id, "params": params, "direction": way}


def _check_together(place: Place, clean: dict[str, Any], points: float, direction: str) -> None:
    if place.rule == "efficacy":
        _check_efficacy(place, clean["x_h"], clean["x_s"], direction)
    if place.rule == "bonus" and clean["cap"] is None:
        clean["cap"] = points
    for name, rule in (("m", "rank_step"), ("floor", "deduct")):
        if place.rule == rule and clean[name] > points:
            raise place.error("param_invalid", f"{name!r} is above the indicator's points", name, value=clean[name])


def _check_efficacy(place: Place, x_h: float | None, x_s: float | None, direction: str) -> None:
    if (x_h is None) != (x_s is None):
        missing = "x_h" if x_h is None else "x_s"
        raise place.error("param_missing", "give both x_h and x_s, or neither", missing)
    if x_h is not None and x_s is not None and not (x_h > x_s if direction == "higher" else x_h < x_s):
        raise place.error(
            "bounds_wrong_side", f"with direction {direction!r} x_h must be better than x_s", "x_h", x_h=x_h, x_s=x_s
        )
