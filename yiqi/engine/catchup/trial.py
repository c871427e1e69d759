"""Many values of one figure tried at once: the engine's own kernels on the one column that changes.

Only the changed column is scored again; the other cells of each unit are kept as a few numbers with exactly the same
sum (``doubles.partials``), so every score is bit for bit that of ``run``.
"""

from __future__ import annotations

import math
from functools import cached_property

import numpy as np

from yiqi.engine.catchup.appraisal import AppraisalSituation
from yiqi.engine.catchup.doubles import exact_sum, partials
from yiqi.engine.catchup.ground import MOST_TRIED, Contributions, Lever, Outcomes
from yiqi.engine.catchup.situation import Cell, Scope
from yiqi.engine.catchup.slop import quotient_slop
from yiqi.engine.ground.arrays import BoolArray, FloatArray, IntArray, group_indices
from yiqi.engine.ground.ranking import places_of, rank_columns, ranks
from yiqi.engine.ground.rounding import round_half_up
from yiqi.engine.ground.standing import Peers, Standing, standing
from yiqi.engine.run.appraisal import AppraisalResult
from yiqi.engine.run.missing import OBSERVED
from yiqi.engine.run.scoring import Scorer
from yiqi.engine.scheme.appraisal import IndicatorSpec


class AppraisalTrial:
    """Tries values of one lever of the unit in ``row`` and looks at the place of the unit in ``subject``."""

    def __init__(
        self, situation: AppraisalSituation, row: int, lever: Lever, scope: Scope, *, subject: int | None = None
    ):
        self.situation, self.row, self.lever, self.scope = situation, row, lever, scope
        self.scheme = situation.scheme
        self.spec: IndicatorSpec = situation.spec(lever)
        self.column = self.scheme.column(lever.indicator)
        self.part = situation.part(lever)
        subject = row if subject is None else subject
        self.members = situation.rows(scope, subject)
        self.subject = subject
        self.seat = int(np.flatnonzero(self.members == subject)[0])
        self.peers = Peers(situation.data.peers, self.scheme.ties, self.scheme.tolerance)
        self.base = self._base()
        columns = self.base.columns_of(scope.block)
        self.scored = self.column in columns
        self._rest = self._partials(columns)
        self._pattern = np.isnan(self.base.steps["rule_points"][:, self.column])
        self._imputed = self._imputed_rows()
        self.breakers = self._breakers()
        self.ties, self.tolerance = self.scheme.ties, self.scheme.tolerance
        self.rounded = self.scheme.places if self.scheme.rank_rounded else None
        self.count, self.size = len(self.members), self.spec.points
        self.certain = self.additive = True
        self.patience = MOST_TRIED
        self.grain = 4.0 * self.tolerance
        self.ways = self.part.rule.ways(self.part)
        breaks = lever.array == "values" and self.column in self.breakers
        self.breaker = self.breakers.index(self.column) if breaks else None

    @property
    def figures(self) -> FloatArray:
        """The column as the rules see it now (units,), nan where there is nothing."""
        if self.lever.array == "growth":
            return np.asarray(self.base.data.growth[:, self.column])
        return self.base.used_values[:, self.column]

    @property
    def start(self) -> float:
        """The figure that the rules see now, nan where there is none."""
        if self.lever.array == "growth":
            return float(self.situation.data.growth[self.row, self.column])
        return float(self.situation.result.used_values[self.row, self.column])

    @property
    def reported(self) -> bool:
        """Whether the figure is one of this period; otherwise to report it is a change by itself."""
        if self.lever.array == "growth":
            return not math.isnan(self.start)
        return int(self.situation.result.steps["source"][self.row, self.column]) == OBSERVED

    @property
    def cell(self) -> Cell:
        """The cell that changes."""
        return Cell(self.situation.units[self.row], self.lever.indicator, self.lever.array)

    @property
    def imputed(self) -> IntArray:
        """Rows whose used value is a mean in which the lever takes part."""
        return self._imputed

    def _base(self) -> AppraisalResult:
        """The result whose pattern of missing cells holds: with a probe where nothing is reported yet."""
        if self.reported:
            return self.situation.result
        probe = 0.0 if math.isnan(self.start) else self.start
        return self.situation.moved({self.cell: probe}).result

    def _partials(self, columns: list[int]) -> list[list[float]]:
        others = [column for column in columns if column != self.column]
        cells = self.base.cell_points[self.members][:, others]
        return [partials(line) for line in np.where(np.isnan(cells), 0.0, cells).tolist()]

    def _imputed_rows(self) -> IntArray:
        if self.lever.array == "growth" or self.scheme.policy(self.spec) != "group_mean":
            return np.empty(0, dtype=np.int64)
        inside = self._group()
        gaps = np.isnan(self.situation.data.values[inside, self.column])
        return np.asarray(inside[gaps & (inside != self.row)])

    def _group(self) -> IntArray:
        groups = group_indices(self.situation.data.peers, len(self.situation.units))
        return next(np.asarray(rows) for rows in groups if self.row in rows)

    @property
    def group(self) -> IntArray:
        """Rows of the ranking group of the unit that changes."""
        return self._group()

    def _breakers(self) -> list[int]:
        return self.scheme.breakers(self.scope.block)

    @cached_property
    def leads(self) -> bool:
        """Whether differences of scores move one way too: beside the figure either all others follow its hyperbola, or
        none moves between two thresholds; not under rounding, nor where a share may be cut off or a mean moves."""
        if self.rounded is not None or len(self._imputed):
            return False
        return not self.part.rule.cut_off(self.part)

    @property
    def matters(self) -> bool:
        """Whether the lever can change a place or a veto at all."""
        comes = self.scheme.zero_range == "missing" and self.scope.block in (None, self.spec.block)
        return self.scored or self.breaker is not None or comes or self.spec.veto_limit is not None or not self.reported

    def used(self, values: FloatArray) -> FloatArray:
        """The column (units, m) with each of the values in its place, means of the group worked out again."""
        table = np.repeat(self.figures[:, None], len(values), axis=1)
        table[self.row] = values
        if len(self._imputed):
            known = self._group()
            known = known[~np.isin(known, self._imputed)]
            sums = [math.fsum(line) / len(known) for line in table[known].T.tolist()]
            table[self._imputed] = sums
        return table

    def rule_points(self, table: FloatArray) -> FloatArray:
        """Points of the column (units, m) before renormalisation, by the engine's own rules."""
        count, inputs = table.shape[1], self.situation.data
        whole = self.spec.part
        target = np.repeat(inputs.targets[:, [self.column]], count, axis=1)
        growth = np.repeat(inputs.growth[:, [self.column]], count, axis=1)
        x = table
        if self.lever.array == "growth":
            x, growth = np.repeat(self.base.used_values[:, [self.column]], count, axis=1), table
        by_group = whole.rule.by_group
        place = standing(x, np.full(count, whole.sign), self.peers) if by_group else _nowhere(x)
        points = Scorer(self.peers, self.scheme.zero_range).score([whole] * count, x, target, growth, place).points
        if self.scheme.policy(self.spec) == "zero":
            absent = np.isnan(x) | (np.isnan(growth) if "growth" in whole.rule.parts else False)
            points = np.where(np.isnan(points) & absent, 0.0, points)
        return points

    def try_values(self, values: FloatArray) -> Outcomes:
        """Score and rank with each of the values (m,)."""
        table = self.used(values)
        points = self.rule_points(table)
        plain = self.same_pattern(points)
        totals, vetoed = self._totals(points), self.vetoed(values)
        ranked = round_half_up(totals, self.scheme.places) if self.scheme.rank_rounded else totals
        places = self._places(ranked, table)
        slop = np.zeros(totals.shape)
        if self.scored:
            slop = quotient_slop(
                self.part, table, totals, row=self.row, group=self.group, members=self.members,
                imputed=self._imputed, base=self.base,
            )  # fmt: skip
        for position in np.flatnonzero(~plain):  # a cell comes or goes: weights are shared out anew
            result = self.situation.moved({self.cell: float(values[position])}).result
            totals[:, position] = self.scope.points(result)[self.members]
            ranked[:, position] = result.ranked_of(self.scope.block)[self.members]
            places[position] = self.scope.ranks(result)[self.subject]
        return Outcomes(totals, ranked, slop, places, vetoed)

    def cells(self, points: FloatArray) -> FloatArray:
        """Points of the members (k, m) as they enter the score, from rule points (units, m)."""
        cells = points[self.members]
        if self.spec.counts:
            block = self.scheme.parts.index(self.spec.block)
            cells = cells * self.base.steps["factor"][self.members, block][:, None]
        return cells

    def same_pattern(self, points: FloatArray) -> BoolArray:
        """Where (m,) the same cells of the column are missing as now."""
        same: BoolArray = ~(np.isnan(points) != self._pattern[:, None]).any(axis=0)
        return same

    def contributions(self, values: FloatArray) -> Contributions:
        """What each of the values (m,) adds to every member, beside what may not change along a stretch."""
        table = self.used(values)
        rule_points = self.rule_points(table)
        cells = np.zeros((self.count, len(values)))
        if self.scored:
            now = np.nan_to_num(self.base.cell_points[self.members, self.column])
            cells = np.nan_to_num(self.cells(rule_points)) - now[:, None]
        usable = self.same_pattern(rule_points)
        return Contributions(values, cells, self.hits(values), self._relations(table), usable)

    def _relations(self, table: FloatArray) -> IntArray:
        if self.breaker is None:
            return np.zeros((0, table.shape[1]), dtype=np.int64)
        worth = np.where(np.isnan(table), -np.inf, table * self.spec.sign)
        lead = worth[self.subject] - worth[self.members]
        return np.asarray((lead > self.tolerance).astype(np.int64) - (lead < -self.tolerance).astype(np.int64))

    def _totals(self, points: FloatArray) -> FloatArray:
        known = np.isnan(self.scope.points(self.base)[self.members])
        cells = self.cells(points)
        totals = np.full(cells.shape, np.nan)
        for seat, rest in enumerate(self._rest):
            if known[seat]:
                continue
            line = cells[seat].tolist()
            if not self.scored:
                totals[seat] = math.fsum(rest)
            elif line.count(line[0]) == len(line):
                totals[seat] = exact_sum(rest, line[0])
            else:
                totals[seat] = [exact_sum(rest, value) for value in line]
        return totals

    def vetoed(self, values: FloatArray) -> BoolArray:
        """Veto of the subject; the lever decides where it is the subject's own and has a limit."""
        if not self._limited:
            return np.full(len(values), bool(self.situation.result.vetoed[self.subject]))
        inputs = self.situation.data
        others = bool(inputs.vetoed[self.row])
        for column, spec in enumerate(self.scheme.indicators):
            if column != self.column and spec.veto_limit is not None:
                worse = spec.sign * (inputs.values[self.row, column] - spec.veto_limit) < -self.scheme.tolerance
                others = others or bool(worse)
        return np.asarray(self.hits(values) | others)

    @property
    def _limited(self) -> bool:
        own = self.subject == self.row and self.lever.array == "values"
        return own and self.spec.veto_limit is not None

    def hits(self, values: FloatArray) -> BoolArray:
        """Which values (m,) are worse than the lever's own veto limit."""
        limit = self.spec.veto_limit
        if limit is None or not self._limited:
            return np.zeros(len(values), dtype=np.bool_)
        return np.asarray(self.spec.sign * (values - limit) < -self.scheme.tolerance)

    def _places(self, ranked: FloatArray, table: FloatArray) -> IntArray:
        if not self.breakers:
            return places_of(ranked, self.seat, self.ties, self.tolerance)
        found = rank_columns(ranked, self.ties, self.tolerance)
        places: IntArray = found[self.seat].copy()
        if self.scheme.ties == "dense":  # any class above that is split counts
            rising = np.sort(found, axis=0)
            tied = ((rising[1:] == rising[:-1]) & (rising[1:] > 0)).any(axis=0)
        else:
            tied = ((found == places).sum(axis=0) > 1) & (places > 0)
        order = self._order(table)
        known: dict[bytes, int] = {}  # equal classes of ties, tie-breakers in equal order: equal places
        for position in np.flatnonzero(tied):
            key = found[:, position].tobytes() + order[:, position].tobytes()
            if key not in known:
                worth = [self._breaker(column, table[:, position])[self.members] for column in self.breakers]
                placed = ranks(ranked[:, position], self.scheme.ties, self.scheme.tolerance, worth)
                known[key] = int(placed[self.seat])
            places[position] = known[key]
        return places

    def _order(self, table: FloatArray) -> FloatArray | IntArray:
        """What decides the order by tie-breakers in each column of ``table`` (units, m): nothing that changes; how the
        lever's figure lies to each member's, tolerance included; or, with means that move along, all figures."""
        if self.breaker is None:
            return table[:0]
        if len(self._imputed):
            return table
        lead = table[self.row] - table[self.members]
        far = (lead > self.tolerance).astype(np.int64) - (lead < -self.tolerance).astype(np.int64)
        return np.asarray(2 * far + np.sign(np.nan_to_num(lead)).astype(np.int64))

    def _breaker(self, column: int, changed: FloatArray) -> FloatArray:
        sign = self.scheme.indicators[column].sign
        own = column == self.column and self.lever.array == "values"
        return (changed if own else self.base.used_values[:, column]) * sign


def _nowhere(x: FloatArray) -> Standing:
    """A standing for rules that do not look at others."""
    nothing = np.full_like(x, np.nan)
    return Standing(nothing, nothing, np.zeros(x.shape, np.int64), np.zeros(x.shape, np.int64), np.zeros(x.shape, bool))
