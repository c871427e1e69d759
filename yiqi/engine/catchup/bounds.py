"""How far a figure may move, and what moving it costs, where nothing else is given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from yiqi.engine.catchup.checked import finite
from yiqi.engine.catchup.ground import Lever
from yiqi.engine.catchup.situation import Situation
from yiqi.engine.ground.errors import EngineError


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
GivenBounds = Mapping[str, Bounds] | Mapping[Lever, Bounds]
GivenCosts = Mapping[str, float] | Mapping[Lever, float]


def limits(situation: Situation, lever: Lever, given: GivenBounds) -> Bounds:
    """The bounds that hold for a lever, both sides set. ``given`` by indicator code (values) or by lever.

    Errors: ``bounds_outside_domain`` where a bound lies where the rule has no meaning.
    """
    low, high = situation.domain(lever)
    found = given_to(lever, given)
    for bound in (found.low, found.high):
        if bound is not None and not low <= bound <= high:
            text = f"bound {bound:g} of indicator {lever.indicator!r} lies outside of {low:g} to {high:g}"
            raise EngineError("bounds_outside_domain", text, {"indicator": lever.indicator, "bound": bound})
    low, high = situation.reach(lever)
    low, high = low if found.low is None else found.low, high if found.high is None else found.high
    return Bounds(min(low, high), max(low, high))


def given_to(lever: Lever, given: GivenBounds) -> Bounds:
    """What is given for a lever; no bounds otherwise."""
    for key, bounds in given.items():
        if key == lever or (key == lever.indicator and lever.array == "values"):
            return bounds
    return NO_BOUNDS


def check_keys(situation: Situation, given: Mapping[str, object] | Mapping[Lever, object]) -> None:
    """Every key must name an indicator or a lever: ``unknown_indicator``, ``no_growth_part``."""
    for key in given:
        situation.check_lever(key if isinstance(key, Lever) else Lever(key))


def practical_bounds(situation: Situation, unit: str, *, stretch: float = 1.0) -> dict[Lever, Bounds]:
    """Bounds for each lever of a unit from what is seen in the table: the column's range, widened on both sides.

    A side reaches ``stretch`` times the column's range beyond its most extreme figure (targets and the rule's own
    numbers included), and never leaves the rule's domain, nor goes below ``floor`` (of an index 0 where no unit has
    less); a column without a range is widened by ``stretch`` times
    the larger of 1 and its size. Errors: ``unknown_unit``, ``not_finite``, ``stretch_negative``.
    """
    if finite("stretch", stretch) < 0:
        raise EngineError("stretch_negative", f"stretch must not be negative, not {stretch!r}", {"stretch": stretch})
    situation.row(unit)
    found: dict[Lever, Bounds] = {}
    for lever in situation.levers():
        seen = situation.seen(lever)
        seen = seen[~np.isnan(seen)]
        low, high = situation.domain(lever)
        least, most = (float(seen.min()), float(seen.max())) if len(seen) else (0.0, 0.0)
        room = stretch * ((most - least) or max(1.0, abs(most)))
        found[lever] = Bounds(max(low, situation.floor(lever), least - room), min(high, most + room))
    return found


def range_costs(situation: Situation) -> dict[Lever, float]:
    """Unit costs under which moving across the whole range of a column (worst to best figure) costs 1.

    A column without a range costs 1 for its own size (at least 1). Use real costs where they are known.
    """
    found: dict[Lever, float] = {}
    for lever in situation.levers():
        figures = situation.figures(lever)
        known = figures[~np.isnan(figures)]
        spread = float(known.max() - known.min()) if len(known) else 0.0
        found[lever] = 1.0 / (spread or max(1.0, float(np.abs(known).max(initial=0.0))))
    return found


def room_of(situation: Situation, unit: str, given: GivenBounds) -> dict[Lever, Bounds]:
    """For each lever the given sides, else practical ones. Errors: see ``limits``."""
    found = {}
    for lever, usual in practical_bounds(situation, unit).items():
        limits(situation, lever, given)
        own = given_to(lever, given)
        low, high = usual.low if own.low is None else own.low, usual.high if own.high is None else own.high
        if low is not None and high is not None and low > high:  # a given side beyond the practical other one
            low, high = (low, low) if own.low is not None else (high, high)
        found[lever] = Bounds(low, high)
    return found


def prices_of(situation: Situation, given: GivenCosts) -> dict[Lever, float]:
    """Unit costs, the given ones over those of ``range_costs``. Errors: ``cost_negative``, ``not_finite``."""
    found = range_costs(situation)
    for key, value in given.items():
        lever = key if isinstance(key, Lever) else Lever(key)
        cost = finite("cost", value, indicator=lever.indicator)
        if cost < 0:
            text = f"indicator {lever.indicator!r}: a cost must not be negative, not {value!r}"
            raise EngineError("cost_negative", text, {"indicator": lever.indicator, "cost": cost})
        found[lever] = cost
    return found
