"""What a reader of an index must be told, in a fixed order: data, indicators, units, aggregates, weights."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np

from yiqi.engine.ground.arrays import FloatArray, ends, flat_columns
from yiqi.engine.ground.checks import some
from yiqi.engine.ground.notice import Notice
from yiqi.engine.run.index import IndexResult
from yiqi.engine.scheme.methods import SCALES
from yiqi.engine.study.weights import weight_facts, weight_notices

FEW_UNITS: Final = 10  # below, one unit moves every minimum, mean and place
THIN: Final = 2 / 3  # share of indicators with a value of its own that a unit should have
STEPS: Final = ("raw", "denominated", "imputed", "screened", "treated")


def index_notices(result: IndexResult) -> Iterator[Notice]:
    """In a fixed order: of the steps, of the result, of the weights."""
    facts = weight_facts(result.hierarchy, result.normalised, result.scores, result.scheme.steps.zero_weights)
    yield from result.noted
    yield from _of_result(result)
    yield from weight_notices(facts, len(result.units), fewest=0)


def _of_result(result: IndexResult) -> Iterator[Notice]:
    """The notes of the data, ``unused_columns``, ``few_units``, ``group_missing``, ``denominator_negative``,
    ``denominator_missing``, ``series_break``, ``constant_column``, ``column_lost``, ``cells_lost``, ``scale_reversed``,
    ``thin_coverage``, ``group_without_weight``, ``no_score``."""
    yield from _of_data(result)
    yield from _of_denominators(result)
    yield from _of_breaks(result)
    yield from _of_columns(result)
    yield from _of_units(result)
    yield from _of_aggregates(result)


def _of_data(result: IndexResult) -> Iterator[Notice]:
    yield from result.data.notes
    unused = [code for code in result.data.columns if code not in set(result.hierarchy.indicators)]
    if unused:
        text = f"columns that are not in the hierarchy do not count: {some(unused)}"
        yield Notice("unused_columns", text, data={"columns": unused})
    if len(result.units) < FEW_UNITS:
        text = f"only {len(result.units)} units: each of them moves every minimum, mean and place"
        yield Notice("few_units", text, data={"units": len(result.units), "fewest": FEW_UNITS})
    for group, labels in result.data.groups.items():
        of = dict(zip(result.data.units, labels, strict=True))
        units = [unit for unit in result.units if not of[unit]]
        if units:
            text = f"{group}: no group for {some(units)}; they have no place within groups"
            yield Notice("group_missing", text, data={"group": group, "units": units})


def _of_denominators(result: IndexResult) -> Iterator[Notice]:
    if "denominated" not in result.steps:
        return
    yield from _of_negative_denominators(result)
    lost = np.isnan(result.at_step("denominated")) & ~np.isnan(result.at_step("raw"))
    for column in np.flatnonzero(lost.any(axis=0)):
        code = result.hierarchy.indicators[column]
        name = result.hierarchy.node(code).denominator
        units = [result.units[row] for row in np.flatnonzero(lost[:, column])]
        text = f"{code}: a value but no {name!r} to divide it by: {some(units)}"
        yield Notice("denominator_missing", text, code, data={"denominator": name, "units": units})


def _of_negative_denominators(result: IndexResult) -> Iterator[Notice]:
    for code in result.hierarchy.indicators:
        name = result.hierarchy.node(code).denominator
        if name is None:
            continue
        below = result.data.denominators[name]
        units = [unit for unit in result.units if below[result.data.row(unit)] < 0]
        if units:
            text = f"{code}: divided by {name!r} below 0 of {some(units)}, which turns its sign; correct the figure"
            yield Notice("denominator_negative", text, code, data={"denominator": name, "units": units})


def _of_breaks(result: IndexResult) -> Iterator[Notice]:
    for code in result.hierarchy.indicators:
        if code in result.data.breaks:
            text = f"{code}: not comparable with earlier figures: {result.data.breaks[code]}"
            yield Notice("series_break", text, code, data={"break": result.data.breaks[code]})


def _of_columns(result: IndexResult) -> Iterator[Notice]:
    last = [name for name in STEPS if name in result.steps][-1]
    before, after = result.at_step(last), result.steps["normalised"]
    flat = flat_columns(*ends(before))
    yield from _of_fractions(result, before)
    there, lost = ~np.isnan(before), np.isnan(after) & ~np.isnan(before)
    for column in np.flatnonzero(flat | lost.any(axis=0)):
        code = result.hierarchy.indicators[column]
        spec = result.scheme.steps.normalise.of(code)
        if flat[column]:
            value = float(before[there[:, column], column][0])
            text = f"{code}: the same value {value:g} everywhere says nothing of the units; policy {spec.zero_range!r}"
            data = {"value": value, "policy": spec.zero_range}
            yield Notice("constant_column", text, code, data=data)
        elif lost[there[:, column], column].all():
            text = f"{code}: {spec.method} has no meaning for it; the column was dropped"
            yield Notice("column_lost", text, code, data={"method": spec.method})
        else:
            units = [result.units[row] for row in np.flatnonzero(lost[:, column])]
            text = f"{code}: {spec.method} has no value for {some(units)}"
            yield Notice("cells_lost", text, code, data={"units": units, "method": spec.method})


def _of_fractions(result: IndexResult, before: FloatArray) -> Iterator[Notice]:
    """A fraction of a best value below 0 grows as the value gets worse."""
    for column, code in enumerate(result.hierarchy.indicators):
        if SCALES[result.scheme.steps.normalise.of(code).method].fraction:
            best = float(np.nanmax(before[:, column] * result.hierarchy.node(code).direction))
            if best < 0:
                text = f"{code}: fractions of a best value below 0 turn the order of units round; choose another scale"
                yield Notice("scale_reversed", text, code, data={"best": best})


def _of_units(result: IndexResult) -> Iterator[Notice]:
    first = "denominated" if "denominated" in result.steps else "raw"
    share: FloatArray = (~np.isnan(result.at_step(first))).mean(axis=1)
    thin = np.flatnonzero(share < THIN)
    if len(thin):
        units = [result.units[row] for row in thin]
        text = f"less than two thirds of the indicators have a value of their own: {some(units)}"
        yield Notice("thin_coverage", text, data={"units": units, "shares": share[thin].tolist()})


def _of_aggregates(result: IndexResult) -> Iterator[Notice]:
    scores = result.steps["scores"]
    for column, code in enumerate(result.nodes):
        children = result.hierarchy.children(code)
        if not any(result.hierarchy.node(child).weight > 0 for child in children):
            policy = result.scheme.steps.zero_weights
            text = f"{code}: the weights below it are all 0; policy {policy!r}"
            yield Notice("group_without_weight", text, data={"node": code, "policy": policy})
        without = np.flatnonzero(np.isnan(scores[:, column]))
        if len(without):
            units = [result.units[row] for row in without]
            text = f"{code}: no score for {some(units)}, too few of its elements have a value"
            yield Notice("no_score", text, data={"node": code, "units": units})
