"""The figures: units × columns, with what they are judged by and how the units stand to one another."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Final, TypeVar, cast

import numpy as np

from yiqi.engine.ground.arrays import BoolArray, FloatArray, IntArray, frozen
from yiqi.engine.ground.checks import LARGEST, some
from yiqi.engine.ground.errors import EngineError
from yiqi.engine.ground.notice import Notice

UNKNOWN_AGE: Final = -1
TABLES: Final = ("values", "targets", "previous", "previous_age", "growth")  # (units, columns)

Labels = TypeVar("Labels", tuple[str, ...], BoolArray)


_DERIVED: Final = ("lows", "highs", "_places")  # kept beside the fields, of this table only


@dataclass(frozen=True, eq=False)
class Dataset:
    """Values (units, columns) float64, nan = missing, closed to writing; rows are units, columns indicators.

    ``names``: unit code -> name. ``groups``: column name -> a label for each unit. ``denominators``: column name ->
    (units,) array. ``breaks``: indicator -> what changed in its definition or source; it decides nothing and is told
    with the result. ``notes``: what whoever read the figures has to tell likewise. A float64 array that is already
    closed to writing is kept, anything else is copied.

    Of an appraisal, each (units, columns), left out = all missing: ``targets``, ``previous`` (last known values),
    ``previous_age`` (periods since, −1 unknown), ``growth``; and (units,): ``peers``, the ranking group of each unit,
    and ``vetoed``, barred from the tier by a decision.

    Errors: ``no_units``, ``no_indicators``, ``duplicate_unit``, ``duplicate_indicator``, ``code_missing``,
    ``shape_mismatch``, ``not_a_number``, ``not_finite`` (±inf or beyond 1e100); each names its cell.
    """

    units: tuple[str, ...]
    columns: tuple[str, ...]
    values: FloatArray
    names: Mapping[str, str] = field(default_factory=dict)
    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    denominators: Mapping[str, FloatArray] = field(default_factory=dict)
    breaks: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[Notice, ...] = ()
    targets: FloatArray = None  # type: ignore[assignment]  # None is written out as all missing
    previous: FloatArray = None  # type: ignore[assignment]  # as targets
    previous_age: IntArray = None  # type: ignore[assignment]  # as targets
    growth: FloatArray = None  # type: ignore[assignment]  # as targets
    peers: tuple[str, ...] | None = None
    vetoed: BoolArray = None  # type: ignore[assignment]  # as targets

    def __post_init__(self) -> None:
        units, columns = tuple(self.units), tuple(self.columns)
        _check_codes("unit", units)
        _check_codes("indicator", columns)
        self._set("units", units)
        self._set("columns", columns)
        self._set("values", _matrix("values", self.values, units, columns))
        _check_finite("values", self.values, (self.lows, self.highs), units, columns)
        for name in ("targets", "previous", "growth"):
            self._set(name, _beside(name, getattr(self, name), units, columns))
        self._set("previous_age", _whole_numbers("previous_age", self.previous_age, self.values.shape))
        self._set("peers", None if self.peers is None else _shaped("peers", tuple(self.peers), len(units)))
        flags = np.zeros(len(units), dtype=np.bool_) if self.vetoed is None else np.array(self.vetoed, dtype=np.bool_)
        self._set("vetoed", frozen(_shaped("vetoed", flags, len(units))))
        self._set("names", {str(code): str(name) for code, name in self.names.items()})
        self._set("breaks", {str(code): str(text) for code, text in self.breaks.items()})
        self._set("groups", {name: _labels(name, labels, units) for name, labels in self.groups.items()})
        self._set("denominators", {name: _denominator(name, given, units) for name, given in self.denominators.items()})

    def _set(self, name: str, value: Any) -> None:
        object.__setattr__(self, name, value)

    @cached_property
    def lows(self) -> FloatArray:
        """Least value of each column, nan where the column has a missing value: (columns,)."""
        return frozen(cast(FloatArray, self.values.min(axis=0)))

    @cached_property
    def highs(self) -> FloatArray:
        """Greatest value of each column, nan where the column has a missing value: (columns,)."""
        return frozen(cast(FloatArray, self.values.max(axis=0)))

    @cached_property
    def _rows(self) -> dict[str, int]:
        return {unit: row for row, unit in enumerate(self.units)}

    @cached_property
    def _places(self) -> dict[str, int]:
        return {code: place for place, code in enumerate(self.columns)}

    def row(self, unit: str) -> int:
        """Row number of a unit; ``unknown_unit`` otherwise."""
        if unit not in self._rows:
            raise EngineError("unknown_unit", f"unknown unit {unit!r}; there are: {some(self.units)}", {"unit": unit})
        return self._rows[unit]

    def column(self, indicator: str) -> int:
        """Column number of an indicator; ``unknown_indicator`` otherwise."""
        if indicator not in self._places:
            text = f"the data have no column for the indicator {indicator!r}"
            raise EngineError("unknown_indicator", text, {"indicator": indicator})
        return self._places[indicator]

    def selected(self, columns: Sequence[str]) -> FloatArray:
        """Values of the named columns in that order; the matrix itself where nothing changes."""
        if tuple(columns) == self.columns:
            return self.values
        return frozen(self.values[:, [self.column(code) for code in columns]])

    def group(self, name: str) -> tuple[str, ...]:
        """Labels of a group column; ``unknown_group`` otherwise."""
        if not isinstance(name, str) or name not in self.groups:
            text = f"the data have no group column {name!r}; there are: {', '.join(self.groups) or 'none'}"
            raise EngineError("unknown_group", text, {"group": name})
        return self.groups[name]

    def replaced(self, values: Any = None, **tables: Any) -> Dataset:
        """The same units and columns with other ``values``, ``targets``, ``previous`` or ``growth``. Errors: see the
        class."""
        made = copy(self)
        for derived in (*_DERIVED, "_canonical"):
            made.__dict__.pop(derived, None)
        for name, given in (tables if values is None else {"values": values, **tables}).items():
            made._set(name, _beside(name, given, self.units, self.columns))
        return made

    def canonical(self, columns: Sequence[str]) -> Dataset:
        """The same units with the named columns in that order, −0 and every nan in one form, so that equal figures give
        equal bits. Errors: ``unknown_indicator``."""
        if self.__dict__.get("_canonical") and tuple(columns) == self.columns:
            return self
        chosen = None if tuple(columns) == self.columns else [self.column(code) for code in columns]
        found = {name: getattr(self, name) if chosen is None else getattr(self, name)[:, chosen] for name in TABLES}
        made = copy(self)
        for derived in _DERIVED:
            made.__dict__.pop(derived, None)
        for name, array in found.items():
            made._set(name, frozen(array if array.dtype.kind == "i" else _one_form(array)))
        made._set("columns", tuple(columns))
        made._set("_canonical", True)
        return made

    def taken(self, rows: Sequence[int]) -> Dataset:
        """Only some rows, in the order given."""
        chosen = list(rows)
        cut: dict[str, Any] = {name: frozen(getattr(self, name)[chosen]) for name in (*TABLES, "vetoed")}
        return replace(
            self,
            **cut,
            units=tuple(self.units[row] for row in chosen),
            groups={name: tuple(labels[row] for row in chosen) for name, labels in self.groups.items()},
            denominators={name: frozen(values[chosen]) for name, values in self.denominators.items()},
            peers=None if self.peers is None else tuple(self.peers[row] for row in chosen),
        )


def _one_form(array: FloatArray) -> FloatArray:
    found = array + 0.0
    found[np.isnan(found)] = np.nan
    return found


def _check_codes(kind: str, codes: tuple[str, ...]) -> None:
    if not codes:
        raise EngineError(f"no_{kind}s", f"there are no {kind}s")
    if len(set(codes)) == len(codes) and all(isinstance(code, str) and code for code in codes):
        return
    seen: set[str] = set()
    for position, code in enumerate(codes, start=1):
        if not isinstance(code, str) or not code:
            text = f"{kind} number {position} has no code: {code!r}"
            raise EngineError("code_missing", text, {"kind": kind, "position": position})
        if code in seen:
            first = codes.index(code) + 1
            text = f"{kind} {code!r} stands twice, as number {first} and number {position}; remove or rename one"
            data = {kind: code, "position": position, "first": first}
            raise EngineError(f"duplicate_{kind}", text, data)
        seen.add(code)


def _shape_error(array: str, expected: Sequence[int], got: Sequence[int], **data: str) -> EngineError:
    text = f"{array} must be shaped {tuple(expected)}, not {tuple(got)}"
    return EngineError("shape_mismatch", text, {"array": array, "expected": list(expected), "got": list(got), **data})


def _shaped(name: str, given: Labels, units: int) -> Labels:
    """One entry for each unit."""
    if np.shape(given) != (units,):
        raise _shape_error(name, (units,), np.shape(given))
    return given


def _matrix(name: str, given: Any, units: tuple[str, ...], columns: tuple[str, ...]) -> FloatArray:
    if isinstance(given, np.ndarray) and given.dtype == np.float64 and not given.flags.writeable:
        array: FloatArray = given
    else:
        try:
            array = np.array(given, dtype=np.float64, order="C")
        except (TypeError, ValueError):
            raise _not_a_number(name, given, units, columns) from None
    if array.shape != (len(units), len(columns)):
        raise _shape_error(name, (len(units), len(columns)), array.shape)
    return frozen(array)


def _beside(name: str, given: Any, units: tuple[str, ...], columns: tuple[str, ...]) -> FloatArray:
    """A matrix beside the values; nothing is all missing, without a cell in memory."""
    if given is None:
        return np.broadcast_to(np.float64(np.nan), (len(units), len(columns)))
    array = _matrix(name, given, units, columns)
    _check_finite(name, array, (array.min(axis=0), array.max(axis=0)), units, columns)
    return array


def _whole_numbers(name: str, given: Any, shape: tuple[int, ...]) -> IntArray:
    if given is None:
        return np.broadcast_to(np.int64(UNKNOWN_AGE), shape)
    array = np.array(given, dtype=np.int64, order="C")
    if array.shape != shape:
        raise _shape_error(name, shape, array.shape)
    return frozen(array)


def _not_a_number(name: str, given: Any, units: tuple[str, ...], columns: tuple[str, ...]) -> EngineError:
    """Look for the row or the cell at fault."""
    for unit, row in zip(units, given, strict=False):
        length = len(row) if isinstance(row, (list, tuple, np.ndarray)) else 0
        if length != len(columns):
            text = (
                f"unit {unit!r}: its row has {length} {name} for {len(columns)} columns; write nan for what is missing"
            )
            data = {"array": name, "unit": unit, "expected": [len(columns)], "got": [length]}
            return EngineError("shape_mismatch", text, data)
    for unit, row in zip(units, given, strict=False):
        for column, cell in zip(columns, row if isinstance(row, (list, tuple, np.ndarray)) else (), strict=False):
            try:
                float(cell)
            except (TypeError, ValueError):
                text = f"unit {unit!r}, indicator {column!r}: {cell!r} is not a number; leave a missing cell nan"
                data = {"array": name, "unit": unit, "indicator": column, "value": repr(cell)}
                return EngineError("not_a_number", text, data)
    return EngineError("not_a_number", f"{name} holds something that is not a number", {"array": name})


def _check_finite(
    name: str,
    values: FloatArray,
    edges: tuple[FloatArray, FloatArray],
    units: tuple[str, ...],
    columns: tuple[str, ...],
) -> None:
    """One look at the ends of each column; cell by cell only where they are missing or wild."""
    least, most = float(edges[0].min()), float(edges[1].max())  # nan where anything is missing
    if least >= -LARGEST and most <= LARGEST:
        return
    with np.errstate(invalid="ignore"):
        wild = np.abs(values) > LARGEST
    if wild.any():
        row, column = (int(index) for index in np.argwhere(wild)[0])
        value = float(values[row, column])
        text = "must be a finite number below 1e100"
        raise cell_error("not_finite", text, array=name, unit=units[row], indicator=columns[column], value=value)


def cell_error(code: str, text: str, *, array: str, unit: str, indicator: str, value: float) -> EngineError:
    """An error that names the unit and the indicator of one cell."""
    data: dict[str, Any] = {"array": array, "unit": unit, "indicator": indicator, "value": repr(value)}
    return EngineError(code, f"{array} of unit {unit!r}, indicator {indicator!r} {text}, not {value!r}", data)


def _labels(name: str, given: Sequence[str], units: tuple[str, ...]) -> tuple[str, ...]:
    labels = tuple(given)
    if len(labels) != len(units):
        text = f"group column {name!r} must have {len(units)} labels, not {len(labels)}"
        raise EngineError("shape_mismatch", text, {"group": name, "expected": [len(units)], "got": [len(labels)]})
    return labels


def _denominator(name: str, given: Any, units: tuple[str, ...]) -> FloatArray:
    try:
        values = np.array(given, dtype=np.float64)
    except (TypeError, ValueError):
        text = f"denominator {name!r} holds something that is not a number"
        raise EngineError("not_a_number", text, {"denominator": name}) from None
    if values.shape != (len(units),):
        text = f"denominator {name!r} must have {len(units)} values, not {values.shape}"
        raise EngineError("shape_mismatch", text, {"denominator": name, "expected": [len(units)]})
    for unit, value in zip(units, values.tolist(), strict=True):
        if math.isinf(value):
            text = f"unit {unit!r}, denominator {name!r}: must be finite, not {value!r}"
            raise EngineError("not_finite", text, {"unit": unit, "denominator": name, "value": repr(value)})
    return frozen(values)
