"""Reading and checking what comes in, and its digest: the one gate before the kernels."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from yiqi.engine.ground.arrays import BoolArray, FloatArray, IntArray, frozen
from yiqi.engine.ground.checks import LARGEST
from yiqi.engine.ground.errors import EngineError
from yiqi.engine.scheme.plan import Plan

UNKNOWN_AGE = -1


@dataclass(frozen=True, eq=False)
class Inputs:
    """Checked input. Matrices (units, indicators) float64, nan missing; ``previous_age`` −1 unknown; arrays closed."""

    units: tuple[str, ...]
    values: FloatArray
    targets: FloatArray
    previous: FloatArray
    previous_age: IntArray
    growth: FloatArray
    groups: tuple[str, ...] | None
    vetoed: BoolArray


def read_inputs(
    plan: Plan,
    units: Sequence[str],
    values: ArrayLike,
    *,
    targets: ArrayLike | None,
    previous: ArrayLike | None,
    previous_age: ArrayLike | None,
    growth: ArrayLike | None,
    groups: Sequence[str] | None,
    vetoed: Sequence[bool] | None,
) -> Inputs:
    """Copy, check and close everything. Errors: see ``runner.run``."""
    names = _units(units)
    figures = _matrix("values", values, plan, names)
    if np.isnan(figures).all():
        raise EngineError("no_observations", "there is not a single value to score")
    return Inputs(
        units=names,
        values=figures,
        targets=_matrix("targets", targets, plan, names),
        previous=_matrix("previous", previous, plan, names),
        previous_age=_ages(previous_age, plan, names),
        growth=_matrix("growth", growth, plan, names),
        groups=_labels(groups, names),
        vetoed=_flags(vetoed, names),
    )


def _units(units: Sequence[str]) -> tuple[str, ...]:
    names = tuple(units)
    if not names:
        raise EngineError("no_units", "there are no units to score")
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise EngineError("duplicate_unit", f"unit {name!r} stands twice", {"unit": name})
        seen.add(name)
    return names


def _shape_error(array: str, expected: tuple[int, ...], got: tuple[int, ...]) -> EngineError:
    text = f"{array} must be shaped {expected}, not {got}"
    return EngineError("shape_mismatch", text, {"array": array, "expected": list(expected), "got": list(got)})


def _numeric(name: str, given: ArrayLike) -> FloatArray:
    try:
        return np.array(given, dtype=np.float64, order="C")
    except (TypeError, ValueError):
        raise EngineError("not_a_number", f"{name} holds something that is not a number", {"array": name}) from None


def _matrix(name: str, given: ArrayLike | None, plan: Plan, units: tuple[str, ...]) -> FloatArray:
    """A closed copy with −0 and every nan in one form, so that equal inputs have equal bytes."""
    expected = (len(units), len(plan.indicators))
    if given is None:
        return frozen(np.full(expected, np.nan))
    array = _numeric(name, given) + 0.0
    if array.shape != expected:
        raise _shape_error(name, expected, array.shape)
    array[np.isnan(array)] = np.nan
    with np.errstate(invalid="ignore"):
        wild = np.abs(array) > LARGEST
    if wild.any():
        row, column = (int(index) for index in np.argwhere(wild)[0])
        raise cell_error(
            "not_finite",
            "must be a finite number below 1e100",
            array=name,
            unit=units[row],
            indicator=plan.indicators[column].code,
            value=float(array[row, column]),
        )
    return frozen(array)


def cell_error(code: str, text: str, *, array: str, unit: str, indicator: str, value: float) -> EngineError:
    """An error that names the unit and the indicator of one cell."""
    data: dict[str, Any] = {"array": array, "unit": unit, "indicator": indicator, "value": repr(value)}
    return EngineError(code, f"{array} of unit {unit!r}, indicator {indicator!r} {text}, not {value!r}", data)


def _ages(given: ArrayLike | None, plan: Plan, units: tuple[str, ...]) -> IntArray:
    expected = (len(units), len(plan.indicators))
    if given is None:
        return frozen(np.full(expected, UNKNOWN_AGE, dtype=np.int64))
    array = np.array(given, dtype=np.int64, order="C")
    if array.shape != expected:
        raise _shape_error("previous_age", expected, array.shape)
    return frozen(array)


def _labels(groups: Sequence[str] | None, units: tuple[str, ...]) -> tuple[str, ...] | None:
    if groups is None:
        return None
    labels = tuple(groups)
    if len(labels) != len(units):
        raise _shape_error("groups", (len(units),), (len(labels),))
    return labels


def _flags(vetoed: Sequence[bool] | None, units: tuple[str, ...]) -> BoolArray:
    flags = np.array(vetoed if vetoed is not None else [False] * len(units), dtype=np.bool_)
    if flags.shape != (len(units),):
        raise _shape_error("vetoed", (len(units),), flags.shape)
    return frozen(flags)


def digest(plan: Plan, inputs: Inputs) -> str:
    """SHA-256 (hex) over the plan and every input in a canonical form: the same inputs have the same digest.

    −0 counts as 0, all nan are one, integers equal floats, defaults are written out, and an array left out equals one
    of missing values. The order of units and indicators matters.
    """
    head = {"plan": plan.to_dict(), "units": inputs.units, "groups": inputs.groups}
    text = json.dumps(head, sort_keys=True, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    total = hashlib.sha256(text.encode())
    for name in ("values", "targets", "previous", "previous_age", "growth", "vetoed"):
        array = getattr(inputs, name)
        if array.dtype.kind == "f" and np.isnan(array).all():
            continue  # left out or all missing
        total.update(f"|{name}{array.shape}".encode())
        total.update(np.ascontiguousarray(array, dtype=array.dtype.newbyteorder("<")).tobytes())
    return total.hexdigest()
