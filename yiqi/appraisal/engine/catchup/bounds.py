"""How far a figure may move: the domain of its rule, or bounds that are given."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from yiqi.appraisal.engine.catchup.situation import Lever, Situation, finite
from yiqi.appraisal.engine.errors import EngineError
from yiqi.appraisal.engine.inputs import LARGEST
from yiqi.appraisal.engine.parameters import RULES
from yiqi.appraisal.engine.plan import IndicatorSpec
from yiqi.appraisal.engine.scoring import Part


@dataclass(frozen=True)
class Bounds:
    """The least and the largest value allowed, both included; None leaves that side to the domain of the rule.

    Errors: ``not_finite``, ``not_a_number``, ``bounds_reversed``.
    """

    low: float | None = None
    high: float | None = None

    def __post_init__(self) -> None:
        for name in ("low", "high"):
            if getattr(self, name) is not None:
                object.__setattr__(self, name, finite(f"bound {name!r}", getattr(self, name)))
        if self.low is not None and self.high is not None and self.low > self.high:
            text = f"the lower bound {self.low:g} is above the upper bound {self.high:g}"
            raise EngineError("bounds_reversed", text, {"low": self.low, "high": self.high})


NO_BOUNDS = Bounds()


def judging(spec: IndicatorSpec, lever: Lever) -> Part:
    """The rule that looks at the lever: the indicator's own, or the half of ``level_and_growth``."""
    part = Part.of(spec)
    if spec.rule != "level_and_growth":
        return part
    return part.half("growth" if lever.array == "growth" else "level")


def domain(spec: IndicatorSpec, lever: Lever) -> tuple[float, float]:
    """Where the rule has a meaning: from 0 for counts and for ``ratio`` with lower is better, else ±1e100."""
    part = judging(spec, lever)
    counted = RULES[part.rule].not_negative or spec.rule == "veto" or (part.rule == "ratio" and part.sign < 0)
    return (0.0 if counted and lever.array == "values" else -LARGEST), LARGEST


def ways(spec: IndicatorSpec, lever: Lever) -> tuple[int, ...]:
    """Directions of the value to look into, the better one first: both for ``bands``, whose shares need not rise."""
    part = judging(spec, lever)
    better = 1 if part.sign > 0 else -1
    return (better, -better) if part.rule == "bands" else (better,)


def limits(situation: Situation, lever: Lever, given: Mapping[str, Bounds] | Mapping[Lever, Bounds]) -> Bounds:
    """The bounds that hold for a lever, both sides set. ``given`` by indicator code (values) or by lever.

    Errors: ``bounds_outside_domain`` where a bound lies where the rule has no meaning.
    """
    spec = situation.spec(lever)
    low, high = domain(spec, lever)
    found = _given(lever, given)
    for bound in (found.low, found.high):
        if bound is not None and not low <= bound <= high:
            text = f"bound {bound:g} of indicator {spec.code!r} lies outside of {low:g} to {high:g}"
            raise EngineError("bounds_outside_domain", text, {"indicator": spec.code, "bound": bound})
    return Bounds(low if found.low is None else found.low, high if found.high is None else found.high)


def _given(lever: Lever, given: Mapping[str, Bounds] | Mapping[Lever, Bounds]) -> Bounds:
    for key, bounds in given.items():
        if key == lever or (key == lever.indicator and lever.array == "values"):
            return bounds
    return NO_BOUNDS


def check_keys(situation: Situation, given: Mapping[str, object] | Mapping[Lever, object]) -> None:
    """Every key must name an indicator or a lever of the plan: ``unknown_indicator``, ``no_growth_part``."""
    for key in given:
        situation.spec(key if isinstance(key, Lever) else Lever(key))


def practical_bounds(situation: Situation, unit: str, *, stretch: float = 1.0) -> dict[Lever, Bounds]:
    """Bounds for each lever of a unit from what is seen in the table: the column's range, widened on both sides.

    A side reaches ``stretch`` times the column's range beyond its most extreme figure (targets included), and never
    leaves the rule's domain; a column without a range is widened by ``stretch`` times the larger of 1 and its size.
    The unit's own figure always lies inside. Errors: ``unknown_unit``, ``not_finite``, ``stretch_negative``.
    """
    if finite("stretch", stretch) < 0:
        raise EngineError("stretch_negative", f"stretch must not be negative, not {stretch!r}", {"stretch": stretch})
    situation.row(unit)
    found: dict[Lever, Bounds] = {}
    for lever in situation.levers():
        seen = _seen(situation, lever)
        low, high = domain(situation.spec(lever), lever)
        least, most = (float(seen.min()), float(seen.max())) if len(seen) else (0.0, 0.0)
        room = stretch * ((most - least) or max(1.0, abs(most)))
        found[lever] = Bounds(max(low, least - room), min(high, most + room))
    return found


def _seen(situation: Situation, lever: Lever) -> np.ndarray:
    """Every number of the column that says something of its size, parameters of the rule included."""
    column = situation.plan.column(lever.indicator)
    given, result = situation.inputs, situation.result
    spec = situation.spec(lever)
    part = judging(spec, lever)
    parts = [given.growth[:, column]] if lever.array == "growth" else [result.used_values[:, column]]
    if RULES[part.rule].needs_target:
        parts.append(given.targets[:, column])
    named = [part.params.get(name) for name in ("x_h", "x_s")]
    named += [lower for lower, _ in part.params.get("bands", ())]
    named += [spec.veto_limit if lever.array == "values" else None]
    if part.rule == "deduct":
        named.append(max(0.0, (part.weight - part.params["floor"]) / part.params["each"]))
    if part.rule == "bonus":
        named.append(part.params["cap"])
    parts.append(np.array([math.nan if number is None else number for number in named], dtype=np.float64))
    seen = np.concatenate(parts)
    return seen[~np.isnan(seen)]
