"""What a round is worked out from: the scheme, the counties, the figures in force on a day, and their targets."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from yiqi.appraisal.enums import Approval, Missing
from yiqi.appraisal.models import Block, Framework, Indicator, Observation, Target
from yiqi.appraisal.readers.periods import Period, period_of
from yiqi.core.models import Region
from yiqi.engine import AppraisalScheme, BlockSpec, Dataset, FloatArray, IndicatorSpec, IntArray

UNKNOWN_AGE = -1


@dataclass(frozen=True)
class Figure:
    """A figure in force: its record, its period and its value."""

    pk: int
    period: Period
    value: float


@dataclass(frozen=True, eq=False)
class RoundInput:
    """The input of a round: matrices shaped (regions, indicators) with nan for missing, and the records behind them."""

    regions: Sequence[Region]
    indicators: Sequence[Indicator]
    values: FloatArray
    targets: FloatArray
    previous: FloatArray
    previous_age: IntArray
    observations: dict[tuple[str, int], int]
    target_records: dict[tuple[str, int], int]

    @property
    def data(self) -> Dataset:
        """The matrices as the engine takes them; EngineError for what is no figure."""
        return Dataset(
            tuple(region.code for region in self.regions),
            tuple(indicator.code for indicator in self.indicators),
            self.values,
            targets=self.targets,
            previous=self.previous,
            previous_age=self.previous_age,
        )


def scheme_of(framework: Framework, blocks: Sequence[Block], indicators: Sequence[Indicator]) -> AppraisalScheme:
    """The engine's scheme of a framework; EngineError when it does not hold together."""
    codes = {block.pk: block.code for block in blocks}
    return AppraisalScheme(
        blocks=tuple(BlockSpec(block.code, float(block.points), block.coverage, block.name) for block in blocks),
        indicators=tuple(_spec(indicator, codes[indicator.block_id]) for indicator in indicators),
        missing=framework.missing,
        ties=framework.ties,
        tolerance=framework.tolerance,
        tie_breakers=tuple(framework.tie_breakers),
        places=framework.places,
        rank_rounded=framework.rank_rounded,
        zero_range=framework.zero_range,
        tier_size=framework.tier_size,
    )


def _spec(indicator: Indicator, block: str) -> IndicatorSpec:
    return IndicatorSpec(
        code=indicator.code,
        block=block,
        points=float(indicator.points),
        direction=indicator.direction,
        rule=indicator.rule,
        params=indicator.params,
        missing=indicator.missing or None,
        veto=indicator.veto,
        name=indicator.name,
        veto_limit=indicator.veto_limit,
    )


def read_input(
    framework: Framework, regions: Sequence[Region], indicators: Sequence[Indicator], *, period: Period, as_of: date
) -> RoundInput:
    """Figures approved by ``as_of`` and targets, as arrays; two statements.

    A figure that comes out by the quarter stands until the next one: at the end of August that of June is in force.
    Older ones are handed on as previous values, and only where the policy asks to carry them, so that nothing else
    depends on them.
    """
    shape = (len(regions), len(indicators))
    values, previous = np.full(shape, np.nan), np.full(shape, np.nan)
    ages = np.full(shape, UNKNOWN_AGE, dtype=np.int64)
    figures = _figures(framework, period, as_of)
    records: dict[tuple[str, int], int] = {}
    for column, indicator in enumerate(indicators):
        oldest = period.last_published(indicator.frequency)
        carries = (indicator.missing or framework.missing) == Missing.CARRY
        for row, region in enumerate(regions):
            figure = figures.get((region.code, indicator.pk))
            if figure is None or not (carries or figure.period >= oldest):
                continue
            records[region.code, indicator.pk] = figure.pk
            if figure.period >= oldest:
                values[row, column] = figure.value
            else:
                previous[row, column] = figure.value
                ages[row, column] = period.months_since(figure.period)
    targets, target_records = _targets(framework, regions, indicators, period)
    return RoundInput(
        regions=regions,
        indicators=indicators,
        values=values,
        targets=targets,
        previous=previous,
        previous_age=ages,
        observations=records,
        target_records=target_records,
    )


def _figures(framework: Framework, period: Period, as_of: date) -> dict[tuple[str, int], Figure]:
    """The newest figure of each county and indicator not after the period: the last revision approved by ``as_of``."""
    rows = (
        Observation.objects.filter(
            indicator__framework=framework,
            approval=Approval.APPROVED,
            approved_on__lte=as_of,
            period__lte=str(period),
            period__gte=str(Period(period.year - 1, 12)),
        )
        .order_by("period", "revision")
        .values_list("region_id", "indicator_id", "period", "pk", "value")
    )
    newest: dict[tuple[str, int], Figure] = {}
    for region, indicator, text, pk, value in rows.iterator(chunk_size=2000):
        if value is not None:
            newest[region, indicator] = Figure(pk, period_of(text), float(value))
        elif (known := newest.get((region, indicator))) and str(known.period) == text:
            del newest[region, indicator]  # a later revision took the figure back
    return newest


def _targets(
    framework: Framework, regions: Sequence[Region], indicators: Sequence[Indicator], period: Period
) -> tuple[FloatArray, dict[tuple[str, int], int]]:
    """The target suggested for the period, else that of the year."""
    rows = Target.objects.filter(indicator__framework=framework, period__in=(str(period), str(period.year)))
    chosen: dict[tuple[str, int], tuple[int, float]] = {}
    for region_code, indicator_pk, pk, value in rows.order_by("period").values_list(
        "region_id", "indicator_id", "pk", "value"
    ):
        chosen[region_code, indicator_pk] = (pk, float(value))
    nothing = (0, math.nan)
    numbers = [[chosen.get((region.code, indicator.pk), nothing)[1] for indicator in indicators] for region in regions]
    shape = (len(regions), len(indicators))
    return np.array(numbers, dtype=np.float64).reshape(shape), {key: pk for key, (pk, _value) in chosen.items()}
