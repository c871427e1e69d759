"""What the outlook is about: the appraisal's scheme and what it needs besides the monthly series."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from yiqi.engine.ground.arrays import FloatArray
from yiqi.engine.ground.errors import EngineError
from yiqi.engine.ground.plain import Plain
from yiqi.engine.ground.seeds import check_seed
from yiqi.engine.outlook.chance import checked_count
from yiqi.engine.outlook.methods import METHODS, checked_methods
from yiqi.engine.outlook.panel import MonthlyPanel
from yiqi.engine.outlook.push import bounds_of
from yiqi.engine.outlook.scores import checked_levels
from yiqi.engine.scheme.appraisal import AppraisalScheme
from yiqi.engine.scheme.dataset import Dataset

LEVELS = (0.5, 0.8, 0.95)


@dataclass(frozen=True)
class Forecasting(Plain):
    """How to forecast: the same settings and the same panel give the same numbers, bit for bit.

    ``origins``: past months at which the methods are compared. Errors: ``method_unknown``, ``no_baseline``,
    ``draws_invalid``, ``seed_invalid``, ``origins_invalid``, ``levels_invalid``.
    """

    methods: tuple[str, ...] = METHODS
    draws: int = 1000
    seed: int = 0
    origins: int = 3
    levels: tuple[float, ...] = LEVELS

    def __post_init__(self) -> None:
        object.__setattr__(self, "methods", checked_methods(self.methods))
        object.__setattr__(self, "draws", checked_count("draws", self.draws))
        object.__setattr__(self, "seed", check_seed(self.seed))
        object.__setattr__(self, "origins", checked_count("origins", self.origins, most=1000))
        object.__setattr__(self, "levels", checked_levels(self.levels))


@dataclass(frozen=True, eq=False)
class Contest:
    """The appraisal at the year's end.

    ``scheme``'s indicators are found in the panel by their codes. ``fixed``: indicators without a monthly series, their
    year-end values (units,). ``growth``: for ``level_and_growth``, indicator -> panel column of its growth.
    ``bounds``: indicator -> least and most value that can be; draws beyond are set to it (0 is the least by itself
    where the rule refuses negative values). ``targets``, ``previous`` (units, indicators), ``groups``, ``vetoed``
    (units,) as ``run`` takes them, of the year's end. ``block``: places of this block instead of the total; the tier is
    then the first ``tier_size`` places of the block.

    Errors: ``unknown_block``, ``unknown_indicator`` (in ``fixed``, ``growth``, ``bounds``),
    ``bounds_invalid``, ``shape_mismatch``.
    """

    scheme: AppraisalScheme
    targets: ArrayLike | None = None
    previous: ArrayLike | None = None
    groups: Sequence[str] | None = None
    vetoed: Sequence[bool] | None = None
    fixed: Mapping[str, ArrayLike] = field(default_factory=dict)
    growth: Mapping[str, str] = field(default_factory=dict)
    bounds: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    block: str | None = None

    def __post_init__(self) -> None:
        self.scheme.check_part(self.block)
        for code in (*self.fixed, *self.growth, *self.bounds):
            self.scheme.column(code)
        for code, (low, high) in self.bounds.items():
            if not low < high:
                text = f"indicator {code!r}: bounds must be the least and the most value, not {low!r} and {high!r}"
                raise EngineError("bounds_invalid", text, {"indicator": code})

    def data(self, units: tuple[str, ...]) -> Dataset:
        """What does not change from draw to draw, in the order of the indicators."""
        nothing = np.full((len(units), len(self.scheme.columns)), np.nan)
        given: dict[str, Any] = {"targets": self.targets, "previous": self.previous, "vetoed": self.vetoed}
        peers = None if self.groups is None else tuple(self.groups)
        return Dataset(units, self.scheme.columns, nothing, peers=peers, **given)

    def limits(self) -> FloatArray:
        """Least and most value of each indicator (2, indicators)."""
        low = bounds_of(self.scheme.indicators)
        high = np.full_like(low, np.inf)
        for code, (least, most) in self.bounds.items():
            column = self.scheme.column(code)
            low[column], high[column] = max(least, low[column]), most
        return np.array([low, high])

    def needed(self, panel: MonthlyPanel) -> tuple[str, ...]:
        """Columns of the panel that the scheme uses, values first, then growth."""
        codes = [spec.code for spec in self.scheme.indicators if spec.code not in self.fixed]
        values = [code for code in codes if code in panel.indicators]
        for column in self.growth.values():
            panel.column(column)
        return tuple(dict.fromkeys([*values, *self.growth.values()]))

    def constants(self, units: tuple[str, ...]) -> FloatArray:
        """Values (units, indicators) of ``fixed``, nan elsewhere."""
        found = np.full((len(units), len(self.scheme.indicators)), np.nan)
        for code, values in self.fixed.items():
            given = np.asarray(values, dtype=np.float64)
            if given.shape != (len(units),):
                text = f"fixed[{code!r}] must have one value for each of the {len(units)} units, not {given.shape}"
                raise EngineError("shape_mismatch", text, {"indicator": code, "got": list(given.shape)})
            found[:, self.scheme.column(code)] = given
        return found


def digest(contest: Contest, panel: MonthlyPanel, how: Forecasting, origin: str) -> str:
    """SHA-256 of everything that decides an outlook."""
    kinds = [panel.kind(indicator) for indicator in panel.indicators]
    plain: dict[str, Any] = {
        "plan": contest.scheme.to_dict(),
        "groups": None if contest.groups is None else list(contest.groups),
        "vetoed": None if contest.vetoed is None else [bool(mark) for mark in contest.vetoed],
        "growth": dict(contest.growth),
        "bounds": {code: list(pair) for code, pair in contest.bounds.items()},
        "how": how.to_dict(),
        "origin": origin,
        "panel": [list(panel.units), list(panel.indicators), panel.start, kinds, panel.late_january],
        "fixed": list(contest.fixed),
        "block": contest.block,
    }
    made = hashlib.sha256(json.dumps(plain, ensure_ascii=False, sort_keys=True).encode())
    for array in (panel.values, contest.targets, contest.previous, *contest.fixed.values()):
        made.update(b"none" if array is None else np.ascontiguousarray(array, dtype=np.float64).tobytes())
    return made.hexdigest()
