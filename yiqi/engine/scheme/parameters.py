"""Reading the parameters of a rule: every default written out, every fault named."""

from __future__ import annotations

import math
from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from yiqi.engine.ground.errors import EngineError
from yiqi.engine.scheme.methods import RULES, Parameter, Rule
from yiqi.engine.scheme.methods.rule import Place


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
    """Checked parameters with every default written out, so that a scheme says all that it does.

    Raises ``unknown_param``, ``param_missing``, ``param_invalid`` or ``bounds_wrong_side``, naming the parameter.
    """
    rule = rule_named(indicator, rule_id)
    place = Place(indicator, rule_id)
    known = {parameter.name for parameter in rule.parameters}
    for name in given:
        if name not in known:
            raise place.error("unknown_param", f"unknown parameter {name!r}", str(name))
    clean = {p.name: _read(place, p, given.get(p.name), points, direction) for p in rule.parameters}
    rule.check(place, clean, points, direction)
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
    if rule.fixed_direction or rule.parts or (name == "growth" and rule.needs_target):
        raise place.error("param_invalid", f"rule {rule.id!r} cannot be the {name} part", name, value=rule.id)
    way = value.get("direction") or direction
    if way not in ("higher", "lower"):
        raise place.error("param_invalid", f"direction of {name!r} must be 'higher' or 'lower'", name, value=repr(way))
    params = clean_params(place.indicator, rule.id, value.get("params") or {}, points=points, direction=way)
    return {"rule": rule.id, "params": params, "direction": way}
