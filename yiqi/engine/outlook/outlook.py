"""The outlook: monthly series forecast to the year's end and pushed through the rules of the appraisal."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from yiqi.engine.ground.arrays import BoolArray, FloatArray, IntArray, frozen
from yiqi.engine.ground.checks import row_of
from yiqi.engine.ground.errors import EngineError
from yiqi.engine.ground.notice import Notice
from yiqi.engine.ground.plain import optional
from yiqi.engine.outlook.chance import Progress, check_memory, spread
from yiqi.engine.outlook.choosing import Choice
from yiqi.engine.outlook.contest import Contest, Forecasting, digest
from yiqi.engine.outlook.drawing import Drawn, Draws
from yiqi.engine.outlook.months import month_name, month_number, year_end
from yiqi.engine.outlook.panel import MonthlyPanel
from yiqi.engine.outlook.push import BLOCK, Pushed, joined, place_probabilities, push
from yiqi.engine.outlook.scores import interval
from yiqi.engine.scheme.appraisal import AppraisalScheme
from yiqi.engine.scheme.dataset import Dataset


@dataclass(frozen=True, eq=False)
class Outlook:
    """What the year's end looks like from the month ``origin``. (u, i) = (units, indicators of the scheme).

    - ``year_end`` (draws, u, i): drawn year-end values, nan where there is nothing to go by.
    - ``used`` (u, i): the method behind each cell: one of the methods, ``known`` (the year is over), ``fixed``, or "".
    - ``choices``: which method speaks for each indicator, and why; ``sentences`` says it in words.
    - ``scores`` (draws, u): totals, or points of the contest's block, nan without; ``places`` and ``group_places`` (in
      the ranking group) (draws, u), 0 = none; ``in_tier`` (draws, u).
    - ``place_probability``, ``group_place_probability`` (u, u): column 0 is the first place; ``tier_probability`` (u,).
    - ``digest``: SHA-256 of panel, scheme and settings; the same digest gives the same numbers bit for bit.
    """

    scheme: AppraisalScheme
    units: tuple[str, ...]
    origin: str
    end: str
    how: Forecasting
    year_end: FloatArray
    used: tuple[tuple[str, ...], ...]
    choices: tuple[Choice, ...]
    scores: FloatArray
    places: IntArray
    group_places: IntArray
    in_tier: BoolArray
    place_probability: FloatArray
    group_place_probability: FloatArray
    tier_probability: FloatArray
    warnings: tuple[Notice, ...]
    digest: str

    def interval(self, unit: str, indicator: str, level: float) -> tuple[float, float]:
        """Ends of the central interval that holds ``level`` of the drawn year-end values."""
        drawn = self.year_end[:, row_of(self.units, unit), self.scheme.column(indicator)]
        low, high = interval(drawn, level)
        return float(low), float(high)

    def reaches(self, unit: str, indicator: str, target: float) -> float:
        """Probability that the year-end value meets ``target``; nan where nothing is drawn."""
        column = self.scheme.column(indicator)
        drawn, sign = self.year_end[:, row_of(self.units, unit), column], self.scheme.indicators[column].sign
        if np.isnan(drawn).any():
            return float("nan")
        return float((sign * (drawn - target) >= -self.scheme.tolerance).mean())

    def likeliest_place(self, unit: str) -> int:
        """The place with the highest probability, the better one of equals; 0 where no place at all is likelier."""
        shares = self.place_probability[row_of(self.units, unit)]
        none = 1 - float(shares.sum())
        return 0 if none > shares.max() + 1e-12 else int(np.argmax(shares)) + 1

    @property
    def sentences(self) -> tuple[str, ...]:
        """Which method was chosen for each indicator, in words."""
        return tuple(choice.sentence() for choice in self.choices)

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values, without the draws: intervals of every cell and probabilities of every unit."""
        ends = {str(level): [part.T.tolist() for part in interval(self.year_end, level)] for level in self.how.levels}
        cells = {
            spec.code: {
                unit: {
                    "method": self.used[row][column],
                    "median": optional(np.median(self.year_end[:, row, column])),
                    "intervals": {
                        level: [optional(part[column][row]) for part in pair] for level, pair in ends.items()
                    },
                }
                for row, unit in enumerate(self.units)
            }
            for column, spec in enumerate(self.scheme.indicators)
        }
        return {
            "origin": self.origin, "end": self.end, "how": self.how.to_dict(), "digest": self.digest,
            "choices": [choice.to_dict() for choice in self.choices], "values": cells,
            "place_probability": dict(zip(self.units, self.place_probability.tolist(), strict=True)),
            "group_place_probability": dict(zip(self.units, self.group_place_probability.tolist(), strict=True)),
            "tier_probability": dict(zip(self.units, self.tier_probability.tolist(), strict=True)),
            "warnings": [one.told("code", "message", "data") for one in self.warnings],
        }  # fmt: skip


def outlook(
    contest: Contest,
    panel: MonthlyPanel,
    how: Forecasting | None = None,
    *,
    origin: str | None = None,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> Outlook:
    """The outlook from the month ``origin`` (default: the last month with a figure).

    For each indicator the methods are compared at past months, pooled over the units, by CRPS scaled by the usual
    monthly change; a model that does not beat the best baseline gives way to it. Series are drawn independently of one
    another. Same numbers with any ``executor``.

    Errors: those of ``Contest``, ``period_unknown``, ``period_outside``, ``too_many_draws``, ``no_series`` (no
    indicator of the scheme is in the panel), ``workers_lost`` and those of ``run``.
    """
    month = origin if origin is not None else month_name(panel.last)
    return outlooks(contest, panel, [month], how, executor=executor, progress=progress)[0]


def outlooks(
    contest: Contest,
    panel: MonthlyPanel,
    origins: Sequence[str],
    how: Forecasting | None = None,
    *,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> tuple[Outlook, ...]:
    """The outlooks from several months, each knowing only what was known by then. See ``outlook``."""
    settings = how or Forecasting()
    months = [month_number(origin) for origin in origins]
    for month in months:
        panel.until(month_name(month))  # refuses a month before the first
    columns = contest.needed(panel)
    if not columns:
        raise EngineError("no_series", "no indicator of the plan is in the panel; name its columns by the plan's codes")
    chosen = panel.only(columns)
    check_memory(settings.draws, chosen.values[0].size * len(settings.methods) * max(len(months), 1))
    drawing = Draws.of(chosen, months, settings, executor, progress)
    return tuple(
        _outlook(contest, panel, settings, month, drawing.at(place), executor) for place, month in enumerate(months)
    )


def _outlook(
    contest: Contest, panel: MonthlyPanel, how: Forecasting, month: int, drawn: Drawn, executor: Executor | None
) -> Outlook:
    scheme, units = contest.scheme, panel.units
    if not any(map(any, drawn.used)):
        raise too_short(month_name(month))
    values, used = _assemble(contest, panel, how, drawn)
    growth = _growth(contest, drawn, values.shape)
    pushed = _push_all(contest, units, values, growth, executor)
    name = month_name(month)
    return Outlook(
        scheme=scheme,
        units=units,
        origin=name,
        end=month_name(year_end(month)),
        how=how,
        year_end=frozen(values),
        used=used,
        choices=drawn.choices,
        scores=frozen(pushed.scores),
        places=frozen(pushed.places),
        group_places=frozen(pushed.group_places),
        in_tier=frozen(pushed.in_tier),
        place_probability=frozen(place_probabilities(pushed.places, len(units))),
        group_place_probability=frozen(place_probabilities(pushed.group_places, len(units))),
        tier_probability=frozen(pushed.in_tier.mean(axis=0)),
        warnings=(*panel.notices(), *drawn.warnings, *_absent(contest, panel)),
        digest=digest(contest, panel.until(name), how, name),
    )


def too_short(period: str) -> EngineError:
    """No series is long enough for any method."""
    text = f"by {period} no series is long enough for a forecast; four months are the least, twelve and more are better"
    return EngineError("too_short", text, {"period": period})


def _assemble(
    contest: Contest, panel: MonthlyPanel, how: Forecasting, drawn: Drawn
) -> tuple[FloatArray, tuple[tuple[str, ...], ...]]:
    """Year-end values (draws, units, indicators) within their bounds, and the method behind each cell."""
    constant = contest.constants(panel.units)
    values = np.repeat(constant[None], how.draws, axis=0)
    used = [["" if np.isnan(cell) else "fixed" for cell in row] for row in constant]
    low, high = contest.limits()
    for column, spec in enumerate(contest.scheme.indicators):
        if spec.code in drawn.columns and spec.code not in contest.fixed:
            place = drawn.columns.index(spec.code)
            values[:, :, column] = np.clip(drawn.year_end[:, :, place], low[column], high[column])
            for row, names in enumerate(drawn.used):
                used[row][column] = names[place]
    return values, tuple(tuple(row) for row in used)


def _growth(contest: Contest, drawn: Drawn, shape: tuple[int, ...]) -> FloatArray | None:
    if not contest.growth:
        return None
    growth = np.full(shape, np.nan)
    for code, column in contest.growth.items():
        growth[:, :, contest.scheme.column(code)] = drawn.year_end[:, :, drawn.columns.index(column)]
    return growth


def _push_all(
    contest: Contest, units: tuple[str, ...], values: FloatArray, growth: FloatArray | None, executor: Executor | None
) -> Pushed:
    cuts = [slice(at, at + BLOCK) for at in range(0, len(values), BLOCK)]
    work = partial(_push_one, contest.scheme, contest.data(units), contest.block)
    return joined(spread(work, [(values[cut], None if growth is None else growth[cut]) for cut in cuts], executor))


def _push_one(
    scheme: AppraisalScheme, still: Dataset, block: str | None, drawn: tuple[FloatArray, FloatArray | None]
) -> Pushed:
    return push(scheme, still, *drawn, block)


def _absent(contest: Contest, panel: MonthlyPanel) -> list[Notice]:
    """Indicators of the scheme that nothing is known of: they have no value at the year's end."""
    known = {*panel.indicators, *contest.fixed}
    return [
        Notice("no_series", f"{spec.code}: no monthly series and no fixed value; without a value", spec.code)
        for spec in contest.scheme.indicators
        if spec.code not in known and not spec.part.rule.extra
    ]
