"""Two results side by side: what another plan, hierarchy or figure changes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from yiqi.engine.ground.arrays import FloatArray, frozen
from yiqi.engine.ground.errors import EngineError
from yiqi.engine.run.index import IndexResult


@dataclass(frozen=True, eq=False)
class ResultComparison:
    """``first``, ``second``, ``difference`` = first − second, ``absolute``: each (units,), nan where a unit has no
    value in one of them. ``only_first``, ``only_second``: units that stand in one only and are not compared."""

    units: tuple[str, ...]
    node: str
    what: str
    first: FloatArray
    second: FloatArray
    difference: FloatArray
    absolute: FloatArray
    only_first: tuple[str, ...]
    only_second: tuple[str, ...]


def compare(first: IndexResult, second: IndexResult, *, what: str = "ranks", node: str = "") -> ResultComparison:
    """Compare ``ranks`` or ``scores`` of ``node`` (the root of the first without it), units matched by code.

    Errors: ``unknown_option``, ``unknown_node``, ``no_common_units``.
    """
    if what not in ("ranks", "scores"):
        raise EngineError("unknown_option", f"what must be ranks or scores, not {what!r}", {"option": "what"})
    node = node or first.hierarchy.root
    for result in (first, second):
        if node not in result.nodes:
            raise EngineError("unknown_node", f"{node!r} is not an aggregate of both hierarchies", {"node": node})
    units = tuple(unit for unit in first.units if unit in set(second.units))
    if not units:
        raise EngineError("no_common_units", "the two results have no unit in common")
    one, other = _column(first, what, node, units), _column(second, what, node, units)
    difference = one - other
    return ResultComparison(
        units=units,
        node=node,
        what=what,
        first=frozen(one),
        second=frozen(other),
        difference=frozen(difference),
        absolute=frozen(np.abs(difference)),
        only_first=tuple(unit for unit in first.units if unit not in set(units)),
        only_second=tuple(unit for unit in second.units if unit not in set(units)),
    )


def _column(result: IndexResult, what: str, node: str, units: tuple[str, ...]) -> FloatArray:
    rows = {unit: row for row, unit in enumerate(result.units)}
    chosen = [rows[unit] for unit in units]
    column = result.nodes.index(node)
    if what == "scores":
        return np.array(result.scores[chosen, column])
    ranks = result.ranks[chosen, column].astype(np.float64)
    return np.where(ranks == 0, np.nan, ranks)
