"""How the outlook moved over the months, and the month in which it turned."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import Any

import numpy as np

from yiqi.engine.ground.arrays import FloatArray, IntArray, frozen
from yiqi.engine.ground.checks import row_of
from yiqi.engine.ground.errors import EngineError
from yiqi.engine.outlook.baselines import LEAST_DIFFERENCES
from yiqi.engine.outlook.chance import Progress
from yiqi.engine.outlook.contest import Contest, Forecasting
from yiqi.engine.outlook.months import month_name, year_end
from yiqi.engine.outlook.outlook import Outlook, outlooks, too_short
from yiqi.engine.outlook.panel import MonthlyPanel


@dataclass(frozen=True)
class Turn:
    """The last change of the likelier answer: ``month`` is the first month of the answer that has held since."""

    unit: str
    month: str
    likely: bool
    before: float
    after: float

    def sentence(self) -> str:
        """The turn in words."""
        way = "became likely" if self.likely else "ceased to be likely"
        return f"{self.unit}: turned in {self.month}: it {way} ({self.before:.0%} before, {self.after:.0%} then)"


@dataclass(frozen=True, eq=False)
class History:
    """Outlooks from one month after another. ``probability(places)`` (months, units): to end within the places."""

    outlooks: tuple[Outlook, ...]

    @property
    def months(self) -> tuple[str, ...]:
        """The months from which was looked ahead."""
        return tuple(one.origin for one in self.outlooks)

    @property
    def tier_probability(self) -> FloatArray:
        """Probability of the tier (months, units)."""
        return frozen(np.array([one.tier_probability for one in self.outlooks]))

    @property
    def likeliest_places(self) -> IntArray:
        """The likeliest place (months, units), 0 = none."""
        found = [[one.likeliest_place(unit) for unit in one.units] for one in self.outlooks]
        return frozen(np.array(found, dtype=np.int64))

    def probability(self, places: int) -> FloatArray:
        """Probability (months, units) to end on one of the first ``places``."""
        return frozen(np.array([one.place_probability[:, :places].sum(axis=1) for one in self.outlooks]))

    def turn(self, unit: str, places: int | None = None) -> Turn | None:
        """When the tier, or one of the first ``places``, became likely or ceased to be; None where it never did."""
        row = row_of(self.outlooks[0].units, unit)
        shares = self.tier_probability if places is None else self.probability(places)
        return turning(unit, self.months, shares[:, row])

    def turns(self, places: int | None = None) -> tuple[Turn, ...]:
        """The turns of all units that had one."""
        found = (self.turn(unit, places) for unit in self.outlooks[0].units)
        return tuple(one for one in found if one is not None)

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {"months": list(self.months), "outlooks": [one.to_dict() for one in self.outlooks]}


def turning(unit: str, months: Sequence[str], shares: FloatArray) -> Turn | None:
    """The last month (months,) in which a probability crossed one half; one half itself counts as likely.

    A share within 1e-12 of one half is one half: draws are counted, and their shares carry rounding of the last digit.
    """
    likely = np.asarray(shares) >= 0.5 - 1e-12
    changes = np.flatnonzero(likely[1:] != likely[:-1]) + 1
    if not len(changes):
        return None
    at = int(changes[-1])
    return Turn(unit, months[at], bool(likely[at]), float(shares[at - 1]), float(shares[at]))


def outlook_history(
    contest: Contest,
    panel: MonthlyPanel,
    how: Forecasting | None = None,
    *,
    months: Sequence[str] | None = None,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> History:
    """Outlooks from each of ``months`` (default: every month of the last year by which four were known).

    Each knows only what was known by then, the choice of methods too. Errors: those of ``outlook``,
    ``months_invalid`` (none, or not rising within one year).
    """
    chosen = list(months) if months is not None else _months_of_last_year(panel)
    if months is None and not chosen:
        raise too_short(month_name(panel.last))
    if not chosen or sorted(set(chosen)) != chosen or chosen[0][:4] != chosen[-1][:4]:
        text = f"months must rise within one year, each once, for example 2021-03 2021-04, not {chosen!r}"
        raise EngineError("months_invalid", text, {"months": chosen})
    return History(outlooks(contest, panel, chosen, how, executor=executor, progress=progress))


def _months_of_last_year(panel: MonthlyPanel) -> list[str]:
    january = year_end(panel.last) - 11
    return [month_name(month) for month in range(max(january, panel.first + LEAST_DIFFERENCES), panel.last + 1)]
