"""Bringing indicators to a common scale: eleven methods, each on columns turned so that higher is better.

Source: OECD/JRC handbook (2008), part 1, section 5; the methods of COINr 1.1 that bear these names. Missing cells
are passed over in every minimum, maximum, mean, standard deviation (n − 1) and rank, and stay missing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike

from yiqi.engine.ground.arrays import BoolArray, FloatArray
from yiqi.engine.ground.checks import label, place
from yiqi.engine.ground.errors import EngineError
from yiqi.engine.ground.ranking import NO_RANK, rank_columns
from yiqi.engine.scheme.steps import NormaliseSpec

BLOCK_CELLS: Final = 32_768  # of 8 bytes: what stays in the cache between two operations
SAME: Final = 4 * np.finfo(np.float64).eps  # a range below this share of the values is rounding
RANK_TOLERANCE: Final = 1e-12  # of the column's range


@dataclass(frozen=True, eq=False)
class Columns:
    """Columns under one specification: ``z`` (u, k) is turned (value × direction), ``low`` and ``high`` its ends."""

    z: FloatArray
    signs: FloatArray
    targets: FloatArray
    units: Sequence[str]
    codes: Sequence[str]
    low: FloatArray
    high: FloatArray

    @property
    def flat(self) -> BoolArray:
        """Columns (k,) without a range."""
        return flat_columns(self.low, self.high)


def flat_columns(low: FloatArray, high: FloatArray) -> BoolArray:
    """Which columns have no range beyond rounding; nan ends (nothing known) count as none."""
    return np.asarray(~((high - low) > SAME * np.maximum(np.abs(low), np.abs(high))))


def ends(values: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Least and greatest known value of each column, nan where nothing is known."""
    low, high = values.min(axis=0), values.max(axis=0)
    if np.isnan(low).any():
        holed = np.flatnonzero(np.isnan(low))
        part = values[:, holed]
        gaps = np.isnan(part)
        low[holed] = np.where(gaps, np.inf, part).min(axis=0)
        high[holed] = np.where(gaps, -np.inf, part).max(axis=0)
        empty = holed[gaps.all(axis=0)]
        low[empty] = high[empty] = np.nan
    return low, high


def normalise(
    values: ArrayLike,
    spec: NormaliseSpec | None = None,
    *,
    directions: Sequence[float] | FloatArray | None = None,
    targets: Sequence[float] | FloatArray | None = None,
    units: Sequence[str] = (),
    columns: Sequence[str] = (),
) -> FloatArray:
    """A new array like ``values`` (units, indicators) on the scale that ``spec`` says.

    ``directions``: +1 or −1 for each indicator; ``targets`` (raw unit of the column, nan = none) are needed by
    ``dist2targ``, ``columns`` by ``spec.by_indicator``, ``units`` by ``dist2ref``. A column without range follows
    ``spec.zero_range``. Errors: ``no_variance``, ``unknown_unit``, ``reference_missing``, ``target_missing``,
    ``target_wrong_side``, ``maximum_zero``, ``goalposts_invalid``; each names the indicator.
    """
    spec = spec or NormaliseSpec()
    given = np.asarray(values, dtype=np.float64)
    count = given.shape[1]
    signs = np.ones(count) if directions is None else np.asarray(directions, dtype=np.float64)
    aims = np.full(count, np.nan) if targets is None else np.asarray(targets, dtype=np.float64)
    low, high = ends(given)
    found = np.empty(given.shape)
    for own, chosen in _by_spec(spec, columns, count):
        part = slice(None) if len(chosen) == count else chosen
        codes = [label(columns, int(number), "column") for number in chosen]
        seen = _Given(given[:, part], signs[part], aims[part], low[part], high[part], units, codes)
        if own.method == "minmax":
            _minmax(seen, own, found, part)
        else:
            found[:, part] = METHODS[own.method](_turned(seen), own)
    return found


def normalise_column(values: FloatArray, spec: NormaliseSpec, direction: int, target: float | None) -> FloatArray:
    """One column (units,) by itself, for what-if questions."""
    aims = [np.nan if target is None else target]
    return normalise(values[:, None], spec, directions=[float(direction)], targets=aims)[:, 0]


@dataclass(frozen=True, eq=False)
class _Given:
    """Columns as given, before they are turned."""

    values: FloatArray
    signs: FloatArray
    targets: FloatArray
    low: FloatArray
    high: FloatArray
    units: Sequence[str]
    codes: Sequence[str]


def _by_spec(spec: NormaliseSpec, columns: Sequence[str], count: int) -> list[tuple[NormaliseSpec, Any]]:
    """Specifications with the numbers of the columns they hold for."""
    places = {code: number for number, code in enumerate(columns)}
    for code in spec.by_indicator:
        if code not in places:
            text = f"normalise: by_indicator names {code!r}, which is not an indicator"
            raise EngineError("unknown_indicator", text, {"indicator": code})
    own = {places[code]: single for code, single in spec.by_indicator.items()}
    rest = np.array([number for number in range(count) if number not in own], dtype=np.int64)
    found: list[tuple[NormaliseSpec, Any]] = [(spec, rest)] if len(rest) else []
    return found + [(single, np.array([number])) for number, single in own.items()]


def _turned(seen: _Given) -> Columns:
    """Values × directions, with the ends exchanged where the direction is −1."""
    up = seen.signs > 0
    low, high = np.where(up, seen.low, -seen.high), np.where(up, seen.high, -seen.low)
    z = seen.values if up.all() else seen.values * seen.signs
    return Columns(z, seen.signs, seen.targets * seen.signs, seen.units, seen.codes, low, high)


def _minmax(seen: _Given, spec: NormaliseSpec, found: FloatArray, part: Any) -> None:
    """l + (u − l)·(x − worst)/(best − worst), row block by row block so that each stays in the cache."""
    lower, upper = float(spec.params["lower"]), float(spec.params["upper"])
    worst, best = np.where(seen.signs > 0, seen.low, seen.high), np.where(seen.signs > 0, seen.high, seen.low)
    flat = flat_columns(seen.low, seen.high)
    with np.errstate(over="ignore"):
        width = np.where(flat, 1.0, best - worst)
    whole = isinstance(part, slice)
    target = found if whole else np.empty(seen.values.shape)
    step = max(1, BLOCK_CELLS // max(1, seen.values.shape[1]))
    for start in range(0, len(target), step):
        block = target[start : start + step]
        np.subtract(seen.values[start : start + step], worst, out=block)
        block /= width
        if upper - lower != 1.0:
            block *= upper - lower
        block += lower  # −0 becomes 0
    if flat.any():
        _flatten(target, seen.values, flat, spec, (lower + upper) / 2, upper, seen.codes)
    if not whole:
        found[:, part] = target


def _flatten(
    found: FloatArray,
    values: FloatArray,
    flat: BoolArray,
    spec: NormaliseSpec,
    middle: float,
    top: float,
    codes: Sequence[str],
) -> None:
    """Write the policy for columns without range into ``found``; missing cells stay missing."""
    if spec.zero_range == "error":
        code = label(codes, int(np.flatnonzero(flat)[0]), "column")
        text = f"indicator {code!r} has no variance: remove it, or set zero_range to 'mid', 'full' or 'missing'"
        raise EngineError("no_variance", text, {"indicator": code})
    level = {"mid": middle, "full": top, "missing": np.nan}[spec.zero_range]
    found[:, flat] = np.where(np.isnan(values[:, flat]), np.nan, level)


def _zscore(columns: Columns, spec: NormaliseSpec) -> FloatArray:
    known = ~np.isnan(columns.z)
    n = known.sum(axis=0)
    mean = np.where(known, columns.z, 0.0).sum(axis=0) / np.maximum(n, 1)
    off = np.where(known, columns.z - mean, 0.0)
    sd = np.sqrt((off * off).sum(axis=0) / np.maximum(n - 1, 1))
    flat = columns.flat
    found = (columns.z - mean) / np.where(flat, 1.0, sd) * spec.params["sd"] + spec.params["mean"]
    if flat.any():
        centre = float(spec.params["mean"])
        _flatten(found, columns.z, flat, spec, centre, centre, columns.codes)
    return np.asarray(found)


def _scaled(columns: Columns, spec: NormaliseSpec) -> FloatArray:
    lower, upper = spec.params["lower"], spec.params["upper"]
    return np.asarray((columns.z - lower) / (upper - lower) * spec.params["scale"])


def _rank(columns: Columns, spec: NormaliseSpec) -> FloatArray:
    """1 = lowest; ties within 1e-12 of the column's range share the least, middle or greatest place."""
    width = np.where(columns.flat, 1.0, columns.high - columns.low)
    down = -(columns.z - columns.low) / width
    least = rank_columns(down, "competition", RANK_TOLERANCE)
    ranks = least.astype(np.float64)
    if spec.params["ties"] != "min":
        for column in range(ranks.shape[1]):
            sizes = np.bincount(least[:, column])
            more = sizes[least[:, column]] - 1
            ranks[:, column] += more / 2 if spec.params["ties"] == "average" else more
    ranks[least == NO_RANK] = np.nan
    return ranks


def _borda(columns: Columns, spec: NormaliseSpec) -> FloatArray:
    return _rank(columns, spec) - 1


def _prank(columns: Columns, spec: NormaliseSpec) -> FloatArray:
    others = (~np.isnan(columns.z)).sum(axis=0) - 1
    found = (_rank(columns, spec) - 1) / np.maximum(others, 1)
    alone = others < 1
    if alone.any():
        _flatten(found, columns.z, alone, spec, 0.5, 1.0, columns.codes)
    return np.asarray(found)


def _fracmax(columns: Columns, spec: NormaliseSpec) -> FloatArray:
    none = columns.high == 0
    if none.any() and spec.zero_range != "missing":
        code = columns.codes[int(np.flatnonzero(none)[0])]
        text = f"indicator {code!r}: its best value is 0, a fraction of it has no meaning; choose another method"
        raise EngineError("maximum_zero", text, {"indicator": code})
    return np.asarray(columns.z / np.where(none, np.nan, columns.high))


def _dist2max(columns: Columns, spec: NormaliseSpec) -> FloatArray:
    flat = columns.flat
    width = np.where(flat, 1.0, columns.high - columns.low)
    found = np.asarray(1 - (columns.high - columns.z) / width)
    if flat.any():
        _flatten(found, columns.z, flat, spec, 0.5, 1.0, columns.codes)
    return found


def _dist2ref(columns: Columns, spec: NormaliseSpec) -> FloatArray:
    name = spec.params["unit"]
    if name not in columns.units:
        raise EngineError("unknown_unit", f"the reference unit {name!r} is not among the units", {"unit": name})
    row = list(columns.units).index(name)
    reference = columns.z[row]
    for column in np.flatnonzero(np.isnan(reference)) if spec.zero_range != "missing" else ():
        where = place(columns.units, columns.codes, row, int(column))
        text = f"the reference unit {name!r} has no value of {where['indicator']!r}; impute it or choose another unit"
        raise EngineError("reference_missing", text, where)
    width = reference - columns.low
    flat = ~(width > SAME * np.maximum(np.abs(columns.low), np.abs(columns.high)))
    found = np.asarray(1 - (reference - columns.z) / np.where(flat, 1.0, width))
    if spec.params["cap"]:
        found = np.minimum(found, 1.0)
    if flat.any():  # the reference is the worst: there is no distance to measure by
        _flatten(found, columns.z, flat, spec, 0.5, 1.0, columns.codes)
    return found


def _dist2targ(columns: Columns, spec: NormaliseSpec) -> FloatArray:
    for column, (code, target) in enumerate(zip(columns.codes, columns.targets, strict=False)):
        if np.isnan(target):
            raise EngineError("target_missing", f"indicator {code!r} has no target", {"indicator": code})
        low = float(columns.low[column])
        wrong = target <= low if spec.params["wrong_side"] == "error" else target == low
        if wrong:
            text = f"indicator {code!r}: its target is on the wrong side, no better than the worst value"
            raise EngineError("target_wrong_side", text, {"indicator": code, "target": float(abs(target))})
    found = np.asarray((columns.z - columns.low) / (columns.targets - columns.low))
    return np.minimum(found, 1.0) if spec.params["cap"] else found


def _goalposts(columns: Columns, spec: NormaliseSpec) -> FloatArray:
    lower, upper = spec.params["lower"], spec.params["upper"]
    low, high = np.where(columns.signs > 0, lower, -upper), np.where(columns.signs > 0, upper, -lower)
    found = np.asarray((columns.z - low) / (high - low))
    if spec.params["truncate"]:
        found = np.clip(found, 0.0, 1.0)
    return np.asarray(found * spec.params["scale"])


METHODS: Final[Mapping[str, Callable[[Columns, NormaliseSpec], FloatArray]]] = {
    "zscore": _zscore,
    "scaled": _scaled,
    "rank": _rank,
    "borda": _borda,
    "prank": _prank,
    "fracmax": _fracmax,
    "dist2max": _dist2max,
    "dist2ref": _dist2ref,
    "dist2targ": _dist2targ,
    "goalposts": _goalposts,
}
