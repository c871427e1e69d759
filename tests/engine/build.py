"""Short ways to write appraisals and their figures in tests."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from yiqi.engine import AppraisalResult, AppraisalScheme, BlockSpec, Dataset, IndicatorSpec, run
from yiqi.engine.catchup import AppraisalSituation


def spec(code: str = "gdp", **changes: Any) -> IndicatorSpec:
    """An indicator of block b, 10 points, ``minmax``, with changes."""
    return IndicatorSpec(**{"code": code, "block": "b", "points": 10, "rule": "minmax", **changes})


def scheme(*indicators: IndicatorSpec, **changes: Any) -> AppraisalScheme:
    """A scheme of block b, with changes."""
    return AppraisalScheme(**{"blocks": (BlockSpec("b"),), "indicators": indicators or (spec(),), **changes})


def full_scheme() -> AppraisalScheme:
    """A scheme that uses every field and the less common rules."""
    halves = {"a": 0.6, "level": {"rule": "minmax"}, "growth": {"rule": "rank_step", "params": {"k": 1}}}
    return AppraisalScheme(
        blocks=(BlockSpec("b", 30, 0.5, "高质量发展"), BlockSpec("c", name="加分")),
        indicators=(
            spec("pm25", direction="lower", rule="level_and_growth", params=halves, missing="carry", name="PM2.5"),
            spec("safety", rule="deduct", params={"each": 2}, veto=True, veto_limit=3),
            spec("env", rule="bands", params={"bands": [[0, 0.5], [60, 1]]}),
            spec("fault", points=0, rule="veto"),
            spec("extra", block="c", points=2, rule="bonus"),
        ),
        missing="zero",
        ties="dense",
        tie_breakers=("pm25",),
        places=3,
        rank_rounded=True,
        zero_range="mid",
        tier_size=3,
    )


def figures(scheme: AppraisalScheme, units: Sequence[str], values: Any, **tables: Any) -> Dataset:
    """Figures in the order of the scheme's indicators."""
    return Dataset(tuple(units), scheme.columns, values, **tables)


def scored(scheme: AppraisalScheme, units: Sequence[str], values: Any, **tables: Any) -> AppraisalResult:
    """The scheme applied to figures."""
    return run(scheme, figures(scheme, units, values, **tables))


def now_of(scheme: AppraisalScheme, units: Sequence[str], values: Any, **tables: Any) -> AppraisalSituation:
    """The standing over figures that can be scored."""
    made = AppraisalSituation(scheme, figures(scheme, units, values, **tables))
    _ = made.result
    return made
