"""The pipeline: denominate, impute, screen, treat, normalise, aggregate, each step checked and recorded."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from yiqi.engine.ground.arrays import FloatArray, ends, flat_columns, frozen
from yiqi.engine.ground.errors import EngineError
from yiqi.engine.ground.notice import Notice
from yiqi.engine.run.aggregate import aggregate, groups_of
from yiqi.engine.run.impute import impute, impute_notices
from yiqi.engine.run.index import IndexResult
from yiqi.engine.run.normalise import normalise
from yiqi.engine.run.screen import Screened, check_finite, denominate, screen
from yiqi.engine.run.treat import Treated, treat
from yiqi.engine.scheme.dataset import Dataset
from yiqi.engine.scheme.hierarchy import Hierarchy
from yiqi.engine.scheme.index import IndexPlan
from yiqi.engine.scheme.methods import SCALES


@dataclass(eq=False)
class _Run:
    """What a run has so far. ``rows``: numbers of the units that stay, in the data."""

    plan: IndexPlan
    hierarchy: Hierarchy
    data: Dataset
    units: tuple[str, ...]
    told: Callable[[str], object] | None = None
    steps: dict[str, FloatArray] = field(default_factory=dict)
    warnings: list[Notice] = field(default_factory=list)
    screened: Screened | None = None
    treated: Treated | None = None

    def record(self, name: str, values: FloatArray) -> FloatArray:
        self.steps[name] = frozen(values)
        if self.told is not None:
            self.told(name)
        return values


def build(
    plan: IndexPlan, hierarchy: Hierarchy, data: Dataset, *, told: Callable[[str], object] | None = None
) -> IndexResult:
    """Build an index. The data may hold more columns than the hierarchy has indicators; those do not count.

    ``told`` is called with the name of each step when it is done, for a bar of progress.

    Errors (``EngineError``), each with its place and what to do: ``unknown_indicator`` (no column for it), ``one_unit``
    (less than two units), ``all_missing`` (an indicator without any value), ``no_variance`` (nothing varies at all, or
    by ``zero_range``), ``unknown_group``, ``unknown_denominator``, ``denominator_zero``, ``weights_sum_zero``,
    ``not_positive`` (a geometric, harmonic or general mean), and those of ``impute``, ``treat`` and ``normalise``.
    """
    specs = plan.specs(hierarchy)
    if len(data.units) < 2:
        text = f"only {data.units[0]!r} is there: an index compares units, give at least two; add the rows of others"
        raise EngineError("one_unit", text, {"units": list(data.units)})
    run = _Run(plan, hierarchy, data, data.units, told)
    values = run.record("raw", data.selected(hierarchy.indicators))
    if plan.denominate:
        divided = denominate(values, hierarchy, data)
        values = values if divided is values else run.record("denominated", divided)
    values = _imputed(run, values)
    values = _screened(run, values)
    _check_observations(run, values)
    values = _treated(run, values)
    _check_variance(run, values)
    normalised = run.record("normalised", _normalised(run, values))
    try:
        scores = aggregate(
            hierarchy,
            normalised,
            specs,
            groups=groups_of(hierarchy),
            zero_weights=plan.zero_weights,
            mirror=plan.normalise.mirror,
            tolerance=plan.tolerance,
        )
    except EngineError as error:
        raise _with_unit(error, run.units) from None
    run.record("scores", scores)
    return IndexResult(
        plan=plan,
        hierarchy=hierarchy,
        data=data,
        units=run.units,
        scores=scores,
        steps=run.steps,
        screened=run.screened,
        treated=run.treated,
        noted=tuple(run.warnings),
        mirror=plan.normalise.mirror,
    )


def _with_unit(error: EngineError, units: Sequence[str]) -> EngineError:
    """The kernel knows rows; a reader wants the unit."""
    if "row" not in error.data:
        return error
    unit = units[error.data["row"]]
    data: dict[str, Any] = {**error.data, "unit": unit}
    text = f"unit {unit!r}: {error.message}; choose a scale above 0 (such as min-max 1..100) or an arithmetic mean"
    return EngineError(error.code, text, data)


def _imputed(run: _Run, values: FloatArray) -> FloatArray:
    spec = run.plan.impute
    if spec is None:
        return values
    hierarchy, indicators = run.hierarchy, run.hierarchy.indicators
    filled = impute(
        values,
        spec,
        groups=run.data.group(spec.group) if spec.group else None,
        directions=[float(hierarchy.node(code).direction) for code in indicators],
        families=families_of(hierarchy, spec.within),
        units=run.units,
        columns=indicators,
    )
    run.warnings += impute_notices(values, filled, spec, run.units, indicators)
    return run.record("imputed", filled)


def families_of(hierarchy: Hierarchy, within: str | int | None) -> list[str] | None:
    """The aggregate of level ``within`` above each indicator (the nearest one not below it); None = one family."""
    if within is None:
        return None
    if isinstance(within, bool) or not str(within).isdigit() or not 2 <= int(within) <= len(hierarchy.levels):
        text = f"impute: within must be a level from 2 to {len(hierarchy.levels)}, not {within!r}"
        raise EngineError("option_invalid", text, {"option": "within", "value": repr(within)})
    level = int(within)
    paths = (hierarchy.path(code) for code in hierarchy.indicators)
    return [next(above for above in path if hierarchy.level(above) >= level) for path in paths]


def _screened(run: _Run, values: FloatArray) -> FloatArray:
    if run.plan.screen is None:
        return values
    run.screened = screen(values, run.plan.screen, run.units)
    stay = np.flatnonzero(run.screened.included)
    if len(stay) == len(values):
        return values
    gone = [run.units[row] for row in np.flatnonzero(~run.screened.included)]
    text = f"left out for thin data: {', '.join(gone[:3])}" + (f" and {len(gone) - 3} more" if len(gone) > 3 else "")
    run.warnings.append(Notice("units_screened", text, data={"units": gone}))
    if not len(stay):
        raise EngineError(
            "no_units", "no unit has enough data to stay; lower the shares of the screen", {"units": gone}
        )
    run.units = tuple(run.units[row] for row in stay)
    return run.record("screened", values[stay])


def _check_observations(run: _Run, values: FloatArray) -> None:
    if len(values) < 2:
        remedy = "complete the figures of others, or lower the shares of the screen"
        text = f"only {run.units[0]!r} is left: an index compares units; {remedy}"
        raise EngineError("one_unit", text, {"units": list(run.units)})
    first = values[0]
    for column in np.flatnonzero(np.isnan(first)):
        if np.isnan(values[:, column]).all():
            code = run.hierarchy.indicators[column]
            text = f"indicator {code!r} has no value of any unit; remove it from the hierarchy"
            raise EngineError("all_missing", text, {"indicator": code})


def _check_variance(run: _Run, values: FloatArray) -> None:
    """One column without variance is a matter of policy; if none varies there is nothing to compare."""
    if flat_columns(*ends(values[:, :1]))[0] and flat_columns(*ends(values)).all():
        text = "no indicator varies: every unit has the same values, there is nothing to rank"
        raise EngineError("no_variance", text, {"indicators": list(run.hierarchy.indicators)})


def _treated(run: _Run, values: FloatArray) -> FloatArray:
    if run.plan.treat is None:
        return values
    run.treated = treat(values, run.plan.treat, units=run.units, columns=run.hierarchy.indicators)
    run.warnings += run.treated.warnings
    return run.record("treated", run.treated.values)


def _normalised(run: _Run, values: FloatArray) -> FloatArray:
    nodes = [run.hierarchy.node(code) for code in run.hierarchy.indicators]
    found = normalise(
        values,
        run.plan.normalise,
        directions=[float(node.direction) for node in nodes],
        targets=[np.nan if node.target is None else node.target for node in nodes],
        units=run.units,
        columns=run.hierarchy.indicators,
    )
    if run.plan.normalise.by_indicator or not SCALES[run.plan.normalise.method].bounded:
        check_finite(found, run.units, run.hierarchy.indicators, "normalised")
    return found
