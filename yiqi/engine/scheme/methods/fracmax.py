"""A fraction of the best value."""

from __future__ import annotations

import numpy as np

from yiqi.engine.ground.arrays import FloatArray
from yiqi.engine.ground.errors import EngineError
from yiqi.engine.scheme.methods.scale import Columns, Scale


class FractionOfMax(Scale):
    """Without meaning where the best value is 0."""

    def convert(self, columns: Columns) -> FloatArray:
        none = columns.best == 0
        if none.any() and columns.zero_range != "missing":
            code = columns.codes[int(np.flatnonzero(none)[0])]
            text = f"indicator {code!r}: its best value is 0, a fraction of it has no meaning; choose another method"
            raise EngineError("maximum_zero", text, {"indicator": code})
        return np.asarray(columns.z / np.where(none, np.nan, columns.best))


FRACTION_OF_MAX = FractionOfMax("fracmax", "z/max z", fraction=True)
