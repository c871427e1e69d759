"""What a result rests on, as one number: the same digest gives the same arrays bit for bit.

−0 counts as 0, all nan are one, integers equal floats, defaults are written out. The order of units and columns
matters. Rounds and documents that were published long ago bear these digests, so what is summed up stays to the byte.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any

import numpy as np

from yiqi.engine.ground.spec import canonical
from yiqi.engine.scheme.dataset import TABLES, Dataset
from yiqi.engine.scheme.index import IndexScheme
from yiqi.engine.scheme.scheme import Scheme


def digest_of(scheme: Scheme, data: Dataset) -> str:
    """SHA-256 (hex) of a scheme and the figures that it is applied to."""
    head, arrays = (_of_index if isinstance(scheme, IndexScheme) else _of_appraisal)(scheme, data)
    total = hashlib.sha256(canonical(head))
    for name, array in arrays:
        total.update(f"|{name}{array.shape}".encode())
        if array.dtype.kind == "f":
            array = array + 0.0  # noqa: PLW2901 - the same array without negative zeros
            array[np.isnan(array)] = np.nan
        total.update(np.ascontiguousarray(array, dtype=array.dtype.newbyteorder("<")).data)
    return total.hexdigest()


Summed = tuple[dict[str, Any], Iterable[tuple[str, Any]]]


def _of_appraisal(scheme: Scheme, data: Dataset) -> Summed:
    """An array left out equals one of missing values."""
    given = [(name, getattr(data, name)) for name in (*TABLES, "vetoed")]
    kept = [(name, array) for name, array in given if array.dtype.kind != "f" or not np.isnan(array).all()]
    return {"plan": scheme.to_dict(), "units": data.units, "groups": data.peers}, kept


def _of_index(scheme: Scheme, data: Dataset) -> Summed:
    names = sorted(data.denominators)
    beside = {"units": data.units, "columns": data.columns, "groups": data.groups, "denominators": names}
    arrays = (data.values, *(data.denominators[name] for name in names))
    return scheme.to_dict() | beside, (("", array) for array in arrays)
