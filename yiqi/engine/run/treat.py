"""Treatment of outlying values: test each column, winsorise, transform what still fails.

Source: OECD/JRC handbook (2008), section 4; formulas and order of COINr 1.1.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from yiqi.engine.ground.arrays import BoolArray, FloatArray, IntArray, frozen
from yiqi.engine.ground.checks import known, label, matrix, place
from yiqi.engine.ground.errors import EngineError
from yiqi.engine.ground.notice import Notice
from yiqi.engine.run.moments import constant_columns, skew_kurt
from yiqi.engine.run.transforms import transform
from yiqi.engine.run.winsorise import winsorise_columns
from yiqi.engine.scheme.steps import Limits, TreatSpec

CHECKS: Final = 3  # before, after winsorising, after the transformation
FEWEST: Final = 4  # cells that kurtosis needs


@dataclass(frozen=True, eq=False)
class Details:
    """What was tested and done, a column each: ``skew``, ``kurt`` (3, i), nan where there was no such check or nothing
    to judge by; ``passed`` (3, i); ``checks`` (i,) number of checks made; ``winsorised`` (i,) points; ``marks`` (u, i)
    index into ``winsorise.MARKS``, of what remains in the result; ``transforms`` name or None.
    """

    skew: FloatArray
    kurt: FloatArray
    passed: BoolArray
    checks: IntArray
    winsorised: IntArray
    marks: IntArray
    transforms: tuple[str | None, ...]

    @property
    def ok(self) -> BoolArray:
        """Whether each column passed its last check."""
        return self.passed[self.checks - 1, np.arange(len(self.checks))]


@dataclass(frozen=True, eq=False)
class Treated:
    """``values`` (units, indicators) after treatment, what was done, and the warnings."""

    values: FloatArray
    details: Details
    warnings: tuple[Notice, ...] = ()


def treat(
    values: ArrayLike, spec: TreatSpec | None = None, *, units: Sequence[str] = (), columns: Sequence[str] = ()
) -> Treated:
    """Treat each column of ``values`` (units, indicators) by itself; missing cells stay missing.

    Warnings by column: ``no_variance`` and ``too_few_to_judge`` (left as they are), ``winsorised_past_limit`` (ties),
    ``still_skewed``. Errors: those of ``checks.matrix``; ``unknown_indicator``; ``overflow`` names the cell.
    """
    spec = spec or TreatSpec()
    given = matrix(values, units, columns)
    record = _Record(given)
    for own, chosen in _by_spec(spec, columns, given.shape[1]):
        if own is not None and len(chosen):
            _treat_columns(record, own, chosen)
    _finite_or_named(record.values, units, columns)
    details = record.details()
    return Treated(frozen(record.values), details, _notices(given, details, spec, units, columns))


def _by_spec(spec: TreatSpec, columns: Sequence[str], count: int) -> list[tuple[TreatSpec | None, IntArray]]:
    for code in spec.by_indicator:
        if code not in columns:
            text = f"treatment is set for {code!r}, which is not among the indicators"
            raise EngineError("unknown_indicator", text, {"indicator": code})
    common = [number for number in range(count) if not (columns and columns[number] in spec.by_indicator)]
    own = [(each, np.array([list(columns).index(code)])) for code, each in spec.by_indicator.items()]
    return [(spec, np.array(common, dtype=np.int64)), *own]


class _Record:
    """The values and what becomes of each column, filled in as treatment goes."""

    def __init__(self, given: FloatArray):
        count = given.shape[1]
        self.values = given.copy()
        self.skew, self.kurt = np.full((CHECKS, count), np.nan), np.full((CHECKS, count), np.nan)
        self.skew[0], self.kurt[0] = skew_kurt(given)
        self.passed = np.ones((CHECKS, count), dtype=np.bool_)
        self.checks = np.ones(count, dtype=np.int64)
        self.winsorised = np.zeros(count, dtype=np.int64)
        self.marks = np.zeros(given.shape, dtype=np.int64)
        self.transforms: list[str | None] = [None] * count

    def check(self, number: int, chosen: IntArray, skew: FloatArray, kurt: FloatArray, limits: Limits) -> BoolArray:
        """Write down check ``number`` of the columns ``chosen``; says which passed."""
        self.skew[number, chosen], self.kurt[number, chosen] = skew, kurt
        passed = limits.passes(skew, kurt)
        self.passed[number, chosen] = passed
        self.checks[chosen] = number + 1
        return passed

    def details(self) -> Details:
        """The record, closed to writing."""
        moments = frozen(self.skew), frozen(self.kurt), frozen(self.passed)
        done = frozen(self.checks), frozen(self.winsorised), frozen(self.marks)
        return Details(*moments, *done, tuple(self.transforms))


def _treat_columns(record: _Record, spec: TreatSpec, chosen: IntArray) -> None:
    limits = spec.limits
    passed = record.check(0, chosen, record.skew[0, chosen], record.kurt[0, chosen], limits)
    failing = chosen[(~passed | spec.force) & ~np.isnan(record.skew[0, chosen])]
    if not len(failing):
        return
    original = record.values[:, failing]
    done = winsorise_columns(original, limits, record.skew[0, failing], record.kurt[0, failing])
    record.values[:, failing] = done.values
    record.marks[:, failing] = done.marks
    record.winsorised[failing] = done.counts
    passed = record.check(1, failing, done.skew, done.kurt, limits)
    if spec.transform is not None and not passed.all():
        source = done.values if spec.combine else original
        _transform(record, spec, failing[~passed], source[:, ~passed])


def _transform(record: _Record, spec: TreatSpec, chosen: IntArray, source: FloatArray) -> None:
    assert spec.transform is not None
    record.values[:, chosen] = transform(source, spec.transform, spec.power)
    if not spec.combine:
        record.marks[:, chosen] = 0
    for column in chosen:
        record.transforms[column] = spec.transform
    with np.errstate(invalid="ignore"):  # a cell without a logarithm is named at the end
        record.check(2, chosen, *skew_kurt(record.values[:, chosen]), spec.limits)


def _finite_or_named(values: FloatArray, units: Sequence[str], columns: Sequence[str]) -> None:
    wild = np.argwhere(np.isinf(values))
    if len(wild):
        data = place(units, columns, int(wild[0][0]), int(wild[0][1]))
        text = f"{data['unit']}, {data['indicator']} overflows in treatment: choose another transformation"
        raise EngineError("overflow", text, data)


def _notices(
    given: FloatArray, details: Details, spec: TreatSpec, units: Sequence[str], columns: Sequence[str]
) -> tuple[Notice, ...]:
    flat, counts = constant_columns(given), known(given).sum(axis=0)
    found: list[Notice] = []
    for column in np.flatnonzero(flat | (counts < FEWEST) | (details.winsorised > 0) | ~details.ok).tolist():
        code = label(columns, column, "column")
        own = spec.by_indicator.get(code, spec)
        if own is None:
            continue
        if flat[column]:
            text = f"{code}: no variance in {counts[column]} known cells; nothing to treat"
            found.append(Notice("no_variance", text, code, data={"cells": int(counts[column])}))
        elif counts[column] < FEWEST:
            text = f"{code}: {counts[column]} known cells are too few to judge skewness and kurtosis; not treated"
            found.append(Notice("too_few_to_judge", text, code, data={"cells": int(counts[column])}))
        found += _of_treated(details, column, code, own)
    return tuple(found)


def _of_treated(details: Details, column: int, code: str, spec: TreatSpec) -> list[Notice]:
    found: list[Notice] = []
    points = int(details.winsorised[column])
    if spec.winmax is not None and points > spec.winmax:
        text = f"{code}: {points} points winsorised, more than {spec.winmax}, for equal values go together"
        found.append(Notice("winsorised_past_limit", text, code, data={"points": points, "winmax": spec.winmax}))
    if not details.ok[column]:
        last = details.checks[column] - 1
        skew, kurt = float(details.skew[last, column]), float(details.kurt[last, column])
        text = f"{code}: still fails after treatment, skewness {skew:.3g}, kurtosis {kurt:.3g}"
        found.append(Notice("still_skewed", text, code, data={"skew": skew, "kurt": kurt}))
    return found
