"""Which rule looks at a lever, where it has a meaning, and which way is better."""

from __future__ import annotations

import math

import numpy as np

from yiqi.engine.catchup.ground import Lever
from yiqi.engine.ground.arrays import FloatArray
from yiqi.engine.ground.checks import LARGEST
from yiqi.engine.run.scoring import Part
from yiqi.engine.scheme.parameters import RULES
from yiqi.engine.scheme.plan import IndicatorSpec


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


def landmarks(spec: IndicatorSpec, lever: Lever) -> FloatArray:
    """Numbers of the rule's parameters that say something of the size of a figure (k,)."""
    part = judging(spec, lever)
    named = [part.params.get(name) for name in ("x_h", "x_s")]
    named += [lower for lower, _ in part.params.get("bands", ())]
    named += [spec.veto_limit if lever.array == "values" else None]
    if part.rule == "deduct":
        named.append(max(0.0, (part.weight - part.params["floor"]) / part.params["each"]))
    if part.rule == "bonus":
        named.append(part.params["cap"])
    return np.array([math.nan if number is None else number for number in named], dtype=np.float64)
