"""Where the outcome of a moving figure of an appraisal can jump or bend: in between every score rises or falls.

It jumps at the figures of the others and the tie tolerance on both sides of each (ranks, best, worst, zero range,
tie-breakers), lower bounds of bands, targets met, veto limits, and the values at which a group mean that the figure
takes part in reaches any of these. Each is widened by a few doubles on both sides, which are then tried one by one.
It bends where a share is cut off at its cap or floor, for the unit and, moved by it, for others.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from functools import cached_property

from yiqi.engine.catchup.doubles import double, ordinal
from yiqi.engine.catchup.trial import AppraisalTrial
from yiqi.engine.ground.checks import LARGEST


class AppraisalMover(AppraisalTrial):
    """A trial that knows where its points jump and bend."""

    def thresholds(self) -> list[float]:
        """Values near which something jumps or bends, in no order."""
        found = [*self._jumps(self.row), 0.0, *self._of_others()]
        if self.lever.array == "values" and self.spec.veto_limit is not None:
            found += self._beside(self.spec.veto_limit)
        for row in self.imputed.tolist():
            found += self._of_means(row)
        return _usable(found)

    def bends(self) -> list[float]:
        """Values at which a share reaches a cap or a floor, in no order, to the rounding of the formula."""
        found = [*self._bends(self.row)]
        if self._known and self.part.rule.compares(self.part):
            found += self.part.rule.bends_among(self.part, self._known)
        count, others = len(self._known) + 1, math.fsum(self._known)
        for row in self.imputed.tolist():  # the mean m = (S + x)/n reaches the level at x = n·m − S
            found += [count * level - others for level in self._bends(row)]
        return _usable(found)

    def pole(self, value: float) -> float | None:
        """The pole of the hyperbola that points follow around a value; None where they are straight.

        Best or worst of the group under a quotient of it: the other end.
        """
        part = self.part
        if not part.rule.quotient(part):
            return part.rule.pole(part)
        worth = [known * part.sign for known in self._known]
        if not worth:
            return None
        own = value * part.sign
        if own > max(worth):
            return min(worth) * part.sign
        return max(worth) * part.sign if own < min(worth) else None

    @cached_property
    def _known(self) -> list[float]:
        """Figures of the others in the group that are not means."""
        rows = [row for row in self.group.tolist() if row != self.row and row not in self.imputed.tolist()]
        return [float(self.figures[row]) for row in rows if not math.isnan(self.figures[row])]

    def _target(self, row: int) -> float:
        return float(self.situation.data.targets[row, self.column])

    def _jumps(self, row: int) -> Iterable[float]:
        return self.part.rule.jumps(self.part, self._target(row), self.scheme.tolerance)

    def _bends(self, row: int) -> Iterable[float]:
        """Of a rule that looks at one figure only."""
        return self.part.rule.bends(self.part, self._target(row))

    def _beside(self, value: float) -> tuple[float, float, float]:
        return value - self.scheme.tolerance, value, value + self.scheme.tolerance

    def _of_others(self) -> Iterator[float]:
        """Figures that the lever is compared with, inside its group or as a tie-breaker among the members."""
        rows: set[int] = set()
        if self.part.rule.compares(self.part):
            rows |= set(self.group.tolist())
        if self.breaker is not None:
            rows |= set(self.members.tolist())
        rows -= {self.row, *self.imputed.tolist()}
        for value in sorted({float(self.figures[row]) for row in rows}):
            if not math.isnan(value):
                yield from self._beside(value)

    def _of_means(self, row: int) -> list[float]:
        """Values at which a mean passes a level of its own, a figure of the others, or the lever itself."""
        total, count = math.fsum(self._known), len(self._known) + 1
        found = [self._inverse(level) for level in {*self._jumps(row), *self._of_others()}]
        if count > 1:
            for gap in (-self.scheme.tolerance, 0.0, self.scheme.tolerance):  # x − (x + S)/n = gap
                crossing = (gap * count + total) / (count - 1)
                found += [double(ordinal(crossing) + step) for step in range(-16, 17)]
        return found

    def _inverse(self, level: float) -> float:
        """The first double at which the mean reaches the level: the rounded mean never falls, so halving finds it."""
        below, above = ordinal(-LARGEST), ordinal(LARGEST)
        while above - below > 1:
            middle = (below + above) // 2
            if math.fsum((*self._known, double(middle))) / (len(self._known) + 1) >= level:
                above = middle
            else:
                below = middle
        return double(above)


def _usable(found: Iterable[float]) -> list[float]:
    return [value for value in found if math.isfinite(value) and abs(value) <= LARGEST]
