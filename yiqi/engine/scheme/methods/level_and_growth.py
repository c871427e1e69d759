"""水平与增幅: where a region stands and how far it has come, by a rule for each."""

from __future__ import annotations

from yiqi.engine.scheme.methods.rule import Cells, Parameter, Rule, Scored


class LevelAndGrowth(Rule):
    """The growth part never looks at the target."""

    def score(self, cells: Cells) -> Scored:
        level = cells.scorer.score_part([part.part("level") for part in cells.parts], cells.x, cells.target)
        growth = cells.scorer.score_part([part.part("growth") for part in cells.parts], cells.growth, cells.target)
        a = cells.param("a")
        return Scored(a * level.points + (1.0 - a) * growth.points, level.flat | growth.flat)


LEVEL_AND_GROWTH = LevelAndGrowth(
    "level_and_growth",
    "a·rule₁(level) + (1 − a)·rule₂(growth)",
    (
        Parameter("a", "share of the level", 0.5, low=0.0, high=1.0),
        Parameter("level", "rule, params and direction of the level", required=True, kind="part"),
        Parameter("growth", "rule, params and direction of the growth", required=True, kind="part"),
    ),
    parts=("level", "growth"),
)
