"""One set of checks: options, numbers, names, fields of a specification, and a matrix whose faults name the cell."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike

from yiqi.engine.ground.arrays import BoolArray, FloatArray
from yiqi.engine.ground.errors import EngineError

LARGEST: Final = 1e100  # beyond it differences and products overflow; no statistic is that large


def label(names: Sequence[str], position: int, kind: str) -> str:
    """The code at ``position``, or "row 3", "column 2" (counted from 1) where no codes were given."""
    return names[position] if position < len(names) else f"{kind} {position + 1}"


def labels(names: Sequence[str], positions: Iterable[int], kind: str) -> list[str]:
    """``label`` for each position."""
    return [label(names, int(position), kind) for position in positions]


def some(names: Sequence[str], most: int = 3) -> str:
    """The first names, and how many more there are."""
    return ", ".join(names[:most]) + (f" and {len(names) - most} more" if len(names) > most else "")


def place(units: Sequence[str], columns: Sequence[str], row: int, column: int) -> dict[str, Any]:
    """The address of a cell, for the data of an error: unit, indicator, row and column counted from 1."""
    return {
        "unit": label(units, row, "row"),
        "indicator": label(columns, column, "column"),
        "row": row + 1,
        "column": column + 1,
    }


def matrix(values: ArrayLike, units: Sequence[str] = (), columns: Sequence[str] = ()) -> FloatArray:
    """``values`` as float64 (units, indicators); nan is missing. The array itself where nothing needs to change.

    Errors: ``shape_mismatch``, ``no_units``, ``not_a_number`` and ``not_finite`` (infinite or from 1e100 on, where
    fourth powers and differences overflow); the last two name unit, indicator, row and column.
    """
    array = _numbers(values, units, columns)
    shape = (len(units) or array.shape[0], len(columns) or array.shape[-1]) if array.ndim else (0, 0)
    if array.shape != shape:
        text = f"values must be shaped (units, indicators) = {shape}, not {array.shape}"
        raise EngineError(
            "shape_mismatch", text, {"array": "values", "expected": list(shape), "got": list(array.shape)}
        )
    if not array.shape[0]:
        raise EngineError("no_units", "there are no units: give at least one row")
    with np.errstate(invalid="ignore"):
        wild = np.abs(array) > LARGEST
    if wild.any():
        row, column = (int(position) for position in np.argwhere(wild)[0])
        data = place(units, columns, row, column) | {"value": repr(float(array[row, column]))}
        text = (
            f"{data['unit']}, {data['indicator']} is {data['value']}; give a finite number below 1e100, "
            "or leave the cell empty"
        )
        raise EngineError("not_finite", text, data)
    return array


def _numbers(values: ArrayLike, units: Sequence[str], columns: Sequence[str]) -> FloatArray:
    try:
        return np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError):
        raise _first_text(values, units, columns) from None


def _first_text(values: ArrayLike, units: Sequence[str], columns: Sequence[str]) -> EngineError:
    cells = np.asarray(values, dtype=object) if not isinstance(values, np.ndarray) else values
    for position, value in np.ndenumerate(cells):
        try:
            np.float64(value)
        except (TypeError, ValueError):
            if len(position) == 2 and not isinstance(value, (list, tuple)):
                data = place(units, columns, *position) | {"value": repr(value)}
                text = f"{data['unit']}, {data['indicator']} is {value!r}, which is not a number; correct or empty it"
                return EngineError("not_a_number", text, data)
    text = "values are not a table of numbers: give one row for each unit, all of one length"
    return EngineError("not_a_number", text, {"array": "values"})


def known(values: FloatArray) -> BoolArray:
    """Cells that hold a number."""
    return ~np.isnan(values)


def choice(name: str, value: object, allowed: Sequence[str | None], **data: Any) -> None:
    """Error ``unknown_option`` unless ``value`` is one of ``allowed``; ``data`` says where it stands."""
    if value not in allowed:
        text = f"{name} must be one of {', '.join(map(str, allowed))}, not {value!r}"
        raise EngineError("unknown_option", text, {"option": name, "value": repr(value), **data})


def finite(
    name: str,
    value: object,
    least: float = -math.inf,
    most: float = math.inf,
    *,
    code: str = "option_invalid",
    **data: Any,
) -> float:
    """``value`` as a float. Error ``code`` unless it is a finite number within the bounds; ``data`` says where."""
    number = isinstance(value, (int, float, np.integer, np.floating)) and not isinstance(value, bool)
    if not number or not math.isfinite(value) or not least <= value <= most:  # type: ignore[arg-type, operator]  # asked before
        bounds = f" from {least:g}" * math.isfinite(least) + f" to {most:g}" * math.isfinite(most)
        text = f"{name} must be a finite number{bounds}, not {value!r}"
        raise EngineError(code, text, {"option": name, "value": repr(value), **data})
    return float(value) + 0.0  # type: ignore[arg-type]  # seen to be a number


def whole(name: str, value: object, least: int = 0) -> int:
    """``value`` as an int. Error ``option_invalid`` unless it is a whole number from ``least`` on."""
    if isinstance(value, bool) or not isinstance(value, (int, np.integer)) or value < least:
        text = f"{name} must be a whole number from {least} on, not {value!r}"
        raise EngineError("option_invalid", text, {"option": name, "value": repr(value)})
    return int(value)


def row_of(units: Sequence[str], unit: str) -> int:
    """Row number of a unit; ``unknown_unit`` otherwise."""
    if unit not in units:
        raise EngineError("unknown_unit", f"unknown unit {unit!r}", {"unit": unit})
    return units.index(unit)


def one_label_each(name: str, given: Sequence[str | None], expected: int) -> None:
    """Error ``shape_mismatch`` unless there is one label for each unit or indicator."""
    if len(given) != expected:
        text = f"{name} must have {expected} entries, not {len(given)}"
        raise EngineError("shape_mismatch", text, {"array": name, "expected": expected, "got": len(given)})


def share(name: str, value: object) -> float:
    """A number within 0 and 1; ``option_invalid`` otherwise."""
    number = finite(name, value)
    if not 0 <= number <= 1:
        raise EngineError("option_invalid", f"{name} must be within 0 and 1, not {number:g}", {"option": name})
    return number


def mapping(name: str, value: object) -> Mapping[str, Any]:
    """The value, if it is a mapping from names; ``option_invalid`` otherwise."""
    if not isinstance(value, Mapping) or not all(isinstance(key, str) for key in value):
        raise EngineError("option_invalid", f"{name} must be an object of names, not {value!r}", {"option": name})
    return value


def flag(name: str, value: object) -> bool:
    """True or false; ``option_invalid`` for anything else."""
    if not isinstance(value, bool):
        raise EngineError("option_invalid", f"{name} must be true or false, not {value!r}", {"option": name})
    return value


def clean(
    method: str, given: Mapping[str, Any], defaults: Mapping[str, Any], options: Mapping[str, Sequence[Any]]
) -> dict[str, Any]:
    """Parameters of a method with every default written out, numbers as floats."""
    for name in mapping(f"{method}: params", given):
        if name not in defaults:
            text = f"{method} has no parameter {name!r}; it has: {', '.join(defaults) or 'none'}"
            raise EngineError("unknown_field", text, {"method": method, "field": str(name)})
    found = {**defaults, **given}
    for name, value in found.items():
        if name in options:
            choice(f"{method}: {name}", value, options[name])
        elif isinstance(defaults[name], str):
            if not isinstance(value, str) or not value:
                text = f"{method} needs the parameter {name!r}, a name"
                raise EngineError("field_missing", text, {"method": method, "field": name})
        elif value is None:
            raise EngineError(
                "field_missing", f"{method} needs the parameter {name!r}", {"method": method, "field": name}
            )
        else:
            found[name] = finite(f"{method}: {name}", value)
    return found
