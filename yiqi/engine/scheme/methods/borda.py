"""The number of units below."""

from __future__ import annotations

from yiqi.engine.ground.arrays import FloatArray
from yiqi.engine.scheme.methods.rank import TIES, Rank
from yiqi.engine.scheme.methods.scale import Columns


class Borda(Rank):
    """The place less one."""

    def convert(self, columns: Columns) -> FloatArray:
        return super().convert(columns) - 1


BORDA = Borda("borda", "place of z − 1", {"ties": "min"}, TIES, steady=True, ranked=True)
