"""分档: a share by the band that the value falls in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from yiqi.engine.scheme.methods.rule import Cells, Parameter, Part, Rule, Scored


class Bands(Rule):
    """Half-open bands, the lowest bound included; shares need not rise."""

    def score(self, cells: Cells) -> Scored:
        points = np.empty_like(cells.x)
        for column, part in enumerate(cells.parts):
            lowers = np.array([lower for lower, _ in part.params["bands"]])
            shares = np.array([part.params["below"], *(share for _, share in part.params["bands"])])
            points[:, column] = part.weight * shares[np.searchsorted(lowers, cells.x[:, column], side="right")]
        return cells.judged(np.where(np.isnan(cells.x), np.nan, points))

    def ways(self, part: Part) -> tuple[int, ...]:
        better = 1 if part.sign > 0 else -1
        return better, -better

    def landmarks(self, part: Part) -> Sequence[float | None]:
        return [lower for lower, _ in part.params["bands"]]

    def jumps(self, part: Part, target: float, tolerance: float) -> Iterable[float]:
        return [lower for lower, _ in part.params["bands"]]


BANDS = Bands(
    "bands",
    "W·share of the band [lower, next lower) that x falls in",
    (
        Parameter("bands", "[lower bound, share of W] pairs, bounds rising", required=True, kind="bands"),
        Parameter("below", "share below the lowest bound", 0.0, low=0.0, high=1.0),
    ),
)
