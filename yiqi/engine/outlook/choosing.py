"""Which method speaks for an indicator: the model where it beat the best baseline at past months, else the baseline."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from yiqi.engine.ground.arrays import BoolArray, FloatArray
from yiqi.engine.ground.plain import Plain
from yiqi.engine.outlook.methods import BASELINES

MODEL_BETTER: Final = "model_better"
BASELINE_BETTER: Final = "baseline_better"
NO_BACKTEST: Final = "no_backtest"
NO_METHOD: Final = "no_method"


@dataclass(frozen=True)
class Choice(Plain):
    """The method for one indicator.

    ``model_score`` (of the best model) and ``baseline_score`` (of the best baseline): mean scaled CRPS on the ``cases``
    that all compared methods share, None without a comparison. ``reason``: ``model_better``, ``baseline_better``,
    ``no_backtest`` (nothing to compare on: the baseline), ``no_method`` (nothing could be fitted).
    """

    indicator: str
    method: str | None
    baseline: str | None
    model_score: float | None
    baseline_score: float | None
    cases: int
    reason: str

    @property
    def is_baseline(self) -> bool:
        """Whether the outlook of this indicator is the baseline."""
        return self.method in BASELINES

    def sentence(self) -> str:
        """The choice in words."""
        if self.method is None:
            return f"{self.indicator}: no method could be fitted; there is no outlook"
        if self.reason == NO_BACKTEST:
            return f"{self.indicator}: too little history to compare; the outlook is the baseline {self.method}"
        if self.model_score is None:
            return f"{self.indicator}: no model could be compared; the outlook is the baseline {self.method}"
        numbers = f"scaled CRPS {self.model_score:.4g} against {self.baseline_score:.4g} on {self.cases} cases"
        if self.is_baseline:
            return (
                f"{self.indicator}: no model beat the baseline; the outlook is the baseline {self.method} ({numbers})"
            )
        return f"{self.indicator}: {self.method} beat the baseline {self.baseline} ({numbers})"


def common(scores: FloatArray) -> tuple[BoolArray, BoolArray]:
    """Scores (methods, cases) -> methods with any score (methods,), cases that all of these share (cases,)."""
    there = ~np.isnan(scores)
    able = np.any(there, axis=1, keepdims=True)
    shared = np.all(there | ~able, axis=0, keepdims=True) & able.any()
    return able[:, 0], shared[0]


def choose(indicator: str, methods: Sequence[str], scores: FloatArray, fitted: BoolArray) -> Choice:
    """Choose by scaled CRPS (methods, cases), nan where not scored; ``fitted`` (methods,): usable now.

    The model must be strictly better than the best baseline, else the baseline it is.
    """
    usable = [row for row in range(len(methods)) if fitted[row]]
    baselines = [row for row in usable if methods[row] in BASELINES]
    if not usable:
        return Choice(indicator, None, None, None, None, 0, NO_METHOD)
    able, shared = common(scores[usable])
    compared = [row for row, scored in zip(usable, able, strict=True) if scored]
    if not shared.any() or not set(compared) & set(baselines):
        first = methods[(baselines or usable)[-1]]
        return Choice(indicator, first, first if baselines else None, None, None, 0, NO_BACKTEST)
    means = {row: math.fsum(scores[row, shared].tolist()) / int(shared.sum()) for row in compared}
    base = min((row for row in compared if row in baselines), key=lambda row: means[row])
    best = min(compared, key=lambda row: (means[row], row != base))
    cases = int(shared.sum())
    if methods[best] in BASELINES:
        other = min((means[row] for row in compared if row not in baselines), default=None)
        return Choice(indicator, methods[base], methods[base], other, means[base], cases, BASELINE_BETTER)
    return Choice(indicator, methods[best], methods[base], means[best], means[base], cases, MODEL_BETTER)
