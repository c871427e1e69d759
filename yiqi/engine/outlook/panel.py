"""Monthly figures of units and indicators, checked, and the single series that the methods see."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from yiqi.engine.ground.arrays import BoolArray, FloatArray, frozen
from yiqi.engine.ground.checks import LARGEST
from yiqi.engine.ground.errors import EngineError
from yiqi.engine.ground.notice import Notice
from yiqi.engine.outlook.months import is_january, month_name, month_number

FLOW: Final = "flow"
LEVEL: Final = "level"
KINDS: Final = (FLOW, LEVEL)


@dataclass(frozen=True, eq=False)
class Series:
    """One run of months without a gap. ``first`` is the number of the month of ``values[0]`` (n,).

    A ``flow`` is what has accumulated since January, as official statistics print it; a ``level`` (also a rate) stands
    by itself. ``late_january``: January comes out with February, so that nobody knows it in January.
    """

    unit: str
    indicator: str
    kind: str
    first: int
    values: FloatArray
    late_january: bool = False

    @property
    def last(self) -> int:
        """Number of the last month with a value; ``first − 1`` without any."""
        return self.first + len(self.values) - 1

    def until(self, month: int) -> Series:
        """The same, known up to and including ``month``."""
        known = month - 1 if self.late_january and is_january(month) else month
        kept = self.values[: max(known - self.first + 1, 0)]
        return replace(self, values=kept)

    @property
    def first_step(self) -> int:
        """Month of the first step: a flow that does not begin in January does not tell its first month's part."""
        return self.first if self.kind == LEVEL or is_january(self.first) else self.first + 1

    def steps(self) -> FloatArray:
        """What the methods forecast (n,) or (n − 1,): the level itself, or what each month added to the flow."""
        if self.kind == LEVEL:
            return self.values
        before = np.concatenate([[0.0], self.values[:-1]])
        january = (self.first + np.arange(len(self.values))) % 12 == 0
        return (self.values - np.where(january, 0.0, before))[self.first_step - self.first :]

    def ahead(self, paths: FloatArray) -> FloatArray:
        """Step paths (draws, h) after the last month -> the series as it would be printed (draws, h)."""
        if self.kind == LEVEL:
            return paths
        printed = np.empty_like(paths)
        total = np.full(len(paths), self.values[-1])
        for column in range(paths.shape[1]):
            opening = is_january(self.last + 1 + column)
            total = paths[:, column] + (0.0 if opening else total)
            printed[:, column] = total
        return printed

    def gained(self, paths: FloatArray) -> FloatArray:
        """What a backtest scores (…, h): the level itself, or what the flow adds since the last known month."""
        return paths if self.kind == LEVEL else np.cumsum(paths, axis=-1)


@dataclass(frozen=True, eq=False)
class MonthlyPanel:
    """``values`` (months, units, indicators) from the month ``start`` on, nan = missing; ``kinds`` flow or level.

    A series may begin late and end early; inside it no month may be missing. ``kinds`` is one word for all or a word
    for each indicator. ``late_january``: January is not published by itself; where it is missing and February is there,
    it is taken as half of February's flow, or as February's level, and nobody knows it before February.

    Errors: ``no_units``, ``no_indicators``, ``no_observations``, ``duplicate_unit``, ``duplicate_indicator``,
    ``shape_mismatch``, ``not_a_number``, ``not_finite``, ``gap_in_months``, ``kind_unknown``, ``unknown_indicator``.
    """

    units: tuple[str, ...]
    indicators: tuple[str, ...]
    start: str
    values: FloatArray
    kinds: Mapping[str, str] | str = field(default_factory=dict)
    late_january: bool = False
    _filled: BoolArray = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "units", _named("unit", self.units))
        object.__setattr__(self, "indicators", _named("indicator", self.indicators))
        object.__setattr__(self, "start", month_name(month_number(self.start)))
        object.__setattr__(self, "kinds", _kinds(self.kinds, self.indicators))
        object.__setattr__(self, "values", self._checked(self.values))

    def _checked(self, given: ArrayLike) -> FloatArray:
        try:
            values = np.array(given, dtype=np.float64, order="C") + 0.0
        except (TypeError, ValueError):
            raise EngineError("not_a_number", "values holds something that is not a number", {}) from None
        expected = (len(self.units), len(self.indicators))
        if values.ndim != 3 or values.shape[1:] != expected:
            text = f"values must be shaped (months, {expected[0]}, {expected[1]}), not {values.shape}"
            raise EngineError("shape_mismatch", text, {"array": "values", "got": list(values.shape)})
        if not (~np.isnan(values)).any():
            raise EngineError("no_observations", "there is not a single value; fill the panel")
        wild = np.abs(values) > LARGEST
        if wild.any():
            month, unit, column = (int(index) for index in np.argwhere(wild)[0])
            place = self._place(month, unit, column)
            value = float(values[month, unit, column])
            raise EngineError(
                "not_finite",
                f"{_say(place)}: {value!r} must be a finite number below 1e100; correct it or leave the cell empty",
                {**place, "value": repr(value)},
            )
        values = self._filled_january(values)
        self._refuse_gaps(values)
        return frozen(values)

    def _filled_january(self, values: FloatArray) -> FloatArray:
        """With ``late_january`` the missing Januaries whose February is there; remembers which."""
        found = np.zeros(values.shape, dtype=np.bool_)
        if self.late_january:
            for month in range((-self.first) % 12, len(values) - 1, 12):
                found[month] = np.isnan(values[month]) & ~np.isnan(values[month + 1])
                share = [0.5 if self.kind(indicator) == FLOW else 1.0 for indicator in self.indicators]
                values[month] = np.where(found[month], values[month + 1] * share, values[month])
        object.__setattr__(self, "_filled", frozen(found))
        return values

    def notices(self) -> list[Notice]:
        """A warning for each indicator whose January was taken from February."""
        marked: BoolArray = np.logical_or.reduce(self._filled, axis=0)
        told = []
        for column in np.flatnonzero(marked.sum(axis=0)):
            indicator = self.indicators[column]
            units = [self.units[row] for row in np.flatnonzero(marked[:, column])]
            how = "half of February" if self.kind(indicator) == FLOW else "the same as February"
            text = f"{indicator}: January, which is not given, is taken as {how} for {len(units)} units"
            told.append(Notice("january_filled", text, indicator, data={"units": units}))
        return told

    def _refuse_gaps(self, values: FloatArray) -> None:
        known = ~np.isnan(values)
        begun = np.maximum.accumulate(known, axis=0)
        goes_on = np.maximum.accumulate(known[::-1], axis=0)[::-1]
        gaps = ~known & begun & goes_on
        if gaps.any():
            unit, column, month = (int(index) for index in np.argwhere(gaps.transpose(1, 2, 0))[0])
            place = self._place(month, unit, column)
            text = f"{_say(place)} is missing inside the series; fill the month, or begin the series after it"
            if is_january(self.first + month):
                text += ", or say that January comes with February (late_january)"
            raise EngineError("gap_in_months", text, place)

    def _place(self, month: int, unit: int, column: int) -> dict[str, str]:
        period = month_name(month_number(self.start) + month)
        return {"unit": self.units[unit], "indicator": self.indicators[column], "period": period}

    @property
    def first(self) -> int:
        """Number of the first month."""
        return month_number(self.start)

    @property
    def last(self) -> int:
        """Number of the last month in which anything is known."""
        return self.first + int(np.flatnonzero((~np.isnan(self.values)).any(axis=(1, 2)))[-1])

    def kind(self, indicator: str) -> str:
        """``flow`` or ``level``."""
        return self.kinds[indicator] if isinstance(self.kinds, Mapping) else self.kinds

    def column(self, indicator: str) -> int:
        """Column of an indicator; ``unknown_indicator`` otherwise."""
        return _found("indicator", indicator, self.indicators)

    def row(self, unit: str) -> int:
        """Row of a unit; ``unknown_unit`` otherwise."""
        return _found("unit", unit, self.units)

    def series(self, unit: str, indicator: str) -> Series:
        """One series, without the months before its first and after its last value; may be empty."""
        column = self.values[:, self.row(unit), self.column(indicator)]
        known = np.flatnonzero(~np.isnan(column))
        begin, end = (int(known[0]), int(known[-1]) + 1) if len(known) else (0, 0)
        kind = self.kind(indicator)
        return Series(unit, indicator, kind, self.first + begin, column[begin:end], self.late_january)

    def all_series(self) -> Iterator[Series]:
        """Every series, units outside, indicators inside."""
        for unit in self.units:
            for indicator in self.indicators:
                yield self.series(unit, indicator)

    def only(self, indicators: Sequence[str]) -> MonthlyPanel:
        """Some of the indicators, in the order asked for."""
        columns = [self.column(indicator) for indicator in indicators]
        kinds = {indicator: self.kind(indicator) for indicator in indicators}
        values = self.values[:, :, columns]
        return MonthlyPanel(self.units, tuple(indicators), self.start, values, kinds, self.late_january)

    def until(self, period: str) -> MonthlyPanel:
        """The panel as it was known at the end of ``period``; ``period_outside`` where nothing was."""
        month = month_number(period)
        months = month - self.first + (0 if self.late_january and is_january(month) else 1)
        kept = self.values[: max(months, 0)]
        if not (~np.isnan(kept)).any():
            text = f"nothing is known by {period}; the first month is {self.start}"
            raise EngineError("period_outside", text, {"period": period})
        return MonthlyPanel(self.units, self.indicators, self.start, kept, self.kinds, self.late_january)


def _named(kind: str, names: Sequence[str]) -> tuple[str, ...]:
    listed = tuple(names)
    if not listed:
        raise EngineError(f"no_{kind}s", f"the panel has no {kind}s")
    for number, name in enumerate(listed):
        if not isinstance(name, str) or not name:
            raise EngineError("code_missing", f"{kind} {number + 1} has no name: {name!r}", {"kind": kind})
        if name in listed[:number]:
            raise EngineError(f"duplicate_{kind}", f"{kind} {name!r} stands twice; name each once", {kind: name})
    return listed


def _kinds(given: Mapping[str, str] | str, indicators: tuple[str, ...]) -> dict[str, str]:
    """A kind for each indicator; ``level`` where nothing is said."""
    wanted = dict.fromkeys(indicators, given) if isinstance(given, str) else dict(given)
    for indicator, kind in wanted.items():
        _found("indicator", indicator, indicators)
        if kind not in KINDS:
            text = f"indicator {indicator!r}: kind must be flow or level, not {kind!r}"
            raise EngineError("kind_unknown", text, {"indicator": indicator, "kind": repr(kind)})
    return {indicator: wanted.get(indicator, LEVEL) for indicator in indicators}


def _found(kind: str, name: str, names: tuple[str, ...]) -> int:
    if name not in names:
        known = ", ".join(names[:8]) + ("…" if len(names) > 8 else "")
        raise EngineError(f"unknown_{kind}", f"unknown {kind} {name!r}; the panel has {known}", {kind: name})
    return names.index(name)


def _say(place: Mapping[str, str]) -> str:
    return f"{place['unit']} · {place['indicator']} · {place['period']}"
