"""Bringing indicators to a common scale, each by its own method of ``scheme.methods``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from yiqi.engine.ground.arrays import FloatArray, ends
from yiqi.engine.ground.checks import label
from yiqi.engine.ground.errors import EngineError
from yiqi.engine.scheme.methods import SCALES
from yiqi.engine.scheme.methods.scale import Columns
from yiqi.engine.scheme.steps import NormaliseSpec


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
    found: FloatArray | None = None
    names = columns or [label((), number, "column") for number in range(count)]
    for own, part in _by_spec(spec, columns, count):
        codes = names if isinstance(part, slice) else [names[number] for number in part]
        seen = Columns(
            given[:, part], signs[part], aims[part], units, codes, low[part], high[part], own.params, own.zero_range
        )
        converted = SCALES[own.method].convert(seen)
        if isinstance(part, slice):
            return converted
        found = np.empty(given.shape) if found is None else found
        found[:, part] = converted
    return np.empty(given.shape) if found is None else found


def _by_spec(spec: NormaliseSpec, columns: Sequence[str], count: int) -> list[tuple[NormaliseSpec, Any]]:
    """Specifications with the columns they hold for, a slice where it is one for all."""
    if not spec.by_indicator:
        return [(spec, slice(None))]
    places = {code: number for number, code in enumerate(columns)}
    for code in spec.by_indicator:
        if code not in places:
            text = f"normalise: by_indicator names {code!r}, which is not an indicator"
            raise EngineError("unknown_indicator", text, {"indicator": code})
    own = {places[code]: single for code, single in spec.by_indicator.items()}
    rest = np.array([number for number in range(count) if number not in own], dtype=np.int64)
    found: list[tuple[NormaliseSpec, Any]] = [(spec, rest)] if len(rest) else []
    return found + [(single, np.array([number])) for number, single in own.items()]
