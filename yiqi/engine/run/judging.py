"""From figures to the points of each cell of an appraisal: what a run, its draws and its forecasts share."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from yiqi.engine.ground.arrays import BoolArray, FloatArray
from yiqi.engine.ground.errors import EngineError
from yiqi.engine.ground.standing import Peers, Standing, standing
from yiqi.engine.run.missing import Filled, fill
from yiqi.engine.run.scoring import Scorer
from yiqi.engine.run.totals import Weighed, veto_cells, weigh
from yiqi.engine.scheme.appraisal import AppraisalScheme, IndicatorSpec
from yiqi.engine.scheme.dataset import Dataset, cell_error
from yiqi.engine.scheme.methods.rule import Scored


@dataclass(frozen=True, eq=False)
class Judged:
    """Every step up to the cells: ``place`` in the ranking group, ``scored`` by the rules, ``weighed`` in the blocks;
    ``veto`` (units, indicators): worse than the indicator's limit."""

    filled: Filled
    place: Standing
    scored: Scored
    weighed: Weighed
    veto: BoolArray


def judge(scheme: AppraisalScheme, inputs: Dataset) -> Judged:
    """Fill, stand in the groups, score, weigh. Errors: ``target_not_positive``, ``value_negative``."""
    filled = fill(scheme, inputs)
    _check_domains(scheme, inputs, filled)
    peers = Peers(inputs.peers, scheme.ties, scheme.tolerance)
    place = standing(filled.used, np.array([spec.sign for spec in scheme.indicators]), peers)
    parts = [spec.part for spec in scheme.indicators]
    scored = Scorer(peers, scheme.zero_range).score(parts, filled.used, inputs.targets, inputs.growth, place)
    return Judged(filled, place, scored, weigh(scheme, inputs, filled, scored.points), veto_cells(scheme, inputs))


def _check_domains(scheme: AppraisalScheme, inputs: Dataset, filled: Filled) -> None:
    """Refuse targets and values at which a rule has no meaning, naming the first such cell."""
    for column, spec in enumerate(scheme.indicators):
        part = spec.part.seen()
        targets, used = inputs.targets[:, column], filled.used[:, column]
        if part.rule.positive_target and (targets <= 0).any():
            text = f"must be above 0 under the rule {part.rule.id!r} (use 'gap' for such targets)"
            raise _refused("target_not_positive", text, "targets", inputs, spec, targets, targets <= 0)
        if part.rule.refuses_negative(part.sign) and (used < 0).any():
            text = f"must not be below 0 under the rule {part.rule.id!r}"
            raise _refused("value_negative", text, "values", inputs, spec, used, used < 0)


def _refused(
    code: str, text: str, array: str, inputs: Dataset, spec: IndicatorSpec, numbers: FloatArray, wrong: BoolArray
) -> EngineError:
    row = int(np.flatnonzero(wrong)[0])
    unit, value = inputs.units[row], float(numbers[row])
    return cell_error(code, text, array=array, unit=unit, indicator=spec.code, value=value)
