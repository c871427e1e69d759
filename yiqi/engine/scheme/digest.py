"""What a result rests on, as one number: the same digest gives the same arrays bit for bit.

−0 counts as 0, all nan are one, integers equal floats, defaults are written out. The order of units and columns
matters.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any

import numpy as np

from yiqi.engine.ground.spec import canonical
from yiqi.engine.scheme.dataset import Dataset
from yiqi.engine.scheme.hierarchy import Hierarchy
from yiqi.engine.scheme.index import IndexPlan
from yiqi.engine.scheme.plan import Plan


def appraisal_digest(plan: Plan, data: Dataset) -> str:
    """SHA-256 (hex) of an appraisal. An array left out equals one of missing values."""
    head = {"plan": plan.to_dict(), "units": data.units, "groups": data.peers}
    given = [
        (name, getattr(data, name)) for name in ("values", "targets", "previous", "previous_age", "growth", "vetoed")
    ]
    kept = [(name, array) for name, array in given if array.dtype.kind != "f" or not np.isnan(array).all()]
    return _digest(head, kept)


def index_digest(plan: IndexPlan, hierarchy: Hierarchy, data: Dataset) -> str:
    """SHA-256 (hex) of an index."""
    head = {
        "plan": plan.to_dict(),
        "nodes": [node.to_dict() for node in hierarchy.nodes],
        "units": data.units,
        "columns": data.columns,
        "groups": data.groups,
        "denominators": sorted(data.denominators),
    }
    arrays = (data.values, *(data.denominators[name] for name in sorted(data.denominators)))
    return _digest(head, (("", array) for array in arrays))


def _digest(head: dict[str, Any], arrays: Iterable[tuple[str, Any]]) -> str:
    total = hashlib.sha256(canonical(head))
    for name, array in arrays:
        total.update(f"|{name}{array.shape}".encode())
        if array.dtype.kind == "f":
            array = array + 0.0  # noqa: PLW2901
            array[np.isnan(array)] = np.nan
        total.update(np.ascontiguousarray(array, dtype=array.dtype.newbyteorder("<")).data)
    return total.hexdigest()
