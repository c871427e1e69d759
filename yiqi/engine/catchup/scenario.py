"""What-if as an object: some figures changed, the standing that follows, and what differs from now."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from yiqi.engine.catchup.situation import Cell, Situation
from yiqi.engine.ground.errors import EngineError
from yiqi.engine.ground.plain import Plain, optional
from yiqi.engine.run.result import Result

FORMAT = 1


@dataclass(frozen=True)
class Scenario:
    """A named set of changed figures; None takes a figure away. The order of the cells does not matter.

    Errors: ``not_a_number``, ``not_finite`` (naming the cell), ``duplicate_cell``, ``name_missing``.
    """

    name: str
    changes: tuple[tuple[Cell, float | None], ...]

    def __post_init__(self) -> None:
        if not isinstance(self.name, str) or not self.name:
            raise EngineError("name_missing", f"a scenario needs a name, not {self.name!r}", {})
        seen: set[Cell] = set()
        for cell, value in self.changes:
            if cell in seen:
                raise EngineError("duplicate_cell", f"the scenario changes {cell} twice", asdict(cell))
            seen.add(cell)
            _check_value(cell, value)
        ordered = sorted((cell, None if value is None else float(value) + 0.0) for cell, value in self.changes)
        object.__setattr__(self, "changes", tuple(ordered))

    @classmethod
    def of(cls, name: str, changes: Mapping[Cell | tuple[str, str], float | None]) -> Scenario:
        """From a dictionary by ``Cell`` or (unit, indicator). Errors: see the class."""
        cells = [(key if isinstance(key, Cell) else Cell(*key), value) for key, value in changes.items()]
        return cls(name, tuple(cells))

    @property
    def figures(self) -> dict[Cell, float]:
        """The changed figures, nan where one is taken away."""
        return {cell: math.nan if value is None else value for cell, value in self.changes}

    def to_dict(self, situation: Situation) -> dict[str, Any]:
        """Plain JSON values with the digest of the figures they change, and one over the whole."""
        plain = {
            "format": FORMAT,
            "name": self.name,
            "input_digest": situation.digest,
            "changes": [{**asdict(cell), "value": value} for cell, value in self.changes],
        }
        return {**plain, "digest": _digest(plain)}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any], situation: Situation) -> Scenario:
        """The inverse of ``to_dict`` over the same figures.

        Errors: ``scenario_unreadable`` (a field is missing or of another kind), ``digest_wrong`` (the text was
        changed), ``other_figures`` (written over another plan or other figures).
        """
        try:
            cells = [(Cell(item["unit"], item["indicator"], item["array"]), item["value"]) for item in data["changes"]]
            plain = {name: data[name] for name in ("format", "name", "input_digest", "changes")}
            given, known = data["digest"], data["format"] == FORMAT
        except (KeyError, TypeError) as error:
            raise EngineError("scenario_unreadable", f"this is not a scenario: {error!r}", {}) from None
        if not known:
            raise EngineError("scenario_unreadable", f"unknown format {data['format']!r}", {"format": FORMAT})
        if given != _digest(plain):
            raise EngineError("digest_wrong", "the scenario does not fit its digest; it was changed by hand", {})
        if data["input_digest"] != situation.digest:
            raise EngineError("other_figures", "the scenario was made over another plan or other figures", {})
        return cls(data["name"], tuple(cells))


def _check_value(cell: Cell, value: object) -> None:
    where = f"{cell.array} of unit {cell.unit!r}, indicator {cell.indicator!r}"
    if value is None:
        return
    if isinstance(value, bool) or not isinstance(value, (int, float, np.floating, np.integer)):
        raise EngineError("not_a_number", f"{where} must be a number, not {value!r}", asdict(cell))
    if not math.isfinite(value):
        raise EngineError("not_finite", f"{where} must be finite (None takes it away), not {value!r}", asdict(cell))


def _digest(plain: Mapping[str, Any]) -> str:
    text = json.dumps(plain, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True)
class Difference:
    """One unit on one score: points and place before and after, None without one.

    ``block`` None is the total, of an index its root; else a block, or the code of another aggregate.
    """

    unit: str
    block: str | None
    points_before: float | None
    points_after: float | None
    place_before: int | None
    place_after: int | None
    tier_before: bool | None = None
    tier_after: bool | None = None

    @property
    def points(self) -> float | None:
        """Points gained; None where either side has none."""
        if self.points_before is None or self.points_after is None:
            return None
        return self.points_after - self.points_before

    @property
    def places(self) -> int | None:
        """Places gained (positive is better); None where either side has none."""
        if self.place_before is None or self.place_after is None:
            return None
        return self.place_before - self.place_after


@dataclass(frozen=True, eq=False)
class Outcome:
    """The new standing of a scenario: ``before`` and ``after`` are whole results, with every step.

    ``differences``: units and scores in which points, place or tier differ, by total first, then block (of an index,
    aggregates from the bottom up), in the order of the units. ``figures``: each changed cell with its
    figure before (None: there was none) and after.
    """

    scenario: Scenario
    before: Result
    after: Result
    differences: tuple[Difference, ...]
    figures: tuple[tuple[Cell, float | None, float | None], ...]
    tier_size: int

    def of(self, unit: str, block: str | None = None) -> Difference:
        """One unit's difference, also where nothing differs.

        Errors: ``unknown_unit``, ``unknown_block``, of an index ``unknown_node``.
        """
        return _difference(self.before, self.after, unit, block, self.tier_size)

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values: the changes, the digests of both standings, the differences."""
        return {
            "name": self.scenario.name,
            "figures": [{**asdict(cell), "before": old, "after": new} for cell, old, new in self.figures],
            "digest_before": self.before.digest,
            "digest_after": self.after.digest,
            "differences": [asdict(difference) for difference in self.differences],
        }


def what_if(situation: Situation, scenario: Scenario) -> Outcome:
    """Run a scenario and list what differs.

    Errors: ``unknown_unit``, ``unknown_indicator``, ``unknown_option`` (an index has no growth or targets to change)
    and those of ``run``.
    """
    figures = tuple((cell, optional(situation.figure(cell)), value) for cell, value in scenario.changes)
    before, after, size = situation.result, situation.run(scenario.figures), situation.tier_size
    parts: tuple[str | None, ...] = (None, *situation.scheme.parts)
    every = (_difference(before, after, unit, part, size) for part in parts for unit in situation.units)
    return Outcome(scenario, before, after, tuple(item for item in every if _differs(item)), figures, size)


def _differs(item: Difference) -> bool:
    before = (item.points_before, item.place_before, item.tier_before)
    return before != (item.points_after, item.place_after, item.tier_after)


def _difference(before: Result, after: Result, unit: str, block: str | None, tier_size: int) -> Difference:
    old, new = before.seen(unit, block, tier_size), after.seen(unit, block, tier_size)
    return Difference(unit, block, old.points, new.points, old.place, new.place, old.tier, new.tier)


@dataclass(frozen=True)
class Comparison(Plain):
    """Scenarios side by side for one score: ``names`` begins with the standing now (empty name).

    ``points`` and ``places``: one line a unit, one entry a name, None without a score.
    """

    block: str | None
    names: tuple[str, ...]
    units: tuple[str, ...]
    points: tuple[tuple[float | None, ...], ...]
    places: tuple[tuple[int | None, ...], ...]


def compare(situation: Situation, scenarios: Sequence[Scenario], *, block: str | None = None) -> Comparison:
    """Run several scenarios over the same figures; of an index, ``block`` is an aggregate.

    Errors: ``unknown_block``, ``unknown_node``, ``duplicate_name``, those of ``what_if``.
    """
    situation.scheme.check_part(block)
    names = [scenario.name for scenario in scenarios]
    for name in names:
        if names.count(name) > 1:
            raise EngineError("duplicate_name", f"two scenarios are named {name!r}", {"name": name})
    results = [situation.result, *(situation.run(scenario.figures) for scenario in scenarios)]
    table = [[result.seen(unit, block, situation.tier_size) for result in results] for unit in situation.units]
    points = tuple(tuple(entry.points for entry in line) for line in table)
    places = tuple(tuple(entry.place for entry in line) for line in table)
    return Comparison(block, ("", *names), situation.units, points, places)
