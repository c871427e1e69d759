"""What ``catchup`` tells people: a line for each figure, and what the cheapest combination is known to cost."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from yiqi.engine.catchup import Combination, CombinedChange, IndexSituation, Reach, SingleChange
from yiqi.engine.catchup.decimals import outward
from yiqi.engine.console.files import cell

UNSEEN = "beyond every figure of the column now"
REASONS = {
    "not_reported": "there is no figure to start from",
    "no_room": "it stands at its bound",
    "without_effect": "it does not enter this score",
    "shape_not_modelled": "combinations need arithmetic means, min-max and no treatment of outliers",
    "weights_move": "cells come or go on the way",
}
HARMLESS = ("no_room", "without_effect")


@dataclass(frozen=True)
class Words:
    """``node``: the aggregate whose places are meant. ``floored``: indicators that a search keeps from 0 up because no
    unit has less and no bound was given."""

    situation: IndexSituation
    region: str
    node: str
    floored: Collection[str]

    def unit(self, code: str) -> str:
        """Code and name of a unit."""
        name = self.situation.data.names.get(code, "")
        return f"{code} ({name})" if name and name != code else code

    def indicator(self, code: str) -> str:
        """Name of an indicator, empty where it has none but its code."""
        name = self.situation.scheme.hierarchy.node(code).name
        return "" if name == code else name

    def lines(self, answers: Sequence[SingleChange], combined: Combination | None) -> Iterator[str]:
        """Everything about the wish."""
        if answers and all(answer.status == "already" for answer in answers):
            place = f"place {self.place} of {len(self.situation.result.units)}"
            yield f"{self.unit(self.region)}: the wish holds already, {place}"
            return
        wide = max((len(self.indicator(answer.lever.indicator)) for answer in answers), default=0)
        for answer in answers:
            code = answer.lever.indicator
            now = "—" if answer.current is None else _short(answer.current)
            yield f"{code:<8} {self.indicator(code):<{wide}} {now:>12}  {self.sentence(answer)}"
        if combined is not None:
            yield from self.cheapest(combined)

    def sentence(self, answer: SingleChange) -> str:
        """What one figure by itself does."""
        if answer.status == "already":
            return "the wish holds already"
        filled = "" if answer.reported or answer.current is None else "from the filled figure "
        needed = answer.needed
        if needed is None:
            return f"{filled}{self._cannot(answer)}"
        notes = ([UNSEEN] if answer.unseen else []) + ([] if answer.proved else ["a smaller change is not excluded"])
        value = cell(needed.value) if answer.level else _rounded(needed)
        told = f"{filled}to {value}: place {needed.place}, {self._others(answer)}"
        if answer.ahead is not None:
            told += f"; ahead from {_rounded(answer.ahead)}"
        return told + _noted(notes)

    def _others(self, answer: SingleChange) -> str:
        passed = ", ".join(map(self.unit, answer.passed))
        level = ", ".join(map(self.unit, answer.level))
        parts = [f"passes {passed}"] if passed else []
        parts += [f"draws level with {level}"] if level else []
        return ", ".join(parts) or "passes nobody"

    def _cannot(self, answer: SingleChange) -> str:
        best, proved = answer.best, answer.proved
        told = f"cannot by itself ({answer.reason})" if proved else f"not found by itself ({answer.reason}, not proved)"
        notes = [UNSEEN] if answer.unseen else []
        if self._floor_holds(answer):
            notes.append("not below 0 as no unit is; --free lifts that")
        if best is None or best.points is None or answer.reason in HARMLESS:
            return told + _noted(notes)
        if best.place is not None and (best.place < self.place or not self.place):
            return f"{told}: place {best.place} needs {_rounded(best)}{_noted(notes)}"
        place = "no place" if best.place is None else f"place {best.place}"
        return f"{told}: {place}, at most {best.points:.4f} points at {_rounded(best)}{_noted(notes)}"

    def _floor_holds(self, answer: SingleChange) -> bool:
        """Whether the search went down and was stopped at 0 by itself."""
        if answer.lever.indicator not in self.floored or answer.reason == "without_effect":
            return False
        if answer.reason == "no_room":
            return answer.current == 0.0
        return answer.best is not None and (answer.current is None or answer.best.value < answer.current)

    def cheapest(self, combined: Combination) -> Iterator[str]:
        """The combination, and what is known of cheaper ones."""
        left = [(lever.indicator, reason) for lever, reason in combined.left_out if reason not in HARMLESS]
        if combined.upper_only or combined.status == "open":
            why = "; ".join(dict.fromkeys(f"{reason}: {REASONS[reason]}" for _, reason in left))
            yield f"Cheapest: not worked out ({why or 'no answer in time'})"
        if combined.status == "cannot":
            yield "Cheapest: not within the bounds, whatever is combined"
        if combined.status != "enough":
            return
        for part in combined.parts:
            yield f"Cheapest: {self._part(part)}"
        level = f", at least level with {', '.join(map(self.unit, combined.level))}" if combined.level else ""
        yield f"Cheapest: cost {_up(combined.cost or 0.0)}, place {combined.place}{level}; {_claim(combined, left)}"

    def _part(self, part: CombinedChange) -> str:
        name = self.indicator(part.lever.indicator)
        value = part.value if part.rounded is None else part.rounded
        what = f"{part.lever.indicator} ({name})" if name else part.lever.indicator
        return f"{what} from {_short(part.current)} to {cell(value)}, cost {_up(part.cost)}"

    @property
    def place(self) -> int:
        """The region's place now, 0 without one."""
        result = self.situation.result
        return int(result.ranks[result.row(self.region), result.nodes.index(self.node)])


def _claim(combined: Combination, left: Sequence[tuple[str, str]]) -> str:
    if combined.upper_only:
        return "the best single figure, so combinations may cost less"
    bound = f"{outward(combined.certificate.bound, -1):.6g}"
    if not left:
        return f"nothing costs less than {bound}"
    out = ", ".join(f"{code} ({REASONS[reason]})" for code, reason in left)
    return f"nothing of those counted costs less than {bound}; not counted: {out}"


def _rounded(reach: Reach) -> str:
    return cell(reach.value if reach.rounded is None else reach.rounded)


def _noted(notes: Sequence[str]) -> str:
    return f" ({'; '.join(notes)})" if notes else ""


def _short(value: float) -> str:
    exact = cell(value)
    return exact if len(exact) <= 12 else f"{value:.6g}"


def _up(value: float) -> str:
    return f"{outward(value, 1):.6g}" if math.isfinite(value) else ""
